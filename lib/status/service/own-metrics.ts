// What the console tells of itself to a Prometheus: its process, its answers, its pictures of the clusters, its jobs and probes.
import "server-only";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { z } from "zod";
import { requests } from "@/lib/access/requests";
import { readiness } from "@/lib/access/service";
import { feed } from "@/lib/access/verb";
import { connections } from "@/lib/clusters/connections";
import { recorderOf } from "@/lib/deployments/loops";
import { database, keep } from "@/lib/runtime";
import { latestResults } from "../loops/probe-results";

function createOwn() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) => new Gauge({ name: `quarterdeck_${name}`, help, labelNames, registers: [registry] });
  const told = {
    database: gauge("database_up", "1 while the console's database answers."),
    live: gauge("cluster_live", "1 while the picture of the cluster is true at this moment.", ["cluster"]),
    age: gauge("cluster_fresh_age_seconds", "Since the picture of the cluster was last proven true.", ["cluster"]),
    watch: gauge("watch_live", "1 while a kind of object is watched.", ["cluster", "kind"]),
    objects: gauge("objects", "Objects known, by kind.", ["cluster", "kind"]),
    recorder: gauge("recorder_live", "1 while deployments are recorded as they come.", ["cluster"]),
    jobs: gauge("jobs", "Jobs by where they stand.", ["status"]),
    probes: gauge("probe_success", "1 where the last probe of an address succeeded.", ["cluster", "service", "probe"]),
  };
  return { registry, told };
}

type Told = ReturnType<typeof createOwn>["told"];

function tellClusters({ live, age, watch, objects, recorder }: Told): void {
  for (const { slug: cluster, handle } of connections()) {
    const { state, freshAt } = handle.freshness();
    live.set({ cluster }, state === "live" ? 1 : 0);
    if (freshAt !== null) age.set({ cluster }, Math.max(0, Date.now() - freshAt) / 1000);
    recorder.set({ cluster }, recorderOf(cluster)?.state().state === "live" ? 1 : 0);
    for (const { kind, state: watched } of handle.kinds()) {
      watch.set({ cluster, kind }, watched === "live" ? 1 : 0);
      objects.set({ cluster, kind }, handle.store(kind).size);
    }
  }
}

/** What the database knows is left out while it does not answer; the rest is told all the same. */
async function tellStored({ database: up, jobs, probes }: Told): Promise<void> {
  const { ready } = await readiness();
  up.set(ready ? 1 : 0);
  if (!ready) return;
  for (const { status, _count } of await database().job.groupBy({ by: ["status"], _count: true })) jobs.set({ status }, _count);
  for (const { slug: cluster } of connections()) {
    for (const { id: probe, service, results } of await latestResults(cluster)) if (results[0]) probes.set({ cluster, service, probe }, results[0].ok ? 1 : 0);
  }
}

/** Whoever may see the clusters, so a key of a viewer: names of clusters and services are in it, nothing secret is. */
export const ownMetrics = feed({
  name: "console.metrics",
  permission: "cluster.read",
  input: z.object({}),
  async run() {
    const { registry, told } = keep("status.own-metrics", createOwn);
    for (const one of Object.values(told)) one.reset();
    tellClusters(told);
    await tellStored(told);
    const all = Registry.merge([registry, requests().registry]);
    return new Response(await all.metrics(), { headers: { "content-type": all.contentType, "cache-control": "no-store" } });
  },
});
