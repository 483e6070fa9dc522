// One object in, one row out: what a viewer's browser holds of a node, a pod, a workload and an event.
import type { EventObject, KindState, NodeObject, PodObject } from "../adapters/kubernetes/objects";
import type { EventRow, KindRow, NodeRow, PodRow, Tier, TierPolicy, WorkloadRow } from "./model";
import type { Picture } from "./picture";
import { podState } from "./pod-state";
import { declaredTier, tierOfNode } from "./tier-policy";
import { appOf, isEverywhere, workloadKey, workloadLabels, workloadObject, workloadOf, type WorkloadRef } from "./workload-of";

const zoneLabels = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];
const typeLabels = ["node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type", "instance-type"];

function firstLabel(labels: Readonly<Record<string, string>>, keys: readonly string[]): string {
  for (const key of keys) if (labels[key]) return labels[key];
  return "";
}

export function nodeReady(node: Pick<NodeObject, "conditions">): NodeRow["ready"] {
  const status = node.conditions.find((condition) => condition.type === "Ready")?.status;
  return status === "True" ? "ready" : status === "False" ? "not-ready" : "unknown";
}

/** Why a node is not well, "" when it is. A node that is merely cordoned is well. */
function nodeReason(node: NodeObject): string {
  const ready = node.conditions.find((condition) => condition.type === "Ready");
  if (!ready) return "Never reported";
  if (ready.status === "Unknown") return "Not answering";
  if (ready.status === "False") return ready.reason || "Not ready";
  return node.conditions.find((condition) => condition.type !== "Ready" && condition.status === "True" && /Pressure$|Unavailable$/.test(condition.type))?.type ?? "";
}

/** `pods` are those on the node; finished ones take no room. */
export function nodeRow(node: NodeObject, policy: TierPolicy, pods: Iterable<Pick<PodRow, "cpuMillis" | "memoryBytes" | "state">>): NodeRow {
  const row: NodeRow = {
    name: node.name,
    tier: tierOfNode(policy, node),
    ready: nodeReady(node),
    cordoned: node.unschedulable,
    reason: nodeReason(node),
    instanceType: firstLabel(node.labels, typeLabels),
    zone: firstLabel(node.labels, zoneLabels),
    providerId: node.providerId,
    version: node.kubeletVersion,
    createdAt: node.createdAt,
    taints: node.taints.map((taint) => `${taint.key}${taint.value && `=${taint.value}`}:${taint.effect}`),
    cpuMillis: node.allocatable.cpuMillis,
    memoryBytes: node.allocatable.memoryBytes,
    podSlots: node.allocatable.pods,
    requestedCpuMillis: 0,
    requestedMemoryBytes: 0,
    pods: 0,
    broken: node.broken ?? [],
  };
  for (const pod of pods) {
    if (pod.state === "done") continue;
    row.pods += 1;
    row.requestedCpuMillis += readable(pod.cpuMillis);
    row.requestedMemoryBytes += readable(pod.memoryBytes);
  }
  return row;
}

/** A figure that could not be read takes no part in a sum. */
function readable(figure: number): number {
  return Number.isFinite(figure) ? figure : 0;
}

/** What rows are made from. Objects are replaced and never changed, so the tier of one is worked out once. */
export interface RowSource { picture: Picture; policy: TierPolicy; tiers: WeakMap<object, Tier | null> }

function remembered(tiers: RowSource["tiers"], object: object, work: () => Tier | null): Tier | null {
  const known = tiers.get(object);
  if (known !== undefined) return known;
  const tier = work();
  tiers.set(object, tier);
  return tier;
}

export function podRow({ picture, policy, tiers }: RowSource, pod: PodObject): PodRow {
  const node = pod.nodeName === "" ? undefined : picture.store("Node").get(pod.nodeName);
  const workload = workloadOf(picture, pod);
  const everywhere = isEverywhere(pod);
  const declared = declaredOf({ picture, policy, tiers }, pod, workload);
  const actual = node ? remembered(tiers, node, () => tierOfNode(policy, node)) : null;
  const seen = podState(pod, node ? { ready: nodeReady(node) } : null);
  return {
    key: `${pod.namespace}/${pod.name}`,
    namespace: pod.namespace,
    name: pod.name,
    node: pod.nodeName,
    state: seen.state,
    reason: seen.reason,
    ready: pod.ready,
    restarts: pod.containers.reduce((sum, container) => sum + readable(container.restarts), 0),
    createdAt: pod.createdAt,
    cpuMillis: pod.spec.requests.cpuMillis,
    memoryBytes: pod.spec.requests.memoryBytes,
    memoryLimitBytes: pod.spec.limits.memoryBytes,
    workload: workload ? workloadKey(workload) : "",
    app: appOf(pod, workload),
    everywhere,
    declared,
    actual,
    drift: !everywhere && seen.state !== "done" && declared !== null && actual !== null && declared !== actual,
  };
}

function declaredOf({ picture, policy, tiers }: RowSource, pod: PodObject, workload: WorkloadRef | null): Tier | null {
  if (!workload) return declaredTier(policy, { kind: "Pod", namespace: pod.namespace, name: pod.name, labels: pod.labels });
  const object = workloadObject(picture, workload);
  if (!object) return declaredTier(policy, { ...workload, labels: pod.labels });
  return remembered(tiers, object, () => declaredTier(policy, { ...workload, labels: workloadLabels(object) }));
}

/** How many of a workload's pods are not done, and of those are ready and off their tier. */
export interface Replicas { pods: number; ready: number; drift: number }

export function addReplica(count: Replicas, pod: Pick<PodRow, "state" | "ready" | "drift">, sign: 1 | -1): void {
  if (pod.state === "done") return;
  count.pods += sign;
  if (pod.ready) count.ready += sign;
  if (pod.drift) count.drift += sign;
}

/** `pods` are its replicas, walked only without an object of its own (an owner we do not read): then the row is made of them alone. */
export function workloadRow(picture: Picture, policy: TierPolicy, input: { ref: Omit<WorkloadRef, "uid">; count: Replicas; pods: () => readonly PodRow[] }): WorkloadRow {
  const { ref, count } = input;
  const object = workloadObject(picture, ref);
  const pods = object ? [] : input.pods();
  return {
    key: workloadKey(ref),
    kind: ref.kind,
    namespace: ref.namespace,
    name: ref.name,
    declared: object ? declaredTier(policy, { ...ref, labels: workloadLabels(object) }) : (pods[0]?.declared ?? null),
    wanted: object?.replicas ?? count.pods,
    ready: object ? object.readyReplicas : count.ready,
    pods: count.pods,
    images: object?.images ?? [],
    createdAt: object?.createdAt ?? pods.reduce((oldest, pod) => Math.min(oldest, pod.createdAt), pods[0]?.createdAt ?? 0),
    drift: count.drift,
  };
}

export function eventRow(event: EventObject): EventRow {
  const { kind, namespace, name } = event.regarding;
  return { uid: event.uid, at: event.lastAt, type: event.type, reason: event.reason, message: event.message, count: event.count, kind, namespace, name };
}

export function kindRow(state: KindState): KindRow {
  return { kind: state.kind, state: state.state, say: state.say, count: state.count };
}
