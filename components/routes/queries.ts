// The browser's copy of a cluster's routes: asked once, and again when the server says that they have changed.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { routesAnswer } from "@/lib/routes/model";
import { fetchJson } from "../live/fetch-json";
import type { LiveHandlers } from "../live/live-client";
import { liveClient, useLive } from "../live/use-live";

const keyOf = (cluster: string) => ["routes", cluster] as const;
/** The feed tells of every change; this finds what a broken feed lost, and what AWS learned without an object changing. */
const lookAgainMs = 20_000;

export function useRoutes(cluster: string) {
  const cache = useQueryClient();
  const [handlers] = useState((): LiveHandlers => {
    const again = () => void cache.invalidateQueries({ queryKey: keyOf(cluster) });
    return { onChange: again, onAgain: again };
  });
  useLive(`routes:${cluster}`, handlers);
  return useQuery({
    queryKey: keyOf(cluster),
    queryFn: async ({ signal }) => {
      await liveClient().following(`routes:${cluster}`);
      return fetchJson(`/api/clusters/${encodeURIComponent(cluster)}/routes`, routesAnswer, { signal });
    },
    refetchInterval: lookAgainMs,
  });
}
