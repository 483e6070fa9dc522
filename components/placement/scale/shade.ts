// What a block says: eight calm steps below 85 %, amber to 92, bright amber above; and what else is wrong with its node.
import { type Filter, matches } from "@/lib/placement/filter";
import type { NodeRow, PlacementTables, PodRow, PodState } from "@/lib/placement/model";

export const metrics = ["cpu", "mem", "pods", "state", "drift"] as const;
export type Metric = (typeof metrics)[number];
export const metricWords: Record<Metric, string> = { cpu: "CPU", mem: "Memory", pods: "Pods", state: "State", drift: "Drift" };

export const calmSteps = 8;
export const amberStep = 8;
export const brightStep = 9;
export const unknownStep = 10;
export const amberFrom = 85;
export const brightFrom = 92;

/** Percent → step; what cannot be read has a step of its own. */
export function stepOf(percent: number): number {
  if (!Number.isFinite(percent) || percent < 0) return unknownStep;
  if (percent > brightFrom) return brightStep;
  if (percent >= amberFrom) return amberStep;
  return Math.min(calmSteps - 1, Math.floor((percent / amberFrom) * calmSteps));
}

export const flags = { failed: 1, notReady: 2, cordoned: 4, dim: 8 } as const;

export interface Facts { step: Uint8Array; flag: Uint8Array; percent: Float32Array; failed: Uint16Array }

interface Tally { worst: PodState; failed: number; guests: number; match: boolean }

/** One pass over the rows; index as in `names`. Rows that are gone meanwhile stay unknown until the next grid. */
export function factsOf(names: readonly string[], tables: Pick<PlacementTables, "nodes" | "pods">, { metric, filter }: { metric: Metric; filter: Filter | null }): Facts {
  const facts: Facts = { step: new Uint8Array(names.length), flag: new Uint8Array(names.length), percent: new Float32Array(names.length), failed: new Uint16Array(names.length) };
  const tallies = tallyPods(tables, filter);
  for (const [index, name] of names.entries()) {
    const node = tables.nodes.get(name);
    const tally = tallies.get(name);
    const percent = node ? percentOf(metric, node, tally) : Number.NaN;
    facts.percent[index] = percent;
    facts.step[index] = stepOf(percent);
    facts.failed[index] = tally?.failed ?? 0;
    if (!node) continue;
    const dim = filter !== null && !tally?.match && !matches(filter, null, node);
    facts.flag[index] = ((tally?.failed ?? 0) > 0 ? flags.failed : 0) | (node.ready === "ready" ? 0 : flags.notReady) | (node.cordoned ? flags.cordoned : 0) | (dim ? flags.dim : 0);
  }
  return facts;
}

function tallyPods(tables: Pick<PlacementTables, "nodes" | "pods">, filter: Filter | null): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const pod of tables.pods.values()) {
    if (pod.node === "" || pod.state === "done") continue;
    const tally = tallies.get(pod.node) ?? { worst: "running", failed: 0, guests: 0, match: false };
    tallies.set(pod.node, tally);
    if (pod.state === "failed") tally.failed += 1;
    if (pod.drift) tally.guests += 1;
    if (badness(pod.state) > badness(tally.worst)) tally.worst = pod.state;
    if (filter !== null && !tally.match && isMatch(filter, pod, tables.nodes.get(pod.node))) tally.match = true;
  }
  return tallies;
}

function isMatch(filter: Filter, pod: PodRow, node: NodeRow | undefined): boolean {
  return matches(filter, pod, node ?? null);
}

const order: readonly PodState[] = ["running", "done", "starting", "terminating", "pending", "warning", "unknown", "failed"];
const badness = (state: PodState) => order.indexOf(state);

/** State and drift have no percentage of their own; they borrow the scale so that trouble looks like trouble. */
function percentOf(metric: Metric, node: NodeRow, tally: Tally | undefined): number {
  switch (metric) {
    case "cpu": return (100 * node.requestedCpuMillis) / node.cpuMillis;
    case "mem": return (100 * node.requestedMemoryBytes) / node.memoryBytes;
    case "pods": return (100 * node.pods) / node.podSlots;
    case "drift": return Math.min(100, tally && tally.guests > 0 ? 86 + tally.guests * 2 : 30);
    case "state": return [30, 30, 50, 50, 88, 90, 96, 100][badness(tally?.worst ?? "running")] ?? 30;
  }
}

/** How many nodes lie in each of `bins` parts of 0–100 %; what is above counts to the last. */
export function histogram(percent: Float32Array, bins: number): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of percent) {
    if (!Number.isFinite(value) || value < 0) continue;
    const bin = Math.min(bins - 1, Math.floor((value / 100) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

export interface Spread { median: number; p95: number; above: number }

export function spreadOf(percent: Float32Array): Spread {
  const sorted = percent.filter((value) => Number.isFinite(value) && value >= 0).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95), above: sorted.filter((value) => value > brightFrom).length };
}
