// How the stable version's own pods differ among themselves: clustering of events and slowness of levels, from before the canary came.
import { batchSize } from "../judge/gauge";
import { slowerThan } from "../judge/latency";
import type { AnalysisDefinition, MetricDefinition } from "../model";
import { overdispersionOfPods, type PodHistory } from "../judge/overdispersion";
import type { HistoryMeasures } from "../run";
import { autocorrelation } from "../statistics/quantile";
import type { Grid, RawSeries } from "./counters";
import { countIntervals, gaugePoints, latencyIntervals, nearestEdges, rateIntervals } from "./intervals";
import type { Fetched } from "./look";

export interface HistoryInput { definition: AnalysisDefinition; grid: Grid; fetched: Fetched; alive: readonly RawSeries[]; canaryPods: number }

export function measureHistory({ definition, grid, fetched, alive, canaryPods }: HistoryInput): HistoryMeasures {
  const phi: HistoryMeasures["phi"] = {};
  const correlation: HistoryMeasures["correlation"] = {};
  for (const metric of definition.metrics) {
    if (metric.kind === "gauge") correlation[metric.name] = correlationOf(seriesOf(fetched, metric), grid);
    else phi[metric.name] = overdispersionOfPods(podHistories(metric, { grid, fetched, alive }), canaryPods);
  }
  return { phi, correlation };
}

function seriesOf(fetched: Fetched, metric: MetricDefinition): readonly RawSeries[] {
  const found = fetched.of(metric.kind === "gauge" ? metric.series : metric.kind === "latency" ? metric.buckets : metric.events);
  return "because" in found ? [] : found.series.filter(({ version }) => version === "baseline");
}

const podsOf = (series: readonly RawSeries[]): string[] => [...new Set(series.map(({ pod }) => pod))];
const ofPod = (series: readonly RawSeries[], pod: string): RawSeries[] => series.filter((one) => one.pod === pod);

function podHistories(metric: MetricDefinition, { grid, fetched, alive }: Pick<HistoryInput, "grid" | "fetched" | "alive">): PodHistory[] {
  const events = seriesOf(fetched, metric);
  if (metric.kind === "rate") {
    const living = alive.filter(({ version }) => version === "baseline");
    return podsOf([...events, ...living]).map((pod) => toHistory(pod, rateIntervals({ events: ofPod(events, pod), alive: ofPod(living, pod) }, grid).intervals));
  }
  if (metric.kind === "latency") {
    const [edge] = nearestEdges(metric.edgesSeconds, [...new Set(events.map((one) => one.edge ?? Number.NaN))]);
    return edge === undefined ? [] : podsOf(events).map((pod) => toHistory(pod, slowerThan(latencyIntervals(ofPod(events, pod), [edge], grid), 0)));
  }
  const asked = metric.kind === "ratio" ? fetched.of(metric.exposure) : { because: "" };
  const exposure = "because" in asked ? [] : asked.series.filter(({ version }) => version === "baseline");
  return podsOf(exposure).map((pod) => toHistory(pod, countIntervals({ events: ofPod(events, pod), exposure: ofPod(exposure, pod) }, grid).intervals));
}

function toHistory(pod: string, intervals: ReturnType<typeof slowerThan>): PodHistory {
  return { pod, intervals: intervals.map(({ at, baseline }) => ({ at, ...baseline })) };
}

/** Half of the pods against the other half; null where batches would be longer than the history itself can tell. */
function correlationOf(series: readonly RawSeries[], grid: Grid): number | null {
  const pods = podsOf(series).sort();
  if (pods.length < 2) return null;
  const apart = new Set(pods.filter((_, i) => i % 2 === 0));
  const points = gaugePoints(series.map((one) => ({ ...one, version: apart.has(one.pod) ? "canary" as const : "baseline" as const })), grid);
  const differences = points.flatMap(({ canary, baseline }) => (canary === null || baseline === null ? [] : [canary - baseline]));
  const measured = autocorrelation(differences);
  return differences.length < 30 || !Number.isFinite(measured) || batchSize(measured) * 2 > differences.length ? null : measured;
}
