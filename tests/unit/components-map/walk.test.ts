// Walking the scale map by keys, and the lens that goes along: every node is reached, and what is said is what is drawn.
import { describe, expect, it } from "vitest";
import { layGrid } from "@/components/placement/scale/grid";
import { firstLens, isOn, lensIn, lensOver } from "@/components/placement/scale/lens";
import { factsOf } from "@/components/placement/scale/shade";
import { nextNode, nextTrouble, spokenNode, spokenTrouble } from "@/components/placement/scale/walk";
import { createPlacementStore } from "@/components/placement/store";
import { scaleTables } from "../../fixtures/scale";

const tables = scaleTables({ nodes: 600, pods: 3000 });
const grid = layGrid(tables.nodes.values(), null);
const facts = factsOf(grid.names, tables, { metric: "cpu", filter: null });

describe("walking", () => {
  it("goes to the neighbour that the eye sees, and back again", () => {
    const start = grid.names[0] ?? "";
    const right = nextNode(grid, start, "right") ?? "";
    expect((grid.x[grid.at.get(right) ?? -1] ?? 0) - (grid.x[0] ?? 0)).toBeGreaterThan(0);
    expect(grid.y[grid.at.get(right) ?? -1]).toBe(grid.y[0]);
    expect(nextNode(grid, right, "left")).toBe(start);
    const down = nextNode(grid, start, "down") ?? "";
    expect(grid.y[grid.at.get(down) ?? -1]).toBeGreaterThan(grid.y[0] ?? 0);
  });

  it("begins at the first node, crosses bands and zones, and stops at the edges", () => {
    expect(nextNode(grid, "", "right")).toBe(grid.names[0]);
    const byName = layGrid([...tables.nodes.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), null);
    expect(nextNode(byName, "", "down"), "whatever the order in which nodes came").toMatch(/^mon-a/);
    const tiers = new Set<number | null | undefined>();
    let at: string | null = grid.names[0] ?? null;
    for (let steps = 0; at !== null && steps < 1000; steps += 1) {
      tiers.add(tables.nodes.get(at)?.tier);
      at = nextNode(grid, at, "down");
    }
    expect(at).toBeNull();
    expect([...tiers]).toEqual([1, 2, 3, 4]);
  });

  it("goes through every node in trouble once and around, both ways", () => {
    const all = grid.names.filter((_, at) => (facts.flag[at] ?? 0) & 3);
    const walked: string[] = [];
    for (let at = nextTrouble(grid, facts, { from: "", step: 1 }); at !== null && !walked.includes(at); at = nextTrouble(grid, facts, { from: at, step: 1 })) walked.push(at);
    expect(walked).toEqual(all);
    expect(nextTrouble(grid, facts, { from: all[0] ?? "", step: -1 })).toBe(all.at(-1));
    expect(nextTrouble(grid, { ...facts, flag: new Uint8Array(grid.names.length) }, { from: "", step: 1 })).toBeNull();
  });

  it("says the node's name, tier, place, share and what is wrong with it", () => {
    const store = createPlacementStore("a");
    store.replace(tables, "p.1", { slug: "a", title: "", version: null, policy: null });
    const lost = [...tables.nodes.values()].find(({ ready }) => ready === "unknown");
    expect(spokenNode(store, grid, { facts, name: lost?.name ?? "", metric: "CPU" })).toMatch(/^sync-b2-\d+, tier 2, Sync API, 2b, CPU \d+ %, \d+ pods, Not answering$/);
    expect(spokenNode(store, grid, { facts, name: "gone", metric: "CPU" })).toBe("");
    expect(spokenTrouble(facts)).toMatch(/^\d+ nodes not ready, \d+ pods failed$/);
  });
});

describe("the lens", () => {
  it("shows as much of the world as its glass has room for: upright beside the map, lying in a phone's sheet", () => {
    expect(lensIn({ width: 272, height: 272 * 7 / 6 })).toEqual({ width: firstLens.width, height: firstLens.height });
    expect(lensIn({ width: 336, height: 136 })).toMatchObject({ width: 64, height: expect.closeTo(25.9, 1) });
    expect(lensIn({ width: 0, height: 0 })).toMatchObject({ width: firstLens.width });
  });

  it("stands over its point and never before the world's edge", () => {
    expect(lensOver({ x: 100, y: 100 }, firstLens)).toMatchObject({ x: 76, y: 72 });
    expect(lensOver({ x: 0, y: 0 }, firstLens)).toMatchObject({ x: 0, y: 0 });
    expect(isOn(lensOver({ x: 100, y: 100 }, firstLens), { x: 77, y: 73 })).toBe(true);
    expect(isOn(lensOver({ x: 100, y: 100 }, firstLens), { x: 60, y: 73 })).toBe(false);
  });
});
