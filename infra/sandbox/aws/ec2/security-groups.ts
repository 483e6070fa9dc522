// Security groups: named within a VPC, and not deleted while anything uses or names them.
// Sources: "CreateSecurityGroup", "DeleteSecurityGroup", "DescribeSecurityGroups", EC2 API reference; "Error codes for the Amazon EC2 API".
import type { Action } from "../action.ts";
import { born, type Cloud } from "../cloud.ts";
import { describeAction } from "../describe.ts";
import { AwsError } from "../errors.ts";
import { all, kinds, need, remove } from "../kinds.ts";
import { required, type Parameters } from "../query.ts";
import { quotas, within } from "../quotas.ts";
import type { SecurityGroup, SecurityRule } from "../state.ts";
import { specifiedTags, tagSet } from "../tags.ts";
import type { Element } from "../xml.ts";
import { holdersOfGroup, refuseDependents } from "./dependencies.ts";

export const createSecurityGroup: Action = ({ cloud, parameters }) => {
  const name = required(parameters, "GroupName");
  const description = required(parameters, "GroupDescription");
  const vpc = need(cloud, kinds.vpc, required(parameters, "VpcId"));
  checkWords(name, description);
  if (Object.values(cloud.state.group).some((one) => one.vpcId === vpc.id && one.name === name)) {
    throw new AwsError("InvalidGroup.Duplicate", `The security group '${name}' already exists for VPC '${vpc.id}'`);
  }
  const tags = specifiedTags(parameters, "security-group");
  within(cloud, quotas.groups, { count: Object.keys(cloud.state.group).length + 1, code: "SecurityGroupLimitExceeded", say: "The maximum number of security groups has been reached." });
  const group: SecurityGroup = { ...born(cloud, "sg", tags), vpcId: vpc.id, name, description };
  cloud.state.group[group.id] = group;
  const out = born(cloud, "sgr");
  cloud.state.rule[out.id] = { ...out, groupId: group.id, egress: true, protocol: "-1", fromPort: -1, toPort: -1, cidr: "0.0.0.0/0", sourceGroupId: null, description: "" };
  return { groupId: group.id, return: true, tagSet: tagSet(tags), securityGroupArn: arnOf(cloud, group.id) };
};

