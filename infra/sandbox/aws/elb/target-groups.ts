// Target groups: who gets the requests, and how they are. Sources: "CreateTargetGroup", "RegisterTargets", "DescribeTargetHealth", "DeleteTargetGroup", ELBv2 API reference.
import type { Action } from "../action.ts";
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { find, kinds } from "../kinds.ts";
import { groupsOf, required, whole, type Parameters } from "../query.ts";
import { quotas, within } from "../quotas.ts";
import type { TargetGroup } from "../state.ts";
import { readTags } from "../tags.ts";
import type { Element } from "../xml.ts";
import { attributesIn, elbArn, members, nameIn, needTargetGroup, pageIn, shortId } from "./arns.ts";

export const createTargetGroup: Action = ({ cloud, parameters }) => {
  const name = nameIn(parameters, "Target group");
  const vpcId = required(parameters, "VpcId");
  if (!find(cloud, kinds.vpc, vpcId)) throw new AwsError("ValidationError", `The VPC ID '${vpcId}' is not found`);
  if (Object.values(cloud.state.targetGroup).some((one) => one.name === name)) throw new AwsError("DuplicateTargetGroupName", `A target group with the same name '${name}' exists, but with different settings`);
  within(cloud, quotas.targetGroups, { count: Object.keys(cloud.state.targetGroup).length + 1, code: "TooManyTargetGroups", say: "The maximum number of target groups has been reached" });
  const arn = elbArn(cloud, `targetgroup/${name}/${shortId(cloud, name)}`);
  const health = Object.fromEntries([...parameters].filter(([key]) => key.startsWith("HealthCheck") || key.endsWith("ThresholdCount") || key.startsWith("Matcher.")));
  const made: TargetGroup = {
    id: arn, createdAtMs: cloud.clock.nowMs(), tags: readTags(parameters, "Tags.member"), name, arn, protocol: parameters.get("Protocol") ?? "HTTP", port: whole(parameters, "Port", 80), vpcId,
    targetType: parameters.get("TargetType") ?? "instance", health, attributes: { "deregistration_delay.timeout_seconds": "300", "stickiness.enabled": "false" }, targets: [],
  };
  cloud.state.targetGroup[arn] = made;
  return { TargetGroups: [toElement(made, cloud)] };
};

/** The listeners and rules that send to it. */
function usersOf({ state }: Cloud, arn: string): string[] {
  const sends = ({ actions }: { actions: { targetGroupArn: string }[] }): boolean => actions.some(({ targetGroupArn }) => targetGroupArn === arn);
  const rules = Object.values(state.listenerRule).filter(sends).flatMap(({ listenerArn }) => state.listener[listenerArn] ?? []);
  return [...new Set([...Object.values(state.listener).filter(sends), ...rules].map(({ loadBalancerArn }) => loadBalancerArn))];
}

export const describeTargetGroups: Action = ({ cloud, parameters }) => {
  const [arns, names, balancer] = [members(parameters, "TargetGroupArns"), members(parameters, "Names"), parameters.get("LoadBalancerArn")];
  const missing = names.find((name) => !Object.values(cloud.state.targetGroup).some((one) => one.name === name));
  if (missing !== undefined) throw new AwsError("TargetGroupNotFound", `One or more target groups not found`);
  const chosen = arns.length > 0 ? arns.map((arn) => needTargetGroup(cloud, arn)) : Object.values(cloud.state.targetGroup).filter(({ name }) => names.length === 0 || names.includes(name));
  const { members: shown, NextMarker } = pageIn(parameters, chosen.filter(({ arn }) => balancer === undefined || usersOf(cloud, arn).includes(balancer)));
  return { TargetGroups: shown.map((one) => toElement(one, cloud)), NextMarker };
};

export const deleteTargetGroup: Action = ({ cloud, parameters }) => {
  const arn = required(parameters, "TargetGroupArn");
  if (usersOf(cloud, arn).length > 0) throw new AwsError("ResourceInUse", `Target group '${arn}' is currently in use by a listener or a rule`);
  Reflect.deleteProperty(cloud.state.targetGroup, arn);
  return {};
};

function targetsIn(parameters: Parameters, group: TargetGroup): { id: string; port: number }[] {
  return groupsOf(parameters, "Targets.member").map((one) => ({ id: one.get("Id") ?? "", port: whole(one, "Port", group.port) }));
}

