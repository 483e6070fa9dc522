// The tier policy of a cluster as it is stored; the default where none was saved.
import "server-only";
import { log } from "@/lib/base/log";
import { findConnection } from "@/lib/clusters/connections";
import { database } from "@/lib/runtime";
import { tierPolicy, type TierPolicy } from "../model";
import { defaultTierPolicy } from "../tier-policy";

export async function loadPolicy(slug: string): Promise<TierPolicy> {
  const row = await database().cluster.findUnique({ where: { slug }, select: { tierPolicy: true } });
  if (row?.tierPolicy == null) return defaultTierPolicy;
  const stored = tierPolicy.safeParse(row.tierPolicy);
  if (stored.success) return stored.data;
  log.error({ cluster: slug, cause: stored.error.message }, "the stored tier policy does not fit its schema; the default is used");
  return defaultTierPolicy;
}

/** A cluster of the server's own KUBECONFIG gets its row with the first policy. */
export async function storePolicy(slug: string, policy: TierPolicy): Promise<void> {
  const title = findConnection(slug)?.title ?? slug;
  await database().cluster.upsert({ where: { slug }, create: { slug, title, source: "environment", tierPolicy: policy }, update: { tierPolicy: policy } });
}
