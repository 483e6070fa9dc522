// Feeds of records: the list with its filters, one record whole, the newest of each workload, marks for charts.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import { connectionFor } from "@/lib/clusters/connections";
import { database } from "@/lib/runtime";
import { changeKinds, clusterInput, dnsName, outcomes, workloadKinds, type RecorderState } from "../model";
import { recorderOf } from "../loops";
import { listMarks, listRecords, newestPerWorkload, recordsUnderWay } from "../records/query";

const tier = z.coerce.number().int().min(1).max(4);
const time = z.coerce.number().int().min(0).max(8.64e15);

export const recordFilter = clusterInput.extend({
  tier: tier.optional(), change: z.enum(changeKinds).optional(), outcome: z.enum(outcomes).optional(), kind: z.enum(workloadKinds).optional(),
  namespace: dnsName(63).optional(), name: dnsName(253).optional(), since: time.optional(), until: time.optional(),
  after: z.string().regex(/^\d{1,16}:\d{1,19}$/, "is to be what the page before ended with").optional(), limit: z.coerce.number().int().min(1).max(1000).default(100),
});

const stateOf = (cluster: string): RecorderState => recorderOf(cluster)?.state() ?? { state: "starting", say: "The cluster is not followed yet.", since: Date.now() };

export const recordList = feed({
  name: "deployment.list",
  permission: "cluster.read",
  input: recordFilter,
  run: async (_ctx, filter) => {
    connectionFor(filter.cluster);
    const records = await listRecords(database(), filter);
    const last = records.length === filter.limit ? records.at(-1) : undefined;
    return { records, next: last ? `${last.startedAt}:${last.id}` : null, recorder: stateOf(filter.cluster), now: Date.now() };
  },
});

/** What each workload runs since when, and what is rolling out: for pages that show all services. */
export const deploymentsNow = feed({
  name: "deployment.now",
  permission: "cluster.read",
  input: clusterInput,
  run: async (_ctx, { cluster }) => {
    connectionFor(cluster);
    const [newest, underWay] = await Promise.all([newestPerWorkload(database(), cluster), recordsUnderWay(database(), cluster)]);
    return { newest, underWay, recorder: stateOf(cluster), now: Date.now() };
  },
});

export const deploymentMarks = feed({
  name: "deployment.marks",
  permission: "cluster.read",
  input: clusterInput.extend({ since: time, until: time, tier: tier.optional(), namespace: dnsName(63).optional(), name: dnsName(253).optional() }),
  run: async (_ctx, filter) => ({ marks: await listMarks(database(), { ...filter, limit: 500 }) }),
});
