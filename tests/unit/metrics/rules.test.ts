// Charts are asked for within bounds and drawn as they are: steps, windows of rates, gaps, caps, and every question of the dashboards by its name.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toAlerts, toTargets } from "@/lib/metrics/alerts";
import { dashboards, lineName } from "@/lib/metrics/dashboards";
import { gridLength, lastValue, onGrid } from "@/lib/metrics/grid";
import { caps, cutSeries, rangeRefusal, seriesCap } from "@/lib/metrics/guard";
import { queries } from "@/lib/metrics/queries";
import { drawnPoints, keepingPeaks, onSteps, promDuration, rateWindowMs, stepFor, windowLengths, withRate } from "@/lib/metrics/window";

const minute = 60_000;
const day = 86_400_000;

describe("the step of a chart", () => {
  it.each([[15 * minute, 5_000], [60 * minute, 15_000], [3 * 60 * minute, 60_000], [12 * 60 * minute, 300_000], [2 * day, 600_000], [32 * day, 21_600_000]])("over %i ms is %i ms", (range, step) => expect(stepFor(range)).toBe(step));

  it("never draws more points than a line may have, whatever the time", () => {
    fc.assert(fc.property(fc.integer({ min: 1000, max: 400 * day }), fc.integer({ min: 10, max: 2000 }), (range, points) => range / stepFor(range, points) <= points));
  });

  it("has a rate's window in which no increase is lost and four scrapes lie", () => {
    for (const range of Object.values(windowLengths)) {
      const step = stepFor(range);
      expect(rateWindowMs(step)).toBeGreaterThan(step);
      expect(rateWindowMs(step)).toBeGreaterThanOrEqual(2 * minute);
    }
  });

  it("puts start and end on whole steps, so that two who ask a moment apart ask the same", () => {
    expect(onSteps({ start: 1_000_007, end: 2_000_009 }, 60_000)).toEqual(onSteps({ start: 1_000_900, end: 2_000_999 }, 60_000));
  });

  it.each([[5_000, "5s"], [60_000, "1m"], [90_000, "90s"], [7_200_000, "2h"], [172_800_000, "2d"]])("%i ms is written %s", (ms, text) => expect(promDuration(ms)).toBe(text));

  it("is named in an expression where $rate stands, and peaks are kept by a window of its length", () => {
    expect(withRate("rate(a[$rate]) / rate(b[$rate])", 600_000)).toBe("rate(a[630s]) / rate(b[630s])");
    expect(keepingPeaks("up", 600_000)).toBe("max_over_time((up)[10m:1m])");
  });
});

describe("a line on its grid", () => {
  const grid = { start: 0, end: 60_000, stepMs: 10_000 };

  it("is broken where Prometheus has no value or none that is a number, and never joined across", () => {
    expect(onGrid([[0, 1], [10_000, Number.NaN], [30_000, 3], [40_000, Infinity], [60_000, 6]], grid)).toEqual([1, null, null, 3, null, null, 6]);
  });

  it("keeps every point of its grid and nothing beside it", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: -3, max: 12 })), (places) => {
      const values = onGrid(places.map((place) => [place * 10_000, place] as const), grid);
      expect(values).toHaveLength(gridLength(grid));
      expect(values.filter((value) => value !== null)).toHaveLength(places.filter((place) => place >= 0 && place <= 6).length);
    }));
  });

  it("knows its last value and how long ago that was", () => {
    expect(lastValue([1, 2, null, null])).toEqual({ value: 2, stepsAgo: 2 });
    expect(lastValue([null])).toBeNull();
  });
});

describe("the guard", () => {
  const fine = { expression: "up", start: 0, end: 3_600_000, stepMs: 15_000 };

  it.each([
    [{ end: 0 }, "begins after it ends"], [{ end: 40 * day, stepMs: day }, "at most 32d"], [{ stepMs: 500 }, "shorter than a second"],
    [{ stepMs: 1000 }, "A step of 5s would do"], [{ expression: "x".repeat(9000) }, "at most 8192"],
  ])("refuses %j with a sentence that says what would do", (change, words) => {
    expect(rangeRefusal({ ...fine, ...change })).toContain(words);
    expect(rangeRefusal(fine)).toBeNull();
  });

  it("keeps the highest series and says how many there were", () => {
    const series = Array.from({ length: 700 }, (_, n) => ({ name: String(n), values: [n, null] }));
    const { kept, of } = cutSeries(series, seriesCap(300));
    expect([kept.length, of, kept[0]?.name]).toEqual([500, 700, "699"]);
    expect(seriesCap(2000) * 2000).toBeLessThanOrEqual(caps.allPoints);
  });
});

describe("the dashboards", () => {
  const panels = Object.values(dashboards).flat();

  it("name every panel once, every question by its key, and each says unit and meaning", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [key, { name, meaning, unit }] of Object.entries(queries)) expect([name, meaning.endsWith("."), unit !== undefined]).toEqual([key, true, true]);
  });

  it("draw in one panel only what is counted in one unit", () => {
    for (const { id, lines, unit } of panels) expect([id, ...new Set(lines.map(({ query }) => query.unit))]).toEqual([id, unit]);
  });

  it("have at most the points that a line is drawn with, at every length of time", () => {
    for (const range of Object.values(windowLengths)) expect(range / stepFor(range)).toBeLessThanOrEqual(drawnPoints);
  });

  it("name a line by its labels, and one without labels by its own word", () => {
    expect(lineName({ query: queries.queueBacklog, by: ["queue"] }, { queue: "q.ai" })).toBe("q.ai");
    expect(lineName({ query: queries.etcdSize, by: [], word: "file" }, {})).toBe("file");
    expect(lineName({ query: queries.queueBacklog, by: ["queue"] }, {})).toBe("queueBacklog");
  });
});

describe("alerts", () => {
  const rule = { group: "g", everyMs: 30_000, name: "r", expression: "up == 0", forMs: 0, labels: {}, state: "firing", fault: "", tookMs: 1 };
  const one = (name: string, state: string, severity: string, activeAt: number) => ({ labels: { alertname: name, severity, node: "n" }, annotations: { summary: name, runbook_url: `javascript:${name}` }, state, activeAt, value: 1 });

  it("come firing before pending, worse before better, older before younger, and lead only to web addresses", () => {
    const alerts = toAlerts([
      { ...rule, name: "b", alerts: [one("b", "pending", "critical", 1)] }, { ...rule, name: "c", alerts: [one("c", "firing", "warning", 5)] },
      { ...rule, name: "d", alerts: [one("d", "firing", "critical", 9)] }, { ...rule, name: "e", alerts: [one("e", "firing", "critical", 3)] },
    ], () => 2);
    expect(alerts.map(({ name }) => name)).toEqual(["e", "d", "c", "b"]);
    expect(alerts.every(({ runbook, tier }) => runbook === null && tier === 2)).toBe(true);
  });

  it("targets that are down come first", () => {
    const target = (job: string, health: string) => ({ labels: { job, instance: "x" }, health, fault: "", scrapedAt: 1, tookMs: 1 });
    expect(toTargets([target("a", "up"), target("b", "down"), target("c", "strange")]).map(({ job, health }) => `${job} ${health}`)).toEqual(["b down", "c unknown", "a up"]);
  });
});
