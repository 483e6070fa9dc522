// RunInstances: what it checks, in which order it refuses, and what it makes.
// Sources: "RunInstances", EC2 API reference; "Error codes for the Amazon EC2 API"; for sentences the threads named in RULES.md.
import type { Action, Call } from "../action.ts";
import { born, newId, type Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { kinds, need } from "../kinds.ts";
import { flag, groupsOf, listOf, required, whole, type Parameters } from "../query.ts";
import type { Instance, SecurityGroup, Subnet, Tags } from "../state.ts";
import { specifiedTags } from "../tags.ts";
import { once } from "../tokens.ts";
import { makeCard } from "./cards.ts";
import { needImage, type Image } from "./images.ts";
import { bootOrderOf } from "./instance-life.ts";
import { toReservation } from "./instances.ts";
import { keyNamed } from "./keys.ts";
import { refuseCapacity } from "./launch-limits.ts";
import { needType, type InstanceType } from "./machine-types.ts";
import { profileFor } from "./profile.ts";
import { publicAddressFor } from "./public-addresses.ts";
import { groupsFor } from "./security-groups.ts";
import { makeRootVolume, mappingsOf, type Mapping } from "./volumes.ts";

interface Launch {
  image: Image;
  type: InstanceType;
  subnet: Subnet;
  groups: SecurityGroup[];
  keyName: string | null;
  profile: string | null;
  userData: string;
  spot: boolean;
  count: number;
  publicIp: boolean;
  privateIp: string | null;
  mappings: Mapping[];
  tags: { instance: Tags; volume: Tags; "network-interface": Tags };
  token: string;
}

const taggable = ["instance", "volume", "network-interface", "spot-instances-request"];

export const runInstances: Action = (call) => {
  const { cloud, parameters } = call;
  const subnet = subnetOf(cloud, parameters);
  const ids = once(call, `RunInstances/${subnet.zone}`, () => {
    const launch = launchOf(call, subnet);
    refuseCapacity(cloud, { type: launch.type, zone: subnet.zone, count: launch.count, spot: launch.spot });
    return launchAll(cloud, parameters, launch);
  });
  const instances = ids.flatMap((id) => cloud.state.instance[id] ?? []);
  if (instances.length === 0 || instances.every(({ state }) => state === "terminated" || state === "shutting-down")) {
    throw new AwsError("IdempotentInstanceTerminated", "The request uses the same client token as a previous request for which the instance has been terminated.");
  }
  return toReservation(instances, cloud);
};

function card(parameters: Parameters): Parameters | undefined {
  return groupsOf(parameters, "NetworkInterface").find((one) => (one.get("DeviceIndex") ?? "0") === "0");
}

function subnetOf(cloud: Cloud, parameters: Parameters): Subnet {
  const id = card(parameters)?.get("SubnetId") ?? parameters.get("SubnetId");
  if (id === undefined) throw new AwsError("VPCIdNotSpecified", "No default VPC for this user");
  return need(cloud, kinds.subnet, id);
}

function launchOf({ cloud, parameters }: Call, subnet: Subnet): Launch {
  const first = card(parameters);
  const double = first && (parameters.has("SubnetId") ? "subnet ID" : parameters.has("SecurityGroupId.1") ? "security groups" : "");
  if (double) throw new AwsError("InvalidParameterCombination", `Network interfaces and an instance-level ${double} may not be specified on the same request`);
  const image = needImage(required(parameters, "ImageId"));
  const type = needType(required(parameters, "InstanceType"));
  if (type.arm !== (image.architecture === "arm64")) {
    throw new AwsError("InvalidParameterValue", `The architecture '${type.arm ? "arm64" : "x86_64"}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`);
  }
  const key = parameters.get("KeyName");
  return {
    image, type, subnet, count: countOf(parameters), userData: userDataOf(parameters.get("UserData")),
    groups: groupsFor(cloud, listOf(first ?? parameters, "SecurityGroupId"), subnet.vpcId),
    keyName: key === undefined ? null : keyNamed(cloud, key).name,
    profile: profileFor(cloud, parameters)?.name ?? null,
    spot: parameters.get("InstanceMarketOptions.MarketType") === "spot",
    publicIp: (first?.get("AssociatePublicIpAddress") ?? String(subnet.mapPublicIp)) === "true",
    privateIp: first?.get("PrivateIpAddress") ?? parameters.get("PrivateIpAddress") ?? null,
    mappings: mappingsOf(parameters),
    tags: { instance: specifiedTags(parameters, "instance", taggable), volume: specifiedTags(parameters, "volume", taggable), "network-interface": specifiedTags(parameters, "network-interface", taggable) },
    token: parameters.get("ClientToken") ?? "",
  };
}

function countOf(parameters: Parameters): number {
  required(parameters, "MinCount");
  const [least, most] = [whole(parameters, "MinCount", 1), whole(parameters, "MaxCount", 1)];
  if (least < 1 || most < least) throw new AwsError("InvalidParameterValue", `Value (${least}) for parameter minCount is invalid. It must be at least 1 and at most maxCount.`);
  return most;
}

const mostUserDataBytes = 16_384;

function userDataOf(encoded: string | undefined): string {
  if (encoded === undefined || encoded === "") return "";
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(encoded)) throw new AwsError("InvalidParameterValue", "Invalid BASE64 encoding of user data.");
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length > mostUserDataBytes) throw new AwsError("InvalidParameterValue", `User data is limited to ${mostUserDataBytes} bytes`);
  return bytes.toString("utf8");
}

