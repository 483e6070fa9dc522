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

const gauges = {
  database: { name: "quarterdeck_database_up", help: "1 while the console's database answers.", labelNames: [] },
  live: { name: "quarterdeck_cluster_live", help: "1 while the picture of the cluster is true at this moment.", labelNames: ["cluster"] },
  age: { name: "quarterdeck_cluster_fresh_age_seconds", help: "Since the picture of the cluster was last proven true.", labelNames: ["cluster"] },
  watch: { name: "quarterdeck_watch_live", help: "1 while a kind of object is watched.", labelNames: ["cluster", "kind"] },
  objects: { name: "quarterdeck_objects", help: "Objects known, by kind.", labelNames: ["cluster", "kind"] },
  recorder: { name: "quarterdeck_recorder_live", help: "1 while deployments are recorded as they come.", labelNames: ["cluster"] },
  jobs: { name: "quarterdeck_jobs", help: "Jobs by where they stand.", labelNames: ["status"] },
  probes: { name: "quarterdeck_probe_success", help: "1 where the last probe of an address succeeded.", labelNames: ["cluster", "service", "probe"] },
} as const;

type Told = Record<keyof typeof gauges, Gauge>;
interface Own { registry: Registry; told: Told }

function own(): Own {
  return keep("status.own-metrics", () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const made = ({ name, help, labelNames }: (typeof gauges)[keyof typeof gauges]) => new Gauge({ name, help, labelNames, registers: [registry] });
    const { database: up, live, age, watch, objects, recorder, jobs, probes } = gauges;
    return { registry, told: { database: made(up), live: made(live), age: made(age), watch: made(watch), objects: made(objects), recorder: made(recorder), jobs: made(jobs), probes: made(probes) } };
  });
}

function tellClusters({ live, age, watch, objects, recorder }: Told): void {
  for (const { slug: cluster, handle } of connections()) {
    const { state, freshAt } = handle.freshness();
    live.set({ cluster }, state === "live" ? 1 : 0);
    if (freshAt !== null) age.set({ cluster }, Math.max(0, Date.now() - freshAt) / 1000);
    recorder.set({ cluster }, recorderOf(cluster)?.state().state === "live" ? 1 : 0);
    for (const { kind, state: watched } of handle.kinds()) watch.set({ cluster, kind }, watched === "live" ? 1 : 0);
    for (const { kind } of handle.kinds()) objects.set({ cluster, kind }, handle.store(kind).size);
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
    const { registry, told } = own();
    for (const one of Object.values(told)) one.reset();
    tellClusters(told);
    await tellStored(told);
    const all = Registry.merge([registry, requests().registry]);
    return new Response(await all.metrics(), { headers: { "content-type": all.contentType, "cache-control": "no-store" } });
  },
});
