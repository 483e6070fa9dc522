// Sums that follow the rows: per tier, per node, per state; each changed row costs its own addition, never a walk over all.
import type { NodeRow, PlacementDelta, PlacementTables, PodRow, PodState, Tier } from "@/lib/placement/model";

export type StateCounts = Readonly<Record<PodState, number>>;

export interface TierRollup {
  readonly tier: Tier | null;
  readonly nodes: number;
  readonly ready: number;
  readonly cordoned: number;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly podSlots: number;
  readonly requestedCpuMillis: number;
  readonly requestedMemoryBytes: number;
  /** Pods on its nodes. */
  readonly placed: number;
  /** States of the pods on its nodes, and of pods without a node that are declared for it. */
  readonly states: StateCounts;
  /** States of the pods that belong to it, wherever they are: those declared for it, and those here that are declared for none. */
  readonly ownStates: StateCounts;
  /** Pods here that are declared for another tier. */
  readonly guests: number;
  /** Pods declared for it that run elsewhere, by the tier where they are. */
  readonly away: ReadonlyMap<Tier | null, number>;
}

export interface Totals { readonly states: StateCounts; readonly pods: number; readonly placed: number; readonly drift: number }

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type TierSum = Mutable<Omit<TierRollup, "states" | "ownStates" | "away">> & { states: Mutable<StateCounts>; ownStates: Mutable<StateCounts>; away: Map<Tier | null, number> };

export interface Rollups {
  /** Must be called with the tables as they were before the change. */
  apply(before: PlacementTables, delta: PlacementDelta): void;
  tier(tier: Tier | null): TierRollup;
  totals(): Totals;
  /** Keys of the pods on a node ("" = on none), in a stable order; the same array until a pod comes or goes. */
  podsOf(node: string): readonly string[];
  /** Names of the nodes of a tier in stable order; the same array until one comes or goes. */
  nodesOf(tier: Tier | null): readonly string[];
}

const noStates = (): Mutable<StateCounts> => ({ running: 0, starting: 0, warning: 0, failed: 0, pending: 0, terminating: 0, unknown: 0, done: 0 });
const allTiers: readonly (Tier | null)[] = [1, 2, 3, 4, null];

export function createRollups(): Rollups {
  const sums = new Map<Tier | null, TierSum>(allTiers.map((tier) => [tier, emptySum(tier)]));
  const published = new Map<Tier | null, TierRollup>();
  const total = { states: noStates(), pods: 0, placed: 0, drift: 0 };
  let publishedTotal: Totals | null = null;
  const podsByNode = grouped();
  const nodesByTier = grouped();

  const sum = (tier: Tier | null): TierSum => {
    published.delete(tier);
    const found = sums.get(tier);
    if (found) return found;
    throw new RangeError(`no tier ${String(tier)}`);
  };
  const addPod = (pod: PodRow, sign: 1 | -1) => {
    publishedTotal = null;
    total.pods += sign;
    total.states[pod.state] += sign;
    if (pod.node !== "") total.placed += sign;
    if (pod.drift) total.drift += sign;
    const home = sum(pod.node === "" ? pod.declared : pod.actual);
    home.states[pod.state] += sign;
    sum(pod.declared ?? pod.actual).ownStates[pod.state] += sign;
    if (pod.node !== "") home.placed += sign;
    if (!pod.drift) return;
    home.guests += sign;
    const { away } = sum(pod.declared);
    away.set(pod.actual, (away.get(pod.actual) ?? 0) + sign);
  };
  const addNode = (node: NodeRow, sign: 1 | -1) => countNode(sum(node.tier), node, sign);
  const takePod = (key: string, before: PlacementTables, next: PodRow | null) => {
    const was = before.pods.get(key);
    if (was) addPod(was, -1);
    if (was && was.node !== next?.node) podsByNode.remove(was.node, key);
    if (next) addPod(next, 1);
    if (next && was?.node !== next.node) podsByNode.add(next.node, key);
  };
  const takeNode = (name: string, before: PlacementTables, next: NodeRow | null) => {
    const was = before.nodes.get(name);
    if (was) addNode(was, -1);
    if (was && was.tier !== next?.tier) nodesByTier.remove(String(was.tier), name);
    if (next) addNode(next, 1);
    if (next && was?.tier !== next.tier) nodesByTier.add(String(next.tier), name);
  };
  return {
    apply(before, { pods, nodes }) {
      for (const [key, pod] of outcomes(pods, (row) => row.key)) takePod(key, before, pod);
      for (const [name, node] of outcomes(nodes, (row) => row.name)) takeNode(name, before, node);
    },
    tier(tier) {
      const ready = published.get(tier) ?? copyOf(sum(tier));
      published.set(tier, ready);
      return ready;
    },
    totals: () => (publishedTotal ??= { ...total, states: { ...total.states } }),
    podsOf: (node) => podsByNode.list(node),
    nodesOf: (tier) => nodesByTier.list(String(tier)),
  };
}

/** What each touched key ends as: the last row put, or nothing. A key may stand in a change more than once. */
function outcomes<R>(change: { put: readonly R[]; gone: readonly string[] } | undefined, keyOf: (row: R) => string): Map<string, R | null> {
  const ends = new Map<string, R | null>();
  for (const key of change?.gone ?? []) ends.set(key, null);
  for (const row of change?.put ?? []) ends.set(keyOf(row), row);
  return ends;
}

function countNode(tier: TierSum, node: NodeRow, sign: 1 | -1): void {
  tier.nodes += sign;
  if (node.ready === "ready") tier.ready += sign;
  if (node.cordoned) tier.cordoned += sign;
  for (const field of ["cpuMillis", "memoryBytes", "podSlots", "requestedCpuMillis", "requestedMemoryBytes"] as const) tier[field] += sign * known(node[field]);
}

function emptySum(tier: Tier | null): TierSum {
  return { tier, nodes: 0, ready: 0, cordoned: 0, cpuMillis: 0, memoryBytes: 0, podSlots: 0, requestedCpuMillis: 0, requestedMemoryBytes: 0, placed: 0, states: noStates(), ownStates: noStates(), guests: 0, away: new Map() };
}

function copyOf(sum: TierSum): TierRollup {
  return { ...sum, states: { ...sum.states }, ownStates: { ...sum.ownStates }, away: new Map([...sum.away].filter(([, count]) => count > 0)) };
}

/** A figure that could not be read counts as nothing; the row itself says that it could not be read. */
function known(figure: number): number {
  return Number.isFinite(figure) && figure > 0 ? figure : 0;
}

/** Sets of keys by group, read as sorted lists that stay the same array until their set changes. */
function grouped() {
  const sets = new Map<string, Set<string>>();
  const lists = new Map<string, readonly string[]>();
  const none: readonly string[] = [];
  return {
    add(group: string, key: string) {
      sets.set(group, (sets.get(group) ?? new Set()).add(key));
      lists.delete(group);
    },
    remove(group: string, key: string) {
      sets.get(group)?.delete(key);
      lists.delete(group);
    },
    list(group: string): readonly string[] {
      const set = sets.get(group);
      if (!set || set.size === 0) return none;
      const list = lists.get(group) ?? [...set].sort();
      lists.set(group, list);
      return list;
    },
  };
}