function launchAll(cloud: Cloud, parameters: Parameters, launch: Launch): string[] {
  const reservationId = newId(cloud, "r");
  const instances = Array.from({ length: launch.count }, (_, index) => {
    const instance = makeInstance(cloud, launch, { reservationId, index });
    instance.terminationProtection = flag(parameters, "DisableApiTermination");
    instance.metadata = {
      tokens: parameters.get("MetadataOptions.HttpTokens") ?? "optional", hopLimit: whole(parameters, "MetadataOptions.HttpPutResponseHopLimit", 1),
      endpoint: parameters.get("MetadataOptions.HttpEndpoint") ?? "enabled", tags: parameters.get("MetadataOptions.InstanceMetadataTags") ?? "disabled",
    };
    return instance;
  });
  for (const instance of instances) cloud.hypervisor?.boot(bootOrderOf(cloud, instance));
  return instances.map(({ id }) => id);
}

function makeInstance(cloud: Cloud, launch: Launch, { reservationId, index }: { reservationId: string; index: number }): Instance {
  const { subnet, image } = launch;
  const thing = born(cloud, "i", { ...launch.tags.instance });
  const eni = makeCard(cloud, { subnet, groupIds: launch.groups.map(({ id }) => id), privateIp: launch.privateIp, description: "", tags: { ...launch.tags["network-interface"] } });
  eni.attachment = { id: newId(cloud, "eni-attach"), instanceId: thing.id, attachedAtMs: thing.createdAtMs, deleteOnTermination: true };
  const rootVolumeId = makeRootVolume(cloud, { instanceId: thing.id, zone: subnet.zone, image, mappings: launch.mappings, tags: launch.tags.volume });
  const instance: Instance = {
    ...thing, reservationId, imageId: image.id, state: "pending", untilMs: thing.createdAtMs + cloud.settings.pendingMs, hasMachine: cloud.hypervisor !== null, machineGone: true, stateReason: null,
    instanceType: launch.type.name, zone: subnet.zone, vpcId: subnet.vpcId, subnetId: subnet.id, privateIp: eni.privateIp, interfaceId: eni.id, rootVolumeId,
    keyName: launch.keyName, profile: launch.profile, launchedAtMs: thing.createdAtMs, launchIndex: index, clientToken: launch.token, userData: launch.userData, spot: launch.spot,
    terminationProtection: false, metadata: { tokens: "optional", hopLimit: 1, endpoint: "enabled", tags: "disabled" },
  };
  cloud.state.instance[instance.id] = instance;
  if (launch.publicIp) eni.publicIp = publicAddressFor(cloud);
  return instance;
}
