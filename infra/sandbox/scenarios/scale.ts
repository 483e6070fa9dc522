// Thousands of machines and a hundred and fifty thousand pods, written straight into etcd before the API server starts.
import { createHash } from "node:crypto";
import type { Etcd } from "../control-plane/etcd.ts";
import { region } from "../machines/catalogue.ts";
import { textAt, type JsonObject } from "../json.ts";
import { cpuMsOf } from "../process.ts";

export interface ScaleSize { nodes: number; pods: number }
export const defaultScale: ScaleSize = { nodes: 5_000, pods: 150_000 };

const perWrite = 100;
const writesAtOnce = 4;
const podsPerWorkload = 500;

export interface Entry { key: string; value: string }
interface TierShare { tier: 1 | 2 | 3 | 4; share: number; workload: string; prefix: string; namespaces: readonly string[] }

const shares: readonly TierShare[] = [
  { tier: 1, share: 0.02, workload: "monitoring", prefix: "mon", namespaces: ["monitoring", "argocd"] },
  { tier: 2, share: 0.45, workload: "application", prefix: "app", namespaces: ["auth", "users", "locations", "recycling"] },
  { tier: 3, share: 0.35, workload: "async-workers", prefix: "async", namespaces: ["waste"] },
  { tier: 4, share: 0.18, workload: "storage", prefix: "data", namespaces: ["messaging", "default"] },
];

function uidFrom(text: string): string {
  const hex = createHash("md5").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const bornAt = `${new Date(Date.now() - 23 * 86_400_000).toISOString().slice(0, 19)}Z`;

interface PlacedNode { name: string; share: TierShare; address: string; index: number }

function planNodes(count: number): PlacedNode[] {
  const nodes: PlacedNode[] = [];
  for (const share of shares) {
    const wanted = share === shares[shares.length - 1] ? count - nodes.length : Math.max(1, Math.round(count * share.share));
    for (let number = 1; number <= wanted; number += 1) {
      const index = nodes.length;
      nodes.push({ name: `k8s-${share.prefix}-${String(number).padStart(4, "0")}`, share, index, address: `10.${1 + (index >> 14)}.${(index >> 7) & 127}.${10 + (index & 127)}` });
    }
  }
  return nodes;
}

function entry(key: string, object: JsonObject): Entry { return { key, value: JSON.stringify(object) }; }

function nodeEntry(node: PlacedNode): Entry {
  const zone = `${region}${"abc"[node.index % 3] ?? "a"}`;
  const condition = (type: string, status: string, reason: string): JsonObject => ({ type, status, reason, message: reason, lastHeartbeatTime: bornAt, lastTransitionTime: bornAt });
  const resources = { cpu: "8", memory: "31Gi", pods: "110", "ephemeral-storage": "100Gi" };
  return entry(`/minions/${node.name}`, {
      apiVersion: "v1", kind: "Node",
      metadata: {
        name: node.name, uid: uidFrom(node.name), creationTimestamp: bornAt,
        labels: { "kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "node.kubernetes.io/instance-type": "m6i.2xlarge", "topology.kubernetes.io/region": region, "topology.kubernetes.io/zone": zone, workload: node.share.workload, role: node.share.workload },
      },
      spec: { providerID: `aws:///${zone}/i-0${createHash("sha256").update(node.name).digest("hex").slice(0, 16)}` },
      status: {
        capacity: resources, allocatable: { ...resources, cpu: "7910m", memory: "30Gi" },
        conditions: [condition("MemoryPressure", "False", "KubeletHasSufficientMemory"), condition("DiskPressure", "False", "KubeletHasNoDiskPressure"), condition("PIDPressure", "False", "KubeletHasSufficientPID"), node.index % 701 === 700 ? condition("Ready", "Unknown", "NodeStatusUnknown") : condition("Ready", "True", "KubeletReady")],
        addresses: [{ type: "InternalIP", address: node.address }, { type: "Hostname", address: node.name }],
        nodeInfo: { architecture: "amd64", operatingSystem: "linux", osImage: "Ubuntu 22.04.5 LTS", kernelVersion: "6.8.0-1040-aws", containerRuntimeVersion: "containerd://1.7.28", kubeletVersion: "v1.36.3", kubeProxyVersion: "", machineID: "", systemUUID: "", bootID: "" },
      },
    });
}

interface Workload { namespace: string; name: string; set: string; share: TierShare; replicas: number; number: number }

function planWorkloads(pods: number): Workload[] {
  const planned: Workload[] = [];
  for (const share of shares) {
    const ofTier = share === shares[shares.length - 1] ? pods - planned.reduce((sum, one) => sum + one.replicas, 0) : Math.round(pods * share.share);
    for (let left = ofTier, number = 1; left > 0; left -= podsPerWorkload, number += 1) {
      const namespace = share.namespaces[number % share.namespaces.length] ?? "default";
      const name = `${share.prefix}-${namespace}-${String(number).padStart(3, "0")}`;
      planned.push({ namespace, name, set: `${name}-${createHash("md5").update(name).digest("hex").slice(0, 9)}`, share, replicas: Math.min(left, podsPerWorkload), number });
    }
  }
  return planned;
}

function podSpec(workload: Workload): JsonObject {
  const step = workload.number % 4;
  return {
    containers: [{
      name: "main", image: `ghcr.io/sesacthon/sesacthon-backend/${workload.name}:3f9c2ab`, imagePullPolicy: "IfNotPresent", terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File",
      ports: [{ name: "http", containerPort: 8000, protocol: "TCP" }],
      resources: { requests: { cpu: `${100 + step * 50}m`, memory: `${256 + step * 128}Mi` }, limits: { memory: `${512 + step * 256}Mi` } },
    }],
    nodeSelector: { workload: workload.share.workload }, restartPolicy: "Always", terminationGracePeriodSeconds: 30, dnsPolicy: "ClusterFirst", schedulerName: "default-scheduler", securityContext: {}, serviceAccountName: "default", enableServiceLinks: true, preemptionPolicy: "PreemptLowerPriority", priority: 0,
    tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }, { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }],
  };
}

