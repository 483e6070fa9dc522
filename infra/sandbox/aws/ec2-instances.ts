// EC2 DescribeInstances. Source of fields, filters and limits: "DescribeInstances" and "Instance", EC2 API reference.
import { instanceStates, type Account, type Instance } from "./account.ts";
import type { Action } from "./action.ts";
import { AwsError } from "./errors.ts";
import { filtersOf, listOf, matchesAny, pageOf, tokenAt, type Filter, type Parameters } from "./query.ts";
import type { XmlValue } from "./xml.ts";

export const describeInstances: Action = ({ account, parameters }) => {
  const ids = listOf(parameters, "InstanceId");
  refuseBadIds(account, ids);
  if (ids.length > 0 && parameters.has("MaxResults")) {
    throw new AwsError("InvalidParameterCombination", "The parameter instancesSet cannot be used with the parameter maxResults");
  }
  refuseDryRun(parameters);
  const filters = filtersOf(parameters);
  const wanted = new Set(ids);
  const found = [...account.instances.values()]
    .filter((instance) => wanted.size === 0 || wanted.has(instance.instanceId))
    .filter((instance) => filters.every((filter) => satisfies(filter, instance, account)));
  const { maxResults, offset } = pageOf(parameters, { min: 5, max: 1000, fallback: Number.MAX_SAFE_INTEGER });
  const end = offset + maxResults;
  return {
    reservationSet: found.slice(offset, end).map((instance) => toReservation(instance, account)),
    nextToken: end < found.length ? tokenAt(end) : null,
  };
};

/** Source: "Error codes for the Amazon EC2 API", InvalidInstanceID.*; an id is i- and 8 or 17 hexadecimal digits ("Resource IDs"). Malformed is said before NotFound, and all that are missing are named. */
function refuseBadIds(account: Account, ids: readonly string[]): void {
  const malformed = ids.find((id) => !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
  if (malformed !== undefined) throw new AwsError("InvalidInstanceID.Malformed", `Invalid id: "${malformed}"`);
  const missing = ids.filter((id) => !account.instances.has(id));
  if (missing.length === 0) return;
  throw new AwsError("InvalidInstanceID.NotFound", missing.length === 1 ? `The instance ID '${missing[0]}' does not exist` : `The instance IDs '${missing.join(", ")}' do not exist`);
}

/** Source: "Error codes for the Amazon EC2 API", DryRunOperation (412). */
function refuseDryRun(parameters: Parameters): void {
  if (parameters.get("DryRun") === "true") throw new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
}

const fields: Record<string, (instance: Instance, account: Account) => readonly string[]> = {
  "instance-id": (instance) => [instance.instanceId],
  "instance-state-name": (instance) => [instance.state],
  "instance-state-code": (instance) => [String(instanceStates[instance.state])],
  "instance-type": (instance) => [instance.instanceType],
  "availability-zone": (instance) => [instance.zone],
  "vpc-id": (_, account) => [account.vpcId],
  "subnet-id": (instance) => [instance.subnetId],
  "image-id": (instance) => [instance.imageId],
  "private-ip-address": (instance) => [instance.privateIp],
  "ip-address": (instance) => [instance.publicIp],
  "private-dns-name": (instance, account) => [privateName(instance, account)],
  "key-name": (_, account) => [account.keyName],
  "reservation-id": (instance) => [instance.reservationId],
  "instance.group-id": (instance) => instance.groups.map((group) => group.id),
  "tag-key": (instance) => Object.keys(instance.tags),
};

/** Filters are and-ed, the values of one are or-ed (source: "Find your Amazon EC2 resources"). */
function satisfies({ name, values }: Filter, instance: Instance, account: Account): boolean {
  if (name.startsWith("tag:")) {
    const value = instance.tags[name.slice(4)];
    return value !== undefined && matchesAny(values, value);
  }
  const field = fields[name];
  if (!field) throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
  return field(instance, account).some((value) => matchesAny(values, value));
}

function privateName(instance: Instance, account: Account): string {
  return `ip-${instance.privateIp.replaceAll(".", "-")}.${account.region}.compute.internal`;
}

function toReservation(instance: Instance, account: Account): { [element: string]: XmlValue } {
  return {
    reservationId: instance.reservationId,
    ownerId: account.accountId,
    groupSet: [],
    instancesSet: [toElement(instance, account)],
  };
}

/** A stopped or ended instance keeps its private address, and loses its public one unless it is an elastic one (source: "Amazon EC2 instance IP addressing"). */
function toElement(instance: Instance, account: Account): { [element: string]: XmlValue } {
  const on = instance.state === "running" || instance.state === "pending";
  const gone = instance.state === "terminated";
  const groupSet = instance.groups.map(({ id, name }) => ({ groupId: id, groupName: name }));
  return {
    instanceId: instance.instanceId,
    imageId: instance.imageId,
    instanceState: { code: instanceStates[instance.state], name: instance.state },
    privateDnsName: gone ? "" : privateName(instance, account),
    dnsName: on ? `ec2-${instance.publicIp.replaceAll(".", "-")}.${account.region}.compute.amazonaws.com` : "",
    reason: on ? "" : "User initiated",
    keyName: account.keyName,
    amiLaunchIndex: 0,
    productCodes: [],
    instanceType: instance.instanceType,
    launchTime: instance.launchedAt,
    placement: { availabilityZone: instance.zone, groupName: "", tenancy: "default" },
    monitoring: { state: "disabled" },
    ...(gone ? {} : { subnetId: instance.subnetId, vpcId: account.vpcId, privateIpAddress: instance.privateIp }),
    ipAddress: on ? instance.publicIp : null,
    sourceDestCheck: true,
    groupSet: gone ? [] : groupSet,
    architecture: "x86_64",
    rootDeviceType: "ebs",
    rootDeviceName: "/dev/sda1",
    blockDeviceMapping: gone ? [] : [{ deviceName: "/dev/sda1", ebs: { volumeId: instance.volumeId, status: "attached", attachTime: instance.launchedAt, deleteOnTermination: true } }],
    virtualizationType: "hvm",
    clientToken: "",
    tagSet: Object.entries(instance.tags).map(([key, value]) => ({ key, value })),
    hypervisor: "xen",
    networkInterfaceSet: gone ? [] : [toInterface(instance, { account, groupSet })],
    iamInstanceProfile: { arn: `arn:aws:iam::${account.accountId}:instance-profile/${account.instanceProfile}`, id: "AIPAIOSFODNN7EXAMPLE" },
    ebsOptimized: false,
    enaSupport: true,
  };
}

function toInterface(instance: Instance, { account, groupSet }: { account: Account; groupSet: XmlValue }): { [element: string]: XmlValue } {
  return {
    networkInterfaceId: instance.interfaceId,
    subnetId: instance.subnetId,
    vpcId: account.vpcId,
    ownerId: account.accountId,
    status: "in-use",
    privateIpAddress: instance.privateIp,
    privateDnsName: privateName(instance, account),
    sourceDestCheck: true,
    groupSet,
  };
}
