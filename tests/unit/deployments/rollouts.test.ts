// Guarantees of the rules about Rollouts: the controller's rounding of weights, its phases read as they are meant, its patches sent as they are, each only for one version.
import { describe, expect, it } from "vitest";
import { projections } from "@/lib/adapters/kubernetes/kinds";
import { createPools } from "@/lib/adapters/kubernetes/project/pools";
import { imageOperations, restartOperations, revisionsOf } from "@/lib/deployments/rollouts/changes";
import { patchesFor, type RolloutDeed } from "@/lib/deployments/rollouts/patches";
import { canaryShare, isRollout, standingOf, stepState, wantedWeight, type RolloutObject } from "@/lib/deployments/rollouts/standing";
import { splitOf, surgeOf } from "@/lib/deployments/rollouts/weights";
import replicaCounts from "../../fixtures/canary/replica-counts.json";

const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 50 }, { pause: { duration: "5m" } }, { analysis: { templates: [{ templateName: "judge" }] } }];

function rollout(status: object = {}, spec: object = {}): RolloutObject {
  const object = projections.Rollout({
    metadata: { uid: "u1", name: "api", namespace: "shop", generation: 4, annotations: { "rollout.argoproj.io/revision": "7" } },
    spec: { replicas: 4, strategy: { canary: { steps } }, ...spec },
    status: { observedGeneration: "4", phase: "Progressing", currentPodHash: "new", stableRS: "old", currentStepIndex: 1, ...status },
  }, createPools());
  if (!isRollout(object)) throw new Error("not read as a Rollout");
  return object;
}

const guards = [{ op: "test", path: "/metadata/uid", value: "u1" }, { op: "test", path: "/status/currentPodHash", value: "new" }];
const pause = { pauseConditions: [{ reason: "CanaryPauseStep", startTime: "2026-11-26T07:00:00Z" }], controllerPause: true, phase: "Paused" };
const sent = (object: RolloutObject, deed: RolloutDeed) => {
  const found = patchesFor(object, deed);
  return "refused" in found ? found.refused : found.patches.map(({ subresource = "main", operations }) => [subresource, operations.slice(guards.length)]);
};

describe("replicas for a weight", () => {
  it("are those of the controller in its published cases", () => {
    expect(replicaCounts.length).toBeGreaterThan(25);
    for (const { replicas, weight, maxWeight, maxSurge, canary, stable } of replicaCounts) expect({ replicas, weight, maxWeight, maxSurge, ...splitOf({ replicas, weight, maxWeight, maxSurge }) }).toEqual({ replicas, weight, maxWeight, maxSurge, canary, stable });
  });
  it("surge in pods or percent, rounded up", () => expect([surgeOf("25%", 5), surgeOf("2", 5), surgeOf("0", 3)]).toEqual([2, 2, 0]));
});

describe("a Rollout's standing", () => {
  it("is what the controller says only once it has seen what is wanted", () => {
    expect(standingOf(rollout({ observedGeneration: "3", phase: "Healthy" }))).toMatchObject({ phase: "progressing", say: expect.stringMatching(/seen the change/) });
    expect(standingOf(rollout({ currentPodHash: "old", phase: "Healthy" }))).toMatchObject({ phase: "healthy", inProgress: false });
  });
  it("tells a hold by hand from a pause of a step and from an undecided analysis", () => {
    expect(standingOf(rollout({}, { paused: true })).heldBy).toBe("hand");
    expect(standingOf(rollout({ ...pause, message: "CanaryPauseStep" }))).toMatchObject({ phase: "paused", heldBy: "step", say: "Waiting at a pause of its steps" });
    expect(standingOf(rollout({ ...pause, pauseConditions: [{ reason: "InconclusiveAnalysisRun" }] })).heldBy).toBe("analysis");
    expect(standingOf(rollout({ controllerPause: true }))).toMatchObject({ phase: "paused", heldBy: null });
  });
  it("is aborted whatever the phase is called", () => expect(standingOf(rollout({ abort: true, phase: "Degraded", message: "RolloutAborted: by hand" }))).toMatchObject({ phase: "aborted", say: "RolloutAborted: by hand" }));
  it("wants the weight of the last step at or before the present one, none when aborted, all when done", () => {
    expect([rollout({ currentStepIndex: 1 }), rollout({ currentStepIndex: 3 }), rollout({ abort: true }), rollout({ currentStepIndex: 5 }), rollout({ currentPodHash: "old" })].map(wantedWeight)).toEqual([20, 50, 0, 100, 100]);
    expect([rollout({ currentStepIndex: 1 }), rollout({ abort: true }), rollout({ currentPodHash: "old" }), rollout({ observedGeneration: "3" })].map(canaryShare)).toEqual([0.2, 0, null, null]);
    expect([0, 1, 2].map((step) => stepState(step, rollout()))).toEqual(["done", "now", "to-come"]);
  });
});

