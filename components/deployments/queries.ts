// The browser's copy of deployments: a window of records kept moving by the live stream, and what is asked once.
import { type QueryClient, keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { deploymentRecord, recorderState, workloadKinds, type DeploymentRecord } from "@/lib/deployments/model";
import { doraTotals, serviceFigures } from "@/lib/deployments/rules/dora";
import { freezeWindow } from "@/lib/deployments/rules/freeze";
import { fetchJson } from "../live/fetch-json";
import type { LiveHandlers } from "../live/live-client";
import { liveClient, useLive } from "../live/use-live";

export const api = (cluster: string): string => `/api/clusters/${encodeURIComponent(cluster)}`;
export const workloadApi = (cluster: string, { kind, namespace, name }: { kind: string; namespace: string; name: string }): string => `${api(cluster)}/workloads/${kind}/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;

const listAnswer = z.object({ records: z.array(deploymentRecord), next: z.string().nullable(), recorder: recorderState, now: z.number() });
export type RecordsAnswer = z.infer<typeof listAnswer>;
const told = z.object({ record: deploymentRecord });
export const deploymentsKey = "deployments";
const lookAgainMs = 30_000;
export const windowMost = 1000;

export interface RecordsAsked { lengthMs: number; tier: number | null; change: string | null; outcome: string | null; name?: string; namespace?: string }

/** A window that ends now; what changes comes by the stream, what the stream lost is found by asking again. */
export function useRecords(cluster: string, asked: RecordsAsked) {
  const cache = useQueryClient();
  const [handlers] = useState((): LiveHandlers => handlersFor(cache, cluster));
  useLive(`deployments:${cluster}`, handlers);
  return useQuery({
    queryKey: [deploymentsKey, cluster, "list", asked],
    queryFn: async ({ signal }) => {
      await liveClient().following(`deployments:${cluster}`);
      const params = new URLSearchParams({ since: String(Date.now() - asked.lengthMs), limit: String(windowMost) });
      for (const key of ["tier", "change", "outcome", "name", "namespace"] as const) if (asked[key] != null) params.set(key, String(asked[key]));
      return fetchJson(`${api(cluster)}/deployments?${params}`, listAnswer, { signal });
    },
    placeholderData: keepPreviousData,
    refetchInterval: lookAgainMs,
  });
}

function handlersFor(cache: QueryClient, cluster: string): LiveHandlers {
  return {
    onChange(_n, delta) {
      const { record } = told.parse(delta);
      for (const [key, had] of cache.getQueriesData<RecordsAnswer>({ queryKey: [deploymentsKey, cluster, "list"] })) {
        if (had) cache.setQueryData(key, { ...had, records: withRecord(had.records, record, asAsked(key[3])) });
      }
      void cache.invalidateQueries({ queryKey: [deploymentsKey, cluster, "record", record.id] });
      void cache.invalidateQueries({ queryKey: [deploymentsKey, cluster, "workload", record.kind, record.namespace, record.name] });
    },
    onAgain: () => void cache.invalidateQueries({ queryKey: [deploymentsKey, cluster] }),
  };
}

const filter = z.object({ tier: z.number().nullable(), change: z.string().nullable(), outcome: z.string().nullable(), name: z.string().optional(), namespace: z.string().optional() });
type Filter = z.infer<typeof filter>;
const asAsked = (key: unknown): Filter => filter.catch({ tier: null, change: null, outcome: null }).parse(key);

export function withRecord(records: readonly DeploymentRecord[], changed: DeploymentRecord, asked: Filter): DeploymentRecord[] {
  const others = records.filter(({ id }) => id !== changed.id);
  const fits = (asked.tier === null || changed.tier === asked.tier) && (asked.change === null || changed.change === asked.change) && (asked.outcome === null || changed.outcome === asked.outcome) && (asked.name === undefined || changed.name === asked.name) && (asked.namespace === undefined || changed.namespace === asked.namespace);
  return fits ? [changed, ...others].toSorted((a, b) => b.startedAt - a.startedAt || Number(b.id) - Number(a.id)) : others;
}

const folded = z.object({ median: z.number().nullable(), was: z.number().nullable(), means: z.string(), dots: z.array(z.object({ service: z.string(), tier: z.number().nullable(), value: z.number() })) });
const doraAnswer = z.object({ days: z.number(), since: z.number(), until: z.number(), services: z.array(serviceFigures), totals: doraTotals, figures: z.object({ perWeek: folded, leadMs: folded, failRate: folded, restoreMs: folded, reworkRate: folded }) });
export type DoraAnswer = z.infer<typeof doraAnswer>;

export function useDora(cluster: string, asked: { days: number; tier: number | null; unfinished?: boolean; config?: boolean }) {
  const params = new URLSearchParams({ days: String(asked.days), ...(asked.tier === null ? {} : { tier: String(asked.tier) }), ...(asked.unfinished === false ? { unfinished: "no" } : {}), ...(asked.config === false ? { config: "no" } : {}) });
  return useQuery({ queryKey: [deploymentsKey, cluster, "dora", params.toString()], queryFn: ({ signal }) => fetchJson(`${api(cluster)}/deployments/dora?${params}`, doraAnswer, { signal }), refetchInterval: 120_000, placeholderData: keepPreviousData });
}

const freezesAnswer = z.object({ freezes: z.array(freezeWindow), now: z.number() });
export function useFreezes(cluster: string, lengthMs: number) {
  return useQuery({ queryKey: [deploymentsKey, cluster, "freezes", lengthMs], queryFn: ({ signal }) => fetchJson(`${api(cluster)}/freezes?since=${Date.now() - lengthMs}`, freezesAnswer, { signal }), refetchInterval: 60_000, placeholderData: keepPreviousData });
}

const incident = z.object({ id: z.string(), number: z.number(), title: z.string(), startedAt: z.number(), resolvedAt: z.number().nullable() });
export type Incident = z.infer<typeof incident>;
const incidentsAnswer = z.object({ incidents: z.array(incident) });
export function useIncidents(cluster: string, lengthMs: number) {
  return useQuery({ queryKey: [deploymentsKey, cluster, "incidents", lengthMs], queryFn: ({ signal }) => fetchJson(`${api(cluster)}/status/incidents?since=${Date.now() - lengthMs}`, incidentsAnswer, { signal }), refetchInterval: 15_000, placeholderData: keepPreviousData });
}

const podThen = z.object({ name: z.string(), node: z.string(), state: z.string(), word: z.string(), ready: z.boolean(), restarts: z.number(), isNew: z.boolean() });
const eventThen = z.object({ at: z.number(), type: z.string(), reason: z.string(), message: z.string(), count: z.number(), about: z.string() });
const claim = z.object({ source: z.string(), kind: z.string(), name: z.string(), detail: z.string(), note: z.string() });
const build = z.object({ id: z.string(), source: z.string(), kind: z.string(), repository: z.string(), commit: z.string().nullable(), ref: z.string(), state: z.string(), label: z.string(), url: z.string().nullable(), actor: z.string().nullable(), startedAt: z.number().nullable(), finishedAt: z.number().nullable(), by: z.string() });
const recordAnswer = z.object({
  record: deploymentRecord, before: z.unknown(), after: z.unknown(), beforeId: z.string().nullable(), claims: z.array(claim), momentAt: z.number().nullable(), pods: z.array(podThen), events: z.array(eventThen), builds: z.array(build),
  acts: z.array(z.object({ at: z.number(), action: z.string(), actorName: z.string(), note: z.string() })), now: z.number(),
});
export type RecordAnswer = z.infer<typeof recordAnswer>;

export function useRecord(cluster: string, id: string) {
  const cache = useQueryClient();
  const [handlers] = useState((): LiveHandlers => handlersFor(cache, cluster));
  useLive(`deployments:${cluster}`, handlers);
  return useQuery({ queryKey: [deploymentsKey, cluster, "record", id], queryFn: ({ signal }) => fetchJson(`${api(cluster)}/deployments/${encodeURIComponent(id)}`, recordAnswer, { signal }), refetchInterval: lookAgainMs });
}

const difference = z.object({ path: z.string(), before: z.string(), after: z.string() });
const frozen = z.union([z.object({ verdict: z.literal("free") }), z.object({ verdict: z.enum(["warned", "blocked"]), windows: z.array(freezeWindow), say: z.string() })]);
export type Frozen = z.infer<typeof frozen>;
const owner = z.object({ application: z.string().nullable(), healsItself: z.boolean(), entry: z.object({ id: z.number(), revision: z.string() }).nullable(), say: z.string() });
export type Owner = z.infer<typeof owner>;
const workloadAnswer = z.object({
  records: z.array(deploymentRecord), live: z.array(z.number()), freeze: frozen, owner: owner.nullable(), now: z.number(),
  workload: z.object({
    uid: z.string(), seen: z.string(), paused: z.boolean(), replicas: z.number().nullable(), ready: z.number(), updated: z.number(), available: z.number(), containers: z.array(z.object({ name: z.string(), image: z.string() })),
    revision: z.number(), podHash: z.string(), template: z.unknown(), autoscaler: z.object({ name: z.string(), min: z.number(), max: z.number() }).nullable(),
  }).nullable(),
});
export type WorkloadAnswer = z.infer<typeof workloadAnswer>;

export interface WorkloadName { kind: string; namespace: string; name: string }
export const isRolledKind = (kind: string): boolean => workloadKinds.some((one) => one === kind);

export function useWorkload(cluster: string, of: WorkloadName) {
  const cache = useQueryClient();
  const [handlers] = useState((): LiveHandlers => handlersFor(cache, cluster));
  useLive(`deployments:${cluster}`, handlers);
  return useQuery({ queryKey: [deploymentsKey, cluster, "workload", of.kind, of.namespace, of.name], queryFn: ({ signal }) => fetchJson(workloadApi(cluster, of), workloadAnswer, { signal }), refetchInterval: lookAgainMs });
}

const previewAnswer = z.object({ seen: z.string(), isSame: z.boolean(), replicas: z.number().nullable(), differences: z.array(difference), freeze: frozen, owner, workloadRef: z.unknown() });
export function useRollbackPreview(cluster: string, of: WorkloadName, revision: number | null) {
  return useQuery({ queryKey: [deploymentsKey, cluster, "preview", of, revision], enabled: revision !== null, gcTime: 0, queryFn: ({ signal }) => fetchJson(`${workloadApi(cluster, of)}/rollback-preview?revision=${revision}`, previewAnswer, { signal }) });
}

const retentionAnswer = z.object({ days: z.number() });
export function useRetention() {
  return useQuery({ queryKey: ["hooks", "retention"], queryFn: ({ signal }) => fetchJson("/api/hooks/retention", retentionAnswer, { signal }) });
}

const unmatchedAnswer = z.object({ now: z.number(), events: z.array(z.object({ id: z.string(), source: z.string(), kind: z.string(), repository: z.string(), commit: z.string().nullable(), ref: z.string(), service: z.string(), environment: z.string(), state: z.string(), label: z.string(), url: z.string().nullable(), actor: z.string().nullable(), saidAt: z.number(), receivedAt: z.number() })) });
export function useUnmatched() {
  return useQuery({ queryKey: ["hooks", "unmatched"], queryFn: ({ signal }) => fetchJson("/api/hooks/unmatched?limit=200", unmatchedAnswer, { signal }), refetchInterval: lookAgainMs });
}

const settingsAnswer = z.object({ sources: z.array(z.object({ source: z.string(), isSet: z.boolean(), hasEarlier: z.boolean(), setBy: z.string(), setAt: z.number().nullable(), lastAt: z.number().nullable() })) });
export function useHookSettings(may: boolean) {
  return useQuery({ queryKey: ["hooks", "settings"], enabled: may, queryFn: ({ signal }) => fetchJson("/api/hooks/settings", settingsAnswer, { signal }) });
}
