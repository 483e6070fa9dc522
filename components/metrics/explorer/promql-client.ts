// Completion's questions, asked through our own server with its caps: nothing in advance, values when a label is being typed.
import type { PrometheusClient } from "@prometheus-io/codemirror-promql";
import { labelMatchersToString } from "@prometheus-io/codemirror-promql/dist/esm/parser/matcher";
import { z } from "zod";
import { fetchJson, postJson } from "@/components/live/fetch-json";
import { metricsPath } from "../queries";

const names = z.object({ names: z.array(z.string()) });
const values = z.object({ values: z.array(z.string()) });
const series = z.object({ series: z.array(z.record(z.string(), z.string())) });
const meanings = z.object({ meanings: z.record(z.string(), z.object({ type: z.string(), help: z.string() })) });

export function promqlClient(cluster: string): PrometheusClient {
  const base = metricsPath(cluster);
  const quietly = async <T>(ask: Promise<T>, none: T): Promise<T> => ask.catch(() => none);
  const selector = (metric: string | undefined, matchers: Parameters<typeof labelMatchersToString>[1], label: string) => (metric || matchers?.length ? labelMatchersToString(metric ?? "", matchers, label) : "");
  const matching = (match: string) => (match === "" ? "" : `?${new URLSearchParams({ match })}`);
  return {
    labelNames: (metric) => quietly(fetchJson(`${base}/labels${matching(metric ?? "")}`, names).then((answer) => answer.names), []),
    labelValues: (label, metric, matchers) => quietly(fetchJson(`${base}/values/${encodeURIComponent(label)}${matching(selector(metric, matchers, label))}`, values).then((answer) => answer.values), []),
    metricMetadata: () => quietly(fetchJson(`${base}/meanings`, meanings).then((answer) => Object.fromEntries(Object.entries(answer.meanings).map(([name, meaning]) => [name, [meaning]]))), {}),
    series: (metric, matchers) => quietly(postJson(`${base}/series`, series, { match: labelMatchersToString(metric, matchers) }).then((answer) => answer.series.map((labels) => new Map(Object.entries(labels)))), []),
    metricNames: () => quietly(fetchJson(`${base}/values/__name__`, values).then((answer) => answer.values), []),
    flags: async () => ({}),
  };
}
