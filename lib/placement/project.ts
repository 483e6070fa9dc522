// From the stores of a cluster to the rows of its viewers, and from what changed to the rows that changed.
// A touched pod recomputes itself, its node's rollup and its workload's rollup; nothing else is looked at.
import type { KindState, NodeObject, PodObject, WorkloadObject } from "../adapters/kubernetes/objects";
import { rowDelta } from "./delta";
import type { EventRow, KindRow, NodeRow, PlacementDelta, PlacementTables, PodRow, Tier, TierPolicy, WorkloadRow } from "./model";
import type { Picture, Touched } from "./picture";
import { addReplica, eventRow, kindRow, nodeRow, podRow, type Replicas, workloadRow } from "./rows";
import { isWorkloadObject, workloadKey, workloadKinds, workloadObject } from "./workload-of";

export interface Projection {
  /** Everything anew. */
  rebuild(source: Picture): PlacementTables;
  /** What a batch of changes made different; also put into the tables of the last rebuild. `source` is the state after the batch. */
  touch(source: Picture, touched: readonly Touched[]): PlacementDelta;
  /** What news of the kinds themselves made different. */
  kinds(states: readonly KindState[]): PlacementDelta;
  readonly tables: PlacementTables;
}

export function createProjection(policy: TierPolicy): Projection {
  let state = emptyState();
  return {
    get tables() {
      return state.tables;
    },
    rebuild(source) {
      state = emptyState();
      const dirty = emptyDirt();
      for (const node of source.store("Node").values()) dirty.nodes.add(node.name);
      for (const pod of source.store("Pod").values()) dirty.pods.add(`${pod.namespace}/${pod.name}`);
      for (const kind of workloadKinds) for (const object of source.store(kind).values()) dirty.workloads.add(workloadKey(object));
      for (const event of source.store("Event").values()) state.tables.events.set(event.uid, eventRow(event));
      refresh({ source, policy, state, dirty });
      for (const kind of source.kinds?.() ?? []) state.tables.kinds.set(kind.kind, kindRow(kind));
      return state.tables;
    },
    touch(source, touched) {
      const dirty = emptyDirt();
      for (const change of touched) soil({ source, state, dirty }, change);
      return refresh({ source, policy, state, dirty });
    },
    kinds(states) {
      const rows = rowDelta<KindRow>();
      for (const each of states) rows.set(state.tables.kinds, each.kind, kindRow(each));
      return rows.changed ? { kinds: rows.result } : {};
    },
  };
}

/** The rows, which pods stand on a node and belong to a workload by those rows, and how a workload's pods are counted: it may have thousands. */
interface State { tables: PlacementTables; podsOfNode: Map<string, Set<string>>; podsOfWorkload: Map<string, Set<string>>; replicas: Map<string, Replicas>; tiers: WeakMap<object, Tier | null> }
interface Dirt { nodes: Set<string>; pods: Set<string>; workloads: Set<string>; events: { put: Map<string, Touched<"Event">["after"]> } }

function emptyState(): State {
  return { tables: { nodes: new Map(), pods: new Map(), workloads: new Map(), events: new Map(), kinds: new Map() }, podsOfNode: new Map(), podsOfWorkload: new Map(), replicas: new Map(), tiers: new WeakMap() };
}

function emptyDirt(): Dirt {
  return { nodes: new Set(), pods: new Set(), workloads: new Set(), events: { put: new Map() } };
}

/** Notes what a change can have made stale. */
function soil({ source, state, dirty }: { source: Picture; state: State; dirty: Dirt }, { kind, key, before, after }: Touched): void {
  const object = after ?? before;
  if (kind === "Pod") dirty.pods.add(key);
  else if (kind === "Node") {
    dirty.nodes.add(key);
    if (nodeMatters(asNode(before), asNode(after))) for (const pod of state.podsOfNode.get(key) ?? []) dirty.pods.add(pod);
  } else if (kind === "Event") {
    if (object) dirty.events.put.set(object.uid, after?.kind === "Event" ? after : null);
  } else if (object && isWorkloadObject(object)) {
    const ref = workloadKey(object);
    dirty.workloads.add(ref);
    if (!workloadMatters(asWorkload(before), asWorkload(after))) return;
    for (const pod of state.podsOfWorkload.get(ref) ?? []) dirty.pods.add(pod);
    for (const each of [before, after]) if (each) for (const pod of source.store("Pod").by("owner", each.uid)) dirty.pods.add(`${pod.namespace}/${pod.name}`);
  }
}

function asNode(object: Touched["after"]): NodeObject | null {
  return object?.kind === "Node" ? object : null;
}