export const registerTargets: Action = ({ cloud, parameters }) => {
  const group = needTargetGroup(cloud, required(parameters, "TargetGroupArn"));
  const targets = targetsIn(parameters, group);
  const wrong = targets.find(({ id }) => group.targetType === "instance" && cloud.state.instance[id]?.vpcId !== group.vpcId);
  if (wrong) throw new AwsError("InvalidTarget", `The following targets are not in the target group VPC '${group.vpcId}': '${wrong.id}'`);
  const stopped = targets.find(({ id }) => group.targetType === "instance" && cloud.state.instance[id]?.state !== "running");
  if (stopped) throw new AwsError("InvalidTarget", `The following targets are not in a running state and cannot be registered: '${stopped.id}'`);
  const others = group.targets.filter((one) => !targets.some(({ id, port }) => id === one.id && port === one.port));
  group.targets = [...others, ...targets.map((one) => ({ ...one, sinceMs: group.targets.find(({ id, port }) => id === one.id && port === one.port)?.sinceMs ?? cloud.clock.nowMs() }))];
  return {};
};

export const deregisterTargets: Action = ({ cloud, parameters }) => {
  const group = needTargetGroup(cloud, required(parameters, "TargetGroupArn"));
  const gone = groupsOf(parameters, "Targets.member");
  group.targets = group.targets.filter(({ id, port }) => !gone.some((one) => one.get("Id") === id && (!one.has("Port") || Number(one.get("Port")) === port)));
  return {};
};

/** Sources: "Target health status", Application Load Balancers guide: initial, healthy, unused without a listener, draining of what ended. */
export const describeTargetHealth: Action = ({ cloud, parameters }) => {
  const group = needTargetGroup(cloud, required(parameters, "TargetGroupArn"));
  const used = usersOf(cloud, group.arn).length > 0;
  return {
    TargetHealthDescriptions: group.targets.map(({ id, port, sinceMs }) => ({ Target: { Id: id, Port: port }, HealthCheckPort: String(port), TargetHealth: healthOf({ cloud, group, id, sinceMs }, used) })),
  };
};

function healthOf({ cloud, group, id, sinceMs }: { cloud: Cloud; group: TargetGroup; id: string; sinceMs: number }, used: boolean): Element {
  if (!used) return { State: "unused", Reason: "Target.NotInUse", Description: "Target group is not configured to receive traffic from the load balancer" };
  if (group.targetType === "instance" && cloud.state.instance[id]?.state !== "running") return { State: "unused", Reason: "Target.InvalidState", Description: "Target is in the stopped state" };
  if (sinceMs + cloud.settings.targetHealthMs > cloud.clock.nowMs()) return { State: "initial", Reason: "Elb.RegistrationInProgress", Description: "Target registration is in progress" };
  return { State: "healthy" };
}

const attributeList = (attributes: Record<string, string>): Element[] => Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));

export const modifyTargetGroupAttributes: Action = ({ cloud, parameters }) => {
  const group = needTargetGroup(cloud, required(parameters, "TargetGroupArn"));
  Object.assign(group.attributes, Object.fromEntries(attributesIn(parameters)));
  return { Attributes: attributeList(group.attributes) };
};

export const describeTargetGroupAttributes: Action = ({ cloud, parameters }) => ({ Attributes: attributeList(needTargetGroup(cloud, required(parameters, "TargetGroupArn")).attributes) });

function toElement(group: TargetGroup, cloud: Cloud): Element {
  const health = group.health;
  return {
    TargetGroupArn: group.arn, TargetGroupName: group.name, Protocol: group.protocol, Port: group.port, VpcId: group.vpcId, TargetType: group.targetType, ProtocolVersion: "HTTP1", IpAddressType: "ipv4",
    HealthCheckProtocol: health.HealthCheckProtocol ?? "HTTP", HealthCheckPort: health.HealthCheckPort ?? "traffic-port", HealthCheckEnabled: true, HealthCheckPath: health.HealthCheckPath ?? "/",
    HealthCheckIntervalSeconds: Number(health.HealthCheckIntervalSeconds ?? 30), HealthCheckTimeoutSeconds: Number(health.HealthCheckTimeoutSeconds ?? 5),
    HealthyThresholdCount: Number(health.HealthyThresholdCount ?? 5), UnhealthyThresholdCount: Number(health.UnhealthyThresholdCount ?? 2), Matcher: { HttpCode: health["Matcher.HttpCode"] ?? "200" },
    LoadBalancerArns: usersOf(cloud, group.arn),
  };
}
