// A Rollout as the judge sees it: which versions stand against each other, what share is wanted, and how it ended.
import "server-only";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { isInProgress, isObserved, isRollout, wantedWeight, type RolloutObject } from "@/lib/deployments/rollouts/standing";
import type { Subject, Versions } from "../run";
import type { Run } from "./kept";

export function rolloutFor(handle: ClusterHandle, { namespace, workload }: Pick<Subject, "namespace" | "workload">): RolloutObject | null {
  const found = handle.store("Rollout").get(`${namespace}/${workload}`);
  return isRollout(found) ? found : null;
}

/** Null while there are no two versions, or the controller has not seen what is wanted. */
export function versionsOf(handle: ClusterHandle, rollout: RolloutObject): Versions | null {
  if (!isObserved(rollout) || !isInProgress(rollout) || rollout.rollout.aborted) return null;
  const { currentHash, stableHash } = rollout.rollout;
  const version = (hash: string) => {
    const set = `${rollout.name}-${hash}`;
    return { hash, set, image: handle.store("ReplicaSet").get(`${rollout.namespace}/${set}`)?.images.join(", ") ?? "" };
  };
  return { canary: version(currentHash), baseline: version(stableHash) };
}

/** By the router's weight where one splits the traffic; else by the pods that are ready, for nothing else does. */
export function wantedShareOf(rollout: RolloutObject | null, ready: { canary: number; baseline: number }): number {
  if (rollout && rollout.rollout.routed.length > 0) return Math.min(1, (wantedWeight(rollout) ?? 0) / rollout.rollout.maxTrafficWeight);
  const all = ready.canary + ready.baseline;
  return all === 0 ? 0 : ready.canary / all;
}

/** How a rollout of this version ended; null while it is on its way. */
export function endOf(rollout: RolloutObject | null, { versions }: Pick<Run, "versions">): { outcome: string; say: string } | null {
  if (rollout === null) return { outcome: "superseded", say: "The Rollout is gone" };
  if (!isObserved(rollout)) return null;
  const { currentHash, stableHash, aborted, message } = rollout.rollout;
  if (stableHash === versions.canary.hash) return { outcome: "promoted", say: "Promoted: this version is the stable one now" };
  if (currentHash !== versions.canary.hash) return { outcome: "superseded", say: `Another version is wanted now: ${currentHash}` };
  return aborted ? { outcome: "aborted", say: message || "Aborted: the stable version has all of the traffic" } : null;
}
