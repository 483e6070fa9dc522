// The browser's copy of a cluster: what it guarantees to the cells that watch it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPlacementStore, type PlacementStore } from "@/components/placement/store";
import { encodeTables, decodeTables } from "@/lib/placement/delta";
import { podStates, type PlacementDelta, type PlacementTables, type PodRow, type Tier } from "@/lib/placement/model";
import { nodeRow, podRow } from "../../fixtures/rows";
import { pendingPodKey, sevenNodeTables } from "../../fixtures/seven-node";

const about = { slug: "a", title: "", version: null, policy: null };

function ready(tables: PlacementTables = sevenNodeTables()): PlacementStore {
  const store = createPlacementStore("a");
  store.replace(tables, "p.10", about);
  return store;
}

function change(store: PlacementStore, n: number, key: string, over: Partial<PodRow>): void {
  const pod = store.tables.pods.get(key);
  if (!pod) throw new Error(`no pod ${key}`);
  store.change(n, { pods: { put: [{ ...pod, ...over }], gone: [] } });
}

describe("the numbers of changes", () => {
  it("ignores a change that the snapshot already holds", () => {
    const store = ready();
    change(store, 10, pendingPodKey, { state: "running" });
    expect(store.tables.pods.get(pendingPodKey)?.state).toBe("pending");
    change(store, 11, pendingPodKey, { state: "running" });
    expect(store.tables.pods.get(pendingPodKey)?.state).toBe("running");
  });

  it("keeps what comes before the first snapshot and puts only the later part upon it", () => {
    const store = createPlacementStore("a");
    const gone = (key: string): PlacementDelta => ({ pods: { put: [], gone: [key] } });
    store.change(9, gone("argocd/argocd-0"));
    store.change(11, gone("argocd/argocd-1"));
    store.replace(sevenNodeTables(), "p.10", about);
    expect([store.tables.pods.has("argocd/argocd-0"), store.tables.pods.has("argocd/argocd-1")]).toEqual([true, false]);
  });

  it("puts what came while a second snapshot was under way upon that snapshot", () => {
    const store = ready();
    store.expectSnapshot();
    change(store, 21, pendingPodKey, { state: "failed" });
    expect(store.tables.pods.get(pendingPodKey)?.state).toBe("pending");
    store.replace(sevenNodeTables(), "p.20", about);
    expect(store.tables.pods.get(pendingPodKey)?.state).toBe("failed");
  });
});

describe("who is told", () => {
  it("tells only the watchers of the row that changed, its table and the whole, once each", () => {
    const store = ready();
    const told: string[] = [];
    for (const key of store.tables.pods.keys()) store.subscribeRow("pods", key, () => told.push(key));
    store.subscribeTable("nodes", () => told.push("nodes"));
    store.subscribeTable("pods", () => told.push("pods"));
    store.subscribe(() => told.push("all"));
    change(store, 11, pendingPodKey, { state: "running" });
    expect(told).toEqual([pendingPodKey, "pods", "all"]);
  });

  it("tells nobody, and keeps every row the same object, when a snapshot holds nothing new", () => {
    const store = ready();
    const rows = [...store.tables.pods.values()];
    let told = 0;
    store.subscribe(() => told++);
    store.replace(decodeTables(encodeTables(store.tables)), "p.30", about);
    expect(told).toBe(0);
    expect([...store.tables.pods.values()].every((row, index) => row === rows[index])).toBe(true);
  });

  it("does not tell one who left", () => {
    const store = ready();
    let told = 0;
    store.subscribeRow("pods", pendingPodKey, () => told++)();
    change(store, 11, pendingPodKey, { state: "running" });
    expect(told).toBe(0);
  });
});

describe("sums", () => {
  it("counts the seven-node cluster as its pictures do", () => {
    const { rollups } = ready();
    expect(rollups.totals()).toMatchObject({ pods: 71, placed: 70, drift: 7, states: { running: 67, starting: 1, warning: 1, failed: 1, pending: 1 } });
    expect(rollups.tier(1)).toMatchObject({ nodes: 2, placed: 16, guests: 0 });
    expect([...rollups.tier(1).away]).toEqual(expect.arrayContaining([[2, 3], [3, 2], [4, 2]]));
    expect(rollups.tier(2).guests).toBe(3);
    expect(rollups.podsOf("")).toEqual([pendingPodKey]);
  });

  it("gives the same object for a tier that did not change, another for one that did", () => {
    const store = ready();
    const before = [store.rollups.tier(1), store.rollups.tier(3)];
    change(store, 11, pendingPodKey, { state: "failed" });
    expect(store.rollups.tier(3)).toBe(before[1]);
    expect(store.rollups.tier(1)).not.toBe(before[0]);
  });

  it("follows any changes exactly as if counted anew", () => {
    const tier = fc.constantFrom<Tier | null>(1, 2, 3, 4, null);
    const pod = fc.record({ name: fc.integer({ min: 0, max: 12 }), node: fc.constantFrom("", "n1", "n2"), state: fc.constantFrom(...podStates), declared: tier, actual: tier, drift: fc.boolean() });
    const step = fc.record({ put: fc.array(pod, { maxLength: 5 }), gone: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 3 }), nodes: fc.array(fc.record({ name: fc.constantFrom("n1", "n2"), tier, cpu: fc.constantFrom(1000, Number.NaN, -5) }), { maxLength: 2 }) });
    fc.assert(fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const store = ready({ nodes: new Map(), pods: new Map(), workloads: new Map(), events: new Map(), kinds: new Map() });
      steps.forEach(({ put, gone, nodes }, index) => store.change(11 + index, {
        pods: { put: put.map(({ name, ...over }) => podRow(`a/p${name}`, over)), gone: gone.map((name) => `a/p${name}`) },
        nodes: { put: nodes.map(({ name, tier: of, cpu }) => nodeRow(name, of, { cpuMillis: cpu })), gone: [] },
      }));
      const fresh = ready({ ...store.tables, pods: new Map(store.tables.pods), nodes: new Map(store.tables.nodes) });
      for (const each of [1, 2, 3, 4, null] as const) {
        expect(store.rollups.tier(each)).toEqual(fresh.rollups.tier(each));
        expect(store.rollups.nodesOf(each)).toEqual(fresh.rollups.nodesOf(each));
      }
      expect(store.rollups.totals()).toEqual(fresh.rollups.totals());
      for (const node of ["", "n1", "n2"]) expect(store.rollups.podsOf(node)).toEqual(fresh.rollups.podsOf(node));
    }));
  });
});
