// Internet gateways: one for a VPC, and held there by public addresses.
// Sources: "CreateInternetGateway", "AttachInternetGateway", "DetachInternetGateway", EC2 API reference.
import type { Action } from "../action.ts";
import { born } from "../cloud.ts";
import { describeAction } from "../describe.ts";
import { AwsError } from "../errors.ts";
import { kinds, need, remove } from "../kinds.ts";
import { required } from "../query.ts";
import { quotas, within } from "../quotas.ts";
import type { Gateway } from "../state.ts";
import type { Cloud } from "../cloud.ts";
import { specifiedTags, tagSet } from "../tags.ts";
import type { Element } from "../xml.ts";
import { mappedAddresses, refuseDependents } from "./dependencies.ts";

export const createInternetGateway: Action = ({ cloud, parameters }) => {
  const tags = specifiedTags(parameters, "internet-gateway");
  within(cloud, quotas.gateways, { count: Object.keys(cloud.state.gateway).length + 1, code: "InternetGatewayLimitExceeded", say: "The maximum number of internet gateways has been reached." });
  const gateway: Gateway = { ...born(cloud, "igw", tags), vpcId: null };
  cloud.state.gateway[gateway.id] = gateway;
  return { internetGateway: toElement(gateway, cloud) };
};

export const attachInternetGateway: Action = ({ cloud, parameters }) => {
  const gateway = need(cloud, kinds.gateway, required(parameters, "InternetGatewayId"));
  const vpc = need(cloud, kinds.vpc, required(parameters, "VpcId"));
  if (gateway.vpcId !== null) throw new AwsError("Resource.AlreadyAssociated", `resource ${gateway.id} is already attached to network ${gateway.vpcId}`);
  if (Object.values(cloud.state.gateway).some((one) => one.vpcId === vpc.id)) throw new AwsError("InvalidParameterValue", `Network ${vpc.id} already has an internet gateway attached`);
  gateway.vpcId = vpc.id;
  return { return: true };
};

export const detachInternetGateway: Action = ({ cloud, parameters }) => {
  const gateway = need(cloud, kinds.gateway, required(parameters, "InternetGatewayId"));
  const vpc = need(cloud, kinds.vpc, required(parameters, "VpcId"));
  if (gateway.vpcId !== vpc.id) throw new AwsError("Gateway.NotAttached", `resource ${gateway.id} is not attached to network ${vpc.id}`);
  refuseDependents(`Network ${vpc.id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`, mappedAddresses(cloud, vpc.id));
  gateway.vpcId = null;
  return { return: true };
};

export const deleteInternetGateway: Action = ({ cloud, parameters }) => {
  const gateway = need(cloud, kinds.gateway, required(parameters, "InternetGatewayId"));
  refuseDependents(`The internetGateway '${gateway.id}' has dependencies and cannot be deleted.`, gateway.vpcId === null ? [] : [gateway.vpcId]);
  remove(cloud, kinds.gateway, gateway.id);
  return { return: true };
};

export const describeInternetGateways: Action = describeAction({
  kind: kinds.gateway, ids: "InternetGatewayId", set: "internetGatewaySet", toElement,
  fields: {
    "internet-gateway-id": (gateway) => [gateway.id],
    "attachment.vpc-id": (gateway) => gateway.vpcId === null ? [] : [gateway.vpcId],
    "attachment.state": (gateway) => gateway.vpcId === null ? [] : ["available"],
  },
});

function toElement(gateway: Gateway, { state }: Cloud): Element {
  return {
    internetGatewayId: gateway.id,
    ownerId: state.accountId,
    attachmentSet: gateway.vpcId === null ? [] : [{ vpcId: gateway.vpcId, state: "available" }],
    tagSet: tagSet(gateway.tags),
  };
}
