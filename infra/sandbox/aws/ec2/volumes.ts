// Volumes: an instance's root, and those that hold a claim's data. Sources: "CreateVolume", "AttachVolume", "DeleteVolume", "EbsBlockDevice", EC2 API reference.
import type { Action } from "../action.ts";
import { born, iso, type Cloud } from "../cloud.ts";
import { describeAction } from "../describe.ts";
import { AwsError } from "../errors.ts";
import { kinds, need, remove } from "../kinds.ts";
import { flag, groupsOf, required, whole, type Parameters } from "../query.ts";
import type { Tags, Volume } from "../state.ts";
import { specifiedTags, tagSet } from "../tags.ts";
import { once } from "../tokens.ts";
import type { Element } from "../xml.ts";
import type { Image } from "./images.ts";
import { zoneNames } from "./zones.ts";

export interface Mapping { device: string; sizeGiB: number | null; type: string; iops: number; encrypted: boolean; deleteOnTermination: boolean }

export const rootDevice = "/dev/sda1";
const imageGiB = 8;
const volumeTypes = /^(gp2|gp3|io1|io2|st1|sc1|standard)$/;

export function mappingsOf(parameters: Parameters): Mapping[] {
  return groupsOf(parameters, "BlockDeviceMapping").map((one) => {
    const type = one.get("Ebs.VolumeType") ?? "gp3";
    if (!volumeTypes.test(type)) throw new AwsError("InvalidParameterValue", `Value (${type}) for parameter volumeType is invalid. Unknown volume type.`);
    return {
      device: one.get("DeviceName") ?? rootDevice, sizeGiB: one.has("Ebs.VolumeSize") ? whole(one, "Ebs.VolumeSize", imageGiB) : null, type,
      iops: whole(one, "Ebs.Iops", type === "gp3" ? 3000 : 100), encrypted: flag(one, "Ebs.Encrypted"), deleteOnTermination: (one.get("Ebs.DeleteOnTermination") ?? "true") === "true",
    };
  });
}

export function makeRootVolume(cloud: Cloud, { instanceId, zone, image, mappings, tags }: { instanceId: string; zone: string; image: Image; mappings: Mapping[]; tags: Tags }): string {
  const snapshotId = image.id.replace("ami-", "snap-");
  const given = mappings.find(({ device }) => device === rootDevice);
  const root = { type: image.storage === "ebs-gp3" ? "gp3" : "gp2", iops: 3000, encrypted: false, deleteOnTermination: true, device: rootDevice, ...given, sizeGiB: given?.sizeGiB ?? imageGiB };
  if (root.sizeGiB < imageGiB) throw new AwsError("InvalidBlockDeviceMapping", `Volume of size ${root.sizeGiB}GB is smaller than snapshot '${snapshotId}', expect size>= ${imageGiB}GB`);
  const others = mappings.filter(({ device }) => device !== rootDevice).map((one) => ({ ...one, sizeGiB: one.sizeGiB ?? 0 }));
  const [first] = [root, ...others].map(({ device, deleteOnTermination, ...rest }) => {
    const volume: Volume = { ...born(cloud, "vol", { ...tags }), ...rest, zone, snapshotId: device === rootDevice ? snapshotId : "", attachment: { instanceId, device, deleteOnTermination, attachedAtMs: cloud.clock.nowMs() } };
    cloud.state.volume[volume.id] = volume;
    return volume.id;
  });
  return first ?? "";
}

export const createVolume: Action = (call) => {
  const { cloud, parameters } = call;
  const [id = ""] = once(call, "CreateVolume", () => {
    const zone = required(parameters, "AvailabilityZone");
    if (!zoneNames(cloud.state.region).includes(zone)) throw new AwsError("InvalidZone.NotFound", `The zone '${zone}' does not exist.`);
    const sizeGiB = whole(parameters, "Size", 0);
    const type = parameters.get("VolumeType") ?? "gp2";
    if (!volumeTypes.test(type)) throw new AwsError("InvalidParameterValue", `Value (${type}) for parameter volumeType is invalid. Unknown volume type.`);
    if (sizeGiB < 1 || sizeGiB > 16_384) throw new AwsError("InvalidParameterValue", `Volume of ${sizeGiB}GiB is invalid; must be between 1GiB and 16384GiB.`);
    const volume: Volume = { ...born(cloud, "vol", specifiedTags(parameters, "volume")), sizeGiB, type, iops: whole(parameters, "Iops", type === "gp3" ? 3000 : 100), zone, encrypted: flag(parameters, "Encrypted"), snapshotId: parameters.get("SnapshotId") ?? "", attachment: null };
    cloud.state.volume[volume.id] = volume;
    return [volume.id];
  });
  const volume = cloud.state.volume[id];
  if (!volume) throw new AwsError(kinds.volume.code, kinds.volume.say([id]));
  return { ...toElement(volume), status: "creating" };
};

