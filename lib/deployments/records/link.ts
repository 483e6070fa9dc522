// Joins a record to what else is known of it: the act of the console that made it, and the builds and commits of CI.
import "server-only";
import type { Database } from "@/lib/adapters/database/client";
import { surest, type Claim } from "../rules/actor";
import { actorKinds, actorSources } from "../model";
import { asJson } from "./store";
import { z } from "zod";

const storedClaims = z.array(z.object({ source: z.enum(actorSources), kind: z.enum(actorKinds), name: z.string(), detail: z.string(), note: z.string() })).catch([]);
/** An act and the revision that it made are this close. */
const actWithinMs = 600_000;

/** Called when a record comes and when an act or event comes: whichever is last finds the other. */
export async function linkRecord(db: Database, id: bigint): Promise<void> {
  const record = await db.deploymentRecord.findUnique({ where: { id }, select: { workloadUid: true, templateDigest: true, startedAt: true, claims: true, note: true } });
  if (!record) return;
  const act = await db.deploymentAct.findFirst({
    where: { workloadUid: record.workloadUid, templateDigest: record.templateDigest, OR: [{ recordId: null }, { recordId: id }], at: { gte: new Date(record.startedAt.getTime() - actWithinMs), lte: new Date(record.startedAt.getTime() + actWithinMs) } },
    orderBy: { id: "desc" },
  });
  const claims = storedClaims.parse(record.claims);
  const all: Claim[] = [
    ...claims.filter(({ source }) => source !== "console" && source !== "ci"),
    ...(await ciClaims(db, id, record.startedAt)),
    ...(act ? [{ source: "console" as const, kind: act.actorKind === "key" ? ("ci" as const) : ("user" as const), name: act.actorName, detail: act.action, note: act.note }] : []),
  ];
  if (act) await db.deploymentAct.update({ where: { id: act.id }, data: { recordId: id } });
  const who = surest(all);
  await db.deploymentRecord.update({ where: { id }, data: { claims: asJson(all), actor: who?.name ?? null, actorKind: who?.kind ?? "unknown", actorSource: who?.source ?? "unknown", note: who?.note || record.note, updatedAt: new Date() } });
}

const ciWithinMs = 1_800_000;

/** A build or deployment tells who deployed only when it ended shortly before, or was still under way: an old build may be deployed by anybody. */
async function ciClaims(db: Database, recordId: bigint, startedAt: Date): Promise<Claim[]> {
  const links = await db.ciLink.findMany({ where: { recordId }, select: { eventId: true } });
  if (links.length === 0) return [];
  const near = { gte: new Date(startedAt.getTime() - ciWithinMs), lte: new Date(startedAt.getTime() + ciWithinMs) };
  const events = await db.ciEvent.findMany({ where: { id: { in: links.map(({ eventId }) => eventId) }, actor: { not: null }, saidAt: near }, orderBy: [{ kind: "desc" }, { saidAt: "desc" }] });
  return events.slice(0, 1).flatMap(({ actor, source, label }) => (actor ? [{ source: "ci" as const, kind: "ci" as const, name: actor, detail: `${source} ${label}`, note: "" }] : []));
}

export const claimsShown = (stored: unknown): Claim[] => storedClaims.parse(stored);
