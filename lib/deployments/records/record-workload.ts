// One look at one workload: revisions that have no record get one, and the newest record is brought to where the rollout now is.
import "server-only";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import type { Database } from "@/lib/adapters/database/client";
import type { Kind } from "@/lib/adapters/kubernetes/objects";
import type { TierPolicy } from "@/lib/placement/model";
import { declaredTier } from "@/lib/placement/tier-policy";
import { workloadLabels } from "@/lib/placement/workload-of";
import { isUnderWay, underWay, workloadKinds } from "../model";
import { supersede, takeEvidence } from "./endings";
import { matchRecord } from "./ci";
import { followNewest } from "./follow-newest";
import { identify, coreOf } from "./digest";
import { liveRevisions, type LiveRevision, type Workload } from "./live-revisions";
import { newRecord } from "./new-record";
import { applicationNamed, readApplication } from "./ownership";
import { readRevision, readWorkload, templateOf } from "./read-revision";
import { asJson, formerOf, insertRecords, keepTemplate, loadKnown, moveRecord, openOfOthers, storedTemplate, type Known } from "./store";
import { maskSecrets } from "@/lib/placement/mask";

export interface Remembered {
  key: string;
  /** By revision: all of which it is certain that they have a record. */
  known: Map<number, Known>;
  /** The newest is under way, or went wrong and may yet end well. */
  isOpen: boolean;
  /** Revisions that this process saw under way. */
  watched: Set<number>;
}
export type Memory = Map<string, Remembered>;

export interface LookAt {
  db: Database;
  handle: ClusterHandle;
  clusterUid: string;
  policy: TierPolicy;
  workload: Workload;
  memory: Memory;
  now: number;
  /** The newest revision of each workload, by uid, as the picture was found: what came later was watched. */
  found: ReadonlyMap<string, number>;
}

/** Kubernetes keeps ten unless told otherwise. Whoever keeps thousands is recorded by the newest, so that others are not kept from it. */
const maxRevisions = 100;

export async function recordWorkload(look: LookAt): Promise<void> {
  const { db, handle, workload, memory } = look;
  const revisions = liveRevisions(handle, workload).slice(-maxRevisions);
  const newest = revisions.at(-1);
  if (!newest || !hasItsNewest(workload, revisions)) return;
  const remembered = memory.get(workload.uid) ?? (await remember(look, revisions));
  for (const one of revisions) if (!remembered.known.has(one.revision)) await recordRevision(look, { remembered, revisions, one });
  const record = remembered.known.get(newest.revision);
  if (!record) return;
  await closeEarlier(look, remembered, record);
  const still = await followNewest({ db, handle, workload, record, newest, now: look.now, isFirstLook: !remembered.watched.has(record.revision) });
  remembered.watched.add(record.revision);
  remembered.known.set(record.revision, still);
  remembered.isOpen = isUnderWay(still.outcome) || still.outcome === "failed" || still.outcome === "aborted";
  for (const revision of remembered.known.keys()) if (revision !== newest.revision && !revisions.some((one) => one.revision === revision)) remembered.known.delete(revision);
  memory.set(workload.uid, remembered);
}

/** The store of ReplicaSets may be behind that of the workloads, by a moment: then the newest is not there yet. */
function hasItsNewest({ kind, revision }: Workload, revisions: readonly LiveRevision[]): boolean {
  if (kind === "Deployment" || kind === "Rollout") return !revision || revision.revision === 0 || revisions.some((one) => one.revision >= revision.revision);
  return kind !== "StatefulSet" || !revision || revision.updateRevision === "" || revisions.some((one) => one.name === revision.updateRevision);
}

async function remember({ db, workload }: LookAt, revisions: readonly LiveRevision[]): Promise<Remembered> {
  const rows = await loadKnown(db, workload.uid, revisions.map(({ revision }) => revision));
  return { key: `${workload.kind}/${workload.namespace}/${workload.name}`, known: new Map(rows.map((row) => [row.revision, row])), isOpen: true, watched: new Set() };
}

