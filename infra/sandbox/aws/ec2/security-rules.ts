// A security group's rules: added, refused when already there, taken away again.
// Sources: "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress", "IpPermission", EC2 API reference; "Security group quotas", VPC User Guide.
import type { Action } from "../action.ts";
import { born, type Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { kinds, need, remove } from "../kinds.ts";
import { canonical, parseBlock } from "../net.ts";
import { groupsOf, listOf, whole, type Parameters } from "../query.ts";
import { quotas, within } from "../quotas.ts";
import type { SecurityGroup, SecurityRule } from "../state.ts";
import { specifiedTags } from "../tags.ts";
import type { Element } from "../xml.ts";
import { groupIn, rulesOf, toRuleElement } from "./security-groups.ts";

type Wanted = Pick<SecurityRule, "protocol" | "fromPort" | "toPort" | "cidr" | "sourceGroupId" | "description">;

const numbers: Record<string, string> = { "6": "tcp", "17": "udp", "1": "icmp" };

/** Of a request in the long form, IpPermissions, or in the short one. */
function wantedBy(cloud: Cloud, parameters: Parameters, group: SecurityGroup): Wanted[] {
  const permissions = groupsOf(parameters, "IpPermissions");
  if (permissions.length > 0) return permissions.flatMap((permission) => sourcesOf(cloud, permission, group));
  const cidr = parameters.get("CidrIp");
  if (cidr === undefined && !parameters.has("IpProtocol")) throw new AwsError("MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.");
  return [{ ...portsOf(parameters), cidr: checkedCidr(cidr ?? "0.0.0.0/0"), sourceGroupId: null, description: "" }];
}

function sourcesOf(cloud: Cloud, permission: Parameters, group: SecurityGroup): Wanted[] {
  const ports = portsOf(permission);
  const blocks = groupsOf(permission, "IpRanges").map((range) => ({ ...ports, cidr: checkedCidr(range.get("CidrIp") ?? ""), sourceGroupId: null, description: range.get("Description") ?? "" }));
  const groups = groupsOf(permission, "Groups").map((pair) => {
    const source = need(cloud, kinds.group, pair.get("GroupId") ?? "");
    if (source.vpcId !== group.vpcId) throw new AwsError("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.");
    return { ...ports, cidr: null, sourceGroupId: source.id, description: pair.get("Description") ?? "" };
  });
  return [...blocks, ...groups];
}

function portsOf(permission: Parameters): Pick<Wanted, "protocol" | "fromPort" | "toPort"> {
  const given = permission.get("IpProtocol") ?? "";
  const protocol = numbers[given] ?? given.toLowerCase();
  if (protocol === "") throw new AwsError("MissingParameter", "The request must contain the parameter ipProtocol");
  if (!/^(-1|tcp|udp|icmp|\d{1,3})$/.test(protocol)) throw new AwsError("InvalidParameterValue", `Invalid value '${given}' for IP protocol. Unknown protocol.`);
  if (protocol !== "tcp" && protocol !== "udp") return { protocol, fromPort: whole(permission, "FromPort", -1), toPort: whole(permission, "ToPort", -1) };
  const [fromPort, toPort] = [whole(permission, "FromPort", -1), whole(permission, "ToPort", -1)];
  if (fromPort < 0 || toPort > 65_535 || fromPort > toPort) throw new AwsError("InvalidParameterValue", `Invalid TCP/UDP port range (${fromPort}:${toPort})`);
  return { protocol, fromPort, toPort };
}

function checkedCidr(cidr: string): string {
  if (!parseBlock(cidr)) throw new AwsError("InvalidParameterValue", `CIDR block ${cidr} is malformed`);
  if (canonical(cidr) !== cidr) throw new AwsError("InvalidParameterValue", `CIDR block ${cidr} is malformed`);
  return cidr;
}

const sameRule = (one: Wanted, other: Wanted): boolean =>
  one.protocol === other.protocol && one.fromPort === other.fromPort && one.toPort === other.toPort && one.cidr === other.cidr && one.sourceGroupId === other.sourceGroupId;

function spoken({ protocol, fromPort, toPort, cidr, sourceGroupId }: Wanted): string {
  const ports = protocol === "-1" ? "ALL" : `${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}`;
  return `peer: ${cidr ?? sourceGroupId ?? ""}, ${ports}, ALLOW`;
}

function authorize(egress: boolean): Action {
  return ({ cloud, parameters }) => {
    const group = groupIn(cloud, parameters);
    const wanted = wantedBy(cloud, parameters, group);
    const there = rulesOf(cloud, group.id, egress);
    const tags = specifiedTags(parameters, "security-group-rule");
    if (wanted.some((rule, index) => wanted.slice(index + 1).some((other) => sameRule(rule, other)))) throw new AwsError("InvalidParameterValue", "The same permission must not appear multiple times");
    const twice = wanted.find((rule) => there.some((other) => sameRule(rule, other)));
    if (twice) throw new AwsError("InvalidPermission.Duplicate", `the specified rule "${spoken(twice)}" already exists`);
    within(cloud, quotas.rules, { count: there.length + wanted.length, code: "RulesPerSecurityGroupLimitExceeded", say: "The maximum number of rules per security group has been reached." });
    const made = wanted.map((rule): SecurityRule => ({ ...born(cloud, "sgr", { ...tags }), ...rule, groupId: group.id, egress }));
    for (const rule of made) cloud.state.rule[rule.id] = rule;
    return { return: true, securityGroupRuleSet: made.map((rule): Element => toRuleElement(rule, cloud)) };
  };
}

function revoke(egress: boolean): Action {
  return ({ cloud, parameters }) => {
    const group = groupIn(cloud, parameters);
    const ids = listOf(parameters, "SecurityGroupRuleId");
    const there = rulesOf(cloud, group.id, egress);
    const gone = ids.length > 0 ? byId(there, ids) : byWords(there, wantedBy(cloud, parameters, group));
    for (const rule of gone) remove(cloud, kinds.rule, rule.id);
    return { return: true };
  };
}

function byId(there: SecurityRule[], ids: readonly string[]): SecurityRule[] {
  const missing = ids.filter((id) => !there.some((rule) => rule.id === id));
  if (missing.length > 0) throw new AwsError(kinds.rule.code, kinds.rule.say(missing));
  return there.filter((rule) => ids.includes(rule.id));
}

function byWords(there: SecurityRule[], wanted: Wanted[]): SecurityRule[] {
  return wanted.map((one) => {
    const rule = there.find((other) => sameRule(one, other));
    if (!rule) throw new AwsError("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
    return rule;
  });
}

export const authorizeSecurityGroupIngress = authorize(false);
export const authorizeSecurityGroupEgress = authorize(true);
export const revokeSecurityGroupIngress = revoke(false);
export const revokeSecurityGroupEgress = revoke(true);
