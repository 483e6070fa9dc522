// EC2 DescribeInstances and its kin. Source of fields, filters and limits: "DescribeInstances" and "Instance", EC2 API reference.
import type { Action } from "../action.ts";
import { iso, roleOfProfile, type Cloud } from "../cloud.ts";
import { satisfies, type Fields } from "../describe.ts";
import { AwsError } from "../errors.ts";
import { all, kinds, needAll } from "../kinds.ts";
import { filtersOf, flag, listOf, pageOf, tokenAt, type Parameters } from "../query.ts";
import { instanceStates, type Instance } from "../state.ts";
import { tagSet } from "../tags.ts";
import type { Element } from "../xml.ts";
import { toElement as toCard } from "./cards.ts";
import { elasticOf } from "./instance-life.ts";
import { profileArn } from "./profile.ts";
import { rootDevice } from "./volumes.ts";
import { zoneIdOf } from "./zones.ts";

function publicIpOf(cloud: Cloud, instance: Instance): string | null {
  return elasticOf(cloud, instance)?.publicIp ?? cloud.state.networkInterface[instance.interfaceId]?.publicIp ?? null;
}

const groupIdsOf = (instance: Instance, { state }: Cloud): string[] => state.networkInterface[instance.interfaceId]?.groupIds ?? [];
const maybe = (value: string | null): string[] => value === null ? [] : [value];

const fields: Fields<Instance> = {
  "instance-id": ({ id }) => [id],
  "instance-state-name": ({ state }) => [state],
  "instance-state-code": ({ state }) => [String(instanceStates[state])],
  "instance-type": ({ instanceType }) => [instanceType],
  "availability-zone": ({ zone }) => [zone],
  "vpc-id": ({ vpcId, state }) => state === "terminated" ? [] : [vpcId],
  "subnet-id": ({ subnetId, state }) => state === "terminated" ? [] : [subnetId],
  "network-interface.subnet-id": ({ subnetId }) => [subnetId],
  "image-id": ({ imageId }) => [imageId],
  "private-ip-address": ({ privateIp, state }) => state === "terminated" ? [] : [privateIp],
  "ip-address": (instance, cloud) => maybe(publicIpOf(cloud, instance)),
  "private-dns-name": (instance, cloud) => [privateName(instance, cloud)],
  "key-name": ({ keyName }) => maybe(keyName),
  "client-token": ({ clientToken }) => [clientToken],
  "reservation-id": ({ reservationId }) => [reservationId],
  "iam-instance-profile.arn": (instance, cloud) => maybe(profileArnOf(instance, cloud)),
  "iam-instance-profile.name": ({ profile }) => maybe(profile),
  "instance.group-id": groupIdsOf,
  "instance.group-name": (instance, cloud) => groupIdsOf(instance, cloud).flatMap((id) => cloud.state.group[id]?.name ?? []),
  "instance-lifecycle": ({ spot }) => spot ? ["spot"] : [],
  architecture: ({ instanceType }) => [/^[a-z]\d+g/.test(instanceType) ? "arm64" : "x86_64"],
};

function chosen(cloud: Cloud, parameters: Parameters): Instance[] {
  const ids = listOf(parameters, "InstanceId");
  const found = ids.length > 0 ? needAll(cloud, kinds.instance, [...new Set(ids)]) : all(cloud, kinds.instance);
  if (ids.length > 0 && parameters.has("MaxResults")) throw new AwsError("InvalidParameterCombination", "The parameter instancesSet cannot be used with the parameter maxResults");
  const filters = filtersOf(parameters);
  return found.filter((instance) => filters.every((filter) => satisfies(filter, instance, { cloud, fields })));
}

export const describeInstances: Action = ({ cloud, parameters }) => {
  const found = chosen(cloud, parameters);
  const { maxResults, offset } = pageOf(parameters, { min: 5, max: 1000, fallback: Number.MAX_SAFE_INTEGER });
  const end = offset + maxResults;
  const reservations = Map.groupBy(found.slice(offset, end), ({ reservationId }) => reservationId);
  return { reservationSet: [...reservations.values()].map((instances) => toReservation(instances, cloud)), nextToken: end < found.length ? tokenAt(end) : null };
};

/** Only running ones unless all are asked for (source: "DescribeInstanceStatus"). */
export const describeInstanceStatus: Action = ({ cloud, parameters }) => {
  const inner = new Map([...parameters].filter(([name]) => name !== "MaxResults"));
  const found = chosen(cloud, inner).filter(({ state }) => flag(parameters, "IncludeAllInstances") || state === "running");
  const { maxResults, offset } = pageOf(parameters, { min: 5, max: 1000, fallback: 1000 });
  const end = offset + maxResults;
  const status = { status: "ok", details: [{ name: "reachability", status: "passed" }] };
  const none = { status: "not-applicable", details: [] };
  return {
    instanceStatusSet: found.slice(offset, end).map((instance) => ({
      instanceId: instance.id, availabilityZone: instance.zone, instanceState: stateOf(instance),
      systemStatus: instance.state === "running" ? status : none, instanceStatus: instance.state === "running" ? status : none, eventsSet: [],
    })),
    nextToken: end < found.length ? tokenAt(end) : null,
  };
};

