// The browser's copy of notices: asked once, then told as they come, in every open page.
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { notice, type Notice } from "@/lib/notices/model";
import { fetchJson } from "../live/fetch-json";
import { useLive } from "../live/use-live";

const key = ["notices"] as const;
const answer = z.object({ notices: z.array(notice) });
const kept = 30;

/** The latest notices; `onNew` hears of each that comes while the page is open. It must be stable. */
export function useNotices(onNew: (notice: Notice) => void) {
  const cache = useQueryClient();
  const [handlers] = useState(() => handlersFor(cache, onNew));
  useLive("notices:all", handlers);
  return useQuery({ queryKey: key, queryFn: async ({ signal }) => (await fetchJson(`/api/notices?limit=${kept}`, answer, { signal })).notices, refetchInterval: 60_000 });
}

function handlersFor(cache: QueryClient, onNew: (notice: Notice) => void) {
  return {
    onChange(_n: number, delta: unknown) {
      const told = notice.parse(delta);
      cache.setQueryData(key, (had: Notice[] | undefined) => had && [told, ...had.filter(({ id }) => id !== told.id)].slice(0, kept));
      onNew(told);
    },
    onAgain: () => void cache.invalidateQueries({ queryKey: key }),
  };
}
