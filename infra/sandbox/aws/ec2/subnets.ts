// Subnets: within their VPC, beside each other, in a zone; gone only when no interface is left in them.
// Sources: "CreateSubnet", "DeleteSubnet", "ModifySubnetAttribute", EC2 API reference; "Subnet CIDR blocks", VPC User Guide.
import type { Action } from "../action.ts";
import { born, type Cloud } from "../cloud.ts";
import { describeAction } from "../describe.ts";
import { AwsError } from "../errors.ts";
import { kinds, need, remove } from "../kinds.ts";
import { canonical, contains, overlap, parseBlock, sizeOf } from "../net.ts";
import { required } from "../query.ts";
import { quotas, within } from "../quotas.ts";
import type { Subnet } from "../state.ts";
import { specifiedTags, tagSet } from "../tags.ts";
import type { Element } from "../xml.ts";
import { holdersOfSubnet, refuseDependents } from "./dependencies.ts";
import { zoneIdOf, zoneNames, zoneWithId } from "./zones.ts";

export const createSubnet: Action = ({ cloud, parameters }) => {
  const vpc = need(cloud, kinds.vpc, required(parameters, "VpcId"));
  const cidr = required(parameters, "CidrBlock");
  const block = parseBlock(cidr);
  if (!block) throw new AwsError("InvalidParameterValue", `Value (${cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  if (block.bits < 16 || block.bits > 28 || !contains(vpc.cidr, cidr)) throw new AwsError("InvalidSubnet.Range", `The CIDR '${cidr}' is invalid.`);
  const beside = Object.values(cloud.state.subnet).filter((one) => one.vpcId === vpc.id);
  if (beside.some((one) => overlap(one.cidr, cidr))) throw new AwsError("InvalidSubnet.Conflict", `The CIDR '${cidr}' conflicts with another subnet`);
  const zone = zoneOf(cloud, parameters.get("AvailabilityZone"), parameters.get("AvailabilityZoneId"));
  const tags = specifiedTags(parameters, "subnet");
  within(cloud, quotas.subnets, { count: beside.length + 1, code: "SubnetLimitExceeded", say: "The maximum number of subnets has been reached." });
  const subnet: Subnet = { ...born(cloud, "subnet", tags), vpcId: vpc.id, cidr: canonical(cidr), zone, mapPublicIp: false };
  cloud.state.subnet[subnet.id] = subnet;
  return { subnet: toElement(subnet, cloud) };
};

function zoneOf({ state }: Cloud, name: string | undefined, id: string | undefined): string {
  const names = zoneNames(state.region);
  const wanted = name ?? (id === undefined ? names[0] : zoneWithId(state.region, id));
  if (wanted === undefined || !names.includes(wanted)) {
    throw new AwsError("InvalidParameterValue", `Value (${name ?? id ?? ""}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${names.join(", ")}.`);
  }
  return wanted;
}

export const deleteSubnet: Action = ({ cloud, parameters }) => {
  const subnet = need(cloud, kinds.subnet, required(parameters, "SubnetId"));
  refuseDependents(`The subnet '${subnet.id}' has dependencies and cannot be deleted.`, holdersOfSubnet(cloud, subnet.id));
  for (const table of Object.values(cloud.state.routeTable)) table.associations = table.associations.filter(({ subnetId }) => subnetId !== subnet.id);
  remove(cloud, kinds.subnet, subnet.id);
  return { return: true };
};

export const modifySubnetAttribute: Action = ({ cloud, parameters }) => {
  const subnet = need(cloud, kinds.subnet, required(parameters, "SubnetId"));
  const value = parameters.get("MapPublicIpOnLaunch.Value");
  if (value !== undefined) subnet.mapPublicIp = value === "true";
  return { return: true };
};

export const describeSubnets: Action = describeAction({
  kind: kinds.subnet, ids: "SubnetId", set: "subnetSet", toElement,
  fields: {
    "subnet-id": (subnet) => [subnet.id],
    "vpc-id": (subnet) => [subnet.vpcId],
    "availability-zone": (subnet) => [subnet.zone],
    "availability-zone-id": (subnet, { state }) => [zoneIdOf(state.region, subnet.zone)],
    "cidr-block": (subnet) => [subnet.cidr],
    cidr: (subnet) => [subnet.cidr],
    "map-public-ip-on-launch": (subnet) => [String(subnet.mapPublicIp)],
    state: () => ["available"],
    "default-for-az": () => ["false"],
  },
});

function toElement(subnet: Subnet, { state }: Cloud): Element {
  const block = parseBlock(subnet.cidr);
  const used = Object.values(state.networkInterface).filter((one) => one.subnetId === subnet.id).length;
  return {
    subnetId: subnet.id,
    subnetArn: `arn:aws:ec2:${state.region}:${state.accountId}:subnet/${subnet.id}`,
    state: "available",
    ownerId: state.accountId,
    vpcId: subnet.vpcId,
    cidrBlock: subnet.cidr,
    ipv6CidrBlockAssociationSet: [],
    availableIpAddressCount: (block ? sizeOf(block) : 0) - 5 - used,
    availabilityZone: subnet.zone,
    availabilityZoneId: zoneIdOf(state.region, subnet.zone),
    defaultForAz: false,
    mapPublicIpOnLaunch: subnet.mapPublicIp,
    assignIpv6AddressOnCreation: false,
    tagSet: tagSet(subnet.tags),
  };
}
