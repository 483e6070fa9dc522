// How a record ends in the table: overtaken, or with the pods and events of that moment, and what a good end repairs.
import "server-only";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import type { Database } from "@/lib/adapters/database/client";
import type { EventObject, PodObject } from "@/lib/adapters/kubernetes/objects";
import { podState } from "@/lib/placement/pod-state";
import { underWay, type Outcome } from "../model";
import { liveRevisions, podsOf, type Workload } from "./live-revisions";
import { asJson, moveRecord, type Known } from "./store";

/** By the change that came: going back while it was under way is a rollback of it. */
export async function supersede(db: Database, { one, newest, workloadUid, now }: { one: Known; newest: Known; workloadUid: string; now: number }): Promise<Outcome> {
  const next = await db.deploymentRecord.findUnique({ where: { workloadUid_revision: { workloadUid, revision: newest.revision } }, select: { change: true, fromRevision: true } });
  const outcome: Outcome = next?.change === "rollback" && next.fromRevision === one.revision ? "rolled-back" : "superseded";
  const at = new Date(Math.max(one.startedAt, Math.min(newest.startedAt, now)));
  await moveRecord(db, { id: one.id, from: underWay }, { outcome, finishedAt: at, finishedFrom: "cluster", ...(outcome === "rolled-back" ? { failedAt: at } : {}), say: `Revision ${newest.revision} came before it was done.` });
  return outcome;
}

const maxPods = 50;
const maxEvents = 60;

export interface PodThen { name: string; node: string; state: string; word: string; ready: boolean; restarts: number; isNew: boolean }
export interface EventThen { at: number; type: string; reason: string; message: string; count: number; about: string }

export interface EvidenceAsked { recordId: bigint; handle: ClusterHandle; workload: Workload; revisionName: string; now: number }

/** Kept once, of the moment in which the record ended. */
export async function takeEvidence(db: Database, { recordId, handle, workload, revisionName, now }: EvidenceAsked): Promise<void> {
  const data = { at: new Date(now), pods: asJson(podsThen(handle, workload, revisionName)), events: asJson(eventsThen(handle, workload)) };
  await db.deploymentEvidence.upsert({ where: { recordId }, create: { recordId, ...data }, update: data });
}

export function podsThen(handle: ClusterHandle, workload: Workload, revisionName: string): PodThen[] {
  const told = liveRevisions(handle, workload).flatMap((one) => podsOf(handle, workload, one).map((pod) => ({ pod, isNew: one.name === revisionName })));
  return told.toSorted((a, b) => Number(b.isNew) - Number(a.isNew) || Number(a.pod.ready) - Number(b.pod.ready)).slice(0, maxPods).map(({ pod, isNew }) => ({ ...podThen(pod), isNew }));
}

function podThen(pod: PodObject): Omit<PodThen, "isNew"> {
  const { state, reason } = podState(pod, null);
  return { name: pod.name, node: pod.nodeName, state, word: reason, ready: pod.ready, restarts: pod.containers.reduce((sum, { restarts }) => sum + restarts, 0) };
}

/** Of the workload, its ReplicaSets and its pods, newest first. */
export function eventsThen(handle: ClusterHandle, { kind, namespace, name }: Pick<Workload, "kind" | "namespace" | "name">): EventThen[] {
  const concerns = ({ regarding }: EventObject) => (regarding.kind === kind && regarding.name === name) || ((regarding.kind === "ReplicaSet" || regarding.kind === "Pod") && regarding.name.startsWith(`${name}-`));
  return handle.store("Event").by("namespace", namespace).filter(concerns).toSorted((a, b) => b.lastAt - a.lastAt).slice(0, maxEvents)
    .map(({ lastAt, type, reason, message, count, regarding }) => ({ at: lastAt, type, reason, message: message.slice(0, 500), count, about: `${regarding.kind} ${regarding.name}` }));
}

/** A version that works ends the trouble of those before it. */
export async function restored(db: Database, { workloadUid, revision, at }: { workloadUid: string; revision: number; at: number }): Promise<void> {
  await db.deploymentRecord.updateMany({
    where: { workloadUid, revision: { lt: revision }, recoveredAt: null, OR: [{ outcome: { in: ["failed", "aborted", "rolled-back"] } }, { rolledBackBy: { not: null } }, { deemed: "failed" }] },
    data: { recoveredAt: new Date(at), updatedAt: new Date() },
  });
}
