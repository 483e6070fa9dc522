// Clusters as people manage them: the list, adding by kubeconfig, another title, removing. All by administrators, except the list.
import "server-only";
import path from "node:path";
import { z } from "zod";
import { mayDo } from "@/lib/access/policy";
import { encrypt } from "@/lib/access/secret";
import { feed, verb } from "@/lib/access/verb";
import { isDuplicate } from "@/lib/adapters/database/client";
import { openCluster } from "@/lib/adapters/kubernetes/cluster";
import { parseKubeconfig } from "@/lib/adapters/kubernetes/kubeconfig";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { database } from "@/lib/runtime";
import { usable } from "./built";
import { connections, findConnection } from "./connections";
import { connectStored } from "./loops";
import { addCluster, clusterSlug, clusterTitle, worldProgress, type ClusterSummary, type WorldProgress } from "./model";

const target = ({ cluster }: { cluster: string }) => ({ kind: "cluster", name: cluster, cluster });

export const listClusters = feed({
  name: "clusters.list",
  permission: "cluster.read",
  input: z.object({}),
  run: async (ctx): Promise<{ clusters: ClusterSummary[]; waitingFor: string | null; world: WorldProgress | null }> => {
    const clusters = connections().map(({ slug, title, source, handle }): ClusterSummary => {
      const { state, say } = handle.freshness();
      return { slug, title, source, state, say, version: handle.version(), server: mayDo(ctx.actor.role, "cluster.manage") ? handle.server : null };
    });
    const file = env().KUBECONFIG;
    const world = await worldNow(ctx.signal);
    return {
      clusters, waitingFor: file && !clusters.some(({ source }) => source === "environment") ? path.basename(file) : null,
      world: mayDo(ctx.actor.role, "cluster.manage") ? world : withoutAddresses(world),
    };
  },
});

const worldTimeoutMs = 1000;

/** What the world that is coming up says of itself; null when there is none or it does not answer. */
async function worldNow(signal: AbortSignal): Promise<WorldProgress | null> {
  const url = env().QUARTERDECK_WORLD_URL;
  if (!url) return null;
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(worldTimeoutMs)]), redirect: "error" });
    const parsed = worldProgress.safeParse(await response.json());
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function withoutAddresses(world: WorldProgress | null): WorldProgress | null {
  return world && { ...world, parts: world.parts.map((part) => ({ ...part, say: part.say.replace(/https?:\/\/[^\s,;)]+/g, "its address") })) };
}

type Check = { ok: true; version: string; server: string } | { ok: false; code: string; say: string; server: string };

async function tryOut({ text, server }: { text: string; server: string }): Promise<Check> {
  const handle = openCluster({ kubeconfig: text, trusted: false });
  try {
    return { ...(await handle.client.check()), server };
  } finally {
    await handle.close();
  }
}

const kubeconfigInput = addCluster.pick({ kubeconfig: true, context: true });

export const testKubeconfig = verb({
  name: "cluster.test",
  permission: "cluster.manage",
  input: kubeconfigInput,
  target: () => ({ kind: "cluster", name: "a kubeconfig" }),
  run: async (_ctx, { kubeconfig, context }) => {
    const contexts = parseKubeconfig(kubeconfig, { trusted: false }).contexts.map(({ name }) => name);
    return { ...(await tryOut(usable(kubeconfig, context))), contexts };
  },
});

export const addClusterByKubeconfig = verb({
  name: "cluster.add",
  permission: "cluster.manage",
  input: addCluster,
  target: ({ slug }) => ({ kind: "cluster", name: slug, cluster: slug }),
  run: async (_ctx, { slug, title, kubeconfig, context }) => {
    const found = usable(kubeconfig, context);
    const taken = () => new AppError("conflict", `There is already a cluster ${slug}. Choose another short name.`);
    if (findConnection(slug)) throw taken();
    const check = await tryOut(found);
    if (!check.ok) throw new AppError("invalid", `The cluster was not added, because it could not be used: ${check.say}`);
    try {
      await database().cluster.create({ data: { slug, title, source: "uploaded", server: found.server, kubeconfig: encrypt("kubeconfig", slug, found.text) } });
    } catch (error) {
      if (isDuplicate(error)) throw taken();
      throw error;
    }
    await connectStored();
    return { slug, version: check.version };
  },
});

export const renameCluster = verb({
  name: "cluster.rename",
  permission: "cluster.manage",
  input: z.object({ cluster: clusterSlug, title: clusterTitle }),
  target,
  run: async (_ctx, { cluster, title }) => {
    const connected = findConnection(cluster);
    const stored = await database().cluster.findUnique({ where: { slug: cluster } });
    if (!connected && !stored) throw unknownCluster(cluster);
    await database().cluster.upsert({ where: { slug: cluster }, create: { slug: cluster, title, source: "environment" }, update: { title } });
    if (connected) connected.title = title;
  },
});

export const removeCluster = verb({
  name: "cluster.remove",
  permission: "cluster.manage",
  input: z.object({ cluster: clusterSlug, typed: z.string().max(80) }),
  target,
  run: async (_ctx, { cluster, typed }) => {
    const stored = await database().cluster.findUnique({ where: { slug: cluster } });
    if (findConnection(cluster)?.source === "environment") throw new AppError("conflict", `The cluster ${cluster} comes from the server's own KUBECONFIG. Remove its context there; the console follows the file.`);
    if (!stored) throw unknownCluster(cluster);
    if (typed !== cluster) throw new AppError("invalid", `To remove it, type the cluster's short name, ${cluster}.`);
    await database().cluster.delete({ where: { slug: cluster } });
    await connectStored();
  },
});

const unknownCluster = (slug: string) => new AppError("not-found", `There is no cluster ${slug}.`);
