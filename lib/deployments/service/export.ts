// Records taken out as CSV or JSON, page by page, and how long they are kept.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { connectionFor } from "@/lib/clusters/connections";
import { database } from "@/lib/runtime";
import { listRecords } from "../records/query";
import { retentionDays } from "../records/retention";
import { csvHead, csvLine } from "../rules/csv";
import { recordFilter } from "./records";

const page = 1000;

export const exportRecords = feed({
  name: "deployment.export",
  permission: "cluster.read",
  input: recordFilter.extend({ format: z.enum(["csv", "json"]).default("csv") }),
  run: async (ctx, { format, limit: _page, after: _from, ...filter }) => {
    connectionFor(filter.cluster);
    const name = `deployments-${filter.cluster}.${format}`;
    return new Response(toStream(lines(filter, format, ctx.signal)), { headers: { "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/json", "content-disposition": `attachment; filename="${name}"`, "cache-control": "private, no-store" } });
  },
});

async function* lines(filter: Omit<z.infer<typeof recordFilter>, "limit" | "after">, format: "csv" | "json", signal: AbortSignal): AsyncGenerator<string> {
  yield format === "csv" ? csvHead : "[";
  let isFirst = true;
  for (let after: string | undefined; !signal.aborted; ) {
    const records = await listRecords(database(), { ...filter, after, limit: page });
    for (const record of records) {
      yield format === "csv" ? csvLine(record) : `${isFirst ? "" : ","}\n${JSON.stringify(record)}`;
      isFirst = false;
    }
    const last = records.at(-1);
    if (records.length < page || !last) break;
    after = `${last.startedAt}:${last.id}`;
  }
  if (format === "json") yield "\n]\n";
}

function toStream(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => void (await texts.return(undefined)),
  });
}

export const recordRetention = feed({ name: "deployment.retention", permission: "cluster.read", input: z.object({}), run: async () => ({ days: await retentionDays(database()) }) });

export const setRetention = verb({
  name: "deployment.set-retention",
  permission: "hooks.manage",
  input: z.object({ days: z.number().int().min(30, "at least 30 days").max(3660) }),
  target: ({ days }) => ({ kind: "retention", name: `${days} days` }),
  run: async (ctx, { days }) => {
    await database().deploymentSetting.upsert({ where: { id: 1 }, create: { id: 1, retentionDays: days, setBy: ctx.actor.name }, update: { retentionDays: days, setBy: ctx.actor.name } });
    return { days };
  },
});
