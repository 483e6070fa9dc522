// A tier's rollup: one word, one reason, sums that bad figures cannot spoil, and who is not at home.
import { describe, expect, it } from "vitest";
import { rollUp, rollupKeeper } from "@/components/placement/map/rollup";
import { nodeRow, podRow } from "@/tests/fixtures/rows";
import type { NodeRow, PodRow } from "@/lib/placement/model";

const bands = [1, 2, 3, 4, "none"] as const;
const roll = (nodes: NodeRow[], pods: PodRow[]) => rollUp(bands, new Map(nodes.map((node) => [node.name, node])), pods);

describe("rollup", () => {
  it("is healthy with its ready count when all of the tier are ready, wherever daemons stand", () => {
    const pods = [podRow("a/1", { node: "n", declared: 2, actual: 2 }), podRow("a/2", { node: "n", declared: 2, actual: 2 }), podRow("a/d", { node: "n", everywhere: true, actual: 2 })];
    expect(roll([nodeRow("n", 2)], pods).get(2)?.health).toMatchObject({ state: "running", word: "Healthy", reason: "2 of 2 ready" });
  });

  it("names one reason, the worst: lost nodes before failed pods before pending before memory limits", () => {
    const well = nodeRow("n", 1);
    const lost = nodeRow("m", 1, { ready: "unknown" });
    const failed = podRow("a/f", { node: "n", actual: 1, state: "failed", ready: false });
    const pending = podRow("a/p", { node: "", declared: 1, state: "pending", ready: false });
    const greedy = podRow("a/g", { node: "n", actual: 1, memoryLimitBytes: well.memoryBytes + 1 });
    const word = (nodes: NodeRow[], pods: PodRow[]) => {
      const health = roll(nodes, pods).get(1)?.health;
      return `${health?.word} ${health?.reason}`;
    };
    expect(word([well, lost], [failed, pending, greedy])).toBe("Unknown 1 node lost");
    expect(word([well], [failed, pending, greedy])).toBe("Failed 1 pod");
    expect(word([well], [pending, greedy])).toBe("Warning 1 pending");
    expect(word([well], [greedy])).toBe("Warning memory limit");
    expect(word([], [])).toBe("Empty no node");
  });

  it("counts who left at home and who came where they run; guests do not decide the host's health", () => {
    const guests = [1, 2, 3].map((at) => podRow(`argocd/${at}`, { node: "n2", declared: 1, actual: 2, drift: true, state: at === 2 ? "failed" : "running" }));
    const rollups = roll([nodeRow("n1", 1), nodeRow("n2", 2)], guests);
    expect(rollups.get(1)?.driftLine).toBe("3 elsewhere, 1 failed");
    expect(rollups.get(2)?.driftLine).toBe("3 here from tier 1");
    expect(rollups.get(2)?.health.word).toBe("Healthy");
  });

  it("stays the same object until it says something else, band by band", () => {
    const keep = rollupKeeper();
    const nodes = new Map([nodeRow("a", 1), nodeRow("b", 2)].map((node) => [node.name, node]));
    const pod = podRow("x/1", { node: "a", declared: 1, actual: 1 });
    const first = keep(bands, { nodes, pods: new Map([[pod.key, pod]]) });
    expect(keep(bands, { nodes, pods: new Map([[pod.key, { ...pod, restarts: 4 }]]) })).toBe(first);
    const second = keep(bands, { nodes, pods: new Map([[pod.key, { ...pod, state: "failed" as const }]]) });
    expect(second).not.toBe(first);
    expect(second.get(1)).not.toBe(first.get(1));
    expect(second.get(2)).toBe(first.get(2));
  });

  it("sums what can be read and leaves out negative or unreadable figures", () => {
    const rollup = roll([nodeRow("a", 3, { cpuMillis: 2000 }), nodeRow("b", 3, { cpuMillis: Number.NaN }), nodeRow("c", 3, { cpuMillis: -4 })], []).get(3);
    expect(rollup?.cpuMillis).toBe(2000);
    expect(rollup?.nodes).toBe(3);
  });
});
