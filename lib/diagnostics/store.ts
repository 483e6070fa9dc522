// Findings and silences in PostgreSQL: what is open now, what was, and what nobody wants to hear of.
import "server-only";
import { z } from "zod";
import { database } from "@/lib/runtime";
import { finding, type Finding, type Silence } from "./model";

const evidence = z.array(z.string());
interface Row { key: string; failure: string; severity: string; area: string; title: string; subjectKind: string; subjectKey: string; evidence: unknown; more: number; since: Date; endedAt: Date | null }

const toFinding = (row: Row): Finding => finding.parse({ ...row, evidence: evidence.parse(row.evidence), since: row.since.getTime(), subject: { kind: row.subjectKind, key: row.subjectKey } });

/** Since when each open finding is known, by its key. */
export async function openSince(cluster: string): Promise<Map<string, number>> {
  const rows = await database().diagnosisFinding.findMany({ where: { cluster, endedAt: null }, select: { key: true, since: true } });
  return new Map(rows.map(({ key, since }) => [key, since.getTime()]));
}

/** Opens what is new, brings what changed up to date, closes what is over. Two consoles may write the same. */
export async function record(cluster: string, { put, ended, at }: { put: readonly Finding[]; ended: readonly string[]; at: number }): Promise<void> {
  const db = database();
  for (const one of put) {
    const { key, failure, severity, area, title, subject, more } = one;
    const moving = { severity, title, evidence: one.evidence, more };
    const { count } = await db.diagnosisFinding.updateMany({ where: { cluster, key, endedAt: null }, data: moving });
    if (count === 0) await db.diagnosisFinding.createMany({ data: [{ cluster, key, failure, area, subjectKind: subject.kind, subjectKey: subject.key, since: new Date(one.since), ...moving }], skipDuplicates: true });
  }
  if (ended.length > 0) await db.diagnosisFinding.updateMany({ where: { cluster, key: { in: [...ended] }, endedAt: null }, data: { endedAt: new Date(at) } });
}

const keptMs = 90 * 86_400_000;
export async function forgetOld(now: number): Promise<void> {
  await database().diagnosisFinding.deleteMany({ where: { endedAt: { lt: new Date(now - keptMs) } } });
}

export async function pastFindings(cluster: string, limit: number): Promise<(Finding & { endedAt: number })[]> {
  const rows = await database().diagnosisFinding.findMany({ where: { cluster, endedAt: { not: null } }, orderBy: { endedAt: "desc" }, take: limit });
  return rows.map((row) => ({ ...toFinding(row), endedAt: row.endedAt?.getTime() ?? 0 }));
}

export async function silencesOf(cluster: string, now: number): Promise<Silence[]> {
  const rows = await database().diagnosisSilence.findMany({ where: { cluster, endsAt: { gt: new Date(now) } }, orderBy: { at: "desc" } });
  return rows.map(({ id, failure, subject, reason, endsAt, byName, at }) => ({ id, failure, subject, reason, endsAt: endsAt.getTime(), by: byName, at: at.getTime() }));
}
