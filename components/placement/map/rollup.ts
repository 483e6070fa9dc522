// What a tier's rollup says: its health in one word with its one reason, its sums, and who is not where they belong.
import type { NodeRow, PodRow, PodState, Tier } from "@/lib/placement/model";
import type { BandKey } from "./layout";

export interface Health { state: PodState; word: string; reason: string; /** The filter that shows what is meant, "" for none. */ filter: string }

export interface Rollup {
  nodes: number;
  requestedCpuMillis: number;
  cpuMillis: number;
  requestedMemoryBytes: number;
  memoryBytes: number;
  pods: number;
  podSlots: number;
  health: Health;
  /** "7 elsewhere, 1 failed", "3 here from tier 1"; "" when all are home. */
  driftLine: string;
  /** The tier whose digit stands before the drift line. */
  driftTier: Tier | null;
}

type Rollups = ReadonlyMap<BandKey, Rollup>;

/** Remembers the last rollups of one viewer: one that says the same stays the same object, and so does the whole when all do. */
export function rollupKeeper(): (bands: readonly BandKey[], tables: { nodes: ReadonlyMap<string, NodeRow>; pods: ReadonlyMap<string, PodRow> }) => Rollups {
  let last: Rollups = new Map();
  return (bands, { nodes, pods }) => {
    const now = rollUp(bands, nodes, pods.values());
    let same = now.size === last.size;
    for (const [band, rollup] of now) {
      const was = last.get(band);
      if (was && JSON.stringify(was) === JSON.stringify(rollup)) now.set(band, was);
      else same = false;
    }
    if (!same) last = now;
    return last;
  };
}

interface Tally { home: number; ready: number; failed: number; pending: number; warning: number; starting: number; unknown: number; overLimit: number; elsewhere: number; elsewhereFailed: number; guests: Map<Tier, number> }

const emptyTally = (): Tally => ({ home: 0, ready: 0, failed: 0, pending: 0, warning: 0, starting: 0, unknown: 0, overLimit: 0, elsewhere: 0, elsewhereFailed: 0, guests: new Map() });

/** Rollups of all bands in one pass over the rows. */
export function rollUp(bands: readonly BandKey[], nodes: ReadonlyMap<string, NodeRow>, pods: Iterable<PodRow>): Map<BandKey, Rollup> {
  const tallies = new Map<BandKey, Tally>(bands.map((band) => [band, emptyTally()]));
  for (const pod of pods) countPod(tallies, pod, nodes.get(pod.node));
  const rollups = new Map<BandKey, Rollup>();
  for (const band of bands) {
    const inside = [...nodes.values()].filter((node) => (node.tier ?? "none") === band);
    rollups.set(band, toRollup(band, inside, tallies.get(band) ?? emptyTally()));
  }
  return rollups;
}

/** Off-tier pods are counted at home as gone and where they run as guests; only those at home decide a tier's health, and those that wait for a place in it. */
function countPod(tallies: Map<BandKey, Tally>, pod: PodRow, node: NodeRow | undefined): void {
  if (pod.state === "done") return;
  const here = tallies.get(pod.node === "" ? (pod.declared ?? "none") : (pod.actual ?? "none"));
  if (pod.drift && pod.declared !== null) {
    const home = tallies.get(pod.declared);
    if (home) {
      home.elsewhere += 1;
      if (pod.state === "failed") home.elsewhereFailed += 1;
    }
    if (here) here.guests.set(pod.declared, (here.guests.get(pod.declared) ?? 0) + 1);
    return;
  }
  if (!here) return;
  if (node && pod.memoryLimitBytes > node.memoryBytes) here.overLimit += 1;
  if (!pod.everywhere && pod.declared !== null) {
    here.home += 1;
    if (pod.ready) here.ready += 1;
  }
  if (pod.state === "failed" || pod.state === "pending" || pod.state === "warning" || pod.state === "starting" || pod.state === "unknown") here[pod.state] += 1;
}

function toRollup(band: BandKey, nodes: readonly NodeRow[], tally: Tally): Rollup {
  return {
    nodes: nodes.length,
    requestedCpuMillis: sum(nodes, (node) => node.requestedCpuMillis),
    cpuMillis: sum(nodes, (node) => node.cpuMillis),
    requestedMemoryBytes: sum(nodes, (node) => node.requestedMemoryBytes),
    memoryBytes: sum(nodes, (node) => node.memoryBytes),
    pods: sum(nodes, (node) => node.pods),
    podSlots: sum(nodes, (node) => node.podSlots),
    health: healthOf(band, nodes, tally),
    ...driftOf(band, tally),
  };
}

function healthOf(band: BandKey, nodes: readonly NodeRow[], tally: Tally): Health {
  const tier = band === "none" ? "" : `tier:${band} `;
  const lost = nodes.filter((node) => node.ready !== "ready").length;
  if (lost > 0) return { state: "unknown", word: "Unknown", reason: `${count(lost, "node")} lost`, filter: tier.trim() };
  if (tally.failed > 0) return { state: "failed", word: "Failed", reason: count(tally.failed, "pod"), filter: `${tier}status:failed` };
  if (tally.pending > 0) return { state: "warning", word: "Warning", reason: `${tally.pending} pending`, filter: `${tier}status:pending` };
  if (tally.overLimit > 0) return { state: "warning", word: "Warning", reason: "memory limit", filter: tier.trim() };
  if (tally.unknown > 0) return { state: "unknown", word: "Unknown", reason: count(tally.unknown, "pod"), filter: `${tier}status:unknown` };
  if (tally.warning > 0) return { state: "warning", word: "Warning", reason: count(tally.warning, "pod"), filter: `${tier}status:warning` };
  const ready = `${tally.ready} of ${tally.home} ready`;
  if (tally.starting > 0) return { state: "starting", word: "Starting", reason: ready, filter: `${tier}status:starting` };
  if (nodes.length === 0) return { state: "pending", word: "Empty", reason: "no node", filter: "" };
  return { state: "running", word: "Healthy", reason: tally.home > 0 ? ready : "", filter: tier.trim() };
}

/** A tier that lost pods counts them; the others count their guests, from the tier that sends most. */
function driftOf(band: BandKey, tally: Tally): { driftLine: string; driftTier: Tier | null } {
  if (band !== "none" && tally.elsewhere > 0) {
    const failed = tally.elsewhereFailed > 0 ? `, ${tally.elsewhereFailed} failed` : "";
    return { driftLine: `${tally.elsewhere} elsewhere${failed}`, driftTier: band };
  }
  const guests = [...tally.guests].sort(([tierA, a], [tierB, b]) => b - a || tierA - tierB);
  const first = guests[0];
  if (!first) return { driftLine: "", driftTier: null };
  const others = guests.slice(1).reduce((total, [, number]) => total + number, 0);
  return { driftLine: `${first[1]} here from tier ${first[0]}${others > 0 ? `, ${others} from others` : ""}`, driftTier: first[0] };
}

/** Unreadable figures (NaN) count as nothing rather than spoil the sum; the card shows them as "?". */
function sum(nodes: readonly NodeRow[], figure: (node: NodeRow) => number): number {
  return nodes.reduce((total, node) => {
    const value = figure(node);
    return Number.isFinite(value) && value > 0 ? total + value : total;
  }, 0);
}

export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
