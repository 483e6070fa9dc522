// Publishing a cluster's status page: whether, for whom, under which names, with which warning levels.
import "server-only";
import { verb } from "@/lib/access/verb";
import { clusterSlug } from "@/lib/clusters/model";
import { connectionFor } from "@/lib/clusters/connections";
import { database } from "@/lib/runtime";
import { pageSettings } from "../model";
import { forgetPages } from "./settings";

export const publishStatus = verb({
  name: "status.publish",
  permission: "status.publish",
  input: pageSettings.extend({ cluster: clusterSlug }),
  target: ({ cluster }) => ({ kind: "status page", name: cluster, cluster }),
  run: async (ctx, { cluster, ...settings }) => {
    connectionFor(cluster);
    const row = { ...settings, changedBy: ctx.actor.name };
    await database().statusPage.upsert({ where: { cluster }, create: { cluster, ...row }, update: row });
    forgetPages();
  },
});
