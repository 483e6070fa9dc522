// What a look at the cluster says of a record that is under way or went wrong: how far it has come, or how it ended and when.
import type { EventObject, PodObject, WorkloadObject } from "../../adapters/kubernetes/objects";
import { isUnderWay, type CanaryStep, type Outcome } from "../model";
import { canaryShare, isRollout } from "../rollouts/standing";
import { failureReason } from "./failure-reason";
import { ownDeadlineOf, rolloutStatus, type RolloutStatus } from "./rollout-status";

export interface Followed {
  outcome: Outcome;
  generation: number;
  revision: number;
  revisionName: string;
  startedAt: number;
  firstReadyAt: number | null;
  ready: number;
  updated: number;
  replicas: number;
  say: string;
  reason: string;
  canary: readonly CanaryStep[];
}

export interface Look {
  workload: WorkloadObject;
  pods: readonly PodObject[];
  events: readonly Pick<EventObject, "type" | "reason" | "message">[];
  now: number;
  /** Whether this process saw it under way before: what ended unseen has no time of its own. */
  isFirstLook: boolean;
}

export interface Progress { firstReadyAt: number | null; ready: number; updated: number; replicas: number; say: string; reason: string; canary: readonly CanaryStep[] }
export interface Ending { outcome: "succeeded" | "failed" | "aborted"; at: number; from: "cluster" | "watched" | "late"; isLate: boolean }
export interface Told { outcome: Outcome; progress: Progress; ending: Ending | null }

/** Null while the workload's status does not speak of this revision yet, or no more: a change that no controller has looked at ends what went wrong, and belongs to the next. */
export function follow(record: Followed, look: Look): Told | null {
  const { workload, pods } = look;
  if (!speaksOf(workload, record)) return null;
  if (!isUnderWay(record.outcome) && workload.generation > workload.observedGeneration) return null;
  const status = manualStatus(rolloutStatus(workload), look);
  const late = status.state === "waiting" ? ownDeadline(record, look) : null;
  const wrong = late !== null || status.state === "failed" || status.state === "aborted";
  const reason = status.state === "complete" ? "" : failureReason(look);
  const progress: Progress = {
    firstReadyAt: firstReadyAt(record, pods), ready: pods.filter(({ ready }) => ready).length, updated: workload.updatedReplicas, replicas: workload.replicas ?? 0,
    say: late ?? status.say, reason: wrong && reason === "" ? (late ?? status.say) : reason,
    canary: canaryOf(record, look),
  };
  if (status.state === "complete") return { outcome: "succeeded", progress, ending: { outcome: "succeeded", ...endOf(record, look), isLate: record.outcome === "failed" } };
  if (wrong) return { outcome: status.state === "aborted" ? "aborted" : "failed", progress, ending: { outcome: status.state === "aborted" ? "aborted" : "failed", ...failedAt(record, look), isLate: false } };
  if (record.outcome === "failed") return { outcome: "failed", progress: { ...progress, say: record.say, reason: record.reason }, ending: null };
  return { outcome: status.state === "paused" || workload.paused ? "paused" : "running", progress, ending: null };
}

/** A status written before the revision was made tells of the one before. */
function speaksOf(workload: WorkloadObject, { generation, revision, revisionName }: Followed): boolean {
  if (workload.generation < generation) return false;
  if (workload.kind === "Deployment" || workload.kind === "Rollout") return workload.revision?.revision === revision;
  if (workload.kind === "StatefulSet") return workload.revision?.updateRevision === revisionName;
  return true;
}

/** With OnDelete people replace the pods one by one: it is done when all are of the revision and ready. */
function manualStatus(status: RolloutStatus, { workload, pods }: Look): RolloutStatus {
  if (status.state !== "manual") return status;
  const [wanted, ready] = [workload.replicas ?? 0, pods.filter((pod) => pod.ready).length];
  return { state: ready >= wanted ? "complete" : "manual", say: `${pods.length} of ${wanted} pods are of this revision; with OnDelete each changes when somebody deletes it` };
}

function firstReadyAt({ firstReadyAt: known, startedAt }: Followed, pods: readonly PodObject[]): number | null {
  if (known !== null) return known;
  const times = pods.flatMap(({ readySince }) => (readySince === undefined ? [] : [readySince]));
  return times.length === 0 ? null : Math.max(startedAt, Math.min(...times));
}

function ownDeadline({ startedAt }: Followed, { workload, now }: Look): string | null {
  const deadlineMs = ownDeadlineOf(workload);
  return deadlineMs !== null && now - startedAt > deadlineMs ? `Not done ${Math.round(deadlineMs / 60_000)} minutes after it began; ${workload.kind}s have no deadline of their own, this is the console's.` : null;
}

/** One more step where the weight is another than was last seen. */
function canaryOf({ canary }: Followed, { workload, now }: Look): readonly CanaryStep[] {
  const share = isRollout(workload) ? canaryShare(workload) : null;
  return share === null || share === (canary.at(-1)?.share ?? 0) ? canary : [...canary, { at: now, share }];
}

const progressing = (workload: WorkloadObject) => workload.conditions.find(({ type }) => type === "Progressing");

/** A Deployment tells when it was done; of others the last pod to become ready does. */
function endOf({ startedAt }: Followed, { workload, pods, now, isFirstLook }: Look): Pick<Ending, "at" | "from"> {
  const told = progressing(workload);
  if (workload.kind === "Deployment" && told?.reason === "NewReplicaSetAvailable" && told.updatedAt !== undefined && told.updatedAt >= startedAt) return { at: told.updatedAt, from: "cluster" };
  if (!isFirstLook) return { at: now, from: "watched" };
  const last = Math.max(-Infinity, ...pods.map(({ readySince }) => readySince ?? -Infinity));
  return Number.isFinite(last) && last >= startedAt ? { at: last, from: "cluster" } : { at: now, from: "late" };
}

function failedAt({ startedAt }: Followed, { workload, now, isFirstLook }: Look): Pick<Ending, "at" | "from"> {
  const told = progressing(workload);
  if (told?.reason === "ProgressDeadlineExceeded") return { at: Math.max(startedAt, told.updatedAt ?? told.at), from: "cluster" };
  if (workload.rollout?.abortedAt && workload.rollout.aborted) return { at: Math.max(startedAt, workload.rollout.abortedAt), from: "cluster" };
  return { at: now, from: isFirstLook ? "late" : "watched" };
}

export function isNews(record: Followed, { outcome, progress }: Told): boolean {
  return outcome !== record.outcome || progress.ready !== record.ready || progress.updated !== record.updated || progress.replicas !== record.replicas || progress.firstReadyAt !== record.firstReadyAt || progress.reason !== record.reason || progress.canary !== record.canary || progress.say !== record.say;
}
