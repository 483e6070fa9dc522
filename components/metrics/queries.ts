// What is asked of Prometheus through our server: usage for the marks on placement, charts, alerts and targets.
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { alert, alertRule, chartAnswer, target } from "@/lib/metrics/model";
import { onSteps, stepFor } from "@/lib/metrics/window";
import { fetchJson, jsonBody } from "../live/fetch-json";
import type { Looking } from "./use-window";

export interface Usage { cpuMillis: number; memoryBytes: number }

/** A figure that is not known comes as null. */
const figure = z.number().nullable().transform((value) => value ?? Number.NaN);
const usage = z.object({ cpuMillis: figure, memoryBytes: figure });
const answer = z.union([
  z.object({ unavailable: z.string() }),
  z.object({ at: z.number(), nodes: z.record(z.string(), usage), pods: z.record(z.string(), usage) }),
]);

const everyMs = 15_000;

function usageQuery(cluster: string, pods: string) {
  return queryOptions({
    queryKey: ["metrics", cluster, "usage", pods],
    queryFn: ({ signal }) => fetchJson(`/api/clusters/${encodeURIComponent(cluster)}/usage?pods=${encodeURIComponent(pods)}`, answer, { signal }),
    refetchInterval: everyMs,
  });
}

/** Usage by node name, of nodes of which both figures are known; null while nothing is. */
export function useNodeUsage(cluster: string): ReadonlyMap<string, Usage> | null {
  const { data } = useQuery({ ...usageQuery(cluster, "none"), select: toNodeUsage });
  return data ?? null;
}

function toNodeUsage(got: z.infer<typeof answer>): ReadonlyMap<string, Usage> | null {
  return "unavailable" in got ? null : new Map(Object.entries(got.nodes).filter(([, { cpuMillis, memoryBytes }]) => Number.isFinite(cpuMillis + memoryBytes)));
}

/** What one uses now, or why that is not known; null until the first answer. */
export type UsageTold = { usage: Usage } | { unknown: string } | null;

export function useUsageOf(cluster: string, of: { node: string } | { pod: string }): UsageTold {
  const { data, error } = useQuery(usageQuery(cluster, "pod" in of ? of.pod : "none"));
  if (!data) return error ? { unknown: error.message } : null;
  if ("unavailable" in data) return { unknown: data.unavailable };
  const usage = "pod" in of ? data.pods[of.pod] : data.nodes[of.node];
  return usage ? { usage } : { unknown: "Prometheus has no figures of it." };
}

export function metricsPath(cluster: string): string {
  return `/api/clusters/${encodeURIComponent(cluster)}/metrics`;
}

/** Start and end on whole steps: a chart is asked for again when its next point is due, and two pages ask the same. */
function spanOf({ start, end, peaks }: Looking): { start: number; end: number; stepMs: number; peaks: boolean } {
  const stepMs = stepFor(end - start);
  return { ...onSteps({ start, end }, stepMs), stepMs, peaks };
}

/** What an answer was asked for stays on the screen until the next is there; a query that is wrong is not asked again by itself. */
const chartOptions = { placeholderData: keepPreviousData, retry: false, refetchOnWindowFocus: false, staleTime: Number.POSITIVE_INFINITY } as const;

export function usePanel(cluster: string, panel: string, looking: Looking | null) {
  const span = looking && spanOf(looking);
  return useQuery({
    ...chartOptions, queryKey: ["metrics", cluster, "panel", panel, span], enabled: span !== null,
    queryFn: ({ signal }) => fetchJson(`${metricsPath(cluster)}/panels/${panel}?${new URLSearchParams(Object.entries(span ?? {}).map(([name, value]) => [name, String(value)]))}`, chartAnswer, { signal }),
  });
}

export function useRange(cluster: string, expression: string, looking: Looking | null) {
  const span = looking && spanOf(looking);
  return useQuery({
    ...chartOptions, queryKey: ["metrics", cluster, "range", expression, span], enabled: span !== null && expression !== "",
    queryFn: ({ signal }) => fetchJson(`${metricsPath(cluster)}/range`, chartAnswer, { ...jsonBody({ ...span, expression }), signal }),
  });
}

const table = z.object({ rows: z.array(z.object({ labels: z.record(z.string(), z.string()), at: z.number(), value: z.string() })), of: z.number(), tookMs: z.number(), remarks: z.array(z.string()) });
export type TableAnswer = z.infer<typeof table>;

export function useInstant(cluster: string, expression: string, enabled: boolean) {
  return useQuery({
    queryKey: ["metrics", cluster, "instant", expression], enabled: enabled && expression !== "", placeholderData: keepPreviousData, retry: false, refetchInterval: everyMs,
    queryFn: ({ signal }) => fetchJson(`${metricsPath(cluster)}/instant`, table, { ...jsonBody({ expression }), signal }),
  });
}

export function useAlerts(cluster: string) {
  return useQuery({ queryKey: ["metrics", cluster, "alerts"], queryFn: ({ signal }) => fetchJson(`${metricsPath(cluster)}/alerts`, z.object({ at: z.number(), alerts: z.array(alert), rules: z.array(alertRule) }), { signal }), refetchInterval: everyMs, retry: false });
}

export function useTargets(cluster: string) {
  return useQuery({ queryKey: ["metrics", cluster, "targets"], queryFn: ({ signal }) => fetchJson(`${metricsPath(cluster)}/targets`, z.object({ at: z.number(), targets: z.array(target) }), { signal }), refetchInterval: everyMs, retry: false });
}

const saved = z.object({ saved: z.array(z.object({ id: z.string(), name: z.string(), expression: z.string(), owner: z.string(), mine: z.boolean() })) });

export function useSaved(cluster: string) {
  return useQuery({ queryKey: ["metrics", cluster, "saved"], queryFn: ({ signal }) => fetchJson(`${metricsPath(cluster)}/saved`, saved, { signal }) });
}

const links = z.object({ grafana: z.string().nullable(), prometheus: z.object({ version: z.string(), remarks: z.array(z.string()) }).nullable(), trouble: z.string() });

/** Which Prometheus answers, what it cannot, and where Grafana is. */
export function useLinks(cluster: string) {
  return useQuery({ queryKey: ["metrics", cluster, "links"], queryFn: ({ signal }) => fetchJson(`${metricsPath(cluster)}/links`, links, { signal }), staleTime: 60_000, retry: false, refetchOnWindowFocus: false });
}