function workloadEntries(workload: Workload): Entry[] {
  const { namespace, name, set, replicas } = workload;
  const hash = set.slice(name.length + 1);
  const deploymentUid = uidFrom(`deployment/${namespace}/${name}`);
  const template = (extra: JsonObject): JsonObject => ({ metadata: { labels: { app: name, ...extra } }, spec: podSpec(workload) });
  const status = { replicas, readyReplicas: replicas, availableReplicas: replicas, observedGeneration: 1 };
  return [
    entry(`/deployments/${namespace}/${name}`, { apiVersion: "apps/v1", kind: "Deployment", metadata: { namespace, name, uid: deploymentUid, creationTimestamp: bornAt, generation: 1, labels: { app: name } }, spec: { replicas, selector: { matchLabels: { app: name } }, template: template({}), strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } }, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }, status: { ...status, updatedReplicas: replicas } }),
    entry(`/replicasets/${namespace}/${set}`, { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { namespace, name: set, uid: uidFrom(`set/${namespace}/${set}`), creationTimestamp: bornAt, generation: 1, labels: { app: name, "pod-template-hash": hash }, ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name, uid: deploymentUid, controller: true, blockOwnerDeletion: true }] }, spec: { replicas, selector: { matchLabels: { app: name, "pod-template-hash": hash } }, template: template({ "pod-template-hash": hash }) }, status: { ...status, fullyLabeledReplicas: replicas } }),
  ];
}

