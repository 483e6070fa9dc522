// What can be done to an instance that is there: end, stop, start it, change what may be changed, read its console.
// Sources: "TerminateInstances", "StopInstances", "StartInstances", "ModifyInstanceAttribute", "GetConsoleOutput", EC2 API reference.
import type { Action, Call } from "../action.ts";
import { iso } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { kinds, need, needAll } from "../kinds.ts";
import { listOf, required } from "../query.ts";
import type { Instance } from "../state.ts";
import type { Element } from "../xml.ts";
import { beginEnd, beginStart, beginStop } from "./instance-life.ts";
import { stateOf } from "./instances.ts";
import { refuseCapacity } from "./launch-limits.ts";
import { needType } from "./machine-types.ts";
import { groupsFor } from "./security-groups.ts";

/** All of them or none: the checks come before the first effect. */
function changeAll({ cloud, parameters }: Call, check: (instance: Instance) => void, change: (instance: Instance) => void): Element {
  const ids = listOf(parameters, "InstanceId");
  if (ids.length === 0) throw new AwsError("MissingParameter", "The request must contain the parameter InstanceId");
  const instances = needAll(cloud, kinds.instance, [...new Set(ids)]);
  for (const instance of instances) check(instance);
  return {
    instancesSet: instances.map((instance) => {
      const previousState = stateOf(instance);
      change(instance);
      return { instanceId: instance.id, currentState: stateOf(instance), previousState };
    }),
  };
}

export const terminateInstances: Action = (call) => changeAll(call, ({ id, terminationProtection }) => {
  if (terminationProtection) throw new AwsError("OperationNotPermitted", `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`);
}, (instance) => beginEnd(call.cloud, instance));

export const stopInstances: Action = (call) => changeAll(call, ({ id, state, spot }) => {
  if (spot) throw new AwsError("UnsupportedOperation", `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`);
  if (state === "pending") throw new AwsError("IncorrectInstanceState", `Instance '${id}' cannot be stopped as it has never reached the 'running' state.`);
  if (state === "terminated" || state === "shutting-down") throw new AwsError("IncorrectInstanceState", `The instance '${id}' is not in a state from which it can be stopped.`);
}, (instance) => {
  if (instance.state === "running") beginStop(call.cloud, instance);
});

export const startInstances: Action = (call) => changeAll(call, (instance) => {
  const { id, state, instanceType, zone, spot } = instance;
  if (state !== "stopped" && state !== "running" && state !== "pending") throw new AwsError("IncorrectInstanceState", `The instance '${id}' is not in a state from which it can be started.`);
  if (state === "stopped") refuseCapacity(call.cloud, { type: needType(instanceType), zone, count: 1, spot });
}, (instance) => {
  if (instance.state === "stopped") beginStart(call.cloud, instance);
});

export const modifyInstanceAttribute: Action = ({ cloud, parameters }) => {
  const instance = need(cloud, kinds.instance, required(parameters, "InstanceId"));
  const [protection, check, type] = [parameters.get("DisableApiTermination.Value"), parameters.get("SourceDestCheck.Value"), parameters.get("InstanceType.Value")];
  const groupIds = listOf(parameters, "GroupId");
  const card = cloud.state.networkInterface[instance.interfaceId];
  if (type !== undefined && instance.state !== "stopped") throw new AwsError("IncorrectInstanceState", `The instance '${instance.id}' is not in the 'stopped' state.`);
  if (type !== undefined) instance.instanceType = needType(type).name;
  if (protection !== undefined) instance.terminationProtection = protection === "true";
  if (check !== undefined && card) card.sourceDestCheck = check === "true";
  if (groupIds.length > 0 && card) card.groupIds = groupsFor(cloud, groupIds, instance.vpcId).map(({ id }) => id);
  return { return: true };
};

export const describeInstanceAttribute: Action = ({ cloud, parameters }) => {
  const instance = need(cloud, kinds.instance, required(parameters, "InstanceId"));
  const attribute = required(parameters, "Attribute");
  const values: Record<string, Element> = {
    disableApiTermination: { value: instance.terminationProtection },
    instanceType: { value: instance.instanceType },
    userData: instance.userData === "" ? {} : { value: Buffer.from(instance.userData).toString("base64") },
    sourceDestCheck: { value: cloud.state.networkInterface[instance.interfaceId]?.sourceDestCheck ?? true },
  };
  const value = Object.hasOwn(values, attribute) ? values[attribute] : undefined;
  if (!value) throw new AwsError("InvalidParameterValue", `Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`);
  return { instanceId: instance.id, [attribute]: value };
};

export const modifyInstanceMetadataOptions: Action = ({ cloud, parameters }) => {
  const instance = need(cloud, kinds.instance, required(parameters, "InstanceId"));
  const { metadata } = instance;
  const hops = parameters.get("HttpPutResponseHopLimit");
  if (hops !== undefined && !/^([1-9]|[1-5]\d|6[0-4])$/.test(hops)) throw new AwsError("InvalidParameterValue", "The HttpPutResponseHopLimit must be an integer from 1 to 64.");
  Object.assign(metadata, { tokens: parameters.get("HttpTokens") ?? metadata.tokens, hopLimit: Number(hops ?? metadata.hopLimit), endpoint: parameters.get("HttpEndpoint") ?? metadata.endpoint, tags: parameters.get("InstanceMetadataTags") ?? metadata.tags });
  return { instanceId: instance.id, instanceMetadataOptions: { state: "pending", httpTokens: metadata.tokens, httpPutResponseHopLimit: metadata.hopLimit, httpEndpoint: metadata.endpoint, instanceMetadataTags: metadata.tags } };
};

/** The most recent 64 kB (source: "GetConsoleOutput"). */
const mostConsoleBytes = 64 * 1024;

export const getConsoleOutput: Action = ({ cloud, parameters }) => {
  const instance = need(cloud, kinds.instance, required(parameters, "InstanceId"));
  const plain = instance.state === "pending" ? "" : `Ubuntu 22.04.5 LTS ip-${instance.privateIp.replaceAll(".", "-")} ttyS0\n`;
  const text = cloud.hypervisor ? cloud.hypervisor.consoleOutput(instance.id) : plain;
  const bytes = Buffer.from(text, "utf8");
  return { instanceId: instance.id, timestamp: iso(cloud.clock.nowMs()), output: bytes.length === 0 ? null : bytes.subarray(-mostConsoleBytes).toString("base64") };
};
