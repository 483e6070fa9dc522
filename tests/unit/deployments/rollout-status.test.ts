// Guarantees of following a rollout: the answers of `kubectl rollout status`, rule by rule in its order, and Argo Rollouts' own.
import { describe, expect, it } from "vitest";
import type { RevisionFacts, RolloutFacts, WorkloadObject } from "@/lib/adapters/kubernetes/objects";
import { ownDeadlineOf, rolloutStatus } from "@/lib/deployments/rules/rollout-status";
import { workload } from "../placement/made";

const facts = (over: Partial<RevisionFacts> = {}): RevisionFacts => ({ revision: 2, earlierRevisions: [], strategy: "RollingUpdate", partition: null, statusReplicas: 3, currentRevision: "web-1", updateRevision: "web-1", podHash: "", ...over });
const done = { replicas: 3, readyReplicas: 3, updatedReplicas: 3, availableReplicas: 3, generation: 5, observedGeneration: 5 };
const of = (kind: "Deployment" | "StatefulSet" | "DaemonSet", over: Partial<WorkloadObject> = {}, revision: Partial<RevisionFacts> = {}) => rolloutStatus(workload(kind, "web", { ...done, ...over, revision: facts(revision) }));
const late = { type: "Progressing", status: "False" as const, reason: "ProgressDeadlineExceeded", message: "", at: 0 };

describe("a Deployment", () => {
  it("waits to be observed, whatever else its status says", () => {
    expect(of("Deployment", { generation: 6, conditions: [late] })).toEqual({ state: "waiting", say: "Waiting for deployment spec update to be observed..." });
  });
  it("has failed past its deadline, before anything is counted", () => {
    expect(of("Deployment", { conditions: [late], updatedReplicas: 0 })).toEqual({ state: "failed", say: 'deployment "web" exceeded its progress deadline' });
  });
  it("waits for new replicas before old ones", () => {
    expect(of("Deployment", { updatedReplicas: 1 }, { statusReplicas: 4 })).toEqual({ state: "waiting", say: 'Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...' });
  });
  it("waits for old replicas before new ones are available", () => {
    expect(of("Deployment", { availableReplicas: 1 }, { statusReplicas: 5 })).toEqual({ state: "waiting", say: 'Waiting for deployment "web" rollout to finish: 2 old replicas are pending termination...' });
  });
  it("waits for the updated ones to be available", () => {
    expect(of("Deployment", { availableReplicas: 2 })).toEqual({ state: "waiting", say: 'Waiting for deployment "web" rollout to finish: 2 of 3 updated replicas are available...' });
  });
  it("is done when all of that is behind it, also with no replicas at all", () => {
    expect(of("Deployment")).toEqual({ state: "complete", say: 'deployment "web" successfully rolled out' });
    expect(of("Deployment", { replicas: 0, readyReplicas: 0, updatedReplicas: 0, availableReplicas: 0 }, { statusReplicas: 0 }).state).toBe("complete");
  });
});

describe("a StatefulSet", () => {
  it("of another strategy is not followed", () => {
    expect(of("StatefulSet", {}, { strategy: "OnDelete" })).toEqual({ state: "manual", say: "rollout status is only available for RollingUpdate strategy type" });
  });
  it("waits to be observed, also when it never was", () => {
    expect(of("StatefulSet", { observedGeneration: 0, generation: 0 }).say).toBe("Waiting for statefulset spec update to be observed...");
    expect(of("StatefulSet", { generation: 6 }).say).toBe("Waiting for statefulset spec update to be observed...");
  });
  it("waits for pods to be ready before it looks at revisions", () => {
    expect(of("StatefulSet", { readyReplicas: 1 }, { updateRevision: "web-2" })).toEqual({ state: "waiting", say: "Waiting for 2 pods to be ready..." });
  });
  it("with a partition waits for those above it, and then is done", () => {
    expect(of("StatefulSet", { updatedReplicas: 1 }, { partition: 1 })).toEqual({ state: "waiting", say: "Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated..." });
    expect(of("StatefulSet", { updatedReplicas: 2 }, { partition: 1, updateRevision: "web-2" })).toEqual({ state: "complete", say: "partitioned roll out complete: 2 new pods have been updated..." });
  });
  it("without one waits for the revisions to be one", () => {
    expect(of("StatefulSet", { updatedReplicas: 2 }, { updateRevision: "web-2" })).toEqual({ state: "waiting", say: "waiting for statefulset rolling update to complete 2 pods at revision web-2..." });
    expect(of("StatefulSet").state).toBe("complete");
  });
});

