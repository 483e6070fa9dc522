// How far a rollout has come: the answers of `kubectl rollout status`, rule by rule and word by word, and Argo Rollouts' own for a Rollout.
import type { RevisionFacts, RolloutFacts, WorkloadObject } from "../../adapters/kubernetes/objects";

/** waiting: kubectl would go on waiting. manual: the strategy leaves it to people, and kubectl tells nothing. */
export interface RolloutStatus { state: "waiting" | "complete" | "failed" | "paused" | "aborted" | "manual"; say: string }

const waiting = (say: string): RolloutStatus => ({ state: "waiting", say });
const complete = (say: string): RolloutStatus => ({ state: "complete", say });

export function rolloutStatus(object: WorkloadObject): RolloutStatus {
  if (object.kind === "Rollout") return object.rollout ? argoStatus(object, object.rollout) : waiting("Nothing is known of its rollout.");
  const facts = object.revision;
  if (!facts) return waiting("Nothing is known of its rollout.");
  if (object.kind === "Deployment") return deploymentStatus(object, facts);
  return object.kind === "StatefulSet" ? statefulSetStatus(object, facts) : daemonSetStatus(object, facts);
}

function deploymentStatus(object: WorkloadObject, { statusReplicas }: RevisionFacts): RolloutStatus {
  const { name, replicas, updatedReplicas: updated, availableReplicas: available } = object;
  if (object.generation > object.observedGeneration) return waiting("Waiting for deployment spec update to be observed...");
  if (object.conditions.find(({ type }) => type === "Progressing")?.reason === "ProgressDeadlineExceeded") return { state: "failed", say: `deployment "${name}" exceeded its progress deadline` };
  if (replicas !== null && updated < replicas) return waiting(`Waiting for deployment "${name}" rollout to finish: ${updated} out of ${replicas} new replicas have been updated...`);
  if (statusReplicas > updated) return waiting(`Waiting for deployment "${name}" rollout to finish: ${statusReplicas - updated} old replicas are pending termination...`);
  if (available < updated) return waiting(`Waiting for deployment "${name}" rollout to finish: ${available} of ${updated} updated replicas are available...`);
  return complete(`deployment "${name}" successfully rolled out`);
}

function statefulSetStatus(object: WorkloadObject, facts: RevisionFacts): RolloutStatus {
  const { replicas, readyReplicas: ready, updatedReplicas: updated } = object;
  if (facts.strategy !== "RollingUpdate") return { state: "manual", say: "rollout status is only available for RollingUpdate strategy type" };
  if (object.observedGeneration === 0 || object.generation > object.observedGeneration) return waiting("Waiting for statefulset spec update to be observed...");
  if (replicas !== null && ready < replicas) return waiting(`Waiting for ${replicas - ready} pods to be ready...`);
  if (facts.partition !== null) {
    const wanted = (replicas ?? 1) - facts.partition;
    if (updated < wanted) return waiting(`Waiting for partitioned roll out to finish: ${updated} out of ${wanted} new pods have been updated...`);
    return complete(`partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  if (facts.updateRevision !== facts.currentRevision) return waiting(`waiting for statefulset rolling update to complete ${updated} pods at revision ${facts.updateRevision}...`);
  return complete(`statefulset rolling update complete ${updated} pods at revision ${facts.currentRevision}...`);
}

function daemonSetStatus(object: WorkloadObject, { strategy }: RevisionFacts): RolloutStatus {
  const { name, updatedReplicas: updated, availableReplicas: available } = object;
  const desired = object.replicas ?? 0;
  if (strategy !== "RollingUpdate") return { state: "manual", say: "rollout status is only available for RollingUpdate strategy type" };
  if (object.generation > object.observedGeneration) return waiting("Waiting for daemon set spec update to be observed...");
  if (updated < desired) return waiting(`Waiting for daemon set "${name}" rollout to finish: ${updated} out of ${desired} new pods have been updated...`);
  if (available < desired) return waiting(`Waiting for daemon set "${name}" rollout to finish: ${available} of ${desired} updated pods are available...`);
  return complete(`daemon set "${name}" successfully rolled out`);
}

/** As Argo Rollouts' own tools fold it: its phase, unless the controller has not looked yet. */
function argoStatus(object: WorkloadObject, argo: RolloutFacts): RolloutStatus {
  if (argo.observedGeneration > 0 && argo.observedGeneration !== object.generation) return waiting("waiting for rollout spec update to be observed");
  if (argo.controllerPause && argo.pauses.length === 0) return waiting("waiting for rollout to unpause");
  const say = argo.message === "" ? argo.phase : `${argo.phase} - ${argo.message}`;
  if (argo.phase === "Healthy") return complete(say);
  if (argo.phase === "Paused") return { state: "paused", say };
  if (argo.phase !== "Degraded") return waiting(say === "" ? "waiting for the controller's first word" : say);
  const isAborted = argo.aborted || object.conditions.some(({ reason }) => reason === "RolloutAborted");
  return { state: isAborted ? "aborted" : "failed", say };
}

const ownDeadlineMs = 600_000;
const perPodMs = 120_000;

/** What knows no failed rollout gets a deadline of the console's own: its pods are replaced one by one. Null: the controller has one itself. */
export function ownDeadlineOf({ kind, replicas }: Pick<WorkloadObject, "kind" | "replicas">): number | null {
  return kind === "StatefulSet" || kind === "DaemonSet" ? ownDeadlineMs + perPodMs * Math.max(1, replicas ?? 1) : null;
}
