// The nouns of clusters: how one is named and added, and how it is told.
import { z } from "zod";

export const clusterSlug = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "lower-case letters, digits and hyphens, at most 63, beginning and ending with a letter or digit");

export const clusterTitle = z.string().trim().min(1).max(80);

export const addCluster = z.object({
  slug: clusterSlug,
  title: clusterTitle,
  kubeconfig: z.string().min(1).max(1_000_000),
  /** A context of the kubeconfig; its current one when absent. */
  context: z.string().max(253).optional(),
});
export type AddCluster = z.infer<typeof addCluster>;

export interface ClusterSummary {
  slug: string;
  title: string;
  source: "environment" | "uploaded";
  state: "connecting" | "live" | "stale" | "unreachable";
  /** Why it is not live; "" when it is. */
  say: string;
  version: string | null;
  /** Where its API server is; null for whoever may not manage clusters. */
  server: string | null;
}

/** How far a world that is coming up has come; told by the address in QUARTERDECK_WORLD_URL. */
export const worldProgress = z.object({
  ready: z.boolean(),
  parts: z.array(z.object({
    name: z.string(), title: z.string(), state: z.enum(["waiting", "building", "starting", "ready", "failed"]),
    progress: z.number().min(0).max(1).nullable(), say: z.string(), etaMs: z.number().nullable(),
  })).max(50),
});
export type WorldProgress = z.infer<typeof worldProgress>;

/** A name of anything made into a slug: what cannot stand in an address becomes a hyphen. */
export function toSlug(name: string): string {
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 63).replace(/-+$/, "");
  return slug === "" ? "cluster" : slug;
}