export function stateOf({ state }: Instance): Element {
  return { code: instanceStates[state], name: state };
}

function privateName(instance: Instance, { state }: Cloud): string {
  return `ip-${instance.privateIp.replaceAll(".", "-")}.${state.region}.compute.internal`;
}

function profileArnOf(instance: Instance, { state }: Cloud): string | null {
  const profile = Object.values(state.profile).find(({ name }) => name === instance.profile);
  return profile ? profileArn(state, profile) : null;
}

export function toReservation(instances: Instance[], cloud: Cloud): Element {
  return { reservationId: instances[0]?.reservationId ?? "", ownerId: cloud.state.accountId, groupSet: [], instancesSet: instances.map((instance) => toElement(instance, cloud)) };
}

/** A stopped or ended instance keeps its private address, and loses its public one unless it is an elastic one (source: "Amazon EC2 instance IP addressing"). */
function toElement(instance: Instance, cloud: Cloud): Element {
  const publicIp = publicIpOf(cloud, instance);
  const gone = instance.state === "terminated";
  return {
    instanceId: instance.id, imageId: instance.imageId, instanceState: stateOf(instance),
    privateDnsName: gone ? "" : privateName(instance, cloud),
    dnsName: publicIp === null ? "" : `ec2-${publicIp.replaceAll(".", "-")}.${cloud.state.region}.compute.amazonaws.com`,
    reason: instance.stateReason === null ? "" : "User initiated", stateReason: instance.stateReason === null ? null : { ...instance.stateReason },
    keyName: instance.keyName, amiLaunchIndex: instance.launchIndex, productCodes: [], instanceType: instance.instanceType, launchTime: iso(instance.launchedAtMs),
    placement: { availabilityZone: instance.zone, availabilityZoneId: zoneIdOf(cloud.state.region, instance.zone), groupName: "", tenancy: "default" },
    monitoring: { state: "disabled" }, ipAddress: publicIp, sourceDestCheck: true, architecture: /^[a-z]\d+g/.test(instance.instanceType) ? "arm64" : "x86_64",
    rootDeviceType: "ebs", rootDeviceName: rootDevice, virtualizationType: "hvm", clientToken: instance.clientToken, hypervisor: "xen", ebsOptimized: false, enaSupport: true,
    instanceLifecycle: instance.spot ? "spot" : null, tagSet: tagSet(instance.tags), iamInstanceProfile: profileElement(instance, cloud),
    metadataOptions: { state: "applied", httpTokens: instance.metadata.tokens, httpPutResponseHopLimit: instance.metadata.hopLimit, httpEndpoint: instance.metadata.endpoint, httpProtocolIpv6: "disabled", instanceMetadataTags: instance.metadata.tags },
    ...attached(instance, cloud),
  };
}

function profileElement(instance: Instance, cloud: Cloud): Element | null {
  const arn = profileArnOf(instance, cloud);
  const profile = Object.values(cloud.state.profile).find(({ name }) => name === instance.profile);
  return arn === null || !profile ? null : { arn, id: profile.id };
}

/** What an instance has only while it is there. */
function attached(instance: Instance, cloud: Cloud): Element {
  if (instance.state === "terminated") return { groupSet: [], blockDeviceMapping: [], networkInterfaceSet: [] };
  const cards = Object.values(cloud.state.networkInterface).filter(({ attachment }) => attachment?.instanceId === instance.id);
  const volumes = Object.values(cloud.state.volume).filter(({ attachment }) => attachment?.instanceId === instance.id);
  return {
    subnetId: instance.subnetId, vpcId: instance.vpcId, privateIpAddress: instance.privateIp,
    groupSet: groupIdsOf(instance, cloud).map((groupId) => ({ groupId, groupName: cloud.state.group[groupId]?.name ?? "" })),
    blockDeviceMapping: volumes.map(({ id, attachment }) => ({ deviceName: attachment?.device ?? "", ebs: { volumeId: id, status: "attached", attachTime: iso(attachment?.attachedAtMs ?? 0), deleteOnTermination: attachment?.deleteOnTermination ?? false } })),
    networkInterfaceSet: cards.map((card) => toCard(card, cloud)),
  };
}

/** The temporary keys of an instance are those of its profile's role. */
export function roleNameOf(cloud: Cloud, instance: Instance): string | null {
  return roleOfProfile(cloud.state, instance.profile)?.name ?? null;
}
