// Freeze windows: who may not deploy what until when, and why.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { connectionFor } from "@/lib/clusters/connections";
import { database } from "@/lib/runtime";
import { clusterInput, dnsName } from "../model";
import { listFreezes } from "../records/freezes";
import { freezeModes } from "../rules/freeze";

const keptDays = 400;
const time = z.number().int().min(0).max(8.64e15);

export const freezeList = feed({
  name: "freeze.list",
  permission: "cluster.read",
  input: clusterInput.extend({ since: z.coerce.number().int().min(0).optional() }),
  run: async (_ctx, { cluster, since }) => {
    connectionFor(cluster);
    return { freezes: await listFreezes(cluster, since ?? Date.now()), now: Date.now() };
  },
});

const newFreeze = clusterInput.extend({
  tiers: z.array(z.number().int().min(1).max(4)).max(4).default([]), namespaces: z.array(dnsName(63)).max(50).default([]), mode: z.enum(freezeModes),
  why: z.string().trim().min(3, "Say why, for those who will be stopped by it.").max(300), startsAt: time.optional(), until: time,
});

export const makeFreeze = verb({
  name: "freeze.make",
  permission: "deployment.freeze",
  input: newFreeze,
  target: ({ cluster, why }) => ({ cluster, kind: "freeze", name: why }),
  run: async (ctx, { startsAt = Date.now(), until, ...rest }) => {
    connectionFor(rest.cluster);
    if (until <= startsAt) throw new AppError("invalid", "The freeze would end before it begins.");
    if (until - startsAt > keptDays * 86_400_000) throw new AppError("invalid", `A freeze is at most ${keptDays} days long.`);
    const { id } = await database().freezeWindow.create({ data: { ...rest, startsAt: new Date(startsAt), until: new Date(until), createdBy: ctx.actor.name }, select: { id: true } });
    return { id };
  },
});

export const endFreeze = verb({
  name: "freeze.end",
  permission: "deployment.freeze",
  input: clusterInput.extend({ id: z.uuid() }),
  target: ({ cluster, id }) => ({ cluster, kind: "freeze", name: id }),
  run: async (ctx, { cluster, id }) => {
    const { count } = await database().freezeWindow.updateMany({ where: { id, cluster, endedAt: null, until: { gt: new Date() } }, data: { endedAt: new Date(), endedBy: ctx.actor.name } });
    if (count === 0) throw new AppError("not-found", "There is no such freeze in force or to come. It may have ended already.");
    return { ended: id };
  },
});
