// Plays random clusters to the scheduler and to explain, pod by pod, and tells where they differ.
import { afterAll, beforeAll } from "vitest";
import type { PodObject } from "@/lib/adapters/kubernetes/objects";
import { compare, explain, type Explanation } from "@/lib/placement/explain";
import type { FilterName } from "@/lib/placement/filters";
import { at, listAt, textAt, type JsonObject } from "../../infra/sandbox/json.ts";
import { Oracle } from "./scheduler-parity-oracle";
import { batchOf, namespaces, Random, type Batch } from "./scheduler-parity-random";

export const families = ["resources", "selectors", "affinity", "anti-affinity", "taints", "spread", "volumes", "ports"] as const;
export type Family = (typeof families)[number];

export interface Tally {
  pods: number;
  unschedulable: number;
  /** Pods whose spec, or whose cluster's taints, bring the family into play. */
  asked: Record<Family, number>;
  /** Pods for which the family refused at least one node (or stopped the pod). */
  refused: Record<Family, number>;
  reasons: Map<string, number>;
  differences: string[];
}

const familyOf: Record<FilterName | "scheduling-gates", Family | null> = {
  "node-unschedulable": "taints", "node-name": null, taints: "taints", "node-affinity": "selectors", "node-ports": "ports", resources: "resources", "volume-restrictions": "volumes", "volume-limits": "volumes",
  "volume-binding": "volumes", "volume-zone": "volumes", "topology-spread": "spread", "pod-affinity": "affinity", "scheduling-gates": null,
};

/** A control plane for the tests of a file: there before the first, gone after the last. */
export function oracleForFile(given: (oracle: Oracle) => void): void {
  let oracle: Oracle | undefined;
  beforeAll(async () => {
    oracle = await Oracle.start();
    await prepareNamespaces(oracle);
    given(oracle);
  });
  afterAll(() => oracle?.stop());
}

async function prepareNamespaces(oracle: Oracle): Promise<void> {
  for (const [name, labels] of namespaces) {
    await oracle.put("Namespace", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
    await oracle.api.create(`/api/v1/namespaces/${name}/serviceaccounts`, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } });
  }
}

export async function playParity(oracle: Oracle, { seed, pods }: { seed: number; pods: number }): Promise<Tally> {
  const random = new Random(seed);
  const none = () => ({ resources: 0, selectors: 0, affinity: 0, "anti-affinity": 0, taints: 0, spread: 0, volumes: 0, ports: 0 });
  const tally: Tally = { pods: 0, unschedulable: 0, asked: none(), refused: none(), reasons: new Map(), differences: [] };
  for (let id = 0; tally.pods < pods; id += 1) {
    const batch = batchOf(random, id);
    await raise(oracle, batch, id);
    const tainted = batch.nodes.some((node) => at(node, "spec", "unschedulable") === true || listAt(node, "spec", "taints").some((taint) => textAt(taint, "effect") !== "PreferNoSchedule"));
    for (const body of batch.pods) await playPod({ oracle, tally, random, tainted }, body);
    await clear(oracle);
  }
  return tally;
}

/** Everything of the batch, known to the scheduler before its first pod: a probe that only the last node's last change admits is placed first. */
export async function raise(oracle: Oracle, batch: Omit<Batch, "pods">, id: number): Promise<void> {
  const each = <T>(items: readonly T[], make: (item: T) => Promise<unknown>) => Promise.all(items.map(make));
  const finalizers: JsonObject = { metadata: { finalizers: null } };
  await each(batch.classes, (body) => oracle.put("StorageClass", "/apis/storage.k8s.io/v1/storageclasses", body));
  await each(batch.csiNodes, (body) => oracle.put("CSINode", "/apis/storage.k8s.io/v1/csinodes", body));
  await each(batch.claims, async ({ object, phase }) => {
    const path = `/api/v1/namespaces/${textAt(object, "metadata", "namespace")}/persistentvolumeclaims`;
    await oracle.put("PersistentVolumeClaim", path, object);
    await oracle.patch("PersistentVolumeClaim", `${path}/${textAt(object, "metadata", "name")}`, finalizers);
    if (phase === "Bound") await oracle.patch("PersistentVolumeClaim", `${path}/${textAt(object, "metadata", "name")}/status`, { status: { phase } });
  });
  await each(batch.volumes, async ({ object, phase }) => {
    const path = `/api/v1/persistentvolumes/${textAt(object, "metadata", "name")}`;
    await oracle.put("PersistentVolume", "/api/v1/persistentvolumes", object);
    await oracle.patch("PersistentVolume", path, finalizers);
    await oracle.patch("PersistentVolume", `${path}/status`, { status: { phase } });
  });
  await raiseNodes(oracle, batch.nodes, id);
}

