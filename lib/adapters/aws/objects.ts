// AWS' objects as we read them: only the fields the product uses, times in ms since the epoch, "" where AWS says nothing.
import type { AvailabilityZone, Instance as WireInstance } from "@aws-sdk/client-ec2";

export const instanceStates = ["pending", "running", "shutting-down", "terminated", "stopping", "stopped"] as const;
export type InstanceState = (typeof instanceStates)[number] | "unknown";

export interface Instance {
  id: string;
  type: string;
  state: InstanceState;
  zone: string;
  privateIp: string;
  publicIp: string;
  /** Null when AWS does not say. */
  launchedAt: number | null;
  tags: Readonly<Record<string, string>>;
  imageId: string;
  vpcId: string;
  subnetId: string;
  securityGroups: readonly { id: string; name: string }[];
  keyName: string;
  instanceProfile: string;
  rootVolumeId: string;
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
    tags: Object.fromEntries((wire.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
    imageId: wire.ImageId ?? "",
    vpcId: wire.VpcId ?? "",
    subnetId: wire.SubnetId ?? "",
    securityGroups: (wire.SecurityGroups ?? []).map(({ GroupId = "", GroupName = "" }) => ({ id: GroupId, name: GroupName })),
    keyName: wire.KeyName ?? "",
    instanceProfile: wire.IamInstanceProfile?.Arn?.split("/").at(-1) ?? "",
    rootVolumeId: root?.Ebs?.VolumeId ?? "",
  };
}

export function toZone(wire: AvailabilityZone): Zone {
  return { name: wire.ZoneName ?? "", id: wire.ZoneId ?? "", region: wire.RegionName ?? "", available: wire.State === "available" };
}

/** A node's providerID on AWS: `aws:///<zone>/<instance id>`; null for any other. */
export function instanceIdOf(providerId: string): string | null {
  return /^aws:\/\/\/?[^/]*\/(i-[0-9a-f]{8}(?:[0-9a-f]{9})?)$/.exec(providerId)?.[1] ?? null;
}
