// What machines and pods use now, for the marks on placement; asked again as often as Prometheus scrapes.
import { useQuery } from "@tanstack/react-query";
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

/** Usage by node name, of nodes of which both figures are known; null while nothing is. */
export function useNodeUsage(cluster: string): ReadonlyMap<string, Usage> | null {
  const { data } = useQuery({
    queryKey: ["metrics", cluster, "usage"],
    queryFn: ({ signal }) => fetchJson(`/api/clusters/${encodeURIComponent(cluster)}/usage`, answer, { signal }),
    refetchInterval: everyMs,
    select: toNodeUsage,
  });
  return data ?? null;
}

function toNodeUsage(got: z.infer<typeof answer>): ReadonlyMap<string, Usage> | null {
  return "unavailable" in got ? null : new Map(Object.entries(got.nodes).filter(([, { cpuMillis, memoryBytes }]) => Number.isFinite(cpuMillis + memoryBytes)));
}
