// What a chart draws: axes that hold every value, figures that are never more exact than they are, lines by name and colour, a file for a spreadsheet.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toCsv } from "@/components/chart/csv";
import { createCursor } from "@/components/chart/cursor";
import { figure, shortNumber } from "@/components/chart/figures";
import { toLines, toPoints } from "@/components/chart/lines";
import { axisFor, heightOf, movedApart, nearestIndex, timeTicks } from "@/components/chart/scale";

describe("an axis", () => {
  it("holds every value between its ends, linear or log, and puts 0 on it", () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 1 }), fc.constantFrom("linear" as const, "log" as const), (values, kind) => {
      const axis = axisFor(values, { kind });
      expect(axis.min).toBe(0);
      for (const value of values) {
        const height = heightOf(axis, value);
        expect(height).toBeGreaterThanOrEqual(0);
        expect(height).toBeLessThanOrEqual(1 + 1e-9);
      }
    }));
  });

  it("begins at 0 and ends above it also where nothing but a rounding error is to be drawn", () => {
    for (const values of [[], [0], [5e-324]]) expect(axisFor(values, { kind: "linear" })).toMatchObject({ min: 0, max: 0.25 });
  });

  it("keeps its ticks while values move within them, so that a chart does not jump with each point", () => {
    expect(axisFor([81], { kind: "linear" }).ticks).toEqual(axisFor([97], { kind: "linear" }).ticks);
    expect(axisFor([97], { kind: "linear" }).ticks).toEqual([0, 25, 50, 75, 100]);
    expect(axisFor([8.2 * 2 ** 20], { kind: "linear", binary: true }).ticks.map((tick) => tick / 2 ** 20)).toEqual([0, 4, 8, 12]);
  });

  it("spreads three decades and 0 on a log axis", () => {
    const axis = axisFor([640], { kind: "log" });
    expect(axis.ticks).toEqual([0, 1, 10, 100, 1000]);
    expect(heightOf(axis, 1000)).toBe(1);
    expect(heightOf(axis, 10)).toBeGreaterThan(heightOf(axis, 1) + 0.15);
  });

  it("has whole times as ticks within its window", () => {
    const start = Date.UTC(2026, 0, 1, 0, 41);
    for (const tick of timeTicks({ start, end: start + 3 * 3_600_000 })) expect(new Date(tick).getMinutes() % 30).toBe(0);
  });
});

describe("labels at the ends of lines", () => {
  it("stand apart, in order, within the plot, however close the lines are", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -20, max: 220 }), { maxLength: 10 }), (wanted) => {
      const places = movedApart(wanted, 16, 176);
      const sorted = wanted.map((at, index) => ({ at, place: places[index] ?? 0 })).sort((a, b) => a.at - b.at);
      sorted.forEach(({ place }, index) => {
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(176);
        if (index > 0) expect(place - (sorted[index - 1]?.place ?? 0)).toBeGreaterThanOrEqual(16);
      });
    }));
  });
});

describe("figures", () => {
  it.each([[0, "0"], [0.0421, "0.04"], [0.00042, "0.00042"], [9.96, "9.96"], [12.34, "12.3"], [1234, "1234"], [12_345, "12.3k"], [4_200_000, "4.2M"]])("%d is written %s", (value, text) => expect(shortNumber(value)).toBe(text));
  it.each([[3.5e9, "bytes", "3.26 Gi"], [0.0123, "seconds", "12.3 ms"], [95, "seconds", "95 s"], [0.0512, "ratio", "5.12 %"], [Number.NaN, "count", "–"], [null, "count", "–"]] as const)("%s %s is written %s", (value, unit, text) => expect(figure(value, unit)).toBe(text));
});

describe("lines", () => {
  const series = [{ name: "q.batch", labels: {}, values: [1, 2] }, { name: "q.ai", labels: {}, values: [null, 9] }, { name: "q.dlq", labels: {}, values: [4, null] }];

  it("come with the highest last value first; a colour stays with its name, and dead letters are red", () => {
    const lines = toLines(series, "accent");
    expect(lines.map(({ name, colour }) => `${name} ${colour}`)).toEqual(["q.ai accent", "q.dlq var(--state-failed)", "q.batch var(--line-1)"]);
    expect(toLines(series.toReversed().map((one) => ({ ...one, values: [one.values[1] ?? null, 50] })), "accent").find(({ name }) => name === "q.ai")?.colour).toBe("accent");
  });

  it("are broken where there is no value", () => {
    const lines = toLines(series, "accent");
    expect(toPoints([10, 20], lines, (value) => value)).toEqual([{ t: 10, l0: null, l1: 4, l2: 1 }, { t: 20, l0: 9, l1: null, l2: 2 }]);
  });

  it("become a file in which no label is a formula and no comma splits a name", () => {
    expect(toCsv([0], [{ name: '=cmd|"a,b"', values: [1] }, { name: "b", values: [null] }])).toBe(`time,"'=cmd|""a,b""",b\n1970-01-01T00:00:00.000Z,1,`);
  });
});

describe("the moment that is read", () => {
  it("is the nearest that there is, however times are spaced", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 60 }), fc.integer({ min: -100, max: 10_100 }), (some, at) => {
      const times = some.toSorted((a, b) => a - b);
      const found = times[nearestIndex(times, at)] ?? Number.NaN;
      expect(Math.abs(found - at)).toBe(Math.min(...times.map((time) => Math.abs(time - at))));
    }));
    expect(nearestIndex([], 5)).toBe(-1);
  });
});

describe("the cursor", () => {
  it("follows the pointer until a moment is pinned, and again when it is freed", () => {
    const cursor = createCursor();
    const seen: (number | null)[] = [];
    cursor.subscribe(() => seen.push(cursor.read()));
    cursor.point(1);
    cursor.pin(2);
    cursor.point(3);
    cursor.pin(null);
    cursor.point(4);
    expect(seen).toEqual([1, 2, null, 4]);
  });
});
