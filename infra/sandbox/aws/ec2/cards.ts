// Network interfaces: made with what needs them, shown with who holds them, deleted when nobody does.
// Sources: "NetworkInterface", "DeleteNetworkInterface", "DetachNetworkInterface", EC2 API reference; sentences as quoted in the threads of RULES.md.
import type { Action } from "../action.ts";
import { born, iso, type Cloud } from "../cloud.ts";
import { describeAction } from "../describe.ts";
import { AwsError } from "../errors.ts";
import { kinds, need, remove } from "../kinds.ts";
import { contains, freeAddress, isReserved } from "../net.ts";
import { required } from "../query.ts";
import { quotas, within } from "../quotas.ts";
import type { Address, NetworkInterface, Subnet, Tags } from "../state.ts";
import { tagSet } from "../tags.ts";
import type { Element } from "../xml.ts";

export interface CardOrder { subnet: Subnet; groupIds: string[]; privateIp: string | null; description: string; tags: Tags; requester?: string }

export function makeCard(cloud: Cloud, { subnet, groupIds, privateIp, description, tags, requester }: CardOrder): NetworkInterface {
  const taken = new Set(Object.values(cloud.state.networkInterface).filter((one) => one.subnetId === subnet.id).map((one) => one.privateIp));
  if (privateIp !== null && (!contains(subnet.cidr, privateIp) || isReserved(subnet.cidr, privateIp))) throw new AwsError("InvalidParameterValue", `Address ${privateIp} does not fall within the subnet's address range`);
  if (privateIp !== null && taken.has(privateIp)) throw new AwsError("InvalidIPAddress.InUse", `Address ${privateIp} is in use.`);
  within(cloud, quotas.groupsPerInterface, { count: groupIds.length, code: "SecurityGroupsPerInterfaceLimitExceeded", say: "The maximum number of security groups per interface has been reached." });
  const address = privateIp ?? freeAddress(subnet.cidr, taken);
  if (address === null) throw new AwsError("InsufficientFreeAddressesInSubnet", `The specified subnet does not have enough free addresses to satisfy the request.`);
  const made: NetworkInterface = {
    ...born(cloud, "eni", tags), vpcId: subnet.vpcId, subnetId: subnet.id, zone: subnet.zone, privateIp: address, publicIp: null, groupIds, description,
    requester: requester ?? null, attachment: null, sourceDestCheck: true, goneAtMs: null,
  };
  cloud.state.networkInterface[made.id] = made;
  return made;
}

export function elasticAt({ state }: Cloud, interfaceId: string): Address | undefined {
  return Object.values(state.address).find((one) => one.interfaceId === interfaceId);
}

export const describeNetworkInterfaces: Action = describeAction({
  kind: kinds.networkInterface, ids: "NetworkInterfaceId", set: "networkInterfaceSet", toElement,
  fields: {
    "network-interface-id": (one) => [one.id],
    "vpc-id": (one) => [one.vpcId],
    "subnet-id": (one) => [one.subnetId],
    "group-id": (one) => one.groupIds,
    "group-name": (one, { state }) => one.groupIds.flatMap((id) => state.group[id]?.name ?? []),
    status: (one) => [statusOf(one)],
    description: (one) => [one.description],
    "private-ip-address": (one) => [one.privateIp],
    "addresses.private-ip-address": (one) => [one.privateIp],
    "association.public-ip": (one, cloud) => publicIpOf(cloud, one) ?? [],
    "attachment.instance-id": (one) => one.attachment === null ? [] : [one.attachment.instanceId],
    "attachment.attachment-id": (one) => one.attachment === null ? [] : [one.attachment.id],
    "attachment.status": (one) => statusOf(one) === "in-use" ? ["attached"] : [],
    "availability-zone": (one) => [one.zone],
    "requester-id": (one) => one.requester === null ? [] : [one.requester],
    "requester-managed": (one) => [String(one.requester !== null)],
    "interface-type": () => ["interface"],
  },
});

const statusOf = (one: NetworkInterface): string => one.attachment !== null || one.requester !== null ? "in-use" : "available";

