// How a Rollout stands: in the controller's own words where they hold for what is wanted now, and what may be done about it.
import type { RolloutFacts, WorkloadObject } from "@/lib/adapters/kubernetes/objects";

export type RolloutObject = WorkloadObject & { rollout: RolloutFacts };

export function isRollout(object: WorkloadObject | undefined): object is RolloutObject {
  return object?.kind === "Rollout" && object.rollout !== undefined;
}

export const rolloutPhases = ["healthy", "progressing", "paused", "aborted", "degraded"] as const;
export type RolloutPhase = (typeof rolloutPhases)[number];

export interface Standing {
  phase: RolloutPhase;
  /** For a person; the controller's message where it says one. */
  say: string;
  /** Two versions are there, and one is to become the other. */
  inProgress: boolean;
  /** Held by spec.paused, by a step, or by an undecided analysis. */
  heldBy: "hand" | "step" | "analysis" | null;
}

/** A status that was written for an older generation says nothing about what is wanted now. */
export function isObserved({ generation, rollout }: RolloutObject): boolean {
  return rollout.observedGeneration >= generation;
}

export function isInProgress({ rollout: { currentHash, stableHash } }: RolloutObject): boolean {
  return currentHash !== "" && stableHash !== "" && currentHash !== stableHash;
}

const holds = { hand: "Held by hand", step: "Waiting at a pause of its steps", analysis: "Held, because its analysis could not decide" } as const;

/** Of a pause the controller only writes the name of its reason, such as CanaryPauseStep. */
const isSentence = (message: string): boolean => message.includes(" ");

export function standingOf(object: RolloutObject): Standing {
  const { rollout, paused } = object;
  const inProgress = isInProgress(object);
  const heldBy = paused ? "hand" : rollout.pauses.some(({ reason }) => reason.startsWith("Inconclusive")) ? "analysis" : rollout.pauses.length > 0 ? "step" : null;
  const told = (phase: RolloutPhase, say: string): Standing => ({ phase, say: isSentence(rollout.message) ? rollout.message : say, inProgress, heldBy });
  if (!isObserved(object)) return { phase: "progressing", say: "Waiting until the controller has seen the change", inProgress, heldBy };
  if (rollout.aborted) return told("aborted", "The new version was aborted; the stable one has all of the traffic");
  if (rollout.controllerPause && rollout.pauses.length === 0) return { phase: "paused", say: "Waiting until the controller goes on", inProgress, heldBy };
  if (heldBy !== null) return told("paused", holds[heldBy]);
  if (rollout.phase === "Degraded") return told("degraded", "The controller cannot go on");
  return rollout.phase === "Healthy" ? told("healthy", "Fully promoted") : told("progressing", "More pods are being made or ended");
}

/** The weight that the steps ask for now; null where no step has said one. */
export function wantedWeight({ rollout: { aborted, steps, stepIndex, maxTrafficWeight, currentHash, stableHash } }: RolloutObject): number | null {
  if (aborted) return 0;
  if (currentHash === stableHash || stepIndex === null || stepIndex >= steps.length) return steps.length === 0 && currentHash !== stableHash ? null : maxTrafficWeight;
  const last = steps.slice(0, stepIndex + 1).findLast((step) => step.kind === "setWeight");
  return last?.weight ?? 0;
}

/** 0 to 1, of two versions one of which is to become the other; null where there are none, or no steps say it. */
export function canaryShare(object: RolloutObject): number | null {
  const weight = isObserved(object) && isInProgress(object) ? wantedWeight(object) : null;
  return weight === null ? null : weight / object.rollout.maxTrafficWeight;
}

export type StepState = "done" | "now" | "to-come";

export function stepState(index: number, { rollout: { stepIndex, aborted } }: RolloutObject): StepState {
  if (stepIndex === null || aborted) return "to-come";
  return index < stepIndex ? "done" : index === stepIndex ? "now" : "to-come";
}
