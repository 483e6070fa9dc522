// Acts as the volume plug-in's provisioner and attacher: a claim whose node the scheduler chose gets its volume, an attachment is attached.
import { createHash } from "node:crypto";
import type { ApiClient } from "../control-plane/api-client.ts";
import { at, listAt, textAt, type Json, type JsonObject } from "../json.ts";
import { region } from "../machines/catalogue.ts";

const driver = "ebs.csi.aws.com";
const zoneLabel = "topology.ebs.csi.aws.com/zone";
const selectedNode = "volume.kubernetes.io/selected-node";

async function zoneOf(api: ApiClient, node: string): Promise<string> {
  const found = await api.get(`/api/v1/nodes/${node}`);
  return textAt(found, "metadata", "labels", zoneLabel) || textAt(found, "metadata", "labels", "topology.kubernetes.io/zone") || `${region}a`;
}

async function provision(api: ApiClient, claim: Json): Promise<void> {
  const node = textAt(claim, "metadata", "annotations", selectedNode);
  if (node === "" || textAt(claim, "spec", "volumeName") !== "" || textAt(claim, "spec", "storageClassName") !== "gp3") return;
  const uid = textAt(claim, "metadata", "uid");
  const zone = await zoneOf(api, node);
  await api.ensure("/api/v1/persistentvolumes", {
    apiVersion: "v1", kind: "PersistentVolume",
    metadata: { name: `pvc-${uid}`, annotations: { "pv.kubernetes.io/provisioned-by": driver } },
    spec: {
      capacity: { storage: textAt(claim, "spec", "resources", "requests", "storage") }, accessModes: ["ReadWriteOnce"], persistentVolumeReclaimPolicy: "Delete", storageClassName: "gp3", volumeMode: "Filesystem",
      csi: { driver, volumeHandle: `vol-0${createHash("sha256").update(uid).digest("hex").slice(0, 16)}`, fsType: "ext4" },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: textAt(claim, "metadata", "namespace"), name: textAt(claim, "metadata", "name"), uid },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: zoneLabel, operator: "In", values: [zone] }] }] } },
    },
  });
}

async function reclaim(api: ApiClient, volume: Json): Promise<void> {
  if (textAt(volume, "status", "phase") !== "Released" || textAt(volume, "spec", "persistentVolumeReclaimPolicy") !== "Delete" || textAt(volume, "spec", "csi", "driver") !== driver) return;
  await api.call({ method: "DELETE", path: `/api/v1/persistentvolumes/${textAt(volume, "metadata", "name")}` });
}

async function attach(api: ApiClient, attachment: Json): Promise<void> {
  if (at(attachment, "status", "attached") === true || textAt(attachment, "metadata", "deletionTimestamp") !== "" || textAt(attachment, "spec", "attacher") !== driver) return;
  const path = `/apis/storage.k8s.io/v1/volumeattachments/${textAt(attachment, "metadata", "name")}`;
  const body: JsonObject = { status: { attached: true } };
  await api.call({ method: "PATCH", path: `${path}/status`, body, contentType: "application/merge-patch+json" });
}

type Act = (api: ApiClient, object: Json) => Promise<void>;

/** Lists, then watches from there; when the watch ends, for whatever reason, it begins again. */
async function keepWatching(input: { api: ApiClient; path: string; act: Act; signal: AbortSignal }): Promise<void> {
  const { api, path, act, signal } = input;
  while (!signal.aborted) {
    try {
      const list = await api.get(path);
      for (const object of listAt(list, "items")) await act(api, object);
      const from = textAt(list, "metadata", "resourceVersion");
      for await (const event of api.watch(`${path}?watch=1&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=${from}`, signal)) {
        const type = textAt(event, "type");
        if (type === "ERROR") break;
        const object = at(event, "object");
        if ((type === "ADDED" || type === "MODIFIED") && object !== undefined) await act(api, object);
      }
    } catch {
      // The API server is away for a moment (an order may have stopped it): look again shortly.
      await new Promise((resolve) => setTimeout(resolve, 500).unref());
    }
  }
}

export function startVolumes(api: ApiClient): { stop(): void } {
  const ending = new AbortController();
  const watches: { path: string; act: Act }[] = [
    { path: "/api/v1/persistentvolumeclaims", act: provision },
    { path: "/api/v1/persistentvolumes", act: reclaim },
    { path: "/apis/storage.k8s.io/v1/volumeattachments", act: attach },
  ];
  for (const { path, act } of watches) void keepWatching({ api, path, act, signal: ending.signal });
  return { stop: () => ending.abort() };
}
