// The overview's words: what needs attention, worst first, and one word per tier.
import { describe, expect, it } from "vitest";
import { attentionOf } from "@/components/overview/attention";
import { tagOf } from "@/components/overview/image-tag";
import { healthOf } from "@/components/overview/tier-health";
import { createPlacementStore } from "@/components/placement/store";
import type { PlacementTables } from "@/lib/placement/model";
import { nodeRow, podRow } from "../../fixtures/rows";
import { sevenNodeTables } from "../../fixtures/seven-node";

const tables = (over: Partial<PlacementTables> = {}): PlacementTables => ({ nodes: new Map(), pods: new Map(), workloads: new Map(), events: new Map(), kinds: new Map(), ...over });
const rollupOf = (given: PlacementTables, tier: 1 | 2 | 3 | 4) => {
  const store = createPlacementStore("a");
  store.replace(given, "p.1", { slug: "a", title: "", version: null, policy: null });
  return store.rollups.tier(tier);
};

describe("what needs attention", () => {
  it("names each trouble of the seven-node cluster once, failing before risky before misplaced", () => {
    expect(attentionOf(sevenNodeTables()).map(({ word, name }) => `${word} ${name}`)).toEqual(["Failed argocd", "Pending prometheus", "Risk redis", "Warning metrics-server", "Drift argocd"]);
  });

  it("says what a pending pod asks for and what its nearest node has left, in numbers", () => {
    const pending = attentionOf(sevenNodeTables()).find(({ word }) => word === "Pending");
    expect(pending?.say).toContain("1000m CPU and 2.0 Gi");
    expect(pending?.say).toContain("k8s-monitoring has 870m free");
    expect(pending?.proof).toMatchObject({ kind: "bar", requested: 1130, asked: 1000, whole: 2000 });
  });

  it("never names a node as nearest that keeps the pod away by a taint", () => {
    const pods = new Map([["a/p", podRow("a/p", { state: "pending", declared: 1 })]]);
    const nodes = new Map([["n", nodeRow("n", 1, { taints: ["x:NoSchedule"] })]]);
    expect(attentionOf(tables({ pods, nodes }))[0]?.proof).toEqual({ kind: "none", text: "" });
  });

  it("tells what strays from one namespace and tier as one trouble, by the namespace where several workloads do", () => {
    const strays = (["a/p", "a/q", "b/r"] as const).map((key) => [key, podRow(key, { node: "n", app: key.split("/")[1] ?? "", declared: 1, actual: 2, drift: true })] as const);
    const found = attentionOf(tables({ pods: new Map(strays), nodes: new Map([["n", nodeRow("n", 2)]]) }));
    expect(found.map(({ name, say }) => `${name}: ${say}`)).toEqual(["a: 2 pods are declared for tier 1 and run on n.", "r: 1 pod is declared for tier 1 and runs on n."]);
  });

  it("says nothing of a cluster in which all is well", () => {
    const pods = new Map([["a/p", podRow("a/p", { node: "n", actual: 2, declared: 2 })]]);
    expect(attentionOf(tables({ pods, nodes: new Map([["n", nodeRow("n", 2)]]) }))).toEqual([]);
  });

  it("does not take a memory figure that could not be read for a limit beyond the node", () => {
    const pods = new Map([["a/p", podRow("a/p", { node: "n", memoryLimitBytes: 2 ** 31 })]]);
    expect(attentionOf(tables({ pods, nodes: new Map([["n", nodeRow("n", 2, { memoryBytes: Number.NaN })]]) }))).toEqual([]);
  });
});

describe("a tier's word", () => {
  it.each([
    ["Down", { nodes: new Map([["n", nodeRow("n", 2, { ready: "not-ready" })]]) }],
    ["Degraded", { nodes: new Map([["n", nodeRow("n", 2, { ready: "unknown" })], ["m", nodeRow("m", 2)]]) }],
    ["Degraded", { nodes: new Map([["n", nodeRow("n", 2)]]), pods: new Map([["a/p", podRow("a/p", { node: "n", actual: 2, state: "failed" as const })]]) }],
    ["At risk", { nodes: new Map([["n", nodeRow("n", 2)]]), pods: new Map([["a/p", podRow("a/p", { node: "n", actual: 2, state: "warning" as const })]]) }],
    ["Cordoned", { nodes: new Map([["n", nodeRow("n", 2, { cordoned: true })]]) }],
    ["Rolling out", { nodes: new Map([["n", nodeRow("n", 2)]]), pods: new Map([["a/p", podRow("a/p", { node: "n", actual: 2, state: "starting" as const })]]) }],
    ["Healthy", { nodes: new Map([["n", nodeRow("n", 2)]]) }],
    ["No node", {}],
  ])("is %s when its worst part says so", (word, given) => {
    expect(healthOf(rollupOf(tables(given), 2)).word).toBe(word);
  });
});

describe("an image's tag", () => {
  it.each([["a:1.2", "1.2"], ["r.io:5000/a", "latest"], ["r.io:5000/a:3@sha256:abc", "3"], ["a@sha256:0123456789", "0123456"]])("of %s is %s", (image, tag) => {
    expect(tagOf(image)).toBe(tag);
  });
});
