// Why a rollout does not get on: the first evidence in the order in which it convinces.
import type { ContainerStatus, EventObject, PodObject, WorkloadObject } from "../../adapters/kubernetes/objects";

const waitingReasons = ["ImagePullBackOff", "ErrImagePull", "InvalidImageName", "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "CrashLoopBackOff"];

export interface ReasonAsked {
  workload: Pick<WorkloadObject, "conditions">;
  /** Pods of the revision. */
  pods: readonly PodObject[];
  /** Newest first. */
  events: readonly Pick<EventObject, "type" | "reason" | "message">[];
}

/** "" when nothing speaks of trouble. */
export function failureReason({ workload, pods, events }: ReasonAsked): string {
  return (
    refusedPods(workload) ??
    firstOf(pods, stuckContainer) ??
    firstOf(pods, endedContainer) ??
    firstOf(pods, ({ name, unscheduled }) => (unscheduled ? `${name}: Pending, ${unscheduled.message || unscheduled.reason}` : null)) ??
    failedProbe(events) ??
    firstOf(pods, ({ name, phase, reason }) => (phase === "Failed" ? `${name}: ${reason || "failed"}` : null)) ??
    ""
  ).slice(0, 500);
}

function refusedPods({ conditions }: Pick<WorkloadObject, "conditions">): string | null {
  const refused = conditions.find(({ type, status }) => type === "ReplicaFailure" && status === "True");
  return refused ? `${refused.reason || "FailedCreate"}: ${refused.message}` : null;
}

function firstOf(pods: readonly PodObject[], tell: (pod: PodObject) => string | null): string | null {
  for (const pod of pods) {
    const told = tell(pod);
    if (told) return told;
  }
  return null;
}

const containersOf = (pod: PodObject): readonly ContainerStatus[] => [...(pod.initContainers ?? []), ...pod.containers];

function stuckContainer(pod: PodObject): string | null {
  const stuck = containersOf(pod).find(({ state, reason }) => state === "waiting" && waitingReasons.includes(reason));
  if (!stuck) return null;
  const last = stuck.lastReason === "" ? "" : `, last ended by ${stuck.lastReason}`;
  return `${pod.name}: ${stuck.name} ${stuck.reason}${last}`;
}

function endedContainer(pod: PodObject): string | null {
  const ended = containersOf(pod).find(({ state, lastReason, exitCode, ready }) => !ready && ((state === "terminated" && (exitCode ?? 0) !== 0) || lastReason === "OOMKilled" || lastReason === "Error"));
  if (!ended) return null;
  const how = ended.state === "terminated" ? `${ended.reason || "ended"}${ended.exitCode === null ? "" : `, exit code ${ended.exitCode}`}` : ended.lastReason;
  return `${pod.name}: ${ended.name} ${how}`;
}

function failedProbe(events: ReasonAsked["events"]): string | null {
  const failed = events.find(({ type, reason }) => type === "Warning" && (reason === "Unhealthy" || reason === "FailedCreate" || reason === "FailedMount" || reason === "FailedScheduling"));
  return failed ? `${failed.reason}: ${failed.message}` : null;
}
