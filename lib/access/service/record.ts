// Reading the record: newest first, by page, by who, what, which, when and how it ended.
import { database } from "@/lib/runtime";
import "server-only";
import { z } from "zod";
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

export const auditEntries = feed({
  name: "audit.read",
  permission: "audit.read",
  input: auditInput,
  run: async (_ctx, filter): Promise<{ entries: AuditRow[]; next: string | null }> => {
    const has = (text: string) => ({ contains: text, mode: "insensitive" as const });
    const unfinished = { outcome: "allowed" as const, outcomes: { none: {} } };
    const rows = await database().auditEntry.findMany({
      where: {
        AND: [
          filter.outcome === "unfinished" ? unfinished : filter.outcome ? { outcome: filter.outcome } : { OR: [{ outcome: { not: "allowed" } }, unfinished] },
          filter.actor ? { OR: [{ actorName: has(filter.actor) }, { actorId: filter.actor }] } : {},
          filter.action ? { action: has(filter.action) } : {},
          filter.target ? { OR: [{ targetName: has(filter.target) }, { targetKind: filter.target }] } : {},
          filter.cluster ? { cluster: filter.cluster } : {},
          filter.from ? { at: { gte: filter.from } } : {},
          filter.to ? { at: { lte: filter.to } } : {},
          filter.before ? { id: { lt: BigInt(filter.before) } } : {},
        ],
      },
      include: { intent: { select: { input: true } } },
      orderBy: { id: "desc" },
      take: pageSize + 1,
    });
    const page = rows.slice(0, pageSize);
    return {
      entries: page.map(({ id, at, intent, input, outcome, actorId: _actorId, via: _via, intentId: _intentId, ...row }) => ({ ...row, id: id.toString(), at: at.getTime(), outcome: outcome === "allowed" ? "unfinished" : outcome, input: input ?? intent?.input ?? null })),
      next: rows.length > pageSize ? (page.at(-1)?.id.toString() ?? null) : null,
    };
  },
});
