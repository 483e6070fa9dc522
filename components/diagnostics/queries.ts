// The browser's copy of a cluster's health: asked once, and again when the server says that the findings have changed.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { catalogueEntry, healthAnswer, historyAnswer } from "@/lib/diagnostics/model";
import { fetchJson, jsonBody, postJson } from "../live/fetch-json";
import type { LiveHandlers } from "../live/live-client";
import { liveClient, useLive } from "../live/use-live";

const path = (cluster: string) => `/api/clusters/${encodeURIComponent(cluster)}/health`;
const lookAgainMs = 30_000;
export const healthKey = (cluster: string) => ["health", cluster] as const;

export function useHealth(cluster: string) {
  const cache = useQueryClient();
  const [handlers] = useState((): LiveHandlers => {
    const again = () => void cache.invalidateQueries({ queryKey: healthKey(cluster) });
    return { onChange: again, onAgain: again };
  });
  useLive(`health:${cluster}`, handlers);
  return useQuery({
    queryKey: [...healthKey(cluster), "now"], refetchInterval: lookAgainMs,
    queryFn: async ({ signal }) => {
      await liveClient().following(`health:${cluster}`);
      return fetchJson(path(cluster), healthAnswer, { signal });
    },
  });
}

export function useHistory(cluster: string) {
  return useQuery({ queryKey: [...healthKey(cluster), "history"], queryFn: ({ signal }) => fetchJson(`${path(cluster)}/history`, historyAnswer, { signal }) });
}

const catalogue = z.object({ entries: z.array(catalogueEntry), of: z.number() });
export function useCatalogue(cluster: string, text: string) {
  return useQuery({ queryKey: [...healthKey(cluster), "catalogue", text], placeholderData: keepPreviousData, queryFn: ({ signal }) => fetchJson(`${path(cluster)}/catalogue`, catalogue, { ...jsonBody({ text }), signal }) });
}

export interface SilenceOrder { failure: string; subject: string; reason: string; endsAt: number }
export const silence = (cluster: string, order: SilenceOrder) => postJson(`${path(cluster)}/silences`, z.object({ id: z.string() }), order);
export const unsilence = (cluster: string, id: string) => postJson(`${path(cluster)}/silences/${encodeURIComponent(id)}/end`, z.unknown(), {});
