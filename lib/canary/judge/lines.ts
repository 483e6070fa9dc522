// How the error budget is shared among metrics: each metric's own FAIL line, the joint line of those that fail together, the line for PASS.
import type { AnalysisDefinition, MetricLook } from "../model";

export interface Lines { fail: Map<string, number>; pass: number; together: number | null }
type Shared = { name: string; critical: boolean; weight: number };

/** Critical metrics and the rest have half of α each, or all of it where there is only one kind; within a kind it goes by weight. Logarithms. */
export function linesOf({ metrics, alpha, beta }: Pick<AnalysisDefinition, "alpha" | "beta"> & { metrics: readonly Shared[] }): Lines {
  const kinds = [true, false].map((critical) => metrics.filter((metric) => metric.critical === critical));
  const budget = kinds.every((kind) => kind.length > 0) ? alpha / 2 : alpha;
  const fail = new Map(kinds.flatMap((kind) => kind.map((metric) => [metric.name, -Math.log(budget * weightWithin(metric, kind))] as const)));
  return { fail, pass: -Math.log(beta), together: kinds[1]?.length ? -Math.log(budget) : null };
}

function weightWithin(metric: Shared, kind: readonly Shared[]): number {
  return metric.weight / kind.reduce((sum, { weight }) => sum + weight, 0);
}

/** The weighted mean of e-values is one, however the metrics depend on each other. */
export function togetherLog(looks: readonly Pick<MetricLook, "name" | "critical" | "weight" | "logFail">[]): number {
  const rest = looks.filter(({ critical }) => !critical);
  return logSum(rest.map((look) => Math.log(weightWithin(look, rest)) + look.logFail));
}

export function logMean(logs: readonly number[]): number {
  return logSum(logs) - Math.log(logs.length);
}

function logSum(logs: readonly number[]): number {
  const top = Math.max(...logs);
  return Number.isFinite(top) ? top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0)) : top;
}

/** 0 to 100: how much of the weight has passed; metrics without data are not counted. */
export function scoreOf(looks: readonly Pick<MetricLook, "state" | "weight">[]): number {
  const counted = looks.filter(({ state }) => state !== "no-data" && state !== "no-events");
  const all = counted.reduce((sum, { weight }) => sum + weight, 0);
  return all > 0 ? Math.round((100 * counted.reduce((sum, { state, weight }) => sum + (state === "pass" ? weight : 0), 0)) / all) : 0;
}
