// What machines and pods use now, for the marks on placement; asked again as often as Prometheus scrapes.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { fetchJson } from "../live/fetch-json";

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