async function raiseNodes(oracle: Oracle, nodes: readonly JsonObject[], id: number): Promise<void> {
  const settled = `batch-${id}`;
  for (const [i, body] of nodes.entries()) {
    const name = textAt(body, "metadata", "name");
    await oracle.put("Node", "/api/v1/nodes", body);
    // The API server taints a new node as not ready; the wanted taints replace that.
    await oracle.patch("Node", `/api/v1/nodes/${name}`, { metadata: { labels: i === nodes.length - 1 ? { settled } : {} }, spec: { taints: at(body, "spec", "taints") } });
  }
  const probe: JsonObject = { apiVersion: "v1", kind: "Pod", metadata: { name: `probe-${id}`, namespace: "par-a" }, spec: { automountServiceAccountToken: false, nodeSelector: { settled }, tolerations: [{ operator: "Exists" }], containers: [{ name: "main", image: "x" }] } };
  let { decision } = await oracle.submit(probe);
  for (let attempt = 1; decision.node === null && attempt < 20; attempt += 1) {
    await oracle.remove({ namespace: "par-a", name: `probe-${id}` });
    ({ decision } = await oracle.submit(probe));
  }
  if (decision.node === null) throw new Error(`the scheduler never knew the nodes of batch ${id}: ${decision.message}`);
  await oracle.remove({ namespace: "par-a", name: `probe-${id}` });
}

interface Play { oracle: Oracle; tally: Tally; random: Random; tainted: boolean }

async function playPod({ oracle, tally, random, tainted }: Play, body: JsonObject): Promise<void> {
  const { pod, before, decision } = await oracle.submit(body);
  const explanation = explain(before, pod);
  count(tally, { pod, explanation, tainted });
  const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}`;
  if (decision.node === null) {
    tally.unschedulable += 1;
    const comparison = compare(explanation, decision.message);
    for (const { reason: said, theirs } of comparison.rows) {
      // One line for all volumes that are not found, whatever their names.
      const reason = said.replaceAll(/"[^"]*"/g, '"…"');
      tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + theirs);
    }
    if (!comparison.agree || explanation.fitting > 0) tally.differences.push(`${pod.name}: the scheduler says "${decision.message}", we say ${explanation.say} ${JSON.stringify(comparison.rows)} ${JSON.stringify(body)}`);
    await oracle.remove(pod);
    return;
  }
  const verdict = explanation.nodes.find((each) => each.node === decision.node);
  if (!verdict?.fits || explanation.stop) tally.differences.push(`${pod.name}: the scheduler chose ${decision.node}, we say ${JSON.stringify(explanation.stop ?? verdict)} ${JSON.stringify(body)}`);
  if (random.chance(0.06)) oracle.remember("Pod", await oracle.api.delete(path));
  else if (random.chance(0.05)) await oracle.patch("Pod", `${path}/status`, { status: { phase: "Succeeded" } });
}

function count(tally: Tally, { pod, explanation, tainted }: { pod: PodObject; explanation: Explanation; tainted: boolean }): void {
  const { spec } = pod;
  const asks: Record<Family, boolean> = {
    resources: spec.requests.cpuMillis + spec.requests.memoryBytes + spec.requests.ephemeralBytes > 0, selectors: spec.nodeAffinity !== null || Object.keys(spec.nodeSelector).length > 0,
    affinity: spec.podAffinity.length > 0, "anti-affinity": spec.podAntiAffinity.length > 0, taints: tainted, spread: spec.spread.length > 0, volumes: spec.volumes.length > 0, ports: spec.hostPorts.length > 0,
  };
  const refusals = explanation.nodes.flatMap((verdict) => verdict.refusals);
  const hit = new Set<Family | null>(refusals.map((refusal) => (refusal.reasons.some((reason) => reason.includes("anti-affinity")) ? "anti-affinity" : familyOf[refusal.filter])));
  if (explanation.stop) hit.add(familyOf[explanation.stop.filter]);
  tally.pods += 1;
  for (const family of families) {
    if (asks[family]) tally.asked[family] += 1;
    if (hit.has(family)) tally.refused[family] += 1;
  }
}

export async function clear(oracle: Oracle): Promise<void> {
  for (const [name] of namespaces) await oracle.api.delete(`/api/v1/namespaces/${name}/pods?gracePeriodSeconds=0`);
  await oracle.api.delete("/api/v1/nodes");
  await oracle.api.delete("/apis/storage.k8s.io/v1/csinodes");
  await Promise.all(namespaces.map(([name]) => oracle.api.delete(`/api/v1/namespaces/${name}/persistentvolumeclaims`)));
  await oracle.api.delete("/api/v1/persistentvolumes");
  await oracle.api.delete("/apis/storage.k8s.io/v1/storageclasses");
  oracle.forget(["Pod", "Node", "CSINode", "PersistentVolume", "PersistentVolumeClaim", "StorageClass"]);
}

/** The figures as a person reads them. */
export function told(tally: Tally, seed: number): string {
  const part = (count: number) => `${count} (${Math.round((100 * count) / Math.max(tally.pods, 1))} %)`;
  return [
    `seed ${seed}: ${tally.pods} pods, ${part(tally.unschedulable)} unschedulable, ${tally.differences.length} differ`,
    ...families.map((family) => `  ${family}: asked by ${part(tally.asked[family])}, refused a node to ${part(tally.refused[family])}`),
    ...[...tally.reasons].toSorted((a, b) => b[1] - a[1]).map(([reason, count]) => `  ${count} × ${reason}`),
  ].join("\n");
}
