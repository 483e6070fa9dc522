// The map's shape: the same object until something comes, goes or moves.
import { describe, expect, it } from "vitest";
import { shapeOf } from "@/components/placement/map/shape";
import { nodeRow, podRow } from "@/tests/fixtures/rows";
import { pendingPodKey, sevenNodeTables } from "@/tests/fixtures/seven-node";

describe("shape", () => {
  it("is the same object after a pod's state, reason and restarts changed", () => {
    const tables = sevenNodeTables();
    const before = shapeOf(tables, "app", null);
    const pod = tables.pods.get("auth/auth-api-0");
    if (!pod) throw new Error("the fixture lost auth-api-0");
    tables.pods.set(pod.key, { ...pod, state: "failed", reason: "OOMKilled", restarts: 3, ready: false });
    expect(shapeOf(tables, "app", before)).toBe(before);
  });

  it("changes only the card that a pod came to, and lane and band stay what they were", () => {
    const tables = sevenNodeTables();
    const before = shapeOf(tables, "app", null);
    tables.pods.set("auth/new", podRow("auth/new", { node: "k8s-worker-1", app: "auth-api", actual: 2 }));
    const after = shapeOf(tables, "app", before);
    expect([...after.groups].filter(([name, groups]) => before.groups.get(name) !== groups).map(([name]) => name)).toEqual(["k8s-worker-1"]);
    expect(after.nowhere).toBe(before.nowhere);
    for (const [at, band] of after.bands.entries()) expect(band).toBe(before.bands[at]);
  });

  it("puts pods without a node, or on a node that nobody knows, into the lane, and finished ones nowhere", () => {
    const tables = { nodes: new Map([["a", nodeRow("a", 1)]]), pods: new Map([podRow("x/1"), podRow("x/2", { node: "ghost" }), podRow("x/3", { node: "a", state: "done" })].map((pod) => [pod.key, pod])) };
    const shape = shapeOf(tables, "app", null);
    expect(shape.nowhere).toEqual(["x/1", "x/2"]);
    expect(shape.groups.get("a")).toEqual([]);
  });

  it("draws the seven-node world as its picture has it", () => {
    const shape = shapeOf(sevenNodeTables(), "app", null);
    expect(shape.nowhere).toEqual([pendingPodKey]);
    expect(shape.bands.map(({ slots }) => slots.length)).toEqual([2, 1, 1, 3]);
    expect(shape.groups.get("k8s-master")?.map((group) => group.label)).toEqual(["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "every node"]);
    expect(shape.groups.get("k8s-worker-1")?.find((group) => group.home === 1)?.pods).toHaveLength(3);
  });
});
