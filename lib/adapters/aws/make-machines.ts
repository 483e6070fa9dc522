// What may be made and unmade of machines and what belongs to them: key pairs, instances, elastic addresses, volumes. One request per call.
import "server-only";
import * as api from "@aws-sdk/client-ec2";
import type { Acting } from "./acting";
import type { Line } from "./clients";
import { toWireType } from "./facts";
import { idIn, tagged, toWireTags } from "./make-network";
import { toInstance, type Instance, type Tags } from "./objects";

/** Everything of a launch: AWS refuses the same token with anything else in it. */
export interface LaunchOrder {
  token: string;
  imageId: string;
  type: string;
  subnetId: string;
  groupIds: readonly string[];
  instanceProfile: string;
  /** "" for none. */
  keyName: string;
  userData: string;
  rootDevice: string;
  rootGib: number;
  spot: boolean;
  publicIp: boolean;
  tags: Tags;
}

export interface MachineMakes {
  importKeyPair(input: { name: string; publicKey: string; tags: Tags }, by: Acting): Promise<string>;
  deleteKeyPair(name: string, by: Acting): Promise<void>;
  runInstance(order: LaunchOrder, by: Acting): Promise<Instance>;
  terminateInstances(ids: readonly string[], by: Acting): Promise<void>;
  /** A session token asked for, and so many hops. */
  setMetadata(input: { instanceId: string; hopLimit: number }, by: Acting): Promise<void>;
  allocateAddress(input: { tags: Tags }, by: Acting): Promise<string>;
  associateAddress(input: { allocationId: string; instanceId: string }, by: Acting): Promise<string>;
  disassociateAddress(associationId: string, by: Acting): Promise<void>;
  releaseAddress(allocationId: string, by: Acting): Promise<void>;
  deleteVolume(volumeId: string, by: Acting): Promise<void>;
}

export function openMachineMakes(line: Line): MachineMakes {
  return { ...instanceMakes(line), ...addressMakes(line) };
}

function instanceMakes(line: Line): Pick<MachineMakes, "importKeyPair" | "deleteKeyPair" | "runInstance" | "terminateInstances" | "setMetadata" | "deleteVolume"> {
  return {
    importKeyPair: ({ name, publicKey, tags }, by) => line.act({ doing: "import a key pair", by, send: async ({ ec2 }) =>
      idIn((await ec2.send(new api.ImportKeyPairCommand({ KeyName: name, PublicKeyMaterial: new TextEncoder().encode(publicKey), ...tagged("key-pair", tags) }))).KeyPairId, "key pair") }),
    deleteKeyPair: (KeyName, by) => line.act({ doing: `delete the key pair ${KeyName}`, by, send: async ({ ec2 }) => void (await ec2.send(new api.DeleteKeyPairCommand({ KeyName }))) }),
    runInstance: (order, by) => line.act({ doing: "start an instance", by, send: async ({ ec2 }) => {
      const { Instances: [made] = [] } = await ec2.send(new api.RunInstancesCommand(toLaunch(order)));
      idIn(made?.InstanceId, "instance");
      return toInstance(made ?? {});
    } }),
    terminateInstances: (ids, by) => line.act({ doing: `terminate ${ids.join(", ")}`, by, send: async ({ ec2 }) => void (await ec2.send(new api.TerminateInstancesCommand({ InstanceIds: [...ids] }))) }),
    setMetadata: ({ instanceId, hopLimit }, by) => line.act({ doing: "set who may read an instance's metadata", by, send: async ({ ec2 }) => {
      await ec2.send(new api.ModifyInstanceMetadataOptionsCommand({ InstanceId: instanceId, HttpTokens: "required", HttpPutResponseHopLimit: hopLimit }));
    } }),
    deleteVolume: (VolumeId, by) => line.act({ doing: `delete the volume ${VolumeId}`, by, send: async ({ ec2 }) => void (await ec2.send(new api.DeleteVolumeCommand({ VolumeId }))) }),
  };
}

function addressMakes(line: Line): Pick<MachineMakes, "allocateAddress" | "associateAddress" | "disassociateAddress" | "releaseAddress"> {
  return {
    allocateAddress: ({ tags }, by) => line.act({ doing: "allocate an elastic address", by, send: async ({ ec2 }) => idIn((await ec2.send(new api.AllocateAddressCommand({ Domain: "vpc", ...tagged("elastic-ip", tags) }))).AllocationId, "address") }),
    associateAddress: ({ allocationId, instanceId }, by) => line.act({ doing: "give an instance its elastic address", by, send: async ({ ec2 }) =>
      idIn((await ec2.send(new api.AssociateAddressCommand({ AllocationId: allocationId, InstanceId: instanceId, AllowReassociation: false }))).AssociationId, "association") }),
    disassociateAddress: (AssociationId, by) => line.act({ doing: "take an elastic address from its instance", by, send: async ({ ec2 }) => void (await ec2.send(new api.DisassociateAddressCommand({ AssociationId }))) }),
    releaseAddress: (AllocationId, by) => line.act({ doing: `release the address ${AllocationId}`, by, send: async ({ ec2 }) => void (await ec2.send(new api.ReleaseAddressCommand({ AllocationId }))) }),
  };
}

/** Volumes and interfaces are tagged too, or a look by tag would miss them. */
function toLaunch(order: LaunchOrder): api.RunInstancesCommandInput {
  const marks = toWireTags(order.tags);
  return {
    MinCount: 1, MaxCount: 1, ClientToken: order.token, ImageId: order.imageId, InstanceType: toWireType(order.type),
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: order.subnetId, Groups: [...order.groupIds], AssociatePublicIpAddress: order.publicIp, DeleteOnTermination: true }],
    ...(order.instanceProfile === "" ? {} : { IamInstanceProfile: { Name: order.instanceProfile } }),
    ...(order.keyName === "" ? {} : { KeyName: order.keyName }),
    ...(order.userData === "" ? {} : { UserData: Buffer.from(order.userData).toString("base64") }),
    BlockDeviceMappings: [{ DeviceName: order.rootDevice, Ebs: { VolumeSize: order.rootGib, VolumeType: "gp3", Encrypted: true, DeleteOnTermination: true } }],
    MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1, HttpEndpoint: "enabled" },
    ...(order.spot ? { InstanceMarketOptions: { MarketType: "spot", SpotOptions: { SpotInstanceType: "one-time" } } } : {}),
    TagSpecifications: (["instance", "volume", "network-interface"] as const).map((ResourceType) => ({ ResourceType, Tags: marks })),
  };
}
