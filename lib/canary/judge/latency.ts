// Latency from bucket counters: how many requests are slower than each edge, and whether the whole distribution has moved.
import type { CountInterval, LatencyInterval } from "../model";
import { distributionBand } from "../statistics/confidence";

/** One question per edge: an event is a request slower than it. */
export function slowerThan(intervals: readonly LatencyInterval[], edge: number): CountInterval[] {
  const side = (cumulative: readonly number[]) => {
    const exposure = cumulative.at(-1) ?? 0;
    return { events: Math.max(0, exposure - (cumulative[edge] ?? 0)), exposure };
  };
  return intervals.map(({ at, canary, baseline }) => ({ at, canary: side(canary), baseline: side(baseline) }));
}

export interface DistributionEdge { fasterInBaseline: number; fasterInCanary: number; worse: boolean }

export interface DistributionShift { threshold: number; edges: DistributionEdge[] }

/** A band narrower than this many requests of an arm is not drawn. */
const bandFrom = 100;

/** Both empirical distributions beside each other; worse where the baseline is ahead by more than both bands. */
export function distributionShift(canary: readonly number[], baseline: readonly number[], alpha = 0.05): DistributionShift {
  const [countC, countB] = [canary.at(-1) ?? 0, baseline.at(-1) ?? 0];
  const arm = { alpha: alpha / 2, from: bandFrom };
  const threshold = distributionBand(countC, arm) + distributionBand(countB, arm);
  const edges = canary.slice(0, -1).map((value, i) => {
    const [fasterInCanary, fasterInBaseline] = [countC > 0 ? value / countC : Number.NaN, countB > 0 ? (baseline[i] ?? 0) / countB : Number.NaN];
    return { fasterInCanary, fasterInBaseline, worse: fasterInBaseline - fasterInCanary > threshold };
  });
  return { threshold, edges };
}

/** Totals over all intervals. */
export function totalLatency(intervals: readonly LatencyInterval[]): { canary: number[]; baseline: number[] } {
  const add = (sums: number[], values: readonly number[]): number[] => values.map((value, i) => (sums[i] ?? 0) + value);
  return intervals.reduce((sums, { canary, baseline }) => ({ canary: add(sums.canary, canary), baseline: add(sums.baseline, baseline) }), { canary: [] as number[], baseline: [] as number[] });
}
