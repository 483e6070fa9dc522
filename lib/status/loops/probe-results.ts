// The latest results of every probe of a cluster, and the services that are known by their probes alone.
import "server-only";
import { z } from "zod";
import { database } from "@/lib/runtime";
import type { Observed } from "../observed";

export interface ProbeStanding { id: string; service: string; title: string; tier: 1 | 2 | 3 | 4; results: { ok: boolean; say: string; at: number; tookMs: number }[] }

const tierOf = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).catch(1);
const each = 3;

export async function latestResults(cluster: string): Promise<ProbeStanding[]> {
  const probes = await database().statusProbe.findMany({ where: { cluster, removedAt: null }, orderBy: { createdAt: "asc" } });
  return Promise.all(probes.map(async ({ id, service, title, tier }) => {
    const rows = await database().probeResult.findMany({ where: { probeId: id }, orderBy: { at: "desc" }, take: each });
    return { id, service, title, tier: tierOf.parse(tier), results: rows.map(({ ok, say, at, tookMs }) => ({ ok, say, at: at.getTime(), tookMs })) };
  }));
}

/** What is no workload of the cluster, such as a bucket, is a service by its probe. */
export function probedServices(probes: readonly ProbeStanding[], services: readonly Observed[]): Observed[] {
  const known = new Set(services.map(({ id }) => id));
  const found = new Map<string, Observed>();
  for (const { service, title, tier } of probes) {
    if (known.has(service) || found.has(service)) continue;
    found.set(service, { id: service, name: title, tier, replicas: null, rolling: false, blind: "", version: "", at: null, as: "", rollout: null });
  }
  return [...found.values()];
}
