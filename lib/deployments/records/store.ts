// The table of records: what is known of a workload's revisions, a record put in once, and changed only from the outcome it was seen in.
import "server-only";
import { z } from "zod";
import type { Database } from "@/lib/adapters/database/client";
import type { Prisma } from "@/prisma/generated/client";
import { canaryStep, outcomes, underWay, type CanaryStep, type Outcome } from "../model";

export interface Known {
  id: bigint;
  revision: number;
  revisionName: string;
  outcome: Outcome;
  generation: number;
  startedAt: number;
  firstReadyAt: number | null;
  lastSeenAt: number;
  ready: number;
  updated: number;
  replicas: number;
  say: string;
  reason: string;
  canary: readonly CanaryStep[];
}

const columns = { id: true, revision: true, revisionName: true, outcome: true, generation: true, startedAt: true, firstReadyAt: true, lastSeenAt: true, ready: true, updated: true, replicas: true, say: true, reason: true, canary: true } as const;
type Row = Prisma.DeploymentRecordGetPayload<{ select: typeof columns }>;

export const toOutcome = (text: string): Outcome => outcomes.find((one) => one === text) ?? "unknown";
export const toCanary = (kept: unknown): CanaryStep[] => z.array(canaryStep).parse(kept ?? []);
const ms = (at: Date | null): number | null => at?.getTime() ?? null;
const toKnown = (row: Row): Known => ({ ...row, canary: toCanary(row.canary), outcome: toOutcome(row.outcome), generation: Number(row.generation), startedAt: row.startedAt.getTime(), firstReadyAt: ms(row.firstReadyAt), lastSeenAt: row.lastSeenAt.getTime() });

/** Of the revisions that the cluster still has, those under way, and the newest. */
export async function loadKnown(db: Database, workloadUid: string, live: readonly number[]): Promise<Known[]> {
  const newest = await db.deploymentRecord.findFirst({ where: { workloadUid }, orderBy: { revision: "desc" }, select: columns });
  if (!newest) return [];
  const rows = await db.deploymentRecord.findMany({ where: { workloadUid, OR: [{ revision: { in: [...live] } }, { outcome: { in: [...underWay] } }] }, select: columns });
  return [...rows.filter(({ revision }) => revision !== newest.revision), newest].map(toKnown);
}

export interface Former { revision: number; outcome: Outcome; templateDigest: string; version: string; images: Prisma.JsonValue; commit: string | null }

/** The revision before, and all that had this template. */
export async function formerOf(db: Database, { workloadUid, revision, core }: { workloadUid: string; revision: number; core: string }): Promise<{ before: Former | null; same: Former[] }> {
  const select = { revision: true, outcome: true, templateDigest: true, version: true, images: true, commit: true } as const;
  const toFormer = (row: Omit<Former, "outcome"> & { outcome: string }): Former => ({ ...row, outcome: toOutcome(row.outcome) });
  const before = await db.deploymentRecord.findFirst({ where: { workloadUid, revision: { lt: revision } }, orderBy: { revision: "desc" }, select });
  const same = await db.deploymentRecord.findMany({ where: { workloadUid, revision: { lt: revision }, templateDigest: { startsWith: core } }, orderBy: { revision: "desc" }, take: 20, select });
  return { before: before ? toFormer(before) : null, same: same.map(toFormer) };
}

export async function storedTemplate(db: Database, digest: string): Promise<unknown> {
  return (await db.podTemplate.findUnique({ where: { digest } }))?.template ?? null;
}

export async function keepTemplate(db: Database, digest: string, template: Prisma.InputJsonValue): Promise<void> {
  await db.podTemplate.createMany({ data: [{ digest, template }], skipDuplicates: true });
}

/** The cast holds because what is handed in is made of plain objects, texts, numbers and nulls: our own types, or parsed JSON. */
export function asJson(value: unknown): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue;
}

export type NewRecord = Prisma.DeploymentRecordCreateManyInput;

/** Puts those in that are not there yet, whoever else tries at the same moment; answers with all of them as they now stand, and which were put in by this call. */
export async function insertRecords(db: Database, records: readonly NewRecord[]): Promise<{ all: Known[]; made: ReadonlySet<string> }> {
  const made = await db.deploymentRecord.createManyAndReturn({ data: [...records], skipDuplicates: true, select: { id: true } });
  const rows = await db.deploymentRecord.findMany({ where: { OR: records.map(({ workloadUid, revision }) => ({ workloadUid, revision })) }, select: columns });
  return { all: rows.map(toKnown), made: new Set(made.map(({ id }) => String(id))) };
}

/** Changes it if it still is in one of `from`; whether it was. */
export async function moveRecord(db: Database, at: { id: bigint; from: readonly Outcome[] }, data: Prisma.DeploymentRecordUpdateManyMutationInput): Promise<boolean> {
  const { count } = await db.deploymentRecord.updateMany({ where: { id: at.id, outcome: { in: [...at.from] } }, data: { ...data, updatedAt: new Date() } });
  return count > 0;
}

/** Records under way of workloads that the cluster no longer has. */
export async function openOfOthers(db: Database, clusterUid: string, living: ReadonlySet<string>): Promise<{ id: bigint; kind: string }[]> {
  const rows = await db.deploymentRecord.findMany({ where: { clusterUid, outcome: { in: [...underWay] } }, select: { id: true, kind: true, workloadUid: true } });
  return rows.filter(({ workloadUid }) => !living.has(workloadUid));
}

/** A slug means this cluster from now on; two slugs may mean the same. */
export async function nameCluster(db: Database, slug: string, uid: string): Promise<void> {
  await db.deploymentCluster.upsert({ where: { slug }, create: { slug, uid }, update: { uid, seenAt: new Date() } });
}
