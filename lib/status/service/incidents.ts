// The life of an incident: opened or suggested, told in updates, resolved, and looked back upon. People write it; the console only suggests.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { clusterSlug } from "@/lib/clusters/model";
import { connectionFor } from "@/lib/clusters/connections";
import { database } from "@/lib/runtime";
import { incidentUpdate, openIncident } from "../model";
import { tellHooks } from "./news";

const id = z.uuid();

async function incidentOf(cluster: string, which: string) {
  const found = await database().incident.findFirst({ where: { id: which, cluster } });
  if (!found) throw new AppError("not-found", `There is no such incident of ${cluster}. It may have been dismissed; read the list anew.`);
  return found;
}

const named = async (cluster: string, which: string) => ({ kind: "incident", name: (await database().incident.findFirst({ where: { id: which, cluster }, select: { title: true } }))?.title ?? which, cluster });

/** Those that were open at some time since `since` (epoch ms), newest first, without suggestions: as much as a line of time needs. */
export const listIncidents = feed({
  name: "incident.list",
  permission: "cluster.read",
  input: z.object({ cluster: clusterSlug, since: z.coerce.number().int().min(0) }),
  run: async (_ctx, { cluster, since }) => {
    const rows = await database().incident.findMany({
      where: { cluster, status: { notIn: ["draft", "dismissed"] }, OR: [{ resolvedAt: null }, { resolvedAt: { gte: new Date(since) } }] }, orderBy: { startedAt: "desc" }, take: 200,
      select: { id: true, number: true, title: true, startedAt: true, resolvedAt: true },
    });
    return { incidents: rows.map(({ startedAt, resolvedAt, ...row }) => ({ ...row, startedAt: startedAt.getTime(), resolvedAt: resolvedAt?.getTime() ?? null })) };
  },
});

export const openAnIncident = verb({
  name: "incident.open",
  permission: "incident.write",
  input: openIncident.extend({ cluster: clusterSlug }),
  target: ({ cluster, title }) => ({ kind: "incident", name: title, cluster }),
  run: async (ctx, { cluster, title, impact, services, status, body, startedAt }) => {
    connectionFor(cluster);
    const begun = new Date(Math.min(startedAt ?? Date.now(), Date.now()));
    return database().$transaction(async (tx) => {
      const made = await tx.incident.create({ data: { cluster, title, impact, status, services, startedAt: begun, createdBy: ctx.actor.name, updates: { create: { status, body, by: ctx.actor.name } } }, include: { updates: true } });
      await tellHooks(tx, cluster, { event: `incident ${made.updates[0]?.id}`, kind: "incident", title, status, impact, body, services });
      return { id: made.id, number: made.number };
    });
  },
});

export const updateIncident = verb({
  name: "incident.update",
  permission: "incident.write",
  input: incidentUpdate.extend({ cluster: clusterSlug, id }),
  target: ({ cluster, id: which }) => named(cluster, which),
  run: async (ctx, { cluster, id: which, status, body, impact }) => {
    const found = await incidentOf(cluster, which);
    if (found.status === "resolved") throw new AppError("conflict", "The incident is resolved. Open another one, or write its post-mortem.");
    await database().$transaction(async (tx) => {
      // Of two who resolve at once, one is told that it is done.
      const { count } = await tx.incident.updateMany({ where: { id: which, status: found.status }, data: { status, ...(impact === undefined ? {} : { impact }), resolvedAt: status === "resolved" ? new Date() : null } });
      if (count === 0) throw new AppError("conflict", "Somebody else has just changed the incident. Read it anew and try again.");
      const update = await tx.incidentUpdate.create({ data: { incidentId: which, status, body, by: ctx.actor.name } });
      await tellHooks(tx, cluster, { event: `incident ${update.id}`, kind: "incident", title: found.title, status, impact: impact ?? found.impact, body, services: z.array(z.string()).catch([]).parse(found.services) });
    });
  },
});

export const writePostMortem = verb({
  name: "incident.post-mortem",
  permission: "incident.write",
  input: z.object({ cluster: clusterSlug, id, text: z.string().trim().max(20_000) }),
  target: ({ cluster, id: which }) => named(cluster, which),
  run: async (_ctx, { cluster, id: which, text }) => {
    const found = await incidentOf(cluster, which);
    if (found.status !== "resolved") throw new AppError("conflict", "A post-mortem is written once the incident is resolved.");
    await database().incident.update({ where: { id: which }, data: { postMortem: text } });
  },
});

/** Only what the console suggested and nobody told to the world can be put away. */
export const dismissIncident = verb({
  name: "incident.dismiss",
  permission: "incident.write",
  input: z.object({ cluster: clusterSlug, id }),
  target: ({ cluster, id: which }) => named(cluster, which),
  run: async (_ctx, { cluster, id: which }) => {
    const found = await incidentOf(cluster, which);
    if (found.status !== "draft") throw new AppError("conflict", "The incident has been published. Resolve it instead.");
    await database().incident.update({ where: { id: which }, data: { status: "dismissed", resolvedAt: new Date() } });
  },
});
