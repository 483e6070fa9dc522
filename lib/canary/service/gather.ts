// Raw series of both versions from Prometheus: every selector once, a refusal of one kept apart from a Prometheus that is away.
import "server-only";
import type { PodObject } from "@/lib/adapters/kubernetes/objects";
import type { PrometheusClient } from "@/lib/adapters/prometheus/client";
import { AppError } from "@/lib/base/errors";
import type { Grid, RawSeries } from "../evidence/counters";
import { selectorKey, selectorsOf, type Fetched } from "../evidence/look";
import { expressionOf, toRawSeries, versionOf, type PodFact } from "../evidence/selectors";
import type { AnalysisDefinition, Selector } from "../model";
import type { Versions } from "../run";

export interface GatherInput {
  prometheus: PrometheusClient;
  definition: AnalysisDefinition;
  namespace: string;
  versions: Versions;
  pods: ReadonlyMap<string, PodFact>;
  grid: Grid;
  signal?: AbortSignal;
}

export interface Gathered { fetched: Fetched; alive: RawSeries[] }

/** Values before the grid tell what its first increase starts from; as long as a series may be silent. */
const leadMs = 5 * 60_000;
/** Finer than any usual scrape: between two points no restart hides. */
const finestStepMs = 15_000;
const mostSeries = 5000;
/** Every pod has it where kube-state-metrics runs; how long a pod was there is told by it. */
const podInfo: Selector = { series: "kube_pod_info", matchers: [] };

/** A divisor of the interval, so that its ends are asked for. */
function stepOf(intervalMs: number): number {
  return intervalMs / Math.ceil(intervalMs / finestStepMs);
}

/** Throws what a Prometheus throws that is away; a selector that it refuses is told with that selector. */
export async function gather({ prometheus, definition, namespace, versions, pods, grid, signal }: GatherInput): Promise<Gathered> {
  const rates = definition.metrics.some(({ kind }) => kind === "rate");
  const selectors = [...selectorsOf(definition), ...(rates ? [podInfo] : [])];
  const found = new Map<string, { series: RawSeries[] } | { because: string }>();
  const options = { start: grid.from - leadMs, end: grid.to, stepMs: stepOf(grid.stepMs), limit: mostSeries + 1, ...(signal ? { signal } : {}) };
  for (const selector of selectors) {
    try {
      const { series } = await prometheus.queryRange(expressionOf(selector, { namespace, versions }), options);
      found.set(selectorKey(selector), series.length > mostSeries ? { because: `${selector.series} has more than ${mostSeries} series of these pods, and no more are read; narrow it with matchers` } : { series: toRawSeries(series, { versions, pods }) });
    } catch (thrown) {
      if (!(thrown instanceof AppError) || (thrown.code !== "invalid" && thrown.code !== "too-many")) throw thrown;
      found.set(selectorKey(selector), { because: thrown.say });
    }
  }
  const alive = [...found.values()].flatMap((one) => ("series" in one ? one.series : []));
  return { fetched: { of: (selector) => found.get(selectorKey(selector)) ?? { because: "it was not asked for" } }, alive };
}

/** What the cluster knows of the pods of both versions. */
export function podFacts(pods: Iterable<PodObject>, { namespace, versions }: { namespace: string; versions: Versions }): { facts: Map<string, PodFact>; ready: { canary: number; baseline: number; since: Map<string, number> } } {
  const facts = new Map<string, PodFact>();
  const ready = { canary: 0, baseline: 0, since: new Map<string, number>() };
  for (const pod of pods) {
    if (pod.namespace !== namespace) continue;
    const version = versionOf(pod.name, versions);
    if (version === null) continue;
    facts.set(pod.name, { node: pod.nodeName, createdAt: pod.createdAt });
    if (!pod.ready || pod.deletedAt !== null) continue;
    ready[version] += 1;
    ready.since.set(pod.name, pod.readySince ?? pod.createdAt);
  }
  return { facts, ready };
}
