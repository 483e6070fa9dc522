// Brings the newest record of a workload to where its rollout is, and takes the evidence when it ends.
import "server-only";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import type { Database } from "@/lib/adapters/database/client";
import { isUnderWay, underWay, type Outcome } from "../model";
import { follow, isNews, type Ending, type Told } from "../rules/follow";
import { leadTime } from "./ci";
import { eventsThen, restored, takeEvidence } from "./endings";
import { podsOf, type LiveRevision, type Workload } from "./live-revisions";
import { asJson, moveRecord, toCanary, type Known } from "./store";

export interface Newest { db: Database; handle: ClusterHandle; workload: Workload; record: Known; newest: LiveRevision; now: number; isFirstLook: boolean }

/** What went wrong may yet end well: a Deployment past its deadline, an aborted Rollout that is tried again. */
const mayChange: readonly Outcome[] = [...underWay, "failed", "aborted"];
const seenEveryMs = 15_000;

export async function followNewest({ db, handle, workload, record, newest, now, isFirstLook }: Newest): Promise<Known> {
  if (!mayChange.includes(record.outcome)) return record;
  const told = follow(record, { workload, pods: podsOf(handle, workload, newest), events: eventsThen(handle, workload), now, isFirstLook });
  if (!told) return record;
  const isDue = isUnderWay(told.outcome) && now - record.lastSeenAt > seenEveryMs;
  if (!isNews(record, told) && !isDue) return record;
  const { progress, outcome } = told;
  const moved = await moveRecord(db, { id: record.id, from: [record.outcome] }, {
    outcome, firstReadyAt: progress.firstReadyAt === null ? null : new Date(progress.firstReadyAt), ready: progress.ready, updated: progress.updated, replicas: progress.replicas, say: progress.say, reason: progress.reason,
    ...(progress.canary === record.canary ? {} : { canary: asJson(progress.canary) }),
    ...(isUnderWay(outcome) ? { lastSeenAt: new Date(now), finishedAt: null, finishedFrom: "" } : {}),
    ...(told.ending && outcome !== record.outcome ? endingOf(told.ending) : {}),
  });
  if (!moved) return again(db, record);
  if (told.ending && outcome !== record.outcome) {
    await takeEvidence(db, { recordId: record.id, handle, workload, revisionName: newest.name, now });
    if (outcome === "succeeded") await leadTime(db, record.id);
    if (outcome === "succeeded") await restored(db, { workloadUid: workload.uid, revision: record.revision, at: told.ending.at });
  }
  return { ...record, ...toKnown(told), lastSeenAt: isUnderWay(outcome) ? now : record.lastSeenAt };
}

const toKnown = ({ outcome, progress }: Told): Pick<Known, "outcome" | "firstReadyAt" | "ready" | "updated" | "replicas" | "say" | "reason" | "canary"> => ({ outcome, ...progress });

function endingOf({ outcome, at, from, isLate }: Ending) {
  const when = new Date(at);
  if (outcome === "succeeded") return { finishedAt: when, finishedFrom: from, isLate, ...(isLate ? { recoveredAt: when } : {}) };
  return { finishedAt: when, finishedFrom: from, failedAt: when };
}

/** Another console was faster: its word stands. */
async function again(db: Database, record: Known): Promise<Known> {
  const row = await db.deploymentRecord.findUnique({ where: { id: record.id }, select: { outcome: true, ready: true, updated: true, replicas: true, say: true, reason: true, firstReadyAt: true, canary: true } });
  if (!row) return record;
  const outcome = ([...mayChange, "succeeded", "superseded", "rolled-back", "cancelled", "unknown"] as const).find((one) => one === row.outcome) ?? record.outcome;
  return { ...record, ...row, canary: toCanary(row.canary), outcome, firstReadyAt: row.firstReadyAt?.getTime() ?? null };
}