function asWorkload(object: Touched["after"]): WorkloadObject | null {
  return object && isWorkloadObject(object) ? object : null;
}

/** Heartbeats change a node every few seconds; its pods' rows read only its labels (tier) and its Ready word. */
function nodeMatters(before: NodeObject | null, after: NodeObject | null): boolean {
  if (!before || !after) return true;
  return before.labels !== after.labels && JSON.stringify(before.labels) !== JSON.stringify(after.labels) || readyStatus(before) !== readyStatus(after);
}

function readyStatus(node: NodeObject): string {
  return node.conditions.find((condition) => condition.type === "Ready")?.status ?? "";
}

/** Replica counts change all the time; its pods' rows read only its labels and its owner. */
function workloadMatters(before: WorkloadObject | null, after: WorkloadObject | null): boolean {
  if (!before || !after) return true;
  return JSON.stringify([before.labels, before.templateLabels, before.owner]) !== JSON.stringify([after.labels, after.templateLabels, after.owner]);
}

interface Work { source: Picture; policy: TierPolicy; state: State; dirty: Dirt }

function refresh(work: Work): PlacementDelta {
  const { source, policy, state, dirty } = work;
  const { tables } = state;
  const delta: PlacementDelta = {};
  const pods = rowDelta<PodRow>();
  for (const key of dirty.pods) refreshPod(work, key, pods);
  const nodes = rowDelta<NodeRow>();
  for (const name of dirty.nodes) {
    const node = source.store("Node").get(name);
    nodes.set(tables.nodes, name, node ? nodeRow(node, policy, rowsOf(tables.pods, state.podsOfNode.get(name))) : null);
  }
  const workloads = rowDelta<WorkloadRow>();
  for (const key of dirty.workloads) workloads.set(tables.workloads, key, workloadRowOf(work, key));
  const events = rowDelta<EventRow>();
  for (const [uid, event] of dirty.events.put) events.set(tables.events, uid, event ? eventRow(event) : null);
  if (nodes.changed) delta.nodes = nodes.result;
  if (pods.changed) delta.pods = pods.result;
  if (workloads.changed) delta.workloads = workloads.result;
  if (events.changed) delta.events = events.result;
  return delta;
}

function refreshPod({ source, policy, state, dirty }: Work, key: string, out: ReturnType<typeof rowDelta<PodRow>>): void {
  const before = state.tables.pods.get(key);
  const pod: PodObject | undefined = source.store("Pod").get(key);
  const after = pod ? podRow({ picture: source, policy, tiers: state.tiers }, pod) : null;
  move(state.podsOfNode, key, { from: before?.node ?? "", to: after?.node ?? "" });
  move(state.podsOfWorkload, key, { from: before?.workload ?? "", to: after?.workload ?? "" });
  for (const row of [before, after]) {
    if (row?.node) dirty.nodes.add(row.node);
    if (!row?.workload) continue;
    dirty.workloads.add(row.workload);
    count(state.replicas, row, row === after ? 1 : -1);
  }
  out.set(state.tables.pods, key, after);
}

function count(replicas: State["replicas"], pod: PodRow, sign: 1 | -1): void {
  const known = replicas.get(pod.workload) ?? { pods: 0, ready: 0, drift: 0 };
  replicas.set(pod.workload, known);
  addReplica(known, pod, sign);
}

function move(index: Map<string, Set<string>>, key: string, { from, to }: { from: string; to: string }): void {
  if (from === to) return;
  const left = index.get(from);
  left?.delete(key);
  if (left?.size === 0) index.delete(from);
  if (to === "") return;
  const joined = index.get(to);
  if (joined) joined.add(key);
  else index.set(to, new Set([key]));
}

function rowsOf(pods: PlacementTables["pods"], keys: ReadonlySet<string> | undefined): PodRow[] {
  return [...(keys ?? [])].flatMap((key) => pods.get(key) ?? []);
}

/** null when nothing stands behind the key: no object, no pods; or a ReplicaSet that something owns. */
function workloadRowOf({ source, policy, state }: Work, key: string): WorkloadRow | null {
  const [kind = "", namespace = "", name = ""] = key.split("/");
  const ref = { kind, namespace, name };
  const object = workloadObject(source, ref);
  const members = state.podsOfWorkload.get(key);
  if (!members) state.replicas.delete(key);
  if (!object && !members) return null;
  if (object?.kind === "ReplicaSet" && object.owner) return null;
  return workloadRow(source, policy, { ref, count: state.replicas.get(key) ?? { pods: 0, ready: 0, drift: 0 }, pods: () => rowsOf(state.tables.pods, members) });
}
