// Elastic addresses: taken, mapped to an instance, given back only when free.
// Sources: "AllocateAddress", "AssociateAddress", "ReleaseAddress", EC2 API reference; "Error codes for the Amazon EC2 API".
import type { Action } from "../action.ts";
import { born, newId, type Cloud } from "../cloud.ts";
import { describeAction } from "../describe.ts";
import { AwsError } from "../errors.ts";
import { all, kinds, need, remove } from "../kinds.ts";
import { listOf, required, type Parameters } from "../query.ts";
import { quotas, within } from "../quotas.ts";
import type { Address, NetworkInterface } from "../state.ts";
import { specifiedTags, tagSet } from "../tags.ts";
import type { Element } from "../xml.ts";
import { elasticAt } from "./cards.ts";
import { map, unmap } from "./instance-life.ts";
import { elasticAddressFor } from "./public-addresses.ts";

export const allocateAddress: Action = ({ cloud, parameters }) => {
  const tags = specifiedTags(parameters, "elastic-ip");
  within(cloud, quotas.addresses, { count: Object.keys(cloud.state.address).length + 1, code: "AddressLimitExceeded", say: "The maximum number of addresses has been reached." });
  const publicIp = elasticAddressFor(cloud);
  const address: Address = { ...born(cloud, "eipalloc", tags), publicIp, associationId: null, interfaceId: null, instanceId: null };
  cloud.state.address[address.id] = address;
  return { publicIp, allocationId: address.id, domain: "vpc", publicIpv4Pool: "amazon", networkBorderGroup: cloud.state.region };
};

/** The interface that the request means: its own, or the first one of the instance. */
function interfaceOf(cloud: Cloud, parameters: Parameters): NetworkInterface {
  const cardId = parameters.get("NetworkInterfaceId");
  if (cardId !== undefined) return need(cloud, kinds.networkInterface, cardId);
  const instance = need(cloud, kinds.instance, required(parameters, "InstanceId"));
  if (instance.state !== "running" && instance.state !== "stopped") throw new AwsError("InvalidInstanceID", `The ${instance.state} instance '${instance.id}' is not in a valid state for this operation.`);
  return need(cloud, kinds.networkInterface, instance.interfaceId);
}

/** Asked again for the same interface, it answers with the association that is there: idempotent by itself. */
export const associateAddress: Action = ({ cloud, parameters }) => {
  const address = need(cloud, kinds.address, required(parameters, "AllocationId"));
  const card = interfaceOf(cloud, parameters);
  if (address.interfaceId === card.id) return { return: true, associationId: address.associationId };
  const other = elasticAt(cloud, card.id);
  const again = parameters.get("AllowReassociation") !== "false";
  if (!again && address.interfaceId !== null) throw new AwsError("Resource.AlreadyAssociated", `resource ${address.id} is already associated with associate-id ${address.associationId}`);
  if (!again && other) throw new AwsError("Resource.AlreadyAssociated", `resource ${card.id} is already associated with associate-id ${other.associationId}`);
  const hasWayOut = Object.values(cloud.state.gateway).some(({ vpcId }) => vpcId === card.vpcId);
  if (!hasWayOut) throw new AwsError("Gateway.NotAttached", `Network ${card.vpcId} is not attached to any internet gateway`);
  if (other) unmap(cloud, other);
  const associationId = newId(cloud, "eipassoc");
  map(cloud, address, { interfaceId: card.id, instanceId: card.attachment?.instanceId ?? null, associationId });
  return { return: true, associationId };
};

export const disassociateAddress: Action = ({ cloud, parameters }) => {
  const id = required(parameters, "AssociationId");
  const address = all(cloud, kinds.address).find(({ associationId }) => associationId === id);
  if (!address) throw new AwsError("InvalidAssociationID.NotFound", `The association ID '${id}' does not exist`);
  unmap(cloud, address);
  return { return: true };
};

export const releaseAddress: Action = ({ cloud, parameters }) => {
  const address = need(cloud, kinds.address, required(parameters, "AllocationId"));
  if (address.associationId !== null) throw new AwsError("InvalidIPAddress.InUse", `Address ${address.publicIp} is in use.`);
  remove(cloud, kinds.address, address.id);
  return { return: true };
};

const byAllocation = describeAction({
  kind: kinds.address, ids: "AllocationId", set: "addressesSet", toElement,
  fields: {
    "allocation-id": ({ id }) => [id],
    "public-ip": ({ publicIp }) => [publicIp],
    "association-id": ({ associationId }) => associationId === null ? [] : [associationId],
    "instance-id": ({ instanceId }) => instanceId === null ? [] : [instanceId],
    "network-interface-id": ({ interfaceId }) => interfaceId === null ? [] : [interfaceId],
    domain: () => ["vpc"],
  },
});

export const describeAddresses: Action = (call) => {
  const ips = listOf(call.parameters, "PublicIp");
  const missing = ips.find((ip) => !all(call.cloud, kinds.address).some(({ publicIp }) => publicIp === ip));
  if (missing !== undefined) throw new AwsError("InvalidAddress.NotFound", `Address '${missing}' not found.`);
  if (ips.length === 0) return byAllocation(call);
  const ids = all(call.cloud, kinds.address).filter(({ publicIp }) => ips.includes(publicIp)).map(({ id }) => id);
  return byAllocation({ ...call, parameters: new Map([...call.parameters, ...ids.map((id, index): [string, string] => [`AllocationId.${index + 1}`, id])]) });
};

function toElement(address: Address, { state }: Cloud): Element {
  const card = address.interfaceId === null ? undefined : state.networkInterface[address.interfaceId];
  return {
    publicIp: address.publicIp, allocationId: address.id, domain: "vpc", publicIpv4Pool: "amazon", networkBorderGroup: state.region,
    instanceId: address.instanceId, associationId: address.associationId, networkInterfaceId: address.interfaceId,
    networkInterfaceOwnerId: card ? state.accountId : null, privateIpAddress: card?.privateIp ?? null, tagSet: tagSet(address.tags),
  };
}
