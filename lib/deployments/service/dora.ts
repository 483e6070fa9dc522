// DORA's measures over a window and over the one before it, with what they mean and how much of them is known.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import { connectionFor } from "@/lib/clusters/connections";
import { database } from "@/lib/runtime";
import { clusterInput } from "../model";
import { doraOf } from "../records/dora";
import { definitions, figureNames, fold, totalsOf } from "../rules/dora";

const dayMs = 86_400_000;
const choice = z.enum(["yes", "no"]).default("yes").transform((said) => said === "yes");

export const doraFigures = feed({
  name: "deployment.dora",
  permission: "cluster.read",
  input: clusterInput.extend({ days: z.coerce.number().int().min(1).max(400).default(28), tier: z.coerce.number().int().min(1).max(4).optional(), unfinished: choice, config: choice }),
  run: async (_ctx, { cluster, days, tier, unfinished, config }) => {
    connectionFor(cluster);
    const until = new Date();
    const since = new Date(until.getTime() - days * dayMs);
    const asked = { cluster, tier, countUnfinished: unfinished, countConfig: config };
    const [now, was] = await Promise.all([doraOf(database(), { ...asked, since, until }), doraOf(database(), { ...asked, since: new Date(since.getTime() - days * dayMs), until: since })]);
    return {
      days, since: since.getTime(), until: until.getTime(), services: now.services, totals: totalsOf(now.services, now.groups),
      figures: Object.fromEntries(figureNames.map((figure) => [figure, { ...fold(now.services, figure), was: fold(was.services, figure).median, means: definitions[figure] }])),
    };
  },
});