export const deleteVolume: Action = ({ cloud, parameters }) => {
  const volume = need(cloud, kinds.volume, required(parameters, "VolumeId"));
  if (volume.attachment) throw new AwsError("VolumeInUse", `Volume ${volume.id} is currently attached to ${volume.attachment.instanceId}`);
  remove(cloud, kinds.volume, volume.id);
  return { return: true };
};

export const attachVolume: Action = ({ cloud, parameters }) => {
  const volume = need(cloud, kinds.volume, required(parameters, "VolumeId"));
  const instance = need(cloud, kinds.instance, required(parameters, "InstanceId"));
  const device = required(parameters, "Device");
  if (volume.attachment) throw new AwsError("VolumeInUse", `${volume.id} is already attached to an instance`);
  if (instance.state !== "running" && instance.state !== "stopped") throw new AwsError("IncorrectState", `Instance '${instance.id}' is not 'running'.`);
  if (volume.zone !== instance.zone) throw new AwsError("InvalidVolume.ZoneMismatch", `The volume '${volume.id}' is not in the same availability zone as instance '${instance.id}'`);
  volume.attachment = { instanceId: instance.id, device, deleteOnTermination: false, attachedAtMs: cloud.clock.nowMs() };
  return { ...attachmentElement(volume), status: "attaching" };
};

export const detachVolume: Action = ({ cloud, parameters }) => {
  const volume = need(cloud, kinds.volume, required(parameters, "VolumeId"));
  if (!volume.attachment) throw new AwsError("IncorrectState", `Volume '${volume.id}' is in the 'available' state.`);
  const instance = cloud.state.instance[volume.attachment.instanceId];
  if (volume.attachment.device === rootDevice && instance?.state === "running") throw new AwsError("OperationNotPermitted", `Unable to detach root volume '${volume.id}' from instance '${instance.id}'`);
  const shown = { ...attachmentElement(volume), status: "detaching" };
  volume.attachment = null;
  return shown;
};

export const describeVolumes: Action = describeAction({
  kind: kinds.volume, ids: "VolumeId", set: "volumeSet", toElement,
  fields: {
    "volume-id": (volume) => [volume.id],
    status: (volume) => [statusOf(volume)],
    "availability-zone": (volume) => [volume.zone],
    "volume-type": (volume) => [volume.type],
    size: (volume) => [String(volume.sizeGiB)],
    encrypted: (volume) => [String(volume.encrypted)],
    "snapshot-id": (volume) => [volume.snapshotId],
    "attachment.instance-id": (volume) => volume.attachment ? [volume.attachment.instanceId] : [],
    "attachment.device": (volume) => volume.attachment ? [volume.attachment.device] : [],
    "attachment.delete-on-termination": (volume) => volume.attachment ? [String(volume.attachment.deleteOnTermination)] : [],
    "attachment.status": (volume) => volume.attachment ? ["attached"] : [],
  },
});

const statusOf = (volume: Volume): string => volume.attachment ? "in-use" : "available";

function attachmentElement({ id, attachment }: Volume): Element {
  if (!attachment) return {};
  return { volumeId: id, instanceId: attachment.instanceId, device: attachment.device, status: "attached", attachTime: iso(attachment.attachedAtMs), deleteOnTermination: attachment.deleteOnTermination };
}

function toElement(volume: Volume): Element {
  return {
    volumeId: volume.id, size: volume.sizeGiB, snapshotId: volume.snapshotId, availabilityZone: volume.zone, status: statusOf(volume), createTime: iso(volume.createdAtMs),
    attachmentSet: volume.attachment ? [attachmentElement(volume)] : [], volumeType: volume.type, iops: volume.iops, encrypted: volume.encrypted, multiAttachEnabled: false, tagSet: tagSet(volume.tags),
  };
}
