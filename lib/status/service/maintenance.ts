// Maintenance windows: planned with their services, and cancelled.
import "server-only";
import { z } from "zod";
import { verb } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { clusterSlug } from "@/lib/clusters/model";
import { connectionFor } from "@/lib/clusters/connections";
import { database } from "@/lib/runtime";
import { plannedMaintenance } from "../model";
import { tellHooks } from "./news";

export const planMaintenance = verb({
  name: "maintenance.plan",
  permission: "incident.write",
  input: plannedMaintenance.safeExtend({ cluster: clusterSlug }),
  target: ({ cluster, title }) => ({ kind: "maintenance", name: title, cluster }),
  run: async (ctx, { cluster, title, body, services, startsAt, endsAt }) => {
    connectionFor(cluster);
    if (endsAt <= Date.now()) throw new AppError("invalid", "The window is over already. Choose an end that is to come.");
    return database().$transaction(async (tx) => {
      const { id } = await tx.maintenance.create({ data: { cluster, title, body, services, startsAt: new Date(startsAt), endsAt: new Date(endsAt), createdBy: ctx.actor.name } });
      await tellHooks(tx, cluster, { event: `maintenance ${id} planned`, kind: "maintenance", title, status: "planned", impact: "none", body, services });
      return { id };
    });
  },
});

export const cancelMaintenance = verb({
  name: "maintenance.cancel",
  permission: "incident.write",
  input: z.object({ cluster: clusterSlug, id: z.uuid() }),
  target: async ({ cluster, id }) => ({ kind: "maintenance", name: (await database().maintenance.findFirst({ where: { id, cluster }, select: { title: true } }))?.title ?? id, cluster }),
  run: async (_ctx, { cluster, id }) => {
    const { count } = await database().maintenance.updateMany({ where: { id, cluster, cancelledAt: null, endsAt: { gt: new Date() } }, data: { cancelledAt: new Date() } });
    if (count === 0) throw new AppError("not-found", `There is no maintenance of ${cluster} that could be cancelled under this id: it is over, cancelled, or was never planned.`);
  },
});