/** Up to 255 of a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$* for both (source: "CreateSecurityGroup"). */
function checkWords(name: string, description: string): void {
  if (name === "default") throw new AwsError("InvalidGroup.Reserved", "The security group 'default' is reserved");
  if (name.startsWith("sg-")) throw new AwsError("InvalidParameterValue", `Invalid security group name '${name}': it must not begin with sg-.`);
  for (const [what, text] of [["groupName", name], ["groupDescription", description]] as const) {
    if (text.length > 255 || !/^[\w .\-:/()#,@[\]+=&;{}!$*]+$/.test(text)) {
      throw new AwsError("InvalidParameterValue", `Value (${text}) for parameter ${what} is invalid. Character sets beyond ASCII are not supported.`);
    }
  }
}

/** By id; the name alone is for the default VPC, and here is none. */
export function groupIn(cloud: Cloud, parameters: Parameters): SecurityGroup {
  return need(cloud, kinds.group, required(parameters, "GroupId"));
}

export const deleteSecurityGroup: Action = ({ cloud, parameters }) => {
  const group = groupIn(cloud, parameters);
  if (group.name === "default") throw new AwsError("CannotDelete", `the specified group: "${group.id}" name: "default" cannot be deleted by a user`);
  refuseDependents(`resource ${group.id} has a dependent object`, holdersOfGroup(cloud, group.id));
  for (const rule of Object.values(cloud.state.rule)) if (rule.groupId === group.id) remove(cloud, kinds.rule, rule.id);
  remove(cloud, kinds.group, group.id);
  return { return: true, groupId: group.id };
};

export function rulesOf({ state }: Cloud, groupId: string, egress: boolean): SecurityRule[] {
  return Object.values(state.rule).filter((rule) => rule.groupId === groupId && rule.egress === egress);
}

function ruleFields(egress: boolean): Record<string, (group: SecurityGroup, cloud: Cloud) => string[]> {
  const prefix = egress ? "egress.ip-permission" : "ip-permission";
  const of = (pick: (rule: SecurityRule) => string) => (group: SecurityGroup, cloud: Cloud) => rulesOf(cloud, group.id, egress).map(pick).filter((text) => text !== "");
  return {
    [`${prefix}.cidr`]: of(({ cidr }) => cidr ?? ""),
    [`${prefix}.group-id`]: of(({ sourceGroupId }) => sourceGroupId ?? ""),
    [`${prefix}.from-port`]: of(({ fromPort }) => String(fromPort)),
    [`${prefix}.to-port`]: of(({ toPort }) => String(toPort)),
    [`${prefix}.protocol`]: of(({ protocol }) => protocol),
  };
}

export const describeSecurityGroups: Action = describeAction({
  kind: kinds.group, ids: "GroupId", set: "securityGroupInfo", toElement,
  fields: {
    "group-id": (group) => [group.id],
    "group-name": (group) => [group.name],
    "vpc-id": (group) => [group.vpcId],
    description: (group) => [group.description],
    ...ruleFields(false),
    ...ruleFields(true),
  },
});

export const describeSecurityGroupRules: Action = describeAction({
  kind: kinds.rule, ids: "SecurityGroupRuleId", set: "securityGroupRuleSet", toElement: toRuleElement,
  fields: {
    "security-group-rule-id": (rule) => [rule.id],
    "group-id": (rule) => [rule.groupId],
  },
});

export function toRuleElement(rule: SecurityRule, cloud: Cloud): Element {
  const source = rule.sourceGroupId === null ? undefined : { groupId: rule.sourceGroupId, userId: cloud.state.accountId, vpcId: cloud.state.group[rule.groupId]?.vpcId ?? "" };
  return {
    securityGroupRuleId: rule.id, groupId: rule.groupId, groupOwnerId: cloud.state.accountId, isEgress: rule.egress, ipProtocol: rule.protocol,
    fromPort: rule.fromPort, toPort: rule.toPort, cidrIpv4: rule.cidr, referencedGroupInfo: source ?? null, description: rule.description === "" ? null : rule.description, tagSet: tagSet(rule.tags),
  };
}

/** Rules of the same protocol and ports are shown as one permission with several sources. */
function permissionsOf(cloud: Cloud, groupId: string, egress: boolean): Element[] {
  const together = Map.groupBy(rulesOf(cloud, groupId, egress), ({ protocol, fromPort, toPort }) => `${protocol}/${fromPort}/${toPort}`);
  return [...together.values()].flatMap((rules) => {
    const [first] = rules;
    if (!first) return [];
    const words = (rule: SecurityRule) => rule.description === "" ? null : rule.description;
    return [{
      ipProtocol: first.protocol,
      ...(first.protocol === "-1" ? {} : { fromPort: first.fromPort, toPort: first.toPort }),
      groups: rules.flatMap((rule) => rule.sourceGroupId === null ? [] : [{ userId: cloud.state.accountId, groupId: rule.sourceGroupId, description: words(rule) }]),
      ipRanges: rules.flatMap((rule) => rule.cidr === null ? [] : [{ cidrIp: rule.cidr, description: words(rule) }]),
      ipv6Ranges: [], prefixListIds: [],
    }];
  });
}

function toElement(group: SecurityGroup, cloud: Cloud): Element {
  return {
    ownerId: cloud.state.accountId, groupId: group.id, groupName: group.name, groupDescription: group.description, vpcId: group.vpcId, securityGroupArn: arnOf(cloud, group.id),
    ipPermissions: permissionsOf(cloud, group.id, false), ipPermissionsEgress: permissionsOf(cloud, group.id, true), tagSet: tagSet(group.tags),
  };
}

function arnOf({ state }: Cloud, id: string): string {
  return `arn:aws:ec2:${state.region}:${state.accountId}:security-group/${id}`;
}

/** Those that a launch names: there, and of the subnet's network. */
export function groupsFor(cloud: Cloud, ids: readonly string[], vpcId: string): SecurityGroup[] {
  const groups = ids.map((id) => need(cloud, kinds.group, id));
  const foreign = groups.find((group) => group.vpcId !== vpcId);
  if (foreign) throw new AwsError("InvalidParameter", `Security group ${foreign.id} and subnet belong to different networks.`);
  if (groups.length > 0) return groups;
  return all(cloud, kinds.group).filter((group) => group.vpcId === vpcId && group.name === "default");
}
