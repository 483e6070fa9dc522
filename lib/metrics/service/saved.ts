// Questions that people keep under a name, per cluster: everybody reads them, their owner renames or removes them.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { database } from "@/lib/runtime";
import { caps } from "../guard";

const cluster = z.string().min(1).max(63);
const atMost = 200;

export const savedQueries = feed({
  name: "metrics.saved",
  permission: "cluster.read",
  input: z.object({ cluster }),
  run: async (ctx, input) => {
    const rows = await database().savedQuery.findMany({ where: { cluster: input.cluster }, orderBy: { name: "asc" } });
    return { saved: rows.map(({ id, name, expression, ownerName, ownerId }) => ({ id, name, expression, owner: ownerName, mine: ownerId === ctx.actor.id })) };
  },
});

/** Under a name that its owner already used, the expression is replaced. */
export const saveQuery = verb({
  name: "metrics.save",
  permission: "cluster.read",
  input: z.object({ cluster, name: z.string().trim().min(1, "Give it a name.").max(80), expression: z.string().trim().min(1, "Type an expression.").max(caps.expressionBytes) }),
  target: ({ cluster: slug, name }) => ({ kind: "query", name, cluster: slug }),
  run: async ({ actor }, { cluster: slug, name, expression }) => {
    if ((await database().savedQuery.count({ where: { cluster: slug, ownerId: actor.id } })) >= atMost) throw new AppError("conflict", `You keep ${atMost} queries already. Remove one first.`);
    const where = { cluster_ownerId_name: { cluster: slug, ownerId: actor.id, name } };
    const { id } = await database().savedQuery.upsert({ where, create: { cluster: slug, ownerId: actor.id, ownerName: actor.name, name, expression }, update: { expression } });
    return { id };
  },
});

export const removeQuery = verb({
  name: "metrics.forget",
  permission: "cluster.read",
  input: z.object({ cluster, id: z.uuid() }),
  target: ({ cluster: slug, id }) => ({ kind: "query", name: id, cluster: slug }),
  run: async ({ actor }, { cluster: slug, id }) => {
    const { count } = await database().savedQuery.deleteMany({ where: { id, cluster: slug, ownerId: actor.id } });
    if (count === 0) throw new AppError("not-found", "You keep no such query; only its owner can remove one.");
  },
});
