// Analyses and their runs as they are kept: definitions by workload, one running analysis each, every look with what it added.
import "server-only";
import { createHash } from "node:crypto";
import { z } from "zod";
import { isDuplicate, type Database } from "@/lib/adapters/database/client";
import type { CanaryRun } from "@/prisma/generated/client";
import { freshLatch } from "../judge/judge";
import { analysisDefinition, type AnalysisDefinition, type Evidence, type Latch, type Verdict } from "../model";
import type { PathPoint } from "../replay";
import { analysisSettings, assembled, everyMs, historyMeasures, looked, noHistory, subject, type AnalysisSettings, type HistoryMeasures, type Looked, type Subject, type Versions } from "../run";

export interface Run extends Subject {
  id: string;
  versions: Versions;
  definition: AnalysisDefinition;
  settings: AnalysisSettings;
  digest: string;
  latch: Latch;
  verdict: Verdict | null;
  word: Verdict["word"];
  history: HistoryMeasures | null;
  state: "running" | "ended";
  outcome: string;
  trouble: string;
  held: boolean;
  truth: string;
  truthBy: string;
  startedBy: string;
  startedAt: number;
  lastAt: number;
  dueAt: number;
  endedAt: number | null;
}

/** What was written as JSON by this file is read back as what it was; its shape was checked when it was made. */
function asWritten<T>(json: unknown): T {
  return json as T;
}
/** Plain data as the database's JSON: what JSON has no word for is gone, as it would be after a round trip. */
export function toJson(value: unknown): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

const words = z.enum(["fail", "pass", "undecided"]).catch("undecided");

export function toRun(row: CanaryRun): Run {
  const { cluster, namespace, kind, workload } = subject.parse(row);
  return {
    id: row.id, cluster, namespace, kind, workload,
    versions: { canary: { hash: row.canaryHash, set: row.canarySet, image: row.canaryVersion }, baseline: { hash: row.baselineHash, set: row.baselineSet, image: row.baselineVersion } },
    definition: analysisDefinition.parse(row.definition), settings: analysisSettings.parse(row.settings), digest: row.digest,
    latch: asWritten<Latch>(row.latch), verdict: asWritten<Verdict | null>(row.verdict), word: words.parse(row.word),
    history: row.history === null ? null : historyMeasures.parse(row.history),
    state: row.state === "ended" ? "ended" : "running", outcome: row.outcome, trouble: row.trouble, held: row.held, truth: row.truth, truthBy: row.truthBy,
    startedBy: row.startedBy, startedAt: row.startedAt.getTime(), lastAt: row.lastAt.getTime(), dueAt: row.dueAt.getTime(), endedAt: row.endedAt?.getTime() ?? null,
  };
}

export interface KeptAnalysis { definition: AnalysisDefinition; settings: AnalysisSettings; revision: number; savedBy: string; savedAt: number }

const whereSubject = ({ cluster, namespace, kind, workload }: Subject) => ({ cluster, namespace, kind, workload });

export async function findAnalysis(db: Database, of: Subject): Promise<KeptAnalysis | null> {
  const row = await db.canaryAnalysis.findUnique({ where: { cluster_namespace_kind_workload: whereSubject(of) } });
  return row && { definition: analysisDefinition.parse(row.definition), settings: analysisSettings.parse(row.settings), revision: row.revision, savedBy: row.savedBy, savedAt: row.savedAt.getTime() };
}

export async function keepAnalysis(db: Database, of: Subject, { definition, settings, savedBy }: Pick<KeptAnalysis, "definition" | "settings" | "savedBy">): Promise<number> {
  const data = { definition: toJson(definition), settings: toJson(settings), savedBy, savedAt: new Date() };
  const { revision } = await db.canaryAnalysis.upsert({ where: { cluster_namespace_kind_workload: whereSubject(of) }, create: { ...whereSubject(of), ...data }, update: { ...data, revision: { increment: 1 } } });
  return revision;
}

export const digestOf = (definition: AnalysisDefinition): string => createHash("sha256").update(JSON.stringify(definition)).digest("hex").slice(0, 16);

export interface NewRun extends Pick<KeptAnalysis, "definition" | "settings"> { versions: Versions; startedBy: string; at: number }

