// The machine as its Node object, and whether it is Ready: which a kubelet says only once the network plugin has put its configuration in place.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { ApiClient } from "../../../control-plane/api-client.ts";
import { listAt, numberAt, parseJson, textAt, type Json, type JsonObject } from "../../../json.ts";
import type { Settings } from "./settings.ts";

const networkConfiguration = "/etc/cni/net.d/10-calico.conflist";

function idFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

export function addressOf(settings: Settings): string {
  return settings.nodeIp || (networkInterfaces().eth0?.find(({ family }) => family === "IPv4")?.address ?? "");
}

function statusOf(settings: Settings, hardware: Json): JsonObject {
  const memoryMiB = numberAt(hardware, "memoryMiB");
  const disk = numberAt(hardware, "rootVolumeGiB") * 1024 * 1024;
  const cpu = `${numberAt(hardware, "cpuMillis")}m`;
  return {
    capacity: { cpu, memory: `${memoryMiB}Mi`, pods: "110", "ephemeral-storage": `${disk}Ki`, "hugepages-1Gi": "0", "hugepages-2Mi": "0" },
    // 100 MiB is the default eviction threshold of memory.
    allocatable: { cpu, memory: `${memoryMiB - 100}Mi`, pods: "110", "ephemeral-storage": `${Math.floor(disk * 0.9)}Ki`, "hugepages-1Gi": "0", "hugepages-2Mi": "0" },
    addresses: [{ type: "InternalIP", address: addressOf(settings) }, { type: "Hostname", address: settings.nodeName }],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: "amd64", operatingSystem: "linux", osImage: "Ubuntu 22.04.5 LTS", kernelVersion: "6.8.0-1040-aws", containerRuntimeVersion: "containerd://2.2.1", kubeProxyVersion: "",
      kubeletVersion: execFileSync("/opt/sandbox/bin/kubeadm", ["version", "-o", "short"], { encoding: "utf8" }).trim(),
      machineID: idFrom(`machine/${settings.nodeName}`).replaceAll("-", ""), systemUUID: idFrom(`system/${settings.nodeName}`), bootID: idFrom(`boot/${String(Date.now())}`),
    },
  };
}

function conditionsOf(ready: boolean): JsonObject[] {
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const condition = (type: string, status: string, [reason, message]: readonly [string, string]): JsonObject => ({ type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime: now });
  return [
    condition("MemoryPressure", "False", ["KubeletHasSufficientMemory", "kubelet has sufficient memory available"]),
    condition("DiskPressure", "False", ["KubeletHasNoDiskPressure", "kubelet has no disk pressure"]),
    condition("PIDPressure", "False", ["KubeletHasSufficientPID", "kubelet has sufficient PID available"]),
    ready
      ? condition("Ready", "True", ["KubeletReady", "kubelet is posting ready status"])
      : condition("Ready", "False", ["KubeletNotReady", "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"]),
    ...(ready ? [condition("NetworkUnavailable", "False", ["CalicoIsUp", "Calico is running on this node"])] : []),
  ];
}

/** Registers the node as it was told to be; one that is there already keeps its provider id and its taints, as with the real kubelet. */
export async function register(api: ApiClient, settings: Settings): Promise<{ name: string; uid: string }> {
  const hardware = parseJson(readFileSync("/etc/sandbox.json", "utf8"));
  const node = {
    apiVersion: "v1", kind: "Node",
    metadata: {
      name: settings.nodeName,
      labels: { "kubernetes.io/hostname": settings.nodeName, "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux", "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux", ...settings.labels },
      annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
    },
    spec: { ...(settings.providerId === "" ? {} : { providerID: settings.providerId }), ...(settings.taints.length === 0 ? {} : { taints: settings.taints.map((taint) => ({ ...taint })) }) },
  };
  const made = await api.call({ method: "POST", path: "/api/v1/nodes", body: node });
  if (made.status >= 300 && made.status !== 409) throw new Error(`the node could not be registered: ${textAt(made.body, "message") || made.text}`);
  const path = `/api/v1/nodes/${settings.nodeName}`;
  const found = made.status === 409 ? await api.get(path) : made.body;
  await api.strategic(`${path}/status`, { status: { ...statusOf(settings, hardware), conditions: conditionsOf(networkIsReady()) } });
  return { name: settings.nodeName, uid: textAt(found, "metadata", "uid") };
}

export async function sayReady(api: ApiClient, node: string): Promise<void> {
  await api.strategic(`/api/v1/nodes/${node}/status`, { status: { conditions: conditionsOf(true) } });
}

export function networkIsReady(): boolean { return existsSync(networkConfiguration); }

/** A network plugin's pod is one that may write the plugins' configuration; that it is ready here means that it has. */
export async function lookForNetwork(api: ApiClient, node: string): Promise<boolean> {
  const pods = listAt(await api.get(`/api/v1/pods?fieldSelector=spec.nodeName=${node}`), "items");
  const plugin = pods.find((pod) => listAt(pod, "spec", "volumes").some((volume) => textAt(volume, "hostPath", "path").startsWith("/etc/cni/net.d"))
    && listAt(pod, "status", "conditions").some((condition) => textAt(condition, "type") === "Ready" && textAt(condition, "status") === "True"));
  if (plugin === undefined) return false;
  mkdirSync("/etc/cni/net.d", { recursive: true });
  writeFileSync(networkConfiguration, '{ "name": "k8s-pod-network", "cniVersion": "0.3.1", "plugins": [{ "type": "calico" }] }\n');
  return true;
}
