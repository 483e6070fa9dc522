// The ELBv2 family: load balancers, target groups, listeners, rules and their tags.
import type { Action, Family } from "../action.ts";
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { queryProtocol } from "../query-protocol.ts";
import type { Thing } from "../state.ts";
import { readTags, tagList } from "../tags.ts";
import { members, needListener, needLoadBalancer, needRule, needTargetGroup } from "./arns.ts";
import * as listeners from "./listeners.ts";
import * as balancers from "./load-balancers.ts";
import * as targets from "./target-groups.ts";

function tagged(cloud: Cloud, arn: string): Thing {
  if (arn.includes(":targetgroup/")) return needTargetGroup(cloud, arn);
  if (arn.includes(":listener-rule/")) return needRule(cloud, arn);
  if (arn.includes(":listener/")) return needListener(cloud, arn);
  return needLoadBalancer(cloud, arn);
}

const addTags: Action = ({ cloud, parameters }) => {
  const tags = readTags(parameters, "Tags.member");
  for (const arn of members(parameters, "ResourceArns")) Object.assign(tagged(cloud, arn).tags, tags);
  return {};
};

const removeTags: Action = ({ cloud, parameters }) => {
  for (const arn of members(parameters, "ResourceArns")) for (const key of members(parameters, "TagKeys")) Reflect.deleteProperty(tagged(cloud, arn).tags, key);
  return {};
};

/** Of 20 at most (source: "DescribeTags", ELBv2 API reference). */
const describeTags: Action = ({ cloud, parameters }) => {
  const arns = members(parameters, "ResourceArns");
  if (arns.length > 20) throw new AwsError("ValidationError", "Up to 20 resources can be described at a time");
  return { TagDescriptions: arns.map((arn) => ({ ResourceArn: arn, Tags: tagList(tagged(cloud, arn).tags) })) };
};

export const elb: Family = {
  service: "elasticloadbalancing",
  version: "2015-12-01",
  ...queryProtocol("http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"),
  actions: {
    CreateLoadBalancer: balancers.createLoadBalancer, DescribeLoadBalancers: balancers.describeLoadBalancers, DeleteLoadBalancer: balancers.deleteLoadBalancer, SetSecurityGroups: balancers.setSecurityGroups,
    ModifyLoadBalancerAttributes: balancers.modifyLoadBalancerAttributes, DescribeLoadBalancerAttributes: balancers.describeLoadBalancerAttributes,
    CreateTargetGroup: targets.createTargetGroup, DescribeTargetGroups: targets.describeTargetGroups, DeleteTargetGroup: targets.deleteTargetGroup, RegisterTargets: targets.registerTargets, DeregisterTargets: targets.deregisterTargets,
    DescribeTargetHealth: targets.describeTargetHealth, ModifyTargetGroupAttributes: targets.modifyTargetGroupAttributes, DescribeTargetGroupAttributes: targets.describeTargetGroupAttributes,
    CreateListener: listeners.createListener, DescribeListeners: listeners.describeListeners, ModifyListener: listeners.modifyListener, DeleteListener: listeners.deleteListener,
    CreateRule: listeners.createRule, DescribeRules: listeners.describeRules, DeleteRule: listeners.deleteRule,
    AddTags: addTags, RemoveTags: removeTags, DescribeTags: describeTags,
  },
};
