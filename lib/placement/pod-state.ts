// What one pod cell says: a state and, where all is not well, its reason in a word.
import type { ContainerStatus, PodObject } from "../adapters/kubernetes/objects";
import type { NodeRow, PodState } from "./model";
import { readSchedulerMessage, tellingReason } from "./scheduler-message";

export interface Seen { state: PodState; reason: string }

/** Waiting reasons of a container that is on its way; every other one means that somebody must act. */
const onTheWay = new Set(["", "ContainerCreating", "PodInitializing"]);
/** Kubelet and volumes settle within this; a pod that is not ready after it deserves a look (reference: ten minutes of grace after an install). */
export const startingGraceMs = 10 * 60_000;

export function podState(pod: PodObject, node: Pick<NodeRow, "ready"> | null): Seen {
  if (pod.phase === "Succeeded") return { state: "done", reason: "Completed" };
  if (pod.deletedAt !== null) return { state: "terminating", reason: node?.ready === "unknown" ? "Node not answering" : "Terminating" };
  if (pod.phase === "Failed") return { state: "failed", reason: pod.reason || troubleOf(pod) || "Failed" };
  if (pod.nodeName === "") return { state: "pending", reason: pendingReason(pod) };
  if (pod.phase === "Unknown" || node?.ready === "unknown") return { state: "unknown", reason: pod.reason || "Node not answering" };
  const trouble = troubleOf(pod);
  if (trouble) return { state: "failed", reason: trouble };
  if (pod.phase === "Pending") return { state: "starting", reason: waitingOf(pod) || "ContainerCreating" };
  if (pod.ready) return { state: "running", reason: "" };
  const restarted = pod.containers.find((container) => container.restarts > 0 && !container.ready);
  if (restarted) return { state: "warning", reason: restarted.lastReason || "Not ready" };
  return { state: "starting", reason: "Not ready" };
}

/** The state as it must look at `now`: what has been starting for too long is a warning. Kept apart from podState, which knows no clock. */
export function overdue(seen: Seen & { createdAt: number }, now: number): Seen {
  if (seen.state !== "starting" || now - seen.createdAt <= startingGraceMs) return { state: seen.state, reason: seen.reason };
  return { state: "warning", reason: seen.reason || "Not ready" };
}

function pendingReason(pod: PodObject): string {
  if (pod.spec.schedulingGates.length > 0) return "SchedulingGated";
  if (!pod.unscheduled) return "Not looked at yet";
  const message = readSchedulerMessage(pod.unscheduled.message);
  return (message && tellingReason(message)) || pod.unscheduled.reason || "Unschedulable";
}

function troubleOf(pod: PodObject): string {
  for (const container of pod.containers) {
    const reason = troubleIn(container, pod.spec.restartPolicy);
    if (reason) return reason;
  }
  return "";
}

function troubleIn(container: ContainerStatus, restartPolicy: string): string {
  if (container.state === "waiting") return onTheWay.has(container.reason) ? "" : container.reason;
  if (container.state !== "terminated" || container.exitCode === 0 || container.exitCode === null) return "";
  if (restartPolicy === "Never") return "";
  return container.reason || "Error";
}

function waitingOf(pod: PodObject): string {
  return pod.containers.find((container) => container.state === "waiting" && container.reason !== "")?.reason ?? "";
}