describe("each deed", () => {
  it("is tested against the version and the object that were looked at", () => {
    for (const deed of ["promote", "promote-full", "abort", "pause"] as const) {
      const found = patchesFor(rollout(pause), deed);
      if ("refused" in found) throw new Error(found.refused);
      for (const { operations } of found.patches) expect(operations.slice(0, 2)).toEqual(guards);
    }
  });
  it("promotes a pause by removing it, an inconclusive analysis by going past it, a running step by skipping it", () => {
    const here = { op: "test", path: "/status/currentStepIndex", value: 1 };
    const gone = { op: "remove", path: "/status/pauseConditions" };
    expect(sent(rollout(pause), "promote")).toEqual([["status", [here, gone]]]);
    expect(sent(rollout({ ...pause, canary: { currentStepAnalysisRunStatus: { name: "r", status: "Inconclusive" } } }), "promote")).toEqual([["status", [here, gone, { op: "add", path: "/status/controllerPause", value: false }, { op: "add", path: "/status/currentStepIndex", value: 2 }]]]);
    expect(sent(rollout(), "promote")).toEqual([["status", [here, { op: "add", path: "/status/currentStepIndex", value: 2 }]]]);
  });
  it("lets a hold by hand go without skipping a step, and with a pause sends the status first", () => {
    expect(sent(rollout({}, { paused: true }), "promote")).toEqual([["main", [{ op: "add", path: "/spec/paused", value: false }]]]);
    expect(sent(rollout(pause, { paused: true }), "promote-full")).toEqual([["status", [{ op: "add", path: "/status/promoteFull", value: true }]], ["main", [{ op: "add", path: "/spec/paused", value: false }]]]);
  });
  it("aborts, retries, holds and lets go by the status or the spec alone", () => {
    expect(sent(rollout(), "abort")).toEqual([["status", [{ op: "add", path: "/status/abort", value: true }]]]);
    expect(sent(rollout({ abort: true }), "retry")).toEqual([["status", [{ op: "add", path: "/status/abort", value: false }]]]);
    expect(sent(rollout(), "pause")).toEqual([["main", [{ op: "add", path: "/spec/paused", value: true }]]]);
    expect(sent(rollout({}, { paused: true }), "resume")).toEqual([["main", [{ op: "add", path: "/spec/paused", value: false }]]]);
  });
  it("is refused in a sentence where there is nothing to do", () => {
    const done = rollout({ currentPodHash: "old" });
    expect([sent(done, "abort"), sent(done, "promote"), sent(rollout({ abort: true }), "abort"), sent(rollout(), "retry"), sent(rollout(), "resume"), sent(rollout({ currentStepIndex: 5 }), "promote")]).toEqual([
      expect.stringMatching(/No other version/), expect.stringMatching(/No other version/), expect.stringMatching(/aborted already/), expect.stringMatching(/not aborted/), expect.stringMatching(/not held/), expect.stringMatching(/All of its steps/),
    ]);
  });
});

describe("a change of what runs", () => {
  const set = (revision: string, hash: string, owner = "u1") => ({ metadata: { name: `api-${hash}`, annotations: { "rollout.argoproj.io/revision": revision }, labels: { "rollouts-pod-template-hash": hash }, ownerReferences: [{ uid: owner, controller: true }] }, spec: { template: { metadata: { labels: { app: "api", "rollouts-pod-template-hash": hash } }, spec: { containers: [{ name: "api", image: `shop/api:${hash}` }] } } } });
  it("goes back to a revision of its own, without the label that the controller adds", () => {
    const [newest, older] = revisionsOf("u1", [set("3", "c"), set("9", "d"), set("12", "x", "other"), set("", "none")]);
    expect([newest?.revision, older?.revision, older?.images]).toEqual([9, 3, ["shop/api:c"]]);
    expect(older?.template).toMatchObject({ metadata: { labels: { app: "api" } } });
    expect(JSON.stringify(older?.template)).not.toContain("rollouts-pod-template-hash");
  });
  it("sets the image of the container of that name wherever it stands in the list", () => {
    const object = { spec: { template: { spec: { containers: [{ name: "proxy", image: "p" }, { name: "api", image: "a" }] } } } };
    expect(imageOperations(object, { container: "api", image: "a:2" })).toEqual([{ op: "test", path: "/spec/template/spec/containers/1/name", value: "api" }, { op: "replace", path: "/spec/template/spec/containers/1/image", value: "a:2" }]);
    expect(imageOperations(object, { container: "gone", image: "a:2" })).toBeNull();
  });
  it("restarts at a moment that the controller can read", () => expect(restartOperations(new Date(0))).toEqual([{ op: "add", path: "/spec/restartAt", value: "1970-01-01T00:00:00Z" }]));
});
