// Counts out of raw counters: restarts, births, gaps and what a scrape can do wrong.
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { type RawSeries, increments, intervalOf } from "@/lib/canary/evidence/counters";
import { countIntervals, gaugePoints, latencyIntervals, nearestEdges, rateIntervals } from "@/lib/canary/evidence/intervals";

const grid = { from: 0, to: 600, stepMs: 60 };
const wide = { from: 0, to: 3_600_000, stepMs: 60_000 };
const series = (samples: RawSeries["samples"], more: Partial<RawSeries> = {}): RawSeries => ({ pod: "a", node: "n1", version: "canary", podCreatedAt: null, samples, ...more });
const grown = (one: RawSeries, scrapes: number[] = []): number[] => increments(one, grid, scrapes).map(({ by }) => by);

describe("one counter", () => {
  it("counts what it grew by, and a fall as a restart from zero", () => {
    expect(grown(series([[60, 100], [120, 110], [180, 4], [240, 9]]))).toEqual([10, 4, 5]);
  });

  it("does not count what a long-running pod had before the window", () => expect(grown(series([[60, 5000], [120, 5001]]))).toEqual([1]));

  it("counts the first value of a pod born in the window", () => expect(grown(series([[60, 7], [120, 9]], { podCreatedAt: 10 }))).toEqual([7, 2]));

  it("forgives the clocks one step", () => expect(grown(series([[60, 7]], { podCreatedAt: -50 }))).toEqual([7]));

  it("counts a pod's first error when the pod was scraped before without it", () => {
    expect(grown(series([[180, 1], [240, 2]]), [60, 120, 180, 240])).toEqual([1, 1]);
    expect(grown(series([[180, 1], [240, 2]]), [180, 240])).toEqual([1]);
  });

  it("does not compare across five minutes of silence, but knows a new start when the pod went on talking", () => {
    const minute = 60_000;
    const silent = series([[minute, 10], [2 * minute, 12], [10 * minute, 20], [11 * minute, 21]]);
    const by = (scrapes: number[]) => increments(silent, wide, scrapes).map((one) => one.by);
    expect(by([minute, 2 * minute, 10 * minute, 11 * minute])).toEqual([2, 1]);
    expect(by([minute, 2 * minute, 9 * minute, 10 * minute])).toEqual([2, 20, 1]);
  });

  it("leaves out NaN, infinities and negative values, puts samples in order and takes the last of a moment", () => {
    expect(grown(series([[180, 14], [60, 10], [120, Number.NaN], [120, Number.POSITIVE_INFINITY], [120, -3], [180, 15]]))).toEqual([5]);
    expect(grown(series([]))).toEqual([]);
  });

  it("adds up over all lives of a pod born in the window", () => {
    const life = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(fc.array(life, { minLength: 1, maxLength: 4 }), (lives) => {
      let at = 0;
      const samples = lives.flatMap((steps) => {
        let value = 0;
        return [0, ...steps].map((step): [number, number] => [(at += 10), (value += step)]);
      });
      const total = lives.flat().reduce((sum, step) => sum + step, 0);
      expect(increments(series(samples, { podCreatedAt: 0 }), { from: 0, to: at, stepMs: 10 }, []).reduce((sum, { by }) => sum + by, 0)).toBe(total);
    }), { seed: 7 });
  });
});

describe("intervals", () => {
  it("hold their end and not their beginning", () => expect([0, 1, 60, 61, 600, 601].map((at) => intervalOf(at, grid))).toEqual([-1, 0, 0, 1, 9, -1]));

  it("sum the pods of each version and keep what each pod did", () => {
    const requests = [series([[60, 0], [120, 10]]), series([[60, 0], [120, 30]], { pod: "b" }), series([[60, 0], [120, 90]], { pod: "s", version: "baseline" })];
    const errors = [series([[120, 2]], { pod: "b" })];
    const { intervals, pods } = countIntervals({ events: errors, exposure: requests }, { from: 0, to: 120, stepMs: 60 });
    expect(intervals).toEqual([
      { at: 60, canary: { events: 0, exposure: 0 }, baseline: { events: 0, exposure: 0 } },
      { at: 120, canary: { events: 2, exposure: 40 }, baseline: { events: 0, exposure: 90 } },
    ]);
    expect(pods.find(({ pod }) => pod === "b")).toEqual({ pod: "b", node: "n1", version: "canary", events: 2, exposure: 30 });
  });

  it("of a rate are weighed by the time each pod was there", () => {
    const alive = [series([[60, 1], [120, 1]]), series([[120, 1]], { pod: "s", version: "baseline" })];
    const restarts = [series([[60, 3], [120, 5]])];
    const { intervals } = rateIntervals({ events: restarts, alive }, { from: 0, to: 120, stepMs: 60 });
    expect(intervals.map(({ canary, baseline }) => [canary.exposure, baseline.exposure])).toEqual([[0.06, 0], [0.06, 0.06]]);
    expect(intervals[1]?.canary.events).toBe(2);
  });

  it("of a histogram rise with the edges even when a scrape fell between two buckets", () => {
    const bucket = (edge: number, value: number) => series([[60, 0], [120, value]], { edge });
    expect(latencyIntervals([bucket(0.5, 8), bucket(1, 7), bucket(Number.POSITIVE_INFINITY, 10), bucket(9, 1)], [0.5, 1], { from: 60, to: 120, stepMs: 60 })).toEqual([{ at: 120, canary: [8, 8, 10], baseline: [0, 0, 0] }]);
    expect(nearestEdges([0.3, 0.5, 99], [0.1, 0.5, 1, Number.POSITIVE_INFINITY])).toEqual([0.5, 1]);
    expect(nearestEdges([0.3], [])).toEqual([]);
  });

  it("of a gauge are the mean of each pod's last word, and unknown without one", () => {
    const points = gaugePoints([series([[10, 1], [50, 3]]), series([[60, 5]], { pod: "b" }), series([[100, 9]], { pod: "s", version: "baseline" })], { from: 0, to: 120, stepMs: 60 });
    expect(points).toEqual([{ at: 60, canary: 4, baseline: null }, { at: 120, canary: null, baseline: 9 }]);
  });
});
