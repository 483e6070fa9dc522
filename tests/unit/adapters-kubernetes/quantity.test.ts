// Quantities: every suffix the API knows, and what is none.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantity, toMillis, toUnits } from "@/lib/adapters/kubernetes/project/quantity";
import { Flaws } from "@/lib/adapters/kubernetes/project/read";

describe("a quantity", () => {
  it.each([
    ["0", 0], ["1", 1], ["1.5", 2], [3, 3], ["+2", 2], [".5", 1], ["5.", 5],
    ["1k", 1e3], ["1M", 1e6], ["1G", 1e9], ["1T", 1e12], ["1P", 1e15], ["1E", 1e18],
    ["1Ki", 1024], ["1Mi", 1024 ** 2], ["1Gi", 1024 ** 3], ["1Ti", 1024 ** 4], ["1Pi", 1024 ** 5], ["1Ei", 1024 ** 6], ["1.5Gi", 1.5 * 1024 ** 3],
    ["1e3", 1000], ["1E3", 1000], ["12e-1", 2], ["2e+2", 200],
    ["1m", 1], ["1500m", 2], ["1u", 1], ["1n", 1], ["128974848000m", 128974848], ["-1", -1], ["-1500m", -2],
  ])("%s is %d whole units, rounded up as the scheduler does", (value, units) => {
    expect(toUnits(value)).toBe(units);
  });

  it.each([["0.1", 100], ["100m", 100], ["2", 2000], ["1.005", 1005], ["250u", 1], ["1500u", 2], ["100n", 1], ["1e-3", 1], ["0.29", 290], ["1k", 1e6]])("%s cores are %d millicores exactly", (value, millis) => {
    expect(toMillis(value)).toBe(millis);
  });

  it.each([["1X"], ["abc"], [""], ["1Kib"], ["1 Gi"], ["NaN"], ["Infinity"], ["1e9999"], ["0x10"], ["1ki"], ["--1"], [null], [{}], [[]], [true], [NaN]])("%j is none, so NaN", (value) => {
    expect(toUnits(value)).toBeNaN();
  });

  it("is 0 when absent, and names what is unreadable or negative while keeping its value", () => {
    const flaws = new Flaws();
    expect(quantity(undefined, toUnits, { path: "a", flaws })).toBe(0);
    expect(flaws.found).toBeNull();
    expect(quantity("many", toUnits, { path: "b", flaws })).toBeNaN();
    expect(quantity("-5", toUnits, { path: "c", flaws })).toBe(-5);
    expect(flaws.found).toEqual(["b: many", "c: -5"]);
  });

  it("reads back any number of millicores it is given", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e9 }), (millis) => {
      expect(toMillis(`${millis}m`)).toBe(millis);
      expect(toMillis(String(millis / 1000))).toBe(millis);
    }));
  });
});