function publicIpOf(cloud: Cloud, one: NetworkInterface): string[] | null {
  const address = elasticAt(cloud, one.id)?.publicIp ?? one.publicIp;
  return address === null ? null : [address];
}

/** A service's interface belongs to that service: its own keeper takes it away, nobody else can. */
export const deleteNetworkInterface: Action = ({ cloud, parameters }) => {
  const one = need(cloud, kinds.networkInterface, required(parameters, "NetworkInterfaceId"));
  if (statusOf(one) === "in-use") throw new AwsError("InvalidParameterValue", `Network interface '${one.id}' is currently in use.`);
  const address = elasticAt(cloud, one.id);
  if (address) Object.assign(address, { interfaceId: null, instanceId: null, associationId: null });
  remove(cloud, kinds.networkInterface, one.id);
  return { return: true };
};

export const detachNetworkInterface: Action = ({ cloud, parameters }) => {
  const id = required(parameters, "AttachmentId");
  const one = Object.values(cloud.state.networkInterface).find((card) => card.attachment?.id === id || (card.requester !== null && serviceAttachment(card) === id));
  if (!one) throw new AwsError("InvalidAttachmentID.NotFound", `The attachment '${id}' does not exist`);
  if (one.requester !== null) throw new AwsError("OperationNotPermitted", "You are not allowed to manage 'ela-attach' attachments.");
  const instance = cloud.state.instance[one.attachment?.instanceId ?? ""];
  if (instance?.interfaceId === one.id) throw new AwsError("OperationNotPermitted", "The network interface at device index 0 and networkCard index 0 cannot be detached.");
  one.attachment = null;
  return { return: true };
};

function serviceAttachment(one: NetworkInterface): string {
  return one.id.replace("eni-", "ela-attach-");
}

function attachmentOf(one: NetworkInterface, { state }: Cloud): Element | null {
  if (one.requester !== null) return { attachmentId: serviceAttachment(one), instanceOwnerId: one.requester, deviceIndex: 1, status: "attached", attachTime: iso(one.createdAtMs), deleteOnTermination: false };
  if (one.attachment === null) return null;
  const { id, instanceId, attachedAtMs, deleteOnTermination } = one.attachment;
  return { attachmentId: id, instanceId, instanceOwnerId: state.accountId, deviceIndex: 0, networkCardIndex: 0, status: "attached", attachTime: iso(attachedAtMs), deleteOnTermination };
}

export function toElement(one: NetworkInterface, cloud: Cloud): Element {
  const { state } = cloud;
  const elastic = elasticAt(cloud, one.id);
  const publicIp = elastic?.publicIp ?? one.publicIp;
  const owner = elastic || one.requester === null ? state.accountId : one.requester;
  const association = publicIp === null ? null : { publicIp, publicDnsName: `ec2-${publicIp.replaceAll(".", "-")}.${state.region}.compute.amazonaws.com`, ipOwnerId: elastic ? owner : "amazon", ...(elastic ? { allocationId: elastic.id, associationId: elastic.associationId } : {}) };
  const privateDnsName = `ip-${one.privateIp.replaceAll(".", "-")}.${state.region}.compute.internal`;
  return {
    networkInterfaceId: one.id, subnetId: one.subnetId, vpcId: one.vpcId, availabilityZone: one.zone, description: one.description, ownerId: state.accountId,
    requesterId: one.requester, requesterManaged: one.requester !== null, status: statusOf(one), macAddress: `02:${one.id.slice(-10).replace(/(..)(?=.)/g, "$1:")}`,
    privateIpAddress: one.privateIp, privateDnsName, sourceDestCheck: one.sourceDestCheck, interfaceType: "interface",
    groupSet: one.groupIds.map((groupId) => ({ groupId, groupName: state.group[groupId]?.name ?? "" })),
    attachment: attachmentOf(one, cloud), association,
    privateIpAddressesSet: [{ privateIpAddress: one.privateIp, privateDnsName, primary: true, association }],
    ipv6AddressesSet: [], tagSet: tagSet(one.tags),
  };
}
