// Reading the record: newest first, by page, by who, what, which, when and how it ended.
import "server-only";
import { z } from "zod";
import type { Prisma } from "@/prisma/generated/client";
import { database } from "@/lib/runtime";
import { record } from "../audit";
import { csvLine, exportColumns, toExportRow } from "../record-export";
import { feed } from "../verb";

const words = z.string().trim().max(200).optional();
const pageSize = 50;

export const auditInput = z.object({
  actor: words,
  action: words,
  target: words,
  cluster: words,
  outcome: z.enum(["denied", "failed", "succeeded", "unfinished"]).optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
  /** The number of the last row of the page before. */
  before: z.string().regex(/^\d{1,18}$/).optional(),
});

export interface AuditRow {
  id: string; at: number; actorKind: string; actorName: string; address: string; requestId: string; action: string;
  targetKind: string; targetName: string; cluster: string | null; outcome: string; reason: string; input: unknown; durationMs: number | null;
}

/** What is looked for; of each act its outcome, or its intent where it has none. */
function matching(filter: Omit<z.infer<typeof auditInput>, "before">): Prisma.AuditEntryWhereInput[] {
  const has = (text: string) => ({ contains: text, mode: "insensitive" as const });
  const unfinished = { outcome: "allowed" as const, outcomes: { none: {} } };
  return [
    filter.outcome === "unfinished" ? unfinished : filter.outcome ? { outcome: filter.outcome } : {},
    filter.actor ? { OR: [{ actorName: has(filter.actor) }, { actorId: filter.actor }] } : {},
    filter.action ? { action: has(filter.action) } : {},
    filter.target ? { OR: [{ targetName: has(filter.target) }, { targetKind: filter.target }] } : {},
    filter.cluster ? { cluster: filter.cluster } : {},
    filter.from ? { at: { gte: filter.from } } : {},
    filter.to ? { at: { lte: filter.to } } : {},
  ];
}

/** Without a wish for one outcome, an intent is shown only while nothing came of it. */
const onePerAct: Prisma.AuditEntryWhereInput = { OR: [{ outcome: { not: "allowed" } }, { outcomes: { none: {} } }] };

export const auditEntries = feed({
  name: "audit.read",
  permission: "audit.read",
  input: auditInput,
  run: async (_ctx, filter): Promise<{ entries: AuditRow[]; next: string | null }> => {
    const rows = await database().auditEntry.findMany({
      where: { AND: [...matching(filter), onePerAct, filter.before ? { id: { lt: BigInt(filter.before) } } : {}] },
      include: { intent: { select: { input: true } } },
      orderBy: { id: "desc" },
      take: pageSize + 1,
    });
    const page = rows.slice(0, pageSize);
    return {
      entries: page.map(({ id, at, intent, input, outcome, actorId: _actorId, via: _via, intentId: _intentId, seq: _seq, prevHash: _prevHash, hash: _hash, ...row }) => ({ ...row, id: id.toString(), at: at.getTime(), outcome: outcome === "allowed" ? "unfinished" : outcome, input: input ?? intent?.input ?? null })),
      next: rows.length > pageSize ? (page.at(-1)?.id.toString() ?? null) : null,
    };
  },
});

const exportPage = 1000;

/** Every row that fits, intents and outcomes apart, with its place in the chain; written as it is read, so that its length does not matter. That it was taken is itself recorded. */
export const exportAudit = feed({
  name: "audit.export",
  permission: "audit.read",
  input: auditInput.omit({ before: true }).extend({ format: z.enum(["csv", "json"]).default("json") }),
  run: async (ctx, { format, ...filter }): Promise<Response> => {
    await record({ actor: ctx.actor, address: ctx.address, requestId: ctx.requestId, action: "audit.export", target: { kind: "record", name: format }, outcome: "succeeded", input: filter });
    const csv = format === "csv";
    const encoder = new TextEncoder();
    let after = 0n;
    let first = true;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(encoder.encode(csv ? csvLine(exportColumns) : "[")),
      async pull(controller) {
        const rows = await database().auditEntry.findMany({ where: { AND: [...matching(filter), { id: { gt: after } }] }, orderBy: { id: "asc" }, take: exportPage });
        const told = rows.map(toExportRow);
        const text = csv ? told.map((row) => csvLine(exportColumns.map((column) => row[column]))).join("") : told.map((row) => JSON.stringify(row)).join(",\n");
        controller.enqueue(encoder.encode(csv || first || text === "" ? text : `,\n${text}`));
        first &&= rows.length === 0;
        after = rows.at(-1)?.id ?? after;
        if (rows.length === exportPage) return;
        if (!csv) controller.enqueue(encoder.encode("]\n"));
        controller.close();
      },
    });
    const name = `audit-${new Date().toISOString().slice(0, 10)}.${format}`;
    return new Response(body, { headers: { "content-type": csv ? "text/csv; charset=utf-8" : "application/json", "content-disposition": `attachment; filename="${name}"`, "cache-control": "private, no-store" } });
  },
});

/** Refusals to people without a session of the last day, most first. */
export const denialCounts = feed({
  name: "audit.denials",
  permission: "audit.read",
  input: z.object({}),
  run: async () => {
    const rows = await database().denialCount.groupBy({ by: ["route"], where: { minute: { gte: new Date(Date.now() - 24 * 3_600_000) } }, _sum: { count: true }, _max: { minute: true } });
    const routes = rows.map(({ route, _sum, _max }) => ({ route, count: _sum.count ?? 0, lastAt: _max.minute?.getTime() ?? 0 }));
    return { routes: routes.sort((a, b) => b.count - a.count).slice(0, 50) };
  },
});
