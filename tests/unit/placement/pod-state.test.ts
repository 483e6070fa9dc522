// What a pod cell says, from what the API server says of the pod.
import { describe, expect, it } from "vitest";
import type { ContainerStatus, PodObject } from "@/lib/adapters/kubernetes/objects";
import { overdue, podState, startingGraceMs } from "@/lib/placement/pod-state";
import { readSchedulerMessage, tellingReason } from "@/lib/placement/scheduler-message";
import { pod } from "./made";

const status = (over: Partial<ContainerStatus>): ContainerStatus => ({ name: "main", ready: false, restarts: 0, state: "running", reason: "", exitCode: null, lastReason: "", ...over });
const placed = (over: Partial<PodObject>, ...containers: ContainerStatus[]) => podState({ ...pod("p", { nodeName: "n", ready: false }), containers, ...over }, { ready: "ready" });
const f43 = "0/7 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 5 node(s) didn't match Pod's node affinity/selector. preemption: 0/7 nodes are available: 1 No preemption victims found for incoming pod, 6 Preemption is not helpful for scheduling.";

describe("podState", () => {
  it.each([
    ["running and ready", { ready: true }, [status({ ready: true })], "running", ""],
    ["being pulled", { phase: "Pending" as const }, [status({ state: "waiting", reason: "ContainerCreating" })], "starting", "ContainerCreating"],
    ["image that cannot be pulled", { phase: "Pending" as const }, [status({ state: "waiting", reason: "ImagePullBackOff" })], "failed", "ImagePullBackOff"],
    ["crash loop", {}, [status({ ready: true }), status({ state: "waiting", reason: "CrashLoopBackOff", restarts: 9 })], "failed", "CrashLoopBackOff"],
    ["killed for memory", {}, [status({ state: "terminated", reason: "OOMKilled", exitCode: 137 })], "failed", "OOMKilled"],
    ["ran once and is ready again", { ready: true }, [status({ ready: true, restarts: 1, lastReason: "OOMKilled" })], "running", ""],
    ["restarted and not ready", {}, [status({ restarts: 1, lastReason: "OOMKilled" })], "warning", "OOMKilled"],
    ["not ready yet", {}, [status({})], "starting", "Not ready"],
    ["evicted", { phase: "Failed" as const, reason: "Evicted" }, [], "failed", "Evicted"],
    ["done", { phase: "Succeeded" as const }, [], "done", "Completed"],
    ["being deleted", { deletedAt: 5, ready: true }, [], "terminating", "Terminating"],
  ])("%s", (_, over, containers, state, reason) => {
    expect(placed(over, ...containers)).toEqual({ state, reason });
  });

  it("on a node that does not answer nothing is known", () => {
    expect(podState(pod("p", { nodeName: "n" }), { ready: "unknown" })).toEqual({ state: "unknown", reason: "Node not answering" });
  });

  it("without a node: pending, with the reason of the nodes that came nearest", () => {
    expect(podState(pod("p", { unscheduled: { reason: "Unschedulable", message: f43, at: 0 } }), null)).toEqual({ state: "pending", reason: "Insufficient cpu" });
    expect(podState(pod("p", { spec: { schedulingGates: ["g"] } }), null)).toEqual({ state: "pending", reason: "SchedulingGated" });
    expect(podState(pod("p"), null)).toEqual({ state: "pending", reason: "Not looked at yet" });
  });

  it("what has been starting for more than the grace is a warning", () => {
    const seen = { state: "starting" as const, reason: "Not ready", createdAt: 0 };
    expect(overdue(seen, startingGraceMs).state).toBe("starting");
    expect(overdue(seen, startingGraceMs + 1)).toEqual({ state: "warning", reason: "Not ready" });
  });
});

describe("the scheduler's sentence", () => {
  it("is read into counts, without its part on preemption", () => {
    expect([...(readSchedulerMessage(f43)?.counts ?? [])]).toEqual([
      ["Insufficient cpu", 1], ["node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }", 1], ["node(s) didn't match Pod's node affinity/selector", 5],
    ]);
    const claims = readSchedulerMessage("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.");
    expect(claims).toMatchObject({ nodes: 2, available: 0, remarks: [] });
    expect(claims?.counts.size).toBe(1);
  });

  it("of a missing claim is one remark on all nodes", () => {
    const message = readSchedulerMessage('0/3 nodes are available: persistentvolumeclaim "data.v1-0" not found. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.');
    expect(message?.remarks).toEqual(['persistentvolumeclaim "data.v1-0" not found']);
    expect(message && tellingReason(message)).toBe("volume");
  });

  it("anything else is not read", () => {
    expect(readSchedulerMessage("no nodes available to schedule pods")).toBeNull();
  });
});
