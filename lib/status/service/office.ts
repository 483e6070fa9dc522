// What the console shows of a status page behind the sign-in: its settings, its services, every incident with drafts and authors, maintenance, probes and hooks.
import "server-only";
import { z } from "zod";
import { mayDo } from "@/lib/access/policy";
import { feed } from "@/lib/access/verb";
import { clusterSlug } from "@/lib/clusters/model";
import { liveView } from "@/lib/placement/service/live";
import { database } from "@/lib/runtime";
import { observe } from "../observed";
import { unpublished } from "../model";
import { latestResults } from "../loops/probe-results";
import { readIncidents, readMaintenance } from "../loops/told";
import { settingsOf } from "./settings";

export const statusOffice = feed({
  name: "status.office",
  permission: "cluster.read",
  input: z.object({ cluster: clusterSlug }),
  run: async (ctx, { cluster }) => {
    const now = Date.now();
    const view = await liveView(cluster);
    const settings = await settingsOf(cluster);
    const { services } = observe({ picture: view.picture, tables: view.tables(), freshness: view.handle.freshness(), version: view.handle.version(), settings: { ...unpublished, services: settings.services.map((one) => ({ ...one, hidden: false, title: "" })) } });
    const mayWrite = mayDo(ctx.actor.role, "incident.write");
    const [incidents, maintenance, probes, hooks] = await Promise.all([readIncidents(cluster, now), readMaintenance(cluster, now), latestResults(cluster), mayDo(ctx.actor.role, "status.outgoing") ? readHooks(cluster) : []]);
    return {
      settings, services: services.map(({ id, name, tier }) => ({ id, name, tier })),
      incidents: incidents.filter(({ status }) => mayWrite || status !== "draft"), maintenance, probes, hooks,
    };
  },
});

async function readHooks(cluster: string) {
  const rows = await database().statusHook.findMany({ where: { cluster, removedAt: null }, orderBy: { createdAt: "asc" }, include: { deliveries: { orderBy: { id: "desc" }, take: 5 } } });
  return rows.map(({ id, host, createdBy, deliveries }) => ({
    id, host, createdBy,
    deliveries: deliveries.map((one) => ({ event: one.event, attempt: one.attempt, say: one.say, state: one.deliveredAt ? "delivered" : one.gaveUpAt ? "given up" : "waiting", at: (one.deliveredAt ?? one.gaveUpAt ?? one.createdAt).getTime() })),
  }));
}
