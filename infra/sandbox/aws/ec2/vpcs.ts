// VPCs: made with a main route table and a default group, and deleted only when empty.
// Sources: "CreateVpc", "DeleteVpc", "ModifyVpcAttribute", EC2 API reference; "VPC CIDR blocks" and "Default security groups", VPC User Guide.
import type { Action } from "../action.ts";
import { born, type Cloud } from "../cloud.ts";
import { describeAction } from "../describe.ts";
import { AwsError } from "../errors.ts";
import { kinds, need, remove } from "../kinds.ts";
import { canonical, parseBlock } from "../net.ts";
import { required } from "../query.ts";
import { quotas, within } from "../quotas.ts";
import type { Vpc } from "../state.ts";
import { specifiedTags, tagSet } from "../tags.ts";
import type { Element } from "../xml.ts";
import { holdersOfVpc, refuseDependents } from "./dependencies.ts";

export const createVpc: Action = ({ cloud, parameters }) => {
  const cidr = required(parameters, "CidrBlock");
  const block = parseBlock(cidr);
  if (!block) throw new AwsError("InvalidParameterValue", `Value (${cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  if (block.bits < 16 || block.bits > 28) throw new AwsError("InvalidVpc.Range", `The CIDR '${cidr}' is invalid.`);
  const tags = specifiedTags(parameters, "vpc");
  within(cloud, quotas.vpcs, { count: Object.keys(cloud.state.vpc).length + 1, code: "VpcLimitExceeded", say: "The maximum number of VPCs has been reached." });
  return { vpc: toElement(makeVpc(cloud, canonical(cidr), tags), cloud) };
};

export function makeVpc(cloud: Cloud, cidr: string, tags: Record<string, string>): Vpc {
  const vpc: Vpc = { ...born(cloud, "vpc", tags), cidr, dnsSupport: true, dnsHostnames: false };
  const { state } = cloud;
  state.vpc[vpc.id] = vpc;
  const table = born(cloud, "rtb");
  state.routeTable[table.id] = { ...table, vpcId: vpc.id, main: true, routes: [], associations: [] };
  const group = born(cloud, "sg");
  state.group[group.id] = { ...group, vpcId: vpc.id, name: "default", description: "default VPC security group" };
  const [self, out] = [born(cloud, "sgr"), born(cloud, "sgr")];
  const every = { groupId: group.id, protocol: "-1", fromPort: -1, toPort: -1, description: "" };
  state.rule[self.id] = { ...self, ...every, egress: false, cidr: null, sourceGroupId: group.id };
  state.rule[out.id] = { ...out, ...every, egress: true, cidr: "0.0.0.0/0", sourceGroupId: null };
  return vpc;
}

export const deleteVpc: Action = ({ cloud, parameters }) => {
  const vpc = need(cloud, kinds.vpc, required(parameters, "VpcId"));
  refuseDependents(`The vpc '${vpc.id}' has dependencies and cannot be deleted.`, holdersOfVpc(cloud, vpc.id));
  const { state } = cloud;
  for (const table of Object.values(state.routeTable)) if (table.vpcId === vpc.id) remove(cloud, kinds.routeTable, table.id);
  const groups = Object.values(state.group).filter(({ vpcId }) => vpcId === vpc.id);
  for (const rule of Object.values(state.rule)) if (groups.some(({ id }) => id === rule.groupId)) remove(cloud, kinds.rule, rule.id);
  for (const { id } of groups) remove(cloud, kinds.group, id);
  remove(cloud, kinds.vpc, vpc.id);
  return { return: true };
};

export const describeVpcs: Action = describeAction({
  kind: kinds.vpc, ids: "VpcId", set: "vpcSet", toElement,
  fields: {
    "vpc-id": (vpc) => [vpc.id],
    cidr: (vpc) => [vpc.cidr],
    "cidr-block": (vpc) => [vpc.cidr],
    "cidr-block-association.cidr-block": (vpc) => [vpc.cidr],
    state: () => ["available"],
    isDefault: () => ["false"],
    "is-default": () => ["false"],
  },
});

export const modifyVpcAttribute: Action = ({ cloud, parameters }) => {
  const vpc = need(cloud, kinds.vpc, required(parameters, "VpcId"));
  const [support, hostnames] = [parameters.get("EnableDnsSupport.Value"), parameters.get("EnableDnsHostnames.Value")];
  if (support !== undefined && hostnames !== undefined) throw new AwsError("InvalidParameterCombination", "Only one attribute can be modified at a time.");
  if (support !== undefined) vpc.dnsSupport = support === "true";
  if (hostnames !== undefined) vpc.dnsHostnames = hostnames === "true";
  return { return: true };
};

export const describeVpcAttribute: Action = ({ cloud, parameters }) => {
  const vpc = need(cloud, kinds.vpc, required(parameters, "VpcId"));
  const attribute = required(parameters, "Attribute");
  const values: Record<string, boolean> = { enableDnsSupport: vpc.dnsSupport, enableDnsHostnames: vpc.dnsHostnames, enableNetworkAddressUsageMetrics: false };
  const value = Object.hasOwn(values, attribute) ? values[attribute] : undefined;
  if (value === undefined) throw new AwsError("InvalidParameterValue", `Value (${attribute}) for parameter attribute is invalid.`);
  return { vpcId: vpc.id, [attribute]: { value } };
};

function toElement(vpc: Vpc, { state }: Cloud): Element {
  return {
    vpcId: vpc.id,
    ownerId: state.accountId,
    state: "available",
    cidrBlock: vpc.cidr,
    cidrBlockAssociationSet: [{ cidrBlock: vpc.cidr, associationId: vpc.id.replace("vpc-", "vpc-cidr-assoc-"), cidrBlockState: { state: "associated" } }],
    dhcpOptionsId: "default",
    instanceTenancy: "default",
    isDefault: false,
    tagSet: tagSet(vpc.tags),
  };
}