describe("a DaemonSet", () => {
  it("of another strategy is not followed", () => expect(of("DaemonSet", {}, { strategy: "OnDelete" }).state).toBe("manual"));
  it("waits to be observed, to be scheduled, to be available, in this order", () => {
    expect(of("DaemonSet", { generation: 6, updatedReplicas: 0 }).say).toBe("Waiting for daemon set spec update to be observed...");
    expect(of("DaemonSet", { updatedReplicas: 2, availableReplicas: 0 }).say).toBe('Waiting for daemon set "web" rollout to finish: 2 out of 3 new pods have been updated...');
    expect(of("DaemonSet", { availableReplicas: 1 }).say).toBe('Waiting for daemon set "web" rollout to finish: 1 of 3 updated pods are available...');
    expect(of("DaemonSet")).toEqual({ state: "complete", say: 'daemon set "web" successfully rolled out' });
  });
});

describe("a Rollout", () => {
  const argo = (over: Partial<RolloutFacts> = {}): RolloutFacts => ({
    strategy: "canary", steps: [], routed: [], maxTrafficWeight: 100, maxSurge: "25%", maxUnavailable: "25%", workloadRef: null, backgroundTemplates: [], revision: 2, phase: "Healthy", message: "", observedGeneration: 5, aborted: false, abortedAt: null,
    promoteFull: false, controllerPause: false, pauses: [], currentHash: "b", stableHash: "a", stepIndex: null, routedWeight: null, stepRun: null, backgroundRun: null, experiment: "", ...over,
  });
  const said = (over: Partial<RolloutFacts>) => rolloutStatus(workload("Rollout", "web", { ...done, rollout: argo(over) }));
  it("waits to be observed where the controller writes a number, and else trusts its phase", () => {
    expect(said({ observedGeneration: 4 }).state).toBe("waiting");
    expect(said({ observedGeneration: 0 }).state).toBe("complete");
  });
  it("that was told to go on and has not yet is waited for", () => expect(said({ controllerPause: true, phase: "Paused" }).state).toBe("waiting"));
  it("is paused, healthy, aborted or degraded as its phase says", () => {
    expect(said({ phase: "Paused", message: "CanaryPauseStep", controllerPause: true, pauses: [{ reason: "CanaryPauseStep", since: 0 }] })).toEqual({ state: "paused", say: "Paused - CanaryPauseStep" });
    expect(said({}).state).toBe("complete");
    expect(said({ phase: "Degraded", aborted: true, message: "RolloutAborted" }).state).toBe("aborted");
    expect(said({ phase: "Degraded", message: "InvalidSpec" }).state).toBe("failed");
    expect(said({ phase: "Progressing", message: "more replicas need to be updated" })).toEqual({ state: "waiting", say: "Progressing - more replicas need to be updated" });
  });
});

it("what knows no deadline gets one by its size, and a Deployment keeps its own", () => {
  expect(ownDeadlineOf({ kind: "StatefulSet", replicas: 3 })).toBe(16 * 60_000);
  expect(ownDeadlineOf({ kind: "DaemonSet", replicas: 0 })).toBe(12 * 60_000);
  expect(ownDeadlineOf({ kind: "Deployment", replicas: 3 })).toBeNull();
});
