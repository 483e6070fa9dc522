// Guarantees of following a record: whose status counts, how it ends and by which clock, why it fails; and where it stands on the timeline.
import { describe, expect, it } from "vitest";
import type { RevisionFacts, WorkloadObject } from "@/lib/adapters/kubernetes/objects";
import { failureReason } from "@/lib/deployments/rules/failure-reason";
import { follow, type Followed, type Look } from "@/lib/deployments/rules/follow";
import { deploymentRecord, type DeploymentRecord } from "@/lib/deployments/model";
import { incidentsOf, lanesOf, part, ticksOf } from "@/components/deployments/layout";
import { changeText, outcomeLook, spanText } from "@/components/deployments/words";
import { isRunOf } from "@/components/deployments/run-of";
import type { Sort } from "@/components/deployments/address";
import { sorted } from "@/components/deployments/row-order";
import { compare, spanAround } from "@/components/deployments/around";
import { pod, workload } from "../placement/made";

const facts = (over: Partial<RevisionFacts> = {}): RevisionFacts => ({ revision: 2, earlierRevisions: [], strategy: "RollingUpdate", partition: null, statusReplicas: 2, currentRevision: "web-2", updateRevision: "web-2", podHash: "", ...over });
const of = (kind: "Deployment" | "StatefulSet" | "DaemonSet", over: Partial<WorkloadObject> = {}, revision: Partial<RevisionFacts> = {}) => workload(kind, "web", { replicas: 2, readyReplicas: 2, updatedReplicas: 2, availableReplicas: 2, generation: 5, observedGeneration: 5, revision: facts(revision), ...over });
const record: Followed = { outcome: "running", generation: 5, revision: 2, revisionName: "web-2", startedAt: 1_000_000, firstReadyAt: null, ready: 0, updated: 0, replicas: 0, say: "", reason: "", canary: [] };
const look = (over: Partial<Look>): Look => ({ workload: of("Deployment"), pods: [], events: [], now: 2_000_000, isFirstLook: false, ...over });
const progressing = (reason: string, updatedAt: number) => ({ type: "Progressing", status: "True" as const, reason, message: "", at: 0, updatedAt });

describe("a status", () => {
  it("written before the revision was made tells nothing of it", () => {
    expect(follow(record, look({ workload: of("DaemonSet", { generation: 4, observedGeneration: 4 }) }))).toBeNull();
    expect(follow(record, look({ workload: of("Deployment", {}, { revision: 1 }) }))).toBeNull();
    expect(follow(record, look({ workload: of("StatefulSet", {}, { updateRevision: "web-1" }) }))).toBeNull();
  });
});

describe("an end", () => {
  it("of a Deployment is when its controller wrote it, also when nobody looked", () => {
    const workload = of("Deployment", { conditions: [progressing("NewReplicaSetAvailable", 1_030_000)] });
    expect(follow(record, look({ workload, isFirstLook: true }))?.ending).toEqual({ outcome: "succeeded", at: 1_030_000, from: "cluster", isLate: false });
  });
  it("is not the end of the revision before, whose condition is still there", () => {
    expect(follow(record, look({ workload: of("Deployment", { conditions: [progressing("NewReplicaSetAvailable", 900_000)] }) }))?.ending).toMatchObject({ at: 2_000_000, from: "watched" });
  });
  it("that nobody saw is when the last pod became ready, and without one not known better than now", () => {
    const pods = [pod("web-0", { nodeName: "n", readySince: 1_010_000 }), pod("web-1", { nodeName: "n", readySince: 1_020_000 })];
    expect(follow(record, look({ workload: of("StatefulSet"), pods, isFirstLook: true }))).toMatchObject({ ending: { at: 1_020_000, from: "cluster" }, progress: { firstReadyAt: 1_010_000, ready: 2 } });
    expect(follow(record, look({ workload: of("StatefulSet"), isFirstLook: true }))?.ending).toMatchObject({ at: 2_000_000, from: "late" });
  });
  it("past the deadline is a failure with its reason, and success after it is late", () => {
    const workload = of("Deployment", { conditions: [progressing("ProgressDeadlineExceeded", 1_600_000)] });
    const pods = [pod("web-x", { unscheduled: { reason: "Unschedulable", message: "0/7 nodes: 1 Insufficient cpu", at: 0 } })];
    expect(follow(record, look({ workload, pods }))).toMatchObject({ outcome: "failed", ending: { at: 1_600_000, from: "cluster" }, progress: { reason: "web-x: Pending, 0/7 nodes: 1 Insufficient cpu" } });
    expect(follow({ ...record, outcome: "failed" }, look({}))?.ending).toMatchObject({ outcome: "succeeded", isLate: true });
  });
  it("of what has no deadline comes by the console's own", () => {
    const waiting = of("StatefulSet", { readyReplicas: 0 });
    expect(follow(record, look({ workload: waiting, now: 1_000_000 + 14 * 60_000 - 1 }))?.outcome).toBe("running");
    expect(follow(record, look({ workload: waiting, now: 1_000_000 + 14 * 60_000 + 1 }))).toMatchObject({ outcome: "failed", progress: { say: expect.stringContaining("this is the console's") } });
  });
  it("with OnDelete comes when all pods are of the revision and ready, and has no deadline", () => {
    const workload = of("DaemonSet", {}, { strategy: "OnDelete" });
    expect(follow(record, look({ workload, pods: [pod("a", { nodeName: "n" })], now: 9e9 }))?.outcome).toBe("running");
    expect(follow(record, look({ workload, pods: [pod("a", { nodeName: "n" }), pod("b", { nodeName: "n" })] }))?.outcome).toBe("succeeded");
  });
  it("has not come while it is held", () => expect(follow(record, look({ workload: of("Deployment", { paused: true, updatedReplicas: 1 }) }))?.outcome).toBe("paused"));
});

