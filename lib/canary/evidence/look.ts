// What one look adds: each metric's raw series on a grid of intervals, the traffic, and the service as a whole.
import type { AnalysisDefinition, GuardDefinition, MetricDefinition, MetricEvidence, Selector } from "../model";
import type { Looked } from "../run";
import type { Grid, RawSeries } from "./counters";
import { countIntervals, gaugePoints, latencyIntervals, nearestEdges, rateIntervals } from "./intervals";

/** Series by their selector, or why there are none. */
export interface Fetched { of(selector: Selector): { series: readonly RawSeries[] } | { because: string } }

export interface LookInput {
  definition: AnalysisDefinition;
  grid: Grid;
  fetched: Fetched;
  /** Of all series that every pod has, whatever is measured. */
  alive: readonly RawSeries[];
  /** Edges that were chosen at the first look, by metric. */
  edges: Readonly<Record<string, readonly number[]>>;
  wantedShare: number;
}

export function lookAt({ definition, grid, fetched, alive, edges, wantedShare }: LookInput): Looked {
  const metrics = Object.fromEntries(definition.metrics.map((metric) => [metric.name, evidenceOf(metric, { grid, fetched, alive, edges: edges[metric.name] })]));
  return { metrics, traffic: trafficOf(definition, { grid, fetched, wantedShare }), guard: guardOf(definition.guard, { grid, fetched }) };
}

type Setting = Pick<LookInput, "grid" | "fetched" | "alive"> & { edges: readonly number[] | undefined };

const nothingOf = (selector: Selector): MetricEvidence => ({ kind: "none", because: `${selector.series} has no series of the pods of either version` });

function evidenceOf(metric: MetricDefinition, { grid, fetched, alive, edges }: Setting): MetricEvidence {
  const main = metric.kind === "gauge" ? metric.series : metric.kind === "latency" ? metric.buckets : metric.events;
  const found = fetched.of(main);
  if ("because" in found) return { kind: "none", because: found.because };
  if (metric.kind === "ratio") {
    const exposure = fetched.of(metric.exposure);
    if ("because" in exposure) return { kind: "none", because: exposure.because };
    return exposure.series.length === 0 ? nothingOf(metric.exposure) : { kind: "counts", ...countIntervals({ events: found.series, exposure: exposure.series }, grid), phi: null };
  }
  if (metric.kind === "rate") return alive.length + found.series.length === 0 ? nothingOf(main) : { kind: "counts", ...rateIntervals({ events: found.series, alive }, grid), phi: null };
  if (found.series.length === 0) return nothingOf(main);
  if (metric.kind === "gauge") return { kind: "gauge", points: gaugePoints(found.series, grid), correlation: null };
  const chosen = edges ?? nearestEdges(metric.edgesSeconds, [...new Set(found.series.map(({ edge }) => edge ?? Number.NaN))]);
  return chosen.length === 0 ? { kind: "none", because: `${main.series} has no bucket near ${metric.edgesSeconds.join(", ")} s` } : { kind: "latency", edgesSeconds: [...chosen], intervals: latencyIntervals(found.series, chosen, grid), phi: null };
}

/** Requests are what a share of bad ones is counted in; a histogram's total does as well. */
function trafficOf({ metrics, guard }: AnalysisDefinition, { grid, fetched, wantedShare }: Pick<LookInput, "grid" | "fetched" | "wantedShare">): Looked["traffic"] {
  const ratio = metrics.find(({ kind }) => kind === "ratio");
  const latency = metrics.find(({ kind }) => kind === "latency");
  const exposure = ratio?.kind === "ratio" ? ratio.exposure : (guard?.exposure ?? (latency?.kind === "latency" ? latency.buckets : null));
  const found = exposure === null ? { because: "" } : fetched.of(exposure);
  if ("because" in found) return [];
  const totals = found.series.filter(({ edge }) => edge === undefined || edge === Number.POSITIVE_INFINITY);
  return countIntervals({ events: [], exposure: totals }, grid).intervals.map(({ at, canary, baseline }) => ({ at, wantedShare, canary: canary.exposure, baseline: baseline.exposure }));
}

function guardOf(guard: GuardDefinition | null, { grid, fetched }: Pick<LookInput, "grid" | "fetched">): Looked["guard"] {
  if (guard === null) return [];
  const [events, exposure] = [fetched.of(guard.events), fetched.of(guard.exposure)];
  if ("because" in events || "because" in exposure || exposure.series.length === 0) return [];
  const { intervals } = countIntervals({ events: events.series, exposure: exposure.series }, grid);
  return intervals.map(({ at, canary, baseline }) => ({ at, events: canary.events + baseline.events, exposure: canary.exposure + baseline.exposure }));
}

/** Every selector of a definition, once. */
export function selectorsOf({ metrics, guard }: AnalysisDefinition): Selector[] {
  const all = metrics.flatMap((metric): Selector[] => (metric.kind === "ratio" ? [metric.events, metric.exposure] : metric.kind === "rate" ? [metric.events] : metric.kind === "latency" ? [metric.buckets] : [metric.series]));
  return [...new Map([...all, ...(guard ? [guard.events, guard.exposure] : [])].map((selector) => [selectorKey(selector), selector])).values()];
}

export const selectorKey = (selector: Selector): string => JSON.stringify([selector.series, selector.matchers]);
