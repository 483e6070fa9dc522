// Where things stand on the map: bands per tier, a slot per node for life, groups of cells inside a card.
import { type NodeRow, type PodRow, type Tier, tiers } from "@/lib/placement/model";

export type BandKey = Tier | "none";
export interface Slot { band: BandKey; index: number }
export type SlotBook = ReadonlyMap<string, Slot>;

export const groupings = ["app", "namespace", "workload"] as const;
export type Grouping = (typeof groupings)[number];

export const minCardWidth = 168;

export function bandOf(node: Pick<NodeRow, "tier">): BandKey {
  return node.tier ?? "none";
}

/** The four tiers always stand, also when empty; the neutral band only when a node needs it. */
export function bandKeys(nodes: Iterable<Pick<NodeRow, "tier">>): BandKey[] {
  for (const node of nodes) if (node.tier === null) return [...tiers, "none"];
  return [...tiers];
}

type SlotNode = Pick<NodeRow, "name" | "tier" | "createdAt">;

/** A node keeps its slot while it keeps its band; newcomers, oldest first, take the first gap of their band. */
export function assignSlots(before: SlotBook, nodes: Iterable<SlotNode>): Map<string, Slot> {
  const after = new Map<string, Slot>();
  const taken = new Map<BandKey, Set<number>>();
  const newcomers: SlotNode[] = [];
  for (const node of nodes) {
    const slot = before.get(node.name);
    if (slot === undefined || slot.band !== bandOf(node)) {
      newcomers.push(node);
      continue;
    }
    after.set(node.name, slot);
    takenIn(taken, slot.band).add(slot.index);
  }
  newcomers.sort((a, b) => a.createdAt - b.createdAt || compareText(a.name, b.name));
  const nextGap = new Map<BandKey, number>();
  for (const node of newcomers) {
    const band = bandOf(node);
    const full = takenIn(taken, band);
    let index = nextGap.get(band) ?? 0;
    while (full.has(index)) index += 1;
    full.add(index);
    nextGap.set(band, index + 1);
    after.set(node.name, { band, index });
  }
  return after;
}

function takenIn(taken: Map<BandKey, Set<number>>, band: BandKey): Set<number> {
  const known = taken.get(band);
  if (known) return known;
  const made = new Set<number>();
  taken.set(band, made);
  return made;
}

/** The slots of one band in order; null is a gap that a node left. Gaps after the last node are not shown. */
export function slotsOf(book: SlotBook, band: BandKey): (string | null)[] {
  const slots: (string | null)[] = [];
  for (const [name, slot] of book) if (slot.band === band) slots[slot.index] = name;
  return Array.from(slots, (name) => name ?? null);
}

/** How much of its band's width a card takes beside its neighbours: its share of the band's CPU, never below a tenth of the mean, so that an unreadable capacity still has a card. */
export function cardShares(capacities: readonly number[]): number[] {
  const good = capacities.map((value) => (Number.isFinite(value) && value > 0 ? value : 0));
  const sum = good.reduce((total, value) => total + value, 0);
  if (sum === 0) return good.map(() => 1);
  const floor = sum / good.length / 10;
  return good.map((value) => Math.max(value, floor) / sum);
}

export interface CellGroup {
  /** Unique within a card. */
  id: string;
  label: string;
  everywhere: boolean;
  /** The tier these pods belong to when it is not the one they run in. */
  home: Tier | null;
  pods: readonly string[];
}

type GroupedPod = Pick<PodRow, "key" | "namespace" | "app" | "workload" | "everywhere" | "declared" | "drift" | "createdAt">;

/** Groups of one node's pods: what belongs here, then guests of other tiers, "every node" last. Order hangs on names and age alone, never on state or load. */
export function groupCells(pods: Iterable<GroupedPod>, by: Grouping): CellGroup[] {
  const groups = new Map<string, { label: string; everywhere: boolean; home: Tier | null; pods: GroupedPod[] }>();
  for (const pod of pods) {
    const everywhere = isDaemon(pod);
    const home = pod.drift && !everywhere ? pod.declared : null;
    const label = everywhere ? "every node" : groupLabel(pod, by);
    const id = everywhere ? "every node" : `${home ?? ""}/${label}`;
    const group = groups.get(id);
    if (group) group.pods.push(pod);
    else groups.set(id, { label, everywhere, home, pods: [pod] });
  }
  return [...groups]
    .sort(([, a], [, b]) => groupRank(a) - groupRank(b) || compareText(a.label, b.label) || (a.home ?? 0) - (b.home ?? 0))
    .map(([id, { label, everywhere, home, pods: members }]) => ({
      id, label, everywhere, home,
      pods: members.sort((a, b) => a.createdAt - b.createdAt || compareText(a.key, b.key)).map((pod) => pod.key),
    }));
}

/** Static pods are everywhere by nature too, but they are the control plane itself and stand under their own names; only a DaemonSet's pods have an owner. */
export function isDaemon(pod: Pick<PodRow, "everywhere" | "workload">): boolean {
  return pod.everywhere && pod.workload !== "";
}

function groupRank(group: { everywhere: boolean; home: Tier | null }): number {
  if (group.everywhere) return 2;
  return group.home === null ? 0 : 1;
}

export function groupLabel(pod: Pick<PodRow, "app" | "namespace" | "workload" | "key">, by: Grouping): string {
  if (by === "namespace") return pod.namespace;
  if (by === "app") return pod.app || nameOf(pod.key);
  return nameOf(pod.workload) || nameOf(pod.key);
}

/** The last part of "ns/name" or "kind/ns/name". */
export function nameOf(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}

/** By code unit: the same order in every browser and language. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