describe("the reason of a failure", () => {
  const container = { name: "main", ready: false, restarts: 3, state: "waiting" as const, reason: "CrashLoopBackOff", exitCode: null, lastReason: "OOMKilled" };
  const crashing = pod("web-1", { nodeName: "n", containers: [container] });
  const none = { workload: { conditions: [] }, pods: [], events: [] };
  it("is taken in the order in which it convinces", () => {
    const refused = { conditions: [{ type: "ReplicaFailure", status: "True" as const, reason: "FailedCreate", message: "exceeded quota", at: 0 }] };
    expect(failureReason({ ...none, workload: refused, pods: [crashing] })).toBe("FailedCreate: exceeded quota");
    expect(failureReason({ ...none, pods: [crashing] })).toBe("web-1: main CrashLoopBackOff, last ended by OOMKilled");
    expect(failureReason({ ...none, pods: [pod("web-2", { nodeName: "n", containers: [{ ...container, state: "terminated", reason: "Error", exitCode: 137, lastReason: "" }] })] })).toBe("web-2: main Error, exit code 137");
    expect(failureReason({ ...none, events: [{ type: "Warning", reason: "Unhealthy", message: "Readiness probe failed" }] })).toBe("Unhealthy: Readiness probe failed");
    expect(failureReason(none)).toBe("");
  });
});

const made = (over: Partial<DeploymentRecord>): DeploymentRecord => deploymentRecord.parse({
  id: "1", kind: "Deployment", namespace: "shop", name: "web", workloadUid: "u", tier: 2, environment: "production", revision: 2, revisionName: "web-abc", change: "release", isFirst: false, fromRevision: 1, returnsTo: null, fromVersion: "1.0", version: "1.1", images: [], differences: [], commit: null,
  application: null, chart: null, actor: null, actorKind: "unknown", actorSource: "unknown", note: "", source: "watch", startedAt: 1000, startedFrom: "cluster", firstReadyAt: null, finishedAt: 2000, finishedFrom: "cluster", lastSeenAt: 1000, failedAt: null, recoveredAt: null, outcome: "succeeded", reason: "", say: "",
  isLate: false, rolledBackBy: null, replicas: 2, updated: 2, ready: 1, canary: [], ciLabel: null, ciUrl: null, leadMs: null, isUnplanned: false, incident: null, deemed: null, ...over,
});

