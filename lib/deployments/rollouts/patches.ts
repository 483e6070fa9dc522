// What is sent for each deed on a Rollout: the controller's own patches, each of which holds only for the version that was looked at.
import type { PatchOperation } from "@/lib/adapters/kubernetes/patch";
import { isInProgress, type RolloutObject } from "./standing";

export const rolloutDeeds = ["promote", "promote-full", "abort", "retry", "pause", "resume"] as const;
export type RolloutDeed = (typeof rolloutDeeds)[number];

export interface RolloutPatch { subresource?: "status"; operations: PatchOperation[] }
/** Or why there is nothing to do. */
export type Patches = { patches: RolloutPatch[] } | { refused: string };

const set = (path: string, value: unknown): PatchOperation => ({ op: "add", path, value });

/** An abort meant for one version cannot hit the next, nor a Rollout that was made anew under the same name. */
function guards({ uid, rollout: { currentHash } }: RolloutObject): PatchOperation[] {
  return [{ op: "test", path: "/metadata/uid", value: uid }, { op: "test", path: "/status/currentPodHash", value: currentHash }];
}

export function guarded(object: RolloutObject, operations: readonly PatchOperation[], subresource?: "status"): RolloutPatch {
  return { ...(subresource ? { subresource } : {}), operations: [...guards(object), ...operations] };
}

export function patchesFor(object: RolloutObject, deed: RolloutDeed): Patches {
  const { rollout, paused } = object;
  const status = (...operations: PatchOperation[]): Patches => ({ patches: [guarded(object, operations, "status")] });
  const hold = (wanted: boolean): Patches => ({ patches: [guarded(object, [set("/spec/paused", wanted)])] });
  if (deed === "pause") return paused ? { refused: "It is held already." } : hold(true);
  if (deed === "resume") return paused ? hold(false) : { refused: "It is not held by hand." };
  if (!isInProgress(object)) return { refused: "No other version is on its way: what is wanted is what is stable." };
  if (deed === "retry") return rollout.aborted ? status(set("/status/abort", false)) : { refused: "It was not aborted." };
  if (rollout.aborted && deed !== "promote-full") return { refused: deed === "abort" ? "It was aborted already." : "It was aborted. Retry it, or send a new version." };
  if (deed === "abort") return status(set("/status/abort", true));
  if (deed === "promote-full") return unheld(object, [set("/status/promoteFull", true)]);
  return promotion(object);
}

/** The status first, then the hold by hand, as the controller's own tools do it. */
function unheld(object: RolloutObject, operations: PatchOperation[]): Patches {
  return { patches: [guarded(object, operations, "status"), ...(object.paused ? [guarded(object, [set("/spec/paused", false)])] : [])] };
}

/** One step on. Held by hand alone, it is let go and no step is skipped, where Argo's own tools would skip one. */
function promotion(object: RolloutObject): Patches {
  const { rollout: { pauses, stepIndex, steps, stepRun, controllerPause }, paused } = object;
  const here: PatchOperation[] = stepIndex === null ? [] : [{ op: "test", path: "/status/currentStepIndex", value: stepIndex }];
  const next = set("/status/currentStepIndex", Math.min(steps.length, (stepIndex ?? 0) + 1));
  const unpause: PatchOperation = { op: "remove", path: "/status/pauseConditions" };
  if (pauses.length > 0) {
    const undecided = stepRun?.status === "Inconclusive" && controllerPause;
    return unheld(object, undecided ? [...here, unpause, set("/status/controllerPause", false), next] : [...here, unpause]);
  }
  if (paused) return { patches: [guarded(object, [set("/spec/paused", false)])] };
  if (stepIndex === null || stepIndex >= steps.length) return { refused: "All of its steps are done; only pods are still being exchanged." };
  return { patches: [guarded(object, [...here, next], "status")] };
}
