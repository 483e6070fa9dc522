// Acts as the volume plug-in's provisioner and attacher: a claim whose node the scheduler chose gets its volume, an attachment is attached.
import { createHash } from "node:crypto";
import type { ApiClient } from "../control-plane/api-client.ts";
import { instanceIdOf, tagsOf, unless, type Door } from "../aws/inside/door.ts";
import { at, textAt, type Json, type JsonObject } from "../json.ts";
import { region } from "../machines/catalogue.ts";
import { keepWatching, type Act } from "./keep-watching.ts";

const driver = "ebs.csi.aws.com";
const zoneLabel = "topology.ebs.csi.aws.com/zone";
const selectedNode = "volume.kubernetes.io/selected-node";

async function zoneOf(api: ApiClient, node: string): Promise<string> {
  const found = await api.get(`/api/v1/nodes/${node}`);
  return textAt(found, "metadata", "labels", zoneLabel) || textAt(found, "metadata", "labels", "topology.kubernetes.io/zone") || `${region}a`;
}

/** Made once for a claim, whatever becomes of the answer: the claim's uid is the token. */
function volumeFor(door: Door, claim: Json, { uid, zone }: { uid: string; zone: string }): string {
  const [namespace, name] = [textAt(claim, "metadata", "namespace"), textAt(claim, "metadata", "name")];
  const tags = {
    Name: `${door.cluster}-dynamic-pvc-${uid}`, CSIVolumeName: `pvc-${uid}`, "ebs.csi.aws.com/cluster": "true", [`kubernetes.io/cluster/${door.cluster}`]: "owned",
    "kubernetes.io/created-for/pvc/name": name, "kubernetes.io/created-for/pvc/namespace": namespace, "kubernetes.io/created-for/pv/name": `pvc-${uid}`,
  };
  const sizeGiB = Math.max(1, Math.ceil(gibibytes(textAt(claim, "spec", "resources", "requests", "storage"))));
  return textAt(door.ec2("CreateVolume", { AvailabilityZone: zone, Size: String(sizeGiB), VolumeType: "gp3", Encrypted: "true", ClientToken: uid, TagSpecification: [{ ResourceType: "volume", Tag: tagsOf(tags) }] }), "volumeId");
}

function gibibytes(quantity: string): number {
  const [, number = "1", unit = ""] = /^([\d.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  const factors: Record<string, number> = { Ki: 2 ** -20, Mi: 2 ** -10, Gi: 1, Ti: 2 ** 10, k: 1e3 / 2 ** 30, M: 1e6 / 2 ** 30, G: 1e9 / 2 ** 30, T: 1e12 / 2 ** 30, "": 2 ** -30 };
  return Number(number) * (factors[unit] ?? 1);
}

async function provision(api: ApiClient, claim: Json, door: Door | null): Promise<void> {
  const node = textAt(claim, "metadata", "annotations", selectedNode);
  if (node === "" || textAt(claim, "spec", "volumeName") !== "" || textAt(claim, "spec", "storageClassName") !== "gp3") return;
  const uid = textAt(claim, "metadata", "uid");
  const zone = await zoneOf(api, node);
  await api.ensure("/api/v1/persistentvolumes", {
    apiVersion: "v1", kind: "PersistentVolume",
    metadata: { name: `pvc-${uid}`, annotations: { "pv.kubernetes.io/provisioned-by": driver } },
    spec: {
      capacity: { storage: textAt(claim, "spec", "resources", "requests", "storage") }, accessModes: ["ReadWriteOnce"], persistentVolumeReclaimPolicy: "Delete", storageClassName: "gp3", volumeMode: "Filesystem",
      csi: { driver, volumeHandle: door ? volumeFor(door, claim, { uid, zone }) : `vol-0${createHash("sha256").update(uid).digest("hex").slice(0, 16)}`, fsType: "ext4" },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: textAt(claim, "metadata", "namespace"), name: textAt(claim, "metadata", "name"), uid },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: zoneLabel, operator: "In", values: [zone] }] }] } },
    },
  });
}

async function reclaim(api: ApiClient, volume: Json, door: Door | null): Promise<void> {
  if (textAt(volume, "status", "phase") !== "Released" || textAt(volume, "spec", "persistentVolumeReclaimPolicy") !== "Delete" || textAt(volume, "spec", "csi", "driver") !== driver) return;
  if (door) unless(["InvalidVolume.NotFound"], () => door.ec2("DeleteVolume", { VolumeId: textAt(volume, "spec", "csi", "volumeHandle") }));
  await api.call({ method: "DELETE", path: `/api/v1/persistentvolumes/${textAt(volume, "metadata", "name")}` });
}

async function handleOf(api: ApiClient, attachment: Json): Promise<string> {
  const answer = await api.call({ method: "GET", path: `/api/v1/persistentvolumes/${textAt(attachment, "spec", "source", "persistentVolumeName")}` });
  return textAt(answer.body, "spec", "csi", "volumeHandle");
}

async function detach(api: ApiClient, attachment: Json, door: Door | null): Promise<void> {
  if (!door || textAt(attachment, "spec", "attacher") !== driver) return;
  const handle = await handleOf(api, attachment);
  unless(["InvalidVolume.NotFound", "IncorrectState", "MissingParameter"], () => door.ec2("DetachVolume", { VolumeId: handle }));
}

async function attach(api: ApiClient, attachment: Json, door: Door | null): Promise<void> {
  if (at(attachment, "status", "attached") === true || textAt(attachment, "metadata", "deletionTimestamp") !== "" || textAt(attachment, "spec", "attacher") !== driver) return;
  const path = `/apis/storage.k8s.io/v1/volumeattachments/${textAt(attachment, "metadata", "name")}`;
  if (door) {
    const [handle, node] = [await handleOf(api, attachment), await api.get(`/api/v1/nodes/${textAt(attachment, "spec", "nodeName")}`)];
    unless(["InvalidVolume.NotFound", "VolumeInUse"], () => door.ec2("AttachVolume", { VolumeId: handle, InstanceId: instanceIdOf(node), Device: `/dev/xvda${handle.slice(-1)}` }));
  }
  const body: JsonObject = { status: { attached: true } };
  await api.call({ method: "PATCH", path: `${path}/status`, body, contentType: "application/merge-patch+json" });
}

export type DoorOf = () => Door | null;

/** `doorOf` gives the account in which volumes are made; null: they are names alone. */
export function startVolumes(api: ApiClient, doorOf: DoorOf = () => null): { stop(): void } {
  const ending = new AbortController();
  const watches: { path: string; act: Act }[] = [
    { path: "/api/v1/persistentvolumeclaims", act: async (client, claim, type) => type === "DELETED" ? undefined : provision(client, claim, doorOf()) },
    { path: "/api/v1/persistentvolumes", act: async (client, volume, type) => type === "DELETED" ? undefined : reclaim(client, volume, doorOf()) },
    { path: "/apis/storage.k8s.io/v1/volumeattachments", act: async (client, attachment, type) => type === "DELETED" ? detach(client, attachment, doorOf()) : attach(client, attachment, doorOf()) },
  ];
  for (const { path, act } of watches) void keepWatching({ api, path, act, signal: ending.signal });
  return { stop: () => ending.abort() };
}