/** Null when one runs already. A version that failed by this definition stays failed: its latch is taken over. */
export async function startRun(db: Database, of: Subject, { definition, settings, versions, startedBy, at }: NewRun): Promise<Run | null> {
  const digest = digestOf(definition);
  const failed = await db.canaryRun.findFirst({ where: { ...whereSubject(of), canaryHash: versions.canary.hash, digest, word: "fail" }, orderBy: { startedAt: "desc" } });
  const started = new Date(at);
  try {
    const row = await db.canaryRun.create({
      data: {
        ...whereSubject(of), canaryHash: versions.canary.hash, baselineHash: versions.baseline.hash, canarySet: versions.canary.set, baselineSet: versions.baseline.set,
        canaryVersion: versions.canary.image, baselineVersion: versions.baseline.image, definition: toJson(definition), settings: toJson(settings), digest,
        latch: toJson(failed?.latch ?? freshLatch), startedBy, startedAt: started, lastAt: started, dueAt: new Date(at + everyMs(settings, definition.minutes)),
        lines: { create: { mood: "undecided", say: `Counting began: ${versions.canary.image || versions.canary.hash} against ${versions.baseline.image || versions.baseline.hash}`, at: started } },
      },
    });
    return toRun(row);
  } catch (thrown) {
    if (isDuplicate(thrown)) return null;
    throw thrown;
  }
}

export async function runningRun(db: Database, of: Subject): Promise<Run | null> {
  const row = await db.canaryRun.findFirst({ where: { ...whereSubject(of), state: "running" } });
  return row && toRun(row);
}

/** Of this version, the newest. */
export async function latestRun(db: Database, of: Subject, canaryHash?: string): Promise<Run | null> {
  const row = await db.canaryRun.findFirst({ where: { ...whereSubject(of), ...(canaryHash === undefined ? {} : { canaryHash }) }, orderBy: { startedAt: "desc" } });
  return row && toRun(row);
}

export async function runById(db: Database, id: string): Promise<Run | null> {
  const row = await db.canaryRun.findUnique({ where: { id } });
  return row && toRun(row);
}

/** Those whose look is due, each taken by moving it on: of several consoles one looks. A console that dies on it leaves it due again. */
export async function takeDue(db: Database, now: number): Promise<Run[]> {
  const rows = await db.canaryRun.findMany({ where: { state: "running", dueAt: { lte: new Date(now) } }, take: 20 });
  const taken: Run[] = [];
  for (const row of rows) {
    const run = toRun(row);
    const { count } = await db.canaryRun.updateMany({ where: { id: row.id, state: "running", dueAt: row.dueAt }, data: { dueAt: new Date(now + everyMs(run.settings, run.definition.minutes)) } });
    if (count === 1) taken.push(run);
  }
  return taken;
}

export interface LookRecord { at: number; added: Looked; point: PathPoint; verdict: Verdict; latch: Latch; history: HistoryMeasures }

/** Kept whole or not at all, and only onto what it was built on; false when another has looked meanwhile. */
export async function recordLook(db: Database, run: Run, { at, added, point, verdict, latch, history }: LookRecord): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.canaryRun.updateMany({
      where: { id: run.id, state: "running", lastAt: new Date(run.lastAt) },
      data: { lastAt: new Date(at), latch: toJson(latch), verdict: toJson(verdict), word: verdict.word, history: toJson(history), trouble: "" },
    });
    if (count === 1) await tx.canaryLook.create({ data: { runId: run.id, at: new Date(at), evidence: toJson(added), point: toJson(point) } });
    return count === 1;
  });
}

export async function addLine(db: Database, runId: string, { mood, say }: { mood: string; say: string }): Promise<void> {
  await db.canaryLine.create({ data: { runId, mood, say: say.slice(0, 500) } });
}

export async function changeRun(db: Database, id: string, data: { trouble?: string; held?: boolean; settings?: AnalysisSettings; truth?: string; truthBy?: string }): Promise<void> {
  const { settings, ...rest } = data;
  await db.canaryRun.update({ where: { id }, data: { ...rest, ...(settings ? { settings: toJson(settings) } : {}) } });
}

export async function endRun(db: Database, id: string, { outcome, say, at }: { outcome: string; say: string; at: number }): Promise<boolean> {
  const { count } = await db.canaryRun.updateMany({ where: { id, state: "running" }, data: { state: "ended", outcome, endedAt: new Date(at) } });
  if (count === 1) await addLine(db, id, { mood: outcome === "promoted" ? "pass" : outcome === "aborted" ? "fail" : "act", say });
  return count === 1;
}

export async function looksOfRun(db: Database, runId: string): Promise<{ looks: Looked[]; path: PathPoint[] }> {
  const rows = await db.canaryLook.findMany({ where: { runId }, orderBy: { at: "asc" } });
  return { looks: rows.map(({ evidence }) => looked.parse(evidence)), path: rows.map(({ point }) => asWritten<PathPoint>(point)) };
}

export function frameOf(run: Run) {
  return { canaryHash: run.versions.canary.hash, baselineHash: run.versions.baseline.hash, startedAt: run.startedAt, history: run.history ?? noHistory };
}

export async function evidenceOf(db: Database, run: Run): Promise<Evidence> {
  return assembled(frameOf(run), (await looksOfRun(db, run.id)).looks);
}
