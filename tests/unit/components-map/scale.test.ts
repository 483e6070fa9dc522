// The scale map's core: places that stay, points that hit what is drawn there, shades that are a scale, hot spots that are hot.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { block, cellsIn, hitCell, hitNode, layGrid } from "@/components/placement/scale/grid";
import { hotSpots } from "@/components/placement/scale/hot-spots";
import { amberStep, brightStep, factsOf, flags, histogram, spreadOf, stepOf, unknownStep } from "@/components/placement/scale/shade";
import { clampView, fitZoom, levelOf, toWorld, zoomAt } from "@/components/placement/scale/view";
import { parseFilter } from "@/lib/placement/filter";
import { nodeRow, podRow } from "@/tests/fixtures/rows";
import { scaleTables } from "@/tests/fixtures/scale";

const tables = scaleTables({ nodes: 600, pods: 9000 });

describe("the grid", () => {
  const grid = layGrid(tables.nodes.values(), null);

  it("gives every node a block of its own, inside its band and its zone", () => {
    const places = new Set(grid.names.map((_, at) => `${grid.x[at]} ${grid.y[at]}`));
    expect(places.size).toBe(tables.nodes.size);
    for (const [at, name] of grid.names.entries()) {
      const node = tables.nodes.get(name);
      const band = grid.bands.find((one) => one.band === (node?.tier ?? "none"));
      const zone = grid.zones.find((one) => one.zone === node?.zone);
      const [x, y] = [grid.x[at] ?? -1, grid.y[at] ?? -1];
      expect(band && y >= band.y && y + block <= band.y + band.height).toBe(true);
      expect(zone && x >= zone.x && x + block <= zone.x + zone.width).toBe(true);
    }
  });

  it("is hit where it is drawn, and not beside it", () => {
    fc.assert(fc.property(fc.nat(grid.names.length - 1), fc.double({ min: 0, max: block - 0.01, noNaN: true }), fc.double({ min: 0, max: block - 0.01, noNaN: true }), (at, dx, dy) => {
      expect(hitNode(grid, (grid.x[at] ?? 0) + dx, (grid.y[at] ?? 0) + dy)).toBe(at);
    }));
    expect(hitNode(grid, -5, -5)).toBe(-1);
  });

  it("moves nobody when a node goes, and puts the next one into its gap", () => {
    const gone = grid.names[100] ?? "";
    const without = new Map(tables.nodes);
    const lost = without.get(gone);
    without.delete(gone);
    const after = layGrid(without.values(), grid);
    for (const [at, name] of after.names.entries()) expect([after.x[at], after.y[at]]).toEqual([grid.x[grid.at.get(name) ?? -1], grid.y[grid.at.get(name) ?? -1]]);
    const fresh = nodeRow("fresh", lost?.tier ?? null, { zone: lost?.zone ?? "" });
    const refilled = layGrid([...without.values(), fresh], after);
    const at = refilled.at.get("fresh") ?? -1;
    expect([refilled.x[at], refilled.y[at]]).toEqual([grid.x[100], grid.y[100]]);
  });
});

describe("cells in a block", () => {
  it("all fit below the head, and are hit where they stand", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 250 }), fc.double({ min: 20, max: 400, noNaN: true }), (count, size) => {
      const cells = cellsIn(count, size, 0.16);
      for (let at = 0; at < count; at += 1) {
        const x = cells.left + ((at % cells.columns) + 0.5) * cells.pitch;
        const y = cells.top + (Math.floor(at / cells.columns) + 0.5) * cells.pitch;
        expect(x).toBeLessThan(size);
        expect(y).toBeLessThan(size);
        expect(hitCell(cells, count, { x, y })).toBe(at);
      }
      expect(hitCell(cells, count, { x: cells.left - 1, y: cells.top + 1 })).toBe(-1);
    }));
  });
});

describe("shades", () => {
  it.each([[0, 0], [84.9, 7], [85, amberStep], [92, amberStep], [92.1, brightStep], [300, brightStep], [Number.NaN, unknownStep], [-4, unknownStep]])("%d %% is step %d", (percent, step) => {
    expect(stepOf(percent)).toBe(step);
  });

  it("never get calmer as a node gets fuller", () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 200, noNaN: true }), fc.double({ min: 0, max: 200, noNaN: true }), (a, b) => {
      expect(stepOf(Math.max(a, b))).toBeGreaterThanOrEqual(stepOf(Math.min(a, b)));
    }));
  });

  it("say what is wrong with a node, and dim what does not match", () => {
    const nodes = new Map([nodeRow("a", 1, { ready: "unknown", cordoned: true }), nodeRow("b", 1)].map((node) => [node.name, node]));
    const pods = new Map([podRow("x/1", { node: "b", state: "failed" })].map((pod) => [pod.key, pod]));
    const parsed = parseFilter("status:failed");
    const facts = factsOf(["a", "b"], { nodes, pods }, { metric: "cpu", filter: parsed.ok ? parsed.filter : null });
    expect([...facts.flag]).toEqual([flags.notReady | flags.cordoned | flags.dim, flags.failed]);
  });

  it("count every readable node once in the histogram", () => {
    const percent = Float32Array.from([0, 50, 99.9, 100, 250, Number.NaN, -1]);
    expect(histogram(percent, 4)).toEqual([1, 0, 1, 3]);
    expect(spreadOf(percent)).toMatchObject({ above: 3 });
  });
});

describe("hot spots", () => {
  it("find the full group, the lost group and the crashing group, with bounds that hold their nodes", () => {
    const grid = layGrid(tables.nodes.values(), null);
    const spots = hotSpots(grid, factsOf(grid.names, tables, { metric: "cpu", filter: null }), tables.nodes);
    expect(spots.map((spot) => spot.group)).toEqual(expect.arrayContaining(["async-c3", "data-a3"]));
    expect(spots.map((spot) => spot.tag)).toEqual(["A", "B", "C", "D"].slice(0, spots.length));
    const full = spots.find((spot) => spot.group === "async-c3");
    for (const [at, name] of grid.names.entries()) {
      if (!name.startsWith("async-c3") || !full) continue;
      expect(hitNode({ x: Float32Array.of(full.x), y: Float32Array.of(full.y) }, full.x, full.y)).toBe(0);
      expect((grid.x[at] ?? 0) >= full.x && (grid.x[at] ?? 0) + block <= full.x + full.width).toBe(true);
    }
  });
});

describe("the view", () => {
  it("keeps the point under the pointer where it is while zooming", () => {
    fc.assert(fc.property(fc.record({ x: fc.integer({ min: 0, max: 500 }), y: fc.integer({ min: 0, max: 500 }) }), fc.double({ min: 0.5, max: 2, noNaN: true }), (pointer, factor) => {
      const view = { x: 30, y: 40, zoom: 1.5 };
      const before = toWorld(view, pointer);
      const after = toWorld(zoomAt(view, factor, pointer), pointer);
      expect(after.x).toBeCloseTo(before.x, 6);
      expect(after.y).toBeCloseTo(before.y, 6);
    }));
  });

  it("never leaves the world, and tells more the nearer it is", () => {
    const [world, screen] = [{ width: 700, height: 900 }, { width: 700, height: 500 }];
    expect(clampView({ x: -50, y: 9999, zoom: 0.01 }, world, screen)).toEqual({ x: 0, y: 900 - 500 / 0.9, zoom: 0.9 });
    expect(fitZoom(world, { width: 350, height: 500 })).toBe(0.5);
    expect([1, 6, 22].map(levelOf)).toEqual(["block", "cells", "card"]);
  });
});
