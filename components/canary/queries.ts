// The browser's copy of canaries: asked for, and asked for again when the feed tells that something has changed.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { z } from "zod";
import type { AnalysisDefinition } from "@/lib/canary/model";
import { analysisAnswer, backtestAnswer, canariesAnswer, canaryAnswer, checkAnswer, runSummary, trafficAnswer } from "@/lib/canary/views";
import { fetchJson, jsonBody, postJson } from "../live/fetch-json";
import type { LiveHandlers } from "../live/live-client";
import { useLive } from "../live/use-live";

export interface Workload { cluster: string; namespace: string; workload: string }

const rootOf = (cluster: string): string => `/api/clusters/${encodeURIComponent(cluster)}`;
export const canaryPath = ({ cluster, namespace, workload }: Workload): string => `${rootOf(cluster)}/canary/${encodeURIComponent(namespace)}/${encodeURIComponent(workload)}`;
export const canaryPage = ({ cluster, namespace, workload }: Workload): string => `/clusters/${encodeURIComponent(cluster)}/canary/${encodeURIComponent(namespace)}/${encodeURIComponent(workload)}`;
const rolloutPath = ({ cluster, namespace, workload }: Workload): string => `${rootOf(cluster)}/rollouts/${encodeURIComponent(namespace)}/${encodeURIComponent(workload)}`;

/** The feed tells of every change; this finds what a broken feed lost. */
const lookAgainMs = 15_000;

/** Everything of a cluster's canaries is asked for again with each word of the feed. */
export function useCanaryFeed(cluster: string): void {
  const cache = useQueryClient();
  const [handlers] = useState((): LiveHandlers => {
    const again = () => void cache.invalidateQueries({ queryKey: ["canary", cluster, "live"] });
    return { onChange: again, onAgain: again };
  });
  useLive(`canary:${cluster}`, handlers);
}

export function useCanaries(cluster: string) {
  return useQuery({ queryKey: ["canary", cluster, "live", "list"], queryFn: ({ signal }) => fetchJson(`${rootOf(cluster)}/canary`, canariesAnswer, { signal }), refetchInterval: lookAgainMs });
}

export function useCanary(of: Workload, run: string) {
  const query = run === "" ? "" : `?run=${encodeURIComponent(run)}`;
  return useQuery({ queryKey: ["canary", of.cluster, "live", "one", of.namespace, of.workload, run], queryFn: ({ signal }) => fetchJson(`${canaryPath(of)}${query}`, canaryAnswer, { signal }), refetchInterval: lookAgainMs, placeholderData: keepPreviousData });
}

export function useHistory(cluster: string) {
  return useQuery({ queryKey: ["canary", cluster, "live", "history"], queryFn: ({ signal }) => fetchJson(`${rootOf(cluster)}/canary/history`, z.object({ runs: z.array(runSummary) }), { signal }) });
}

export function useAnalysis(of: Workload) {
  return useQuery({ queryKey: ["canary", of.cluster, "analysis", of.namespace, of.workload], queryFn: ({ signal }) => fetchJson(`${canaryPath(of)}/analysis`, analysisAnswer, { signal }), refetchOnWindowFocus: false });
}

export function useCheck(of: Workload, definition: AnalysisDefinition | null) {
  return useQuery({ queryKey: ["canary", of.cluster, "check", of.namespace, of.workload, definition], enabled: definition !== null, placeholderData: keepPreviousData, retry: false, queryFn: ({ signal }) => fetchJson(`${canaryPath(of)}/check`, checkAnswer, { ...jsonBody({ definition }), signal }) });
}

export function useBacktest(of: Workload) {
  return useMutation({ mutationFn: (definition: AnalysisDefinition) => fetchJson(`${canaryPath(of)}/backtest`, backtestAnswer, jsonBody({ definition })) });
}

export function useTraffic(of: Workload | null) {
  return useQuery({ queryKey: ["canary", of?.cluster, "traffic", of?.namespace, of?.workload], enabled: of !== null, refetchOnWindowFocus: false, queryFn: ({ signal }) => (of ? fetchJson(`${canaryPath(of)}/traffic`, trafficAnswer, { signal }) : null) });
}

export type Deed = "promote" | "promote-full" | "abort" | "retry" | "pause" | "resume" | "start" | "stop" | "truth" | "analysis";
const onRollout: readonly Deed[] = ["abort", "retry", "pause", "resume"];

/** A deed on a canary; what it changed is asked for again. */
export function useDeed(of: Workload, done: (deed: Deed) => string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ deed, body }: { deed: Deed; body: object }) => postJson(`${onRollout.includes(deed) ? rolloutPath(of) : canaryPath(of)}/${deed}`, z.unknown(), body),
    onSuccess: (_answer, { deed }) => void notifications.show({ message: done(deed) }),
    onSettled: () => cache.invalidateQueries({ queryKey: ["canary", of.cluster] }),
  });
}
