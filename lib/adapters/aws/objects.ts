// AWS' objects as we read them: only the fields the product uses, times in ms since the epoch, "" where AWS says nothing.
import type { AvailabilityZone, Instance as WireInstance } from "@aws-sdk/client-ec2";

export const instanceStates = ["pending", "running", "shutting-down", "terminated", "stopping", "stopped"] as const;
export type InstanceState = (typeof instanceStates)[number] | "unknown";

export type Tags = Readonly<Record<string, string>>;
export interface Tagged { id: string; tags: Tags }

export interface Instance {
  id: string;
  type: string;
  state: InstanceState;
  zone: string;
  privateIp: string;
  publicIp: string;
  /** Null when AWS does not say. */
  launchedAt: number | null;
  tags: Tags;
  imageId: string;
  vpcId: string;
  subnetId: string;
  securityGroups: readonly { id: string; name: string }[];
  keyName: string;
  instanceProfile: string;
  rootVolumeId: string;
  volumeIds: readonly string[];
  /** Why it is in its state, as AWS' own code: "Server.InsufficientInstanceCapacity", "Client.UserInitiatedShutdown"; "" when there is none. */
  stateReason: string;
  clientToken: string;
  /** Whether the metadata service asks for a session token, and how many hops its answer goes. */
  metadata: { tokenRequired: boolean; hopLimit: number };
  sourceDestCheck: boolean;
  spot: boolean;
}

export interface Zone { name: string; id: string; region: string; available: boolean }
export interface Identity { account: string; arn: string }

export function toInstance(wire: WireInstance): Instance {
  const launched = wire.LaunchTime?.getTime();
  const root = wire.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === wire.RootDeviceName);
  return {
    id: wire.InstanceId ?? "",
    type: wire.InstanceType ?? "",
    state: instanceStates.find((state) => state === wire.State?.Name) ?? "unknown",
    zone: wire.Placement?.AvailabilityZone ?? "",
    privateIp: wire.PrivateIpAddress ?? "",
    publicIp: wire.PublicIpAddress ?? "",
    launchedAt: launched === undefined || Number.isNaN(launched) ? null : launched,
    tags: toTags(wire.Tags),
    imageId: wire.ImageId ?? "",
    vpcId: wire.VpcId ?? "",
    subnetId: wire.SubnetId ?? "",
    securityGroups: (wire.SecurityGroups ?? []).map(({ GroupId = "", GroupName = "" }) => ({ id: GroupId, name: GroupName })),
    keyName: wire.KeyName ?? "",
    instanceProfile: wire.IamInstanceProfile?.Arn?.split("/").at(-1) ?? "",
    rootVolumeId: root?.Ebs?.VolumeId ?? "",
    volumeIds: (wire.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => (Ebs?.VolumeId ? [Ebs.VolumeId] : [])),
    stateReason: wire.StateReason?.Code ?? "",
    clientToken: wire.ClientToken ?? "",
    metadata: { tokenRequired: wire.MetadataOptions?.HttpTokens === "required", hopLimit: wire.MetadataOptions?.HttpPutResponseHopLimit ?? 1 },
    sourceDestCheck: wire.SourceDestCheck ?? true,
    spot: wire.InstanceLifecycle === "spot",
  };
}

export function toTags(wire: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Tags {
  return Object.fromEntries((wire ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

export function toZone(wire: AvailabilityZone): Zone {
  return { name: wire.ZoneName ?? "", id: wire.ZoneId ?? "", region: wire.RegionName ?? "", available: wire.State === "available" };
}

/** A node's providerID on AWS: `aws:///<zone>/<instance id>`; null for any other. */
export function instanceIdOf(providerId: string): string | null {
  return /^aws:\/\/\/?[^/]*\/(i-[0-9a-f]{8}(?:[0-9a-f]{9})?)$/.exec(providerId)?.[1] ?? null;
}
