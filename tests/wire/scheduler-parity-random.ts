// Random small clusters and random pods, as raw API objects, from a seed: rich enough that every filter has its say.
import { textAt, type Json, type JsonObject } from "../../infra/sandbox/json.ts";

export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed | 0;
  }
  /** mulberry32 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }
  chance(p: number): boolean {
    return this.next() < p;
  }
  pick<T>(from: readonly [T, ...T[]]): T {
    return from[Math.floor(this.next() * from.length)] ?? from[0];
  }
}

export const namespaces = [["par-a", { team: "x" }], ["par-b", { team: "y" }]] as const;
export const driver = "disk.parity.example";
const zone = "topology.kubernetes.io/zone";
const hostname = "kubernetes.io/hostname";
const topologies = [zone, hostname, "rack"] as const;
const taints: readonly [JsonObject, ...JsonObject[]] = [
  { key: "dedicated", value: "db", effect: "NoSchedule" }, { key: "special", value: "cache", effect: "NoSchedule" }, { key: "flaky", effect: "NoExecute" }, { key: "soft", value: "1", effect: "PreferNoSchedule" },
];

export interface Batch {
  nodes: JsonObject[];
  csiNodes: JsonObject[];
  classes: JsonObject[];
  volumes: { object: JsonObject; phase: string }[];
  claims: { object: JsonObject; phase: string }[];
  pods: JsonObject[];
}

export function batchOf(random: Random, id: number): Batch {
  const nodes = Array.from({ length: random.int(3, 8) }, (_, i) => nodeOf(random, `b${id}-n${i}`));
  const names = nodes.map((node) => textAt(node, "metadata", "name"));
  const storage = storageOf(random, { id, names });
  const csiNodes = names.filter(() => random.chance(0.5)).map((name): JsonObject => ({
    apiVersion: "storage.k8s.io/v1", kind: "CSINode", metadata: { name }, spec: { drivers: [{ name: driver, nodeID: name, topologyKeys: [], allocatable: { count: random.int(1, 2) } }] },
  }));
  const claims = storage.claims.map(({ object }) => ({ namespace: textAt(object, "metadata", "namespace"), name: textAt(object, "metadata", "name") }));
  const pods = Array.from({ length: 18 }, (_, i) => podOf(random, { name: `b${id}-p${i}`, nodes: names, claims }));
  return { nodes, csiNodes, ...storage, pods };
}

function nodeOf(random: Random, name: string): JsonObject {
  const amounts = {
    cpu: `${random.int(3, 16) * 250}m`, memory: `${random.int(2, 16) * 256}Mi`, "ephemeral-storage": `${random.int(1, 6)}Gi`, pods: String(random.pick([2, 3, 5, 8, 110])),
    ...(random.chance(0.4) ? { "example.com/gpu": String(random.int(1, 2)) } : {}),
  };
  return {
    apiVersion: "v1", kind: "Node",
    metadata: {
      name,
      labels: {
        [hostname]: name, disk: random.pick(["ssd", "hdd"]), size: String(random.int(1, 5)),
        ...(random.chance(0.9) ? { [zone]: random.pick(["a", "b", "c"]) } : {}), ...(random.chance(0.7) ? { rack: random.pick(["1", "2"]) } : {}),
      },
    },
    spec: { ...(random.chance(0.1) ? { unschedulable: true } : {}), taints: taints.filter(() => random.chance(0.11)) },
    status: { capacity: amounts, allocatable: amounts, conditions: [{ type: "Ready", status: "True", reason: "KubeletReady" }] },
  };
}

function storageOf(random: Random, { id, names }: { id: number; names: readonly string[] }): Pick<Batch, "classes" | "volumes" | "claims"> {
  const storageClass = (kind: string, provisioner: string, more: JsonObject): JsonObject => ({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: `${kind}-${id}` }, provisioner, ...more });
  const topology: JsonObject = random.chance(0.6) ? { allowedTopologies: [{ matchLabelExpressions: [{ key: zone, values: random.chance(0.5) ? ["a"] : ["b", "c"] }] }] } : {};
  const classes = [
    storageClass("wait", driver, { volumeBindingMode: "WaitForFirstConsumer", ...topology }),
    storageClass("fixed", "kubernetes.io/no-provisioner", { volumeBindingMode: "WaitForFirstConsumer" }),
    storageClass("now", driver, { volumeBindingMode: "Immediate" }),
  ];
  const volumes: Batch["volumes"] = [];
  const claims: Batch["claims"] = [];
  const where = (): JsonObject => {
    const term = random.chance(0.5) ? { key: zone, operator: "In", values: [random.pick(["a", "b", "c"])] } : { key: hostname, operator: "In", values: names.filter(() => random.chance(0.4)).concat(names[0] ?? "") };
    return random.chance(0.8) ? { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [term] }] } } } : {};
  };
  const claimIn = (namespace: string, name: string, more: { spec: JsonObject; phase: string; modes?: string[] }) =>
    claims.push({ phase: more.phase, object: { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace, ...(more.phase === "Bound" ? { annotations: { "pv.kubernetes.io/bind-completed": "yes" } } : {}) }, spec: { accessModes: more.modes ?? ["ReadWriteOnce"], resources: { requests: { storage: `${random.int(1, 3)}Gi` } }, ...more.spec } } });
  for (let i = 0; i < 2; i += 1) {
    const name = `v${id}-free${i}`;
    volumes.push({ phase: "Available", object: volumeOf({ name, storageClass: `fixed-${id}`, size: random.int(1, 3) }, { spec: where() }) });
  }
  for (const [namespace] of namespaces) {
    for (let i = 0; i < 3; i += 1) {
      const name = `bound${i}`;
      const volume = `v${id}-${namespace}-${name}`;
      const labels: JsonObject = random.chance(0.35) ? { [zone]: random.pick(["a", "b", "a__b"]) } : {};
      claimIn(namespace, `c${id}-${name}`, { phase: "Bound", spec: { storageClassName: `now-${id}`, volumeName: volume }, modes: [i === 2 ? "ReadWriteOncePod" : "ReadWriteOnce"] });
      if (random.chance(0.95)) volumes.push({ phase: "Bound", object: volumeOf({ name: volume, storageClass: `now-${id}`, size: 3 }, { labels, spec: { ...where(), claimRef: { kind: "PersistentVolumeClaim", namespace, name: `c${id}-${name}` } } }) });
    }
    claimIn(namespace, `c${id}-wait`, { phase: "Pending", spec: { storageClassName: `wait-${id}` } });
    claimIn(namespace, `c${id}-fixed`, { phase: "Pending", spec: { storageClassName: `fixed-${id}` } });
    if (random.chance(0.5)) claimIn(namespace, `c${id}-now`, { phase: "Pending", spec: { storageClassName: `now-${id}` } });
  }
  return { classes, volumes, claims };
}

function volumeOf({ name, storageClass, size }: { name: string; storageClass: string; size: number }, more: { labels?: JsonObject; spec: JsonObject }): JsonObject {
  return {
    apiVersion: "v1", kind: "PersistentVolume", metadata: { name, labels: more.labels ?? {} },
    spec: { capacity: { storage: `${size}Gi` }, accessModes: ["ReadWriteOnce"], storageClassName: storageClass, persistentVolumeReclaimPolicy: "Retain", csi: { driver, volumeHandle: name }, ...more.spec },
  };
}

const apps = ["red", "green", "blue"] as const;

function labelSelector(random: Random): JsonObject {
  if (random.chance(0.6)) return { matchLabels: { app: random.pick(apps) } };
  return { matchExpressions: [random.pick<JsonObject>([{ key: "app", operator: "In", values: ["red", "blue"] }, { key: "app", operator: "NotIn", values: ["red"] }, { key: "version", operator: "Exists" }, { key: "version", operator: "DoesNotExist" }])] };
}

function podTerm(random: Random): JsonObject {
  const keys = random.chance(0.15) ? { matchLabelKeys: ["hash"] } : random.chance(0.1) ? { mismatchLabelKeys: ["hash"] } : {};
  const scope = random.chance(0.2) ? { namespaces: ["par-a"] } : random.chance(0.25) ? { namespaceSelector: random.pick<JsonObject>([{}, { matchLabels: { team: "x" } }, { matchLabels: { team: "none" } }]) } : {};
  return { labelSelector: labelSelector(random), topologyKey: random.pick(topologies), ...scope, ...keys };
}

function nodeTerm(random: Random, nodes: readonly string[]): JsonObject {
  const expression = random.pick<JsonObject>([
    { key: "disk", operator: "In", values: ["ssd"] }, { key: zone, operator: "In", values: ["a", "b"] }, { key: zone, operator: "NotIn", values: ["c"] }, { key: "rack", operator: "Exists" },
    { key: "rack", operator: "DoesNotExist" }, { key: "size", operator: "Gt", values: ["2"] }, { key: "size", operator: "Lt", values: ["4"] },
  ]);
  const name = nodes[random.int(0, nodes.length - 1)] ?? "none";
  if (random.chance(0.12)) return { matchFields: [{ key: "metadata.name", operator: random.pick(["In", "NotIn"]), values: [name] }] };
  return { matchExpressions: [expression, ...(random.chance(0.3) ? [{ key: "disk", operator: "Exists" }] : [])] };
}

function spreadOf(random: Random): Json[] {
  const keys = topologies.filter(() => random.chance(0.45));
  return (keys.length === 0 ? [hostname] : keys).map((topologyKey): JsonObject => {
    const hard = random.chance(0.85);
    return {
      maxSkew: random.pick([1, 1, 2]), topologyKey, whenUnsatisfiable: hard ? "DoNotSchedule" : "ScheduleAnyway", labelSelector: random.chance(0.08) ? {} : labelSelector(random),
      ...(hard && random.chance(0.25) ? { minDomains: random.int(1, 4) } : {}), ...(random.chance(0.3) ? { nodeAffinityPolicy: random.pick(["Honor", "Ignore"]) } : {}),
      ...(random.chance(0.3) ? { nodeTaintsPolicy: random.pick(["Honor", "Ignore"]) } : {}), ...(random.chance(0.2) ? { matchLabelKeys: ["hash"] } : {}),
    };
  });
}

function tolerationsOf(random: Random): Json[] {
  return [
    ...(random.chance(0.35) ? [{ key: random.pick(["dedicated", "special"]), operator: "Equal", value: random.pick(["db", "cache"]), effect: "NoSchedule" }] : []), ...(random.chance(0.2) ? [{ key: "flaky", operator: "Exists" }] : []),
    ...(random.chance(0.08) ? [{ operator: "Exists" }] : []), ...(random.chance(0.1) ? [{ key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" }] : []),
  ];
}

interface PodPlan { name: string; nodes: readonly string[]; claims: readonly { namespace: string; name: string }[] }

function podOf(random: Random, { name, nodes, claims }: PodPlan): JsonObject {
  const namespace = random.pick(["par-a", "par-b"]);
  const nodeAffinity = random.chance(0.2) ? { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: Array.from({ length: random.int(1, 2) }, () => nodeTerm(random, nodes)) } } } : {};
  const podAffinity = random.chance(0.17) ? { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: Array.from({ length: random.int(1, 2) }, () => podTerm(random)) } } : {};
  const podAntiAffinity = random.chance(0.2) ? { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [podTerm(random)] } } : {};
  const own = claims.filter((claim) => claim.namespace === namespace).map((claim) => claim.name);
  const wanted = random.chance(0.2) ? [random.chance(0.05) ? "missing" : (own[random.int(0, own.length - 1)] ?? "missing"), ...(random.chance(0.25) ? [own[random.int(0, own.length - 1)] ?? "missing"] : [])] : [];
  const requests = {
    ...(random.chance(0.8) ? { cpu: `${random.int(1, 10) * 100}m` } : {}), ...(random.chance(0.6) ? { memory: `${random.int(1, 12) * 128}Mi` } : {}),
    ...(random.chance(0.15) ? { "ephemeral-storage": `${random.int(1, 3)}Gi` } : {}), ...(random.chance(0.08) ? { "example.com/gpu": "1" } : {}),
  };
  const sidecar = random.chance(0.1) ? [{ name: "side", image: "x", restartPolicy: "Always", resources: { requests: { cpu: "100m" } } }] : [];
  const init = random.chance(0.1) ? [{ name: "init", image: "x", resources: { requests: { cpu: `${random.int(1, 12) * 100}m` } } }] : [];
  return {
    apiVersion: "v1", kind: "Pod",
    metadata: { name, namespace, labels: { ...(random.chance(0.9) ? { app: random.pick(apps) } : {}), ...(random.chance(0.5) ? { version: random.pick(["1", "2"]) } : {}), ...(random.chance(0.6) ? { hash: random.pick(["1", "2"]) } : {}) } },
    spec: {
      automountServiceAccountToken: false, terminationGracePeriodSeconds: 30,
      ...(random.chance(0.14) ? { nodeSelector: random.chance(0.7) ? { disk: random.pick(["ssd", "hdd"]) } : { [zone]: random.pick(["a", "b"]) } } : {}),
      affinity: { ...nodeAffinity, ...podAffinity, ...podAntiAffinity }, tolerations: tolerationsOf(random), ...(random.chance(0.28) ? { topologySpreadConstraints: spreadOf(random) } : {}),
      ...(random.chance(0.015) ? { schedulingGates: [{ name: "parity.example/wait" }] } : {}),
      ...(init.length + sidecar.length > 0 ? { initContainers: [...sidecar, ...init] } : {}),
      containers: [{
        name: "main", image: "x", resources: { requests, limits: "example.com/gpu" in requests ? { "example.com/gpu": "1" } : {} },
        ...(random.chance(0.32) ? { ports: [{ containerPort: 80, hostPort: random.pick([80, 80, 443]), protocol: random.pick(["TCP", "TCP", "TCP", "UDP"]), ...(random.chance(0.3) ? { hostIP: random.pick(["127.0.0.1", "10.0.0.1"]) } : {}) }] } : {}),
      }],
      volumes: [...new Set(wanted)].map((claimName, i) => ({ name: `d${i}`, persistentVolumeClaim: { claimName } })),
    },
  };
}
