// Acts as the volume plug-in's part on each node, and as the kubelet that it registers with: the node knows the driver, and its zone by the driver's label.
import type { ApiClient } from "../../control-plane/api-client.ts";
import { listAt, textAt, type Json } from "../../json.ts";
import { instanceIdOf } from "./door.ts";

const driver = "ebs.csi.aws.com";
const zoneLabel = "topology.ebs.csi.aws.com/zone";
const lookMs = 1_000;

const isReady = (pod: Json): boolean => listAt(pod, "status", "conditions").some((one) => textAt(one, "type") === "Ready" && textAt(one, "status") === "True");

async function register(api: ApiClient, name: string): Promise<void> {
  const node = await api.get(`/api/v1/nodes/${name}`);
  const zone = textAt(node, "metadata", "labels", "topology.kubernetes.io/zone");
  if (textAt(node, "metadata", "labels", zoneLabel) === zone) return;
  const drivers = [{ name: driver, nodeID: instanceIdOf(node), topologyKeys: [zoneLabel], allocatable: { count: 25 } }];
  await api.ensure("/apis/storage.k8s.io/v1/csinodes", {
    apiVersion: "storage.k8s.io/v1", kind: "CSINode", metadata: { name, ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid: textAt(node, "metadata", "uid") }] }, spec: { drivers },
  });
  await api.merge(`/api/v1/nodes/${name}`, { metadata: { labels: { [zoneLabel]: zone } } });
}

async function registerAll(api: ApiClient): Promise<void> {
  const pods = listAt(await api.get("/api/v1/namespaces/kube-system/pods"), "items");
  const mine = pods.filter((pod) => textAt(pod, "metadata", "ownerReferences", 0, "name") === "ebs-csi-node" && isReady(pod));
  for (const pod of mine) await register(api, textAt(pod, "spec", "nodeName"));
}

export function registerDrivers(api: ApiClient): { stop(): void } {
  let over = false;
  const keepRegistering = async (): Promise<void> => {
    while (!over) {
      await registerAll(api).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, lookMs).unref());
    }
  };
  void keepRegistering();
  return { stop: () => { over = true; } };
}