async function recordRevision(look: LookAt, { remembered, revisions, one }: { remembered: Remembered; revisions: readonly LiveRevision[]; one: LiveRevision }): Promise<void> {
  const { db, handle, workload, clusterUid, policy, now, found } = look;
  const rawRevision = await readRevision(handle.client, workload, one.name);
  const rawWorkload = await readWorkload(handle.client, workload);
  if (rawRevision === null || rawWorkload === null) return;
  const identified = identify(templateOf(rawRevision));
  const { before, same } = await formerOf(db, { workloadUid: workload.uid, revision: one.revision, core: identified.core });
  const beforeLive = before ? revisions.find(({ revision }) => revision === before.revision) : undefined;
  const rawBefore = beforeLive ? await readRevision(handle.client, workload, beforeLive.name) : null;
  const keeper = one === revisions.at(-1) ? applicationNamed(rawWorkload) : null;
  const isWatched = one.revision > (found.get(workload.uid) ?? 0);
  const record = newRecord({
    clusterUid, workload, rawWorkload, rawRevision, revisions, one, identified, before, rawBefore, isWatched, now,
    rawApplication: keeper === null ? null : await readApplication(handle.client, keeper),
    same: same.filter(({ templateDigest }) => coreOf(templateDigest) === identified.core),
    templateBefore: rawBefore === null ? (before ? await storedTemplate(db, before.templateDigest) : null) : templateOf(rawBefore),
    tier: declaredTier(policy, { ...workload, labels: workloadLabels(workload) }),
    namespaceLabels: handle.store("Namespace").get(workload.namespace)?.labels ?? {},
  });
  await keepTemplate(db, identified.digest, asJson(maskSecrets(identified.template)));
  const { all, made } = await insertRecords(db, [record]);
  for (const row of all) {
    remembered.known.set(row.revision, row);
    if (!made.has(String(row.id))) continue;
    await matchRecord(db, row.id);
    if (record.change === "rollback" && record.fromRevision != null) await markRolledBack(look, { from: record.fromRevision, by: one.revision, at: row.startedAt });
  }
}

async function markRolledBack({ db, workload }: LookAt, { from, by, at }: { from: number; by: number; at: number }): Promise<void> {
  await db.deploymentRecord.updateMany({ where: { workloadUid: workload.uid, revision: from, rolledBackBy: null }, data: { rolledBackBy: by, rolledBackAt: new Date(at), updatedAt: new Date() } });
}

/** Whatever was under way when the newest began has been overtaken by it. */
async function closeEarlier({ db, handle, workload, now }: LookAt, { known }: Remembered, newest: Known): Promise<void> {
  for (const one of known.values()) {
    if (one.revision >= newest.revision || !isUnderWay(one.outcome)) continue;
    const outcome = await supersede(db, { one, newest, workloadUid: workload.uid, now });
    await takeEvidence(db, { recordId: one.id, handle, workload, revisionName: one.revisionName, now });
    known.set(one.revision, { ...one, outcome });
  }
}

export interface Gone { db: Database; handle: ClusterHandle; clusterUid: string; now: number; isCertain: (kind: Kind) => boolean }

/** Removed while it was under way. What is not live is not certain to be gone. */
export async function closeRecordsOfGone({ db, handle, clusterUid, now, isCertain }: Gone): Promise<void> {
  const living = new Set<string>();
  for (const kind of workloadKinds) for (const { uid } of handle.store(kind).values()) living.add(uid);
  for (const { id, kind } of await openOfOthers(db, clusterUid, living)) {
    const known = workloadKinds.find((one) => one === kind);
    if (!known || !isCertain(known)) continue;
    await moveRecord(db, { id, from: underWay }, { outcome: "cancelled", finishedAt: new Date(now), finishedFrom: "late", say: "The workload was removed while it was rolled out." });
  }
}

