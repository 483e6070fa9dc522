"use client";
// Keeps the store of the cluster in the frame moving: changes, snapshots anew, freshness, silence. Draws nothing.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import type { PlacementDelta } from "@/lib/placement/model";
import type { LiveHandlers } from "../live/live-client";
import { useLive } from "../live/use-live";
import { placementKey, placementStore, usePlacement } from "./queries";

export function PlacementLive({ cluster }: { cluster: string }) {
  const cache = useQueryClient();
  const [handlers] = useState(() => handlersFor(cache, cluster));
  useLive(`placement:${cluster}`, handlers);
  usePlacement(cluster);
  return null;
}

/** Made by our own server from typed rows; checked to be an object of tables, as far as a change per event can afford. */
const delta = z.custom<PlacementDelta>((value) => typeof value === "object" && value !== null && !Array.isArray(value));
const freshness = z.object({ state: z.enum(["connecting", "live", "stale", "unreachable"]), freshAt: z.number().nullable(), staleSince: z.number().nullable(), say: z.string() });

function handlersFor(cache: QueryClient, cluster: string): LiveHandlers {
  const store = placementStore(cache, cluster);
  return {
    onChange: (n, change) => store.change(n, delta.parse(change)),
    onAgain() {
      store.expectSnapshot();
      void cache.refetchQueries({ queryKey: placementKey(cluster) });
    },
    onFresh(said, now) {
      const { state, freshAt, staleSince, say } = freshness.parse(said);
      store.setFresh({ state, ageMs: freshAt === null ? null : Math.max(0, now - freshAt), staleSince, say });
    },
    onSilence(since) {
      if (store.fresh.state === "live" || store.fresh.state === "connecting") store.setFresh({ state: "stale", ageMs: null, staleSince: since, say: "The console does not answer, reconnecting." });
    },
    onOpened: () => void cache.invalidateQueries({ queryKey: ["me"] }),
    onRefused(status) {
      if (status === 401) window.location.assign(`/sign-in?then=${encodeURIComponent(window.location.pathname + window.location.search)}`);
    },
  };
}
