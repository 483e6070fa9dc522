// What happened in the time that is looked at: deployments as they were recorded, and canaries with how they ended.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { runSummary } from "@/lib/canary/views";
import { deploymentMark } from "@/lib/deployments/model";
import type { ChartMark } from "../chart/marks";
import { fetchJson } from "../live/fetch-json";
import { toMarks } from "./marks";
import type { Looking } from "./use-window";

const everyMs = 15_000;
export function useMarks(cluster: string, looking: Looking | null, tier: number | null): readonly ChartMark[] {
  const root = `/api/clusters/${encodeURIComponent(cluster)}`;
  const span = looking && { since: String(Math.floor(looking.start)), until: String(Math.ceil(looking.end)), ...(tier === null ? {} : { tier: String(tier) }) };
  const options = { enabled: span !== null, placeholderData: keepPreviousData, refetchInterval: everyMs, retry: false, refetchOnWindowFocus: false } as const;
  // The window moves all the time; what is asked for is renewed by time and not by each of its steps.
  const key = looking ? Math.round((looking.end - looking.start) / 1000) : 0;
  const deployments = useQuery({ ...options, queryKey: ["deployments", cluster, "marks", tier, key, looking && Math.floor(looking.end / 60_000)], queryFn: ({ signal }) => fetchJson(`${root}/deployments/marks?${new URLSearchParams(span ?? {})}`, z.object({ marks: z.array(deploymentMark) }), { signal }) });
  const canaries = useQuery({ ...options, queryKey: ["canary", cluster, "live", "history"], queryFn: ({ signal }) => fetchJson(`${root}/canary/history`, z.object({ runs: z.array(runSummary) }), { signal }) });
  return toMarks(deployments.data?.marks ?? [], canaries.data?.runs ?? [], { tier });
}
