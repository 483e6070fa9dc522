// Evidence in the form the judge reads, made of raw series: counts, latencies and gauges of both versions on one grid.
import type { CountInterval, Counts, GaugePoint, LatencyInterval, PodCounts } from "../model";
import { type Grid, type RawSeries, increments, intervalCount, intervalOf, orderly, scrapesByPod } from "./counters";

const endOf = (index: number, { from, stepMs }: Grid): number => from + (index + 1) * stepMs;

function emptyIntervals(grid: Grid): CountInterval[] {
  return Array.from({ length: intervalCount(grid) }, (_, i) => ({ at: endOf(i, grid), canary: { events: 0, exposure: 0 }, baseline: { events: 0, exposure: 0 } }));
}

interface Tally { intervals: CountInterval[]; pods: Map<string, PodCounts> }

function add({ intervals, pods }: Tally, { series, what, index, by }: { series: RawSeries; what: keyof Counts; index: number; by: number }): void {
  const interval = intervals[index];
  if (!interval) return;
  interval[series.version][what] += by;
  const key = `${series.version}/${series.pod}`;
  const pod = pods.get(key) ?? { pod: series.pod, node: series.node, version: series.version, events: 0, exposure: 0 };
  pod[what] += by;
  pods.set(key, pod);
}

export interface CountEvidence { intervals: CountInterval[]; pods: PodCounts[] }

/** Events per request: both from counters. */
export function countIntervals({ events, exposure }: { events: readonly RawSeries[]; exposure: readonly RawSeries[] }, grid: Grid): CountEvidence {
  const tally: Tally = { intervals: emptyIntervals(grid), pods: new Map() };
  const scrapes = scrapesByPod([...events, ...exposure]);
  for (const [what, all] of [["events", events], ["exposure", exposure]] as const) {
    for (const series of all) for (const { at, by } of increments(series, grid, scrapes.get(series.pod) ?? [])) add(tally, { series, what, index: intervalOf(at, grid), by });
  }
  return { intervals: tally.intervals, pods: [...tally.pods.values()] };
}

/** Events per pod and time: the exposure of a pod is the seconds of each interval in which it was scraped. `alive` are series that every pod has. */
export function rateIntervals({ events, alive }: { events: readonly RawSeries[]; alive: readonly RawSeries[] }, grid: Grid): CountEvidence {
  const tally: Tally = { intervals: emptyIntervals(grid), pods: new Map() };
  const all = [...events, ...alive];
  const scrapes = scrapesByPod(all);
  for (const series of events) for (const { at, by } of increments(series, grid, scrapes.get(series.pod) ?? [])) add(tally, { series, what: "events", index: intervalOf(at, grid), by });
  for (const series of new Map(all.map((one) => [`${one.version}/${one.pod}`, one])).values()) {
    const seen = new Set((scrapes.get(series.pod) ?? []).map((at) => intervalOf(at, grid)));
    for (const index of seen) if (index >= 0) add(tally, { series, what: "exposure", index, by: grid.stepMs / 1000 });
  }
  return { intervals: tally.intervals, pods: [...tally.pods.values()] };
}

/** The edges a histogram has, nearest to those that were wanted and not below them, without repetition. */
export function nearestEdges(wanted: readonly number[], available: readonly number[]): number[] {
  const finite = available.filter(Number.isFinite).sort((a, b) => a - b);
  const found = wanted.flatMap((edge) => finite.find((one) => one >= edge * (1 - 1e-9)) ?? finite.at(-1) ?? []);
  return [...new Set(found)].sort((a, b) => a - b);
}

/** New entries at or below each edge and in total; a pod whose buckets disagree by a scrape is set right by their order. */
export function latencyIntervals(buckets: readonly RawSeries[], edgesSeconds: readonly number[], grid: Grid): LatencyInterval[] {
  const edges = [...edgesSeconds, Number.POSITIVE_INFINITY];
  const zeros = (): number[] => edges.map(() => 0);
  const intervals = Array.from({ length: intervalCount(grid) }, (_, i) => ({ at: endOf(i, grid), canary: zeros(), baseline: zeros() }));
  const scrapes = scrapesByPod(buckets);
  for (const series of buckets) {
    const place = edges.indexOf(series.edge ?? Number.NaN);
    if (place < 0) continue;
    for (const { at, by } of increments(series, grid, scrapes.get(series.pod) ?? [])) {
      const side = intervals[intervalOf(at, grid)]?.[series.version];
      if (side) side[place] = (side[place] ?? 0) + by;
    }
  }
  return intervals.map(({ at, canary, baseline }) => ({ at, canary: rising(canary), baseline: rising(baseline) }));
}

function rising(values: readonly number[]): number[] {
  let top = 0;
  return values.map((value) => (top = Math.max(top, value)));
}

/** Mean over the pods of each version that said something in the interval; a pod's last word counts. */
export function gaugePoints(all: readonly RawSeries[], grid: Grid): GaugePoint[] {
  const last = Array.from({ length: intervalCount(grid) }, () => ({ canary: new Map<string, number>(), baseline: new Map<string, number>() }));
  for (const series of all) for (const [at, value] of orderly(series.samples)) last[intervalOf(at, grid)]?.[series.version].set(series.pod, value);
  const meanOf = (values: Map<string, number>): number | null => (values.size === 0 ? null : [...values.values()].reduce((sum, value) => sum + value, 0) / values.size);
  return last.map(({ canary, baseline }, i) => ({ at: endOf(i, grid), canary: meanOf(canary), baseline: meanOf(baseline) }));
}