/** Of a thousand pods some few are in trouble, each kind of trouble among them. */
function podStatus(name: string, image: string, input: { roll: number; ip: string; host: string; placed: boolean }): JsonObject {
  const condition = (type: string, good: boolean): JsonObject => ({ type, status: good ? "True" : "False", lastProbeTime: null, lastTransitionTime: bornAt });
  if (!input.placed) return { phase: "Pending", qosClass: "Burstable", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/5000 nodes are available: 5000 Insufficient cpu.", lastProbeTime: null, lastTransitionTime: bornAt }] };
  const crashing = input.roll < 0.005;
  const unready = crashing || input.roll < 0.012;
  const state = crashing ? { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" } } : { running: { startedAt: bornAt } };
  return {
    phase: "Running", qosClass: "Burstable", hostIP: input.host, podIP: input.ip, podIPs: [{ ip: input.ip }], startTime: bornAt,
    conditions: [condition("PodReadyToStartContainers", true), condition("Initialized", true), condition("Ready", !unready), condition("ContainersReady", !unready), condition("PodScheduled", true)],
    containerStatuses: [{ name: "main", image, imageID: `${image}@sha256:${createHash("md5").update(image).digest("hex")}`, containerID: `containerd://${createHash("md5").update(name).digest("hex")}`, ready: !unready, started: !crashing, restartCount: crashing ? 41 : 0, state, lastState: {} }],
  };
}

/** What all pods of a workload have in common, as text: to write it 500 times over would take longer than etcd does. */
interface PodText { spec: string; owner: string; labels: string; image: string }

function podText(workload: Workload): PodText {
  const spec = podSpec(workload);
  return {
    image: textAt(spec, "containers", 0, "image"), spec: JSON.stringify(spec).slice(1, -1),
    owner: JSON.stringify([{ apiVersion: "apps/v1", kind: "ReplicaSet", name: workload.set, uid: uidFrom(`set/${workload.namespace}/${workload.set}`), controller: true, blockOwnerDeletion: true }]),
    labels: JSON.stringify({ app: workload.name, "pod-template-hash": workload.set.slice(workload.name.length + 1) }),
  };
}

function podEntry(workload: Workload, text: PodText, input: { node: PlacedNode; number: number }): Entry {
  const { node, number } = input;
  const hex = createHash("md5").update(`${workload.set}/${number}`).digest("hex");
  const name = `${workload.set}-${hex.slice(0, 3)}${number.toString(36).padStart(2, "0")}`;
  const roll = (offset: number): number => parseInt(hex.slice(offset, offset + 6), 16) / 0x1000000;
  const placed = roll(8) > 0.002;
  const status = podStatus(name, text.image, { roll: roll(16), placed, host: node.address, ip: `192.168.${number % 250}.${1 + (node.index % 250)}` });
  const uid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return {
    key: `/pods/${workload.namespace}/${name}`,
    value: `{"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"${workload.namespace}","name":"${name}","uid":"${uid}","creationTimestamp":"${bornAt}","generateName":"${workload.set}-","labels":${text.labels},"ownerReferences":${text.owner}},"spec":{${text.spec}${placed ? `,"nodeName":"${node.name}"` : ""}},"status":${JSON.stringify(status)}}`,
  };
}

/** Every object of such a cluster by its key in etcd below the cluster's prefix, as JSON. */
export function* entriesOf(size: ScaleSize): Generator<Entry> {
  const nodes = planNodes(size.nodes);
  const namespaces = new Set(shares.flatMap((share) => share.namespaces));
  for (const name of namespaces) yield entry(`/namespaces/${name}`, { apiVersion: "v1", kind: "Namespace", metadata: { name, uid: uidFrom(`namespace/${name}`), creationTimestamp: bornAt, labels: { "kubernetes.io/metadata.name": name } }, spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } });
  for (const node of nodes) yield nodeEntry(node);
  const places = new Map<TierShare, number>();
  for (const workload of planWorkloads(size.pods)) {
    yield* workloadEntries(workload);
    const own = nodes.filter((node) => node.share === workload.share);
    const text = podText(workload);
    for (let number = 0; number < workload.replicas; number += 1) {
      const place = places.get(workload.share) ?? 0;
      places.set(workload.share, place + 1);
      const node = own[place % own.length];
      if (node !== undefined) yield podEntry(workload, text, { node, number });
    }
  }
}

async function isLoaded(etcd: Etcd, prefix: string): Promise<boolean> {
  const key = Buffer.from(`${prefix}/sandbox/loaded`).toString("base64");
  const answer = await etcd.post("/v3/kv/range", { key, count_only: true });
  return textAt(answer, "count") === "1";
}

export interface LoadInput { etcd: Etcd; cluster: string; size: ScaleSize; onProgress: (done: number) => void }

/** What the loading took: on the clock, and of processor time in our process and in etcd's, which no neighbour on the machine changes. */
export interface Loaded { tookMs: number; ownCpuMs: number; etcdCpuMs: number }

/** The API server reads what is written here as if it had written it itself. Null when all of it is there already. */
export async function loadScale(input: LoadInput): Promise<Loaded | null> {
  const prefix = `/${input.cluster}`;
  if (await isLoaded(input.etcd, prefix)) return null;
  const begun = performance.now();
  const own = process.cpuUsage();
  const etcdBefore = cpuMsOf(input.etcd.child.pid());
  const encode = (text: string): string => Buffer.from(text).toString("base64");
  const total = input.size.nodes + input.size.pods;
  const entries = entriesOf(input.size);
  let written = 0;
  const writer = async (): Promise<void> => {
    for (;;) {
      const batch: { requestPut: { key: string; value: string } }[] = [];
      for (let next = entries.next(); next.done !== true; next = entries.next()) {
        batch.push({ requestPut: { key: encode(prefix + next.value.key), value: encode(next.value.value) } });
        if (batch.length === perWrite) break;
      }
      if (batch.length === 0) return;
      await input.etcd.post("/v3/kv/txn", { success: batch });
      written += batch.length;
      input.onProgress(Math.min(1, written / total));
    }
  };
  await Promise.all(Array.from({ length: writesAtOnce }, writer));
  await input.etcd.post("/v3/kv/put", { key: encode(`${prefix}/sandbox/loaded`), value: encode(`${input.size.nodes} ${input.size.pods}`) });
  const { user, system } = process.cpuUsage(own);
  return { tookMs: performance.now() - begun, ownCpuMs: (user + system) / 1000, etcdCpuMs: cpuMsOf(input.etcd.child.pid()) - etcdBefore };
}