describe("on the timeline", () => {
  const span = { start: 0, end: 100_000 };
  it("each workload has a thread in its tier, its marks in time, and a word only where it fits before the next mark", () => {
    const [lane] = lanesOf([made({ id: "2", startedAt: 51_000 }), made({ startedAt: 50_000 }), made({ id: "3", name: "auth", startedAt: 10_000 })], span);
    expect(lane).toMatchObject({ tier: 2, count: 3, threads: [{ name: "auth" }, { name: "web", before: "1.0", marks: [{ at: 50, label: "" }, { at: 51, label: "1.1" }] }] });
  });
  it("a canary stands as high as its share of the traffic, step by step, and is marked where it was promoted or aborted", () => {
    const canary = [{ at: 20_000, share: 0.2 }, { at: 40_000, share: 0.5 }, { at: 60_000, share: 1 }];
    const [thread] = lanesOf([made({ startedAt: 20_000, finishedAt: 70_000, canary })], span)[0]?.threads ?? [];
    expect(thread?.shares).toEqual([{ from: 20, to: 40, share: 0.2 }, { from: 40, to: 60, share: 0.5 }, { from: 60, to: 70, share: 1 }]);
    expect(thread?.marks).toMatchObject([{ at: 70, label: "1.1 canary" }]);
    const aborted = [{ at: 20_000, share: 0.2 }, { at: 30_000, share: 0 }];
    expect(lanesOf([made({ startedAt: 20_000, finishedAt: 30_000, outcome: "aborted", canary: aborted })], span)[0]?.threads).toMatchObject([{ shares: [{ from: 20, to: 30, share: 0.2 }], marks: [{ at: 30, label: "1.1 canary aborted at 20 %" }] }]);
    expect(lanesOf([made({ startedAt: 20_000, finishedAt: null, outcome: "running", canary: canary.slice(0, 2) })], span)[0]?.threads).toMatchObject([{ shares: [{ to: 40 }, { from: 40, to: 100, share: 0.5 }] }]);
    expect(lanesOf([made({ startedAt: 20_000, finishedAt: null, lastSeenAt: 50_000, outcome: "unknown", canary: canary.slice(0, 2) })], span)[0]?.threads).toMatchObject([{ shares: [{ to: 40 }, { from: 40, to: 50 }], marks: [{ at: 50 }] }]);
  });
  it("trouble lasts from the failure until it was restored, or until now", () => {
    const [lane] = lanesOf([made({ outcome: "failed", failedAt: 20_000, recoveredAt: 60_000 }), made({ id: "2", name: "b", outcome: "failed", failedAt: 90_000 })], span);
    expect(lane?.threads.map(({ trouble }) => trouble)).toEqual([[{ from: 90, to: 100, isRestored: false }], [{ from: 20, to: 60, isRestored: true }]]);
  });
  it("an incident lasts until it is resolved, or until now", () => {
    const incident = { id: "a", number: 7, title: "Sign-in is slow", startedAt: 10_000, resolvedAt: 30_000 };
    expect(incidentsOf([incident, { ...incident, id: "b", startedAt: 90_000, resolvedAt: null }, { ...incident, id: "d", startedAt: -9, resolvedAt: -1 }], span)).toEqual([
      { id: "a", from: 10, to: 30, say: "INC-7 Sign-in is slow" }, { id: "b", from: 90, to: 100, say: "INC-7 Sign-in is slow" },
    ]);
  });
  it("no place is outside of it, and its ticks are few and whole hours", () => {
    expect([part(-5, span), part(200_000, span)]).toEqual([0, 100]);
    const ticks = ticksOf({ start: 1_790_000_000_000, end: 1_790_000_000_000 + 86_400_000 });
    expect(ticks.length).toBeLessThanOrEqual(9);
    expect(ticks.every(({ at }) => new Date(at).getMinutes() === 0)).toBe(true);
  });
});

it("the rows stand newest first unless told otherwise, by any column both ways", () => {
  const rows = [made({ id: "1", startedAt: 1000, name: "b" }), made({ id: "2", startedAt: 3000, name: "a" }), made({ id: "3", startedAt: 2000, name: "b" })];
  const by = (sort: Sort, isUp: boolean) => sorted(rows, { sort, isUp, now: 9000 }).map(({ id }) => id).join("");
  expect([by("when", false), by("when", true), by("workload", true), by("workload", false)]).toEqual(["231", "132", "231", "312"]);
});

it("words say what is so and nothing more", () => {
  expect([spanText(492_000), spanText(9_960_000), spanText(41_000), spanText(-5)]).toEqual(["8 m 12 s", "2 h 46 m", "41 s", "0 s"]);
  expect(outcomeLook(made({ outcome: "running" })).words).toBe("rolling out, 1 of 2 ready");
  expect(outcomeLook(made({ rolledBackBy: 3 }))).toMatchObject({ words: "succeeded, then rolled back by revision 3", tone: "amber" });
  expect(outcomeLook(made({ canary: [{ at: 1, share: 0.2 }, { at: 2, share: 1 }] })).words).toBe("promoted, canary 20/100");
  expect(changeText(made({ change: "config", differences: [{ path: "spec.containers[web].resources.limits.cpu", before: "500m", after: "1000m" }] }))).toEqual({ from: "cpu 500m", to: "1000m" });
  expect(changeText(made({ change: "restart" }))).toEqual({ from: "", to: "1.1" });
});

it("a canary's verdict is of the very version and time, never of another of the same workload", () => {
  const run = { namespace: "shop", workload: "web", canaryHash: "abc", startedAt: 1500 };
  expect([isRunOf(run, made({})), isRunOf({ ...run, canaryHash: "bc" }, made({})), isRunOf({ ...run, workload: "x" }, made({})), isRunOf({ ...run, startedAt: 9e9 }, made({}))]).toEqual([true, false, false, false]);
});

it("the means before and after leave the rollout itself out, and what has no point is unknown", () => {
  const chart = { start: 0, end: 4000, stepMs: 1000, series: [{ name: "", labels: {}, values: [1, 9, 9, 3, null] }], of: 1, tookMs: 1, remarks: [] };
  expect(compare(chart, { startedAt: 1000, finishedAt: 2000 })).toMatchObject({ before: 1, after: 3 });
  expect(compare({ ...chart, series: [] }, { startedAt: 1000, finishedAt: null })).toMatchObject({ before: null, after: null });
  expect(spanAround({ startedAt: 0, finishedAt: null }, 1e12).end).toBe(6 * 3_600_000);
});
