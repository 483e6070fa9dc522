// Where the console goes for a status page: probes and webhooks. Administrators alone, because an address is a way into whatever network the server stands in.
import "server-only";
import { z } from "zod";
import { decrypt, encrypt, newToken } from "@/lib/access/secret";
import { verb } from "@/lib/access/verb";
import { readHostPort, readUrl } from "@/lib/adapters/outgoing/address";
import { AppError } from "@/lib/base/errors";
import { clusterSlug } from "@/lib/clusters/model";
import { connectionFor } from "@/lib/clusters/connections";
import { database } from "@/lib/runtime";
import { newProbe } from "../model";

const one = z.object({ cluster: clusterSlug, id: z.uuid() });
const mostOfEach = 50;

export const addProbe = verb({
  name: "probe.add",
  permission: "status.outgoing",
  input: newProbe.extend({ cluster: clusterSlug }),
  target: ({ cluster, title }) => ({ kind: "probe", name: title, cluster }),
  run: async (ctx, { cluster, ...probe }) => {
    connectionFor(cluster);
    if (probe.kind === "http") readUrl(probe.address);
    else readHostPort(probe.address);
    if ((await database().statusProbe.count({ where: { cluster, removedAt: null } })) >= mostOfEach) throw new AppError("conflict", `A cluster has at most ${mostOfEach} probes. Remove one first.`);
    const { id } = await database().statusProbe.create({ data: { ...probe, cluster, createdBy: ctx.actor.name } });
    return { id };
  },
});

export const removeProbe = verb({
  name: "probe.remove",
  permission: "status.outgoing",
  input: one,
  target: async ({ cluster, id }) => ({ kind: "probe", name: (await database().statusProbe.findFirst({ where: { id, cluster }, select: { title: true } }))?.title ?? id, cluster }),
  run: async (_ctx, { cluster, id }) => {
    const { count } = await database().statusProbe.updateMany({ where: { id, cluster, removedAt: null }, data: { removedAt: new Date() } });
    if (count === 0) throw new AppError("not-found", "There is no such probe. It may have been removed; read the list anew.");
  },
});

export const addHook = verb({
  name: "status-hook.add",
  permission: "status.outgoing",
  input: z.object({ cluster: clusterSlug, address: z.string().trim().min(1).max(1000) }),
  target: ({ cluster, address }) => ({ kind: "webhook", name: URL.canParse(address) ? new URL(address).hostname : "an address", cluster }),
  run: async (ctx, { cluster, address }) => {
    connectionFor(cluster);
    const url = readUrl(address);
    if ((await database().statusHook.count({ where: { cluster, removedAt: null } })) >= mostOfEach) throw new AppError("conflict", `A cluster has at most ${mostOfEach} webhooks. Remove one first.`);
    const [id, secret] = [crypto.randomUUID(), newToken()];
    await database().statusHook.create({ data: { id, cluster, host: url.host, address: encrypt("status-hook", id, url.href), secret: encrypt("status-hook", id, secret), createdBy: ctx.actor.name } });
    return { id, secret };
  },
});

export const removeHook = verb({
  name: "status-hook.remove",
  permission: "status.outgoing",
  input: one,
  target: async ({ cluster, id }) => ({ kind: "webhook", name: (await database().statusHook.findFirst({ where: { id, cluster }, select: { host: true } }))?.host ?? id, cluster }),
  run: async (_ctx, { cluster, id }) => {
    const { count } = await database().statusHook.updateMany({ where: { id, cluster, removedAt: null }, data: { removedAt: new Date() } });
    if (count === 0) throw new AppError("not-found", "There is no such webhook. It may have been removed; read the list anew.");
  },
});

/** A message to see whether it arrives; sent like any other. */
export const testHook = verb({
  name: "status-hook.test",
  permission: "status.outgoing",
  input: one,
  target: async ({ cluster, id }) => ({ kind: "webhook", name: (await database().statusHook.findFirst({ where: { id, cluster }, select: { host: true } }))?.host ?? id, cluster }),
  run: async (ctx, { cluster, id }) => {
    const found = await database().statusHook.findFirst({ where: { id, cluster, removedAt: null } });
    if (!found) throw new AppError("not-found", "There is no such webhook. It may have been removed; read the list anew.");
    decrypt("status-hook", id, found.address);
    await database().newsDelivery.create({ data: { hookId: id, event: `test ${ctx.requestId}`, body: JSON.stringify({ version: 1, cluster, at: new Date().toISOString(), kind: "test", title: "A test from the console", status: "test", impact: "none", body: "", services: [] }) } });
  },
});
