// What the shell asks the server: who am I, which clusters are there, what of the world is still coming up.
import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { type Permission, permissions, roles } from "@/lib/access/model";
import { fetchJson } from "../live/fetch-json";

const me = z.object({
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string(), role: z.enum(roles), email: z.string().optional() }),
  permissions: z.array(z.enum(permissions)),
});
export type Me = z.infer<typeof me>;

const worldPart = z.object({
  name: z.string(),
  title: z.string(),
  state: z.enum(["waiting", "building", "starting", "ready", "failed"]),
  progress: z.number().nullable(),
  say: z.string(),
  etaMs: z.number().nullable(),
});
export type WorldPart = z.infer<typeof worldPart>;

const clusterList = z.object({
  clusters: z.array(z.object({ slug: z.string(), title: z.string(), source: z.string(), state: z.string(), version: z.string().nullable() })),
  /** The kubeconfig file that is named but not there yet. */
  waitingFor: z.string().nullable().optional(),
  world: z.object({ parts: z.array(worldPart), ready: z.boolean() }).nullable(),
});
export type ClusterList = z.infer<typeof clusterList>;

export function useMe() {
  return useQuery({ queryKey: ["me"], queryFn: ({ signal }) => fetchJson("/api/me", me, { signal }), staleTime: 60_000 });
}

export function useMay(permission: Permission): boolean {
  return useMe().data?.permissions.includes(permission) ?? false;
}

const worldPollMs = 1500;
const clustersPollMs = 15_000;

/** Asked more often while something is still coming up. */
export function useClusters() {
  return useQuery({
    queryKey: ["clusters"],
    queryFn: ({ signal }) => fetchJson("/api/clusters", clusterList, { signal }),
    refetchInterval: ({ state }) => (state.data?.clusters.length && (state.data.world?.ready ?? true) ? clustersPollMs : worldPollMs),
  });
}
