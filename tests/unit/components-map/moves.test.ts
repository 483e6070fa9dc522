// Moving on the map by keyboard: arrows follow the eye, brackets follow the trouble.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextStop, stepTrouble, troubleOrder, type Box, type Direction } from "@/components/placement/map/moves";

const grid = (rows: number, columns: number): Box[] =>
  Array.from({ length: rows * columns }, (_, at) => ({ id: `${Math.floor(at / columns)},${at % columns}`, x: (at % columns) * 18, y: Math.floor(at / columns) * 24, width: 14, height: 14 }));

describe("arrows", () => {
  it("walk a grid as a grid, and stop at its edges", () => {
    const size = fc.record({ rows: fc.integer({ min: 1, max: 5 }), columns: fc.integer({ min: 1, max: 5 }) });
    fc.assert(fc.property(size, fc.nat(4), fc.nat(4), ({ rows, columns }, atRow, atColumn) => {
      const row = atRow % rows;
      const column = atColumn % columns;
      const steps: [Direction, number, number][] = [["left", 0, -1], ["right", 0, 1], ["up", -1, 0], ["down", 1, 0]];
      for (const [direction, dRow, dColumn] of steps) {
        const inside = row + dRow >= 0 && row + dRow < rows && column + dColumn >= 0 && column + dColumn < columns;
        expect(nextStop(grid(rows, columns), `${row},${column}`, direction)).toBe(inside ? `${row + dRow},${column + dColumn}` : null);
      }
    }));
  });

  it("prefer the same row over something nearer but lower", () => {
    const boxes: Box[] = [
      { id: "from", x: 0, y: 0, width: 14, height: 14 },
      { id: "same row", x: 60, y: 2, width: 14, height: 14 },
      { id: "lower", x: 18, y: 30, width: 14, height: 14 },
    ];
    expect(nextStop(boxes, "from", "right")).toBe("same row");
    expect(nextStop(boxes, "from", "down")).toBe("lower");
  });

  it("start at the first when the last place is gone", () => {
    expect(nextStop(grid(1, 2), "vanished", "down")).toBe("0,0");
    expect(nextStop([], "vanished", "down")).toBeNull();
  });
});

describe("trouble", () => {
  const items = [
    { id: "warn", state: "warning" }, { id: "fine", state: "running" }, { id: "dead 1", state: "failed" },
    { id: "wait", state: "pending" }, { id: "dead 2", state: "failed" }, { id: "lost", state: "unknown" },
  ] as const;

  it("comes worst first, then in reading order, and leaves out what is well", () => {
    expect(troubleOrder(items)).toEqual(["dead 1", "dead 2", "wait", "lost", "warn"]);
  });

  it("is walked around its ends, from outside at the right end", () => {
    const order = troubleOrder(items);
    expect(stepTrouble(order, null, 1)).toBe("dead 1");
    expect(stepTrouble(order, "elsewhere", -1)).toBe("warn");
    expect(stepTrouble(order, "warn", 1)).toBe("dead 1");
    expect(stepTrouble(order, "dead 1", -1)).toBe("warn");
    expect(stepTrouble([], "warn", 1)).toBeNull();
  });
});
