// The judge as a whole: thresholds, latches, what holds a promotion, what is said when there is nothing to say.
import { describe, expect, it } from "vitest";
import { expectedMinutes } from "@/lib/canary/judge/forecast";
import { lookAtGuard } from "@/lib/canary/judge/guard";
import { freshLatch, judge } from "@/lib/canary/judge/judge";
import { linesOf, logMean, scoreOf, togetherLog } from "@/lib/canary/judge/lines";
import { measureOverdispersion, overdispersionOfPods } from "@/lib/canary/judge/overdispersion";
import { backtest, looksOf, replay } from "@/lib/canary/replay";
import { evidence as evidenceSchema, type Latch, type MetricLook, type Verdict, verdictWords } from "@/lib/canary/model";
import { definitionOf, errors, evidenceOf, intervalsOf, minute, repeat, slow } from "../../fixtures/canary/evidence";

const guard = { name: "availability", events: { series: "bad" }, exposure: { series: "all" }, objective: 0.01, windowMinutes: 2, clearMinutes: 2 };
const even = { canary: [5, 1000], baseline: [45, 9000] } satisfies Parameters<typeof evidenceOf>[0][number];
const bad = { canary: [25, 1000], baseline: [45, 9000] } satisfies typeof even;
const verdictAt = (definition: ReturnType<typeof definitionOf>, evidence: ReturnType<typeof evidenceOf>, minutes: number): Verdict => judge(definition, evidence, { at: minutes * minute }).verdict;

describe("lines", () => {
  const metric = (name: string, critical: boolean, weight = 1) => ({ name, critical, weight });
  it("one metric has all of the budget; its lines are at 20", () => {
    const lines = linesOf({ metrics: [metric("a", true)], alpha: 0.05, beta: 0.05 });
    expect(Math.exp(lines.fail.get("a") ?? 0)).toBeCloseTo(20, 9);
    expect([Math.exp(lines.pass), lines.together]).toEqual([expect.closeTo(20, 9), null]);
  });

  it("critical metrics share a half by weight, the rest share the other", () => {
    const lines = linesOf({ metrics: [metric("a", true, 3), metric("b", true, 1), metric("c", false, 1), metric("d", false, 1)], alpha: 0.05, beta: 0.1 });
    expect([...lines.fail].map(([name, line]) => [name, Number(Math.exp(line).toFixed(6))])).toEqual([["a", 53.333333], ["b", 160], ["c", 80], ["d", 80]]);
    expect([Math.exp(lines.pass), Math.exp(lines.together ?? 0)]).toEqual([expect.closeTo(10, 9), expect.closeTo(40, 9)]);
  });

  it("the weighted mean of e-values is their joint evidence, and one at its own line is enough for it", () => {
    const looks = [{ name: "a", critical: false, weight: 1, logFail: Math.log(80) }, { name: "b", critical: false, weight: 1, logFail: Number.NEGATIVE_INFINITY }, { name: "c", critical: true, weight: 9, logFail: 99 }];
    expect(Math.exp(togetherLog(looks))).toBeCloseTo(40, 9);
    expect(Math.exp(logMean([Math.log(2), Math.log(4)]))).toBeCloseTo(3, 9);
  });

  it("the score counts weight that passed and leaves out what has no data", () => {
    const look = (state: MetricLook["state"], weight: number) => ({ state, weight });
    expect(scoreOf([look("pass", 3), look("undecided", 1), look("no-data", 9)])).toBe(75);
    expect(scoreOf([])).toBe(0);
  });
});

describe("a verdict", () => {
  it("FAIL on a worse canary names ratio and interval", () => {
    const verdict = verdictAt(definitionOf(), evidenceOf(repeat(10, bad)), 10);
    expect(verdict).toMatchObject({ word: "fail", ended: true, deciding: "errors", score: 0 });
    expect(verdict.sentence).toBe("Worse: errors is 5× [3.6, 6.8] of the baseline.");
    expect(verdict.metrics[0]?.difference?.low).toBeGreaterThan(0.01);
  });

  it("PASS is proof and not silence: a good canary passes at its margin, one without traffic never does", () => {
    expect(verdictAt(definitionOf(), evidenceOf(repeat(60, even)), 59)).toMatchObject({ word: "pass", score: 100, held: false });
    const silent = verdictAt(definitionOf(), evidenceOf(repeat(60, { baseline: [45, 9000] })), 30);
    expect(silent).toMatchObject({ word: "undecided", ended: false });
    expect(silent.metrics[0]).toMatchObject({ state: "no-data", ratio: null, interval: { low: 0, high: null } });
    const flawless = verdictAt(definitionOf(), evidenceOf(repeat(60, { canary: [0, 1000], baseline: [0, 9000] })), 30);
    expect(flawless.metrics[0]).toMatchObject({ state: "no-events", logFail: 0, logPass: 0 });
    expect(flawless.word).toBe("undecided");
  });

  it("says when it expects to know, and that the time is up when it is", () => {
    const slowPace = verdictAt(definitionOf(), evidenceOf(repeat(5, { canary: [1, 1000], baseline: [9, 9000] })), 5);
    expect(slowPace).toMatchObject({ word: "undecided", ended: false });
    expect(slowPace.metrics[0]?.expected).toMatchObject({ side: "pass" });
    expect(slowPace.sentence).toMatch(/^errors: 1× \[.*\] of the baseline, undecided \(leans well\); PASS expected in \d+ min at this pace\.$/);
    const late = verdictAt(definitionOf({ minutes: 5 }), evidenceOf(repeat(5, { canary: [1, 1000], baseline: [9, 9000] })), 5);
    expect(late).toMatchObject({ word: "undecided", ended: true, reasons: [{ code: "time-is-up" }, { code: "gathering" }] });
  });

  it("what is expected comes true at that pace", () => {
    const term = { events: 10, canaryEvents: 1, share: 0.1 };
    const lines = { logFailLine: Math.log(20), logPassLine: Math.log(20), tolerated: 1, margin: 1.5, phi: 1 };
    const expected = expectedMinutes(Array.from({ length: 10 }, () => term), { terms: [term], minutes: 1 }, lines);
    const passesAt = Array.from({ length: 100 }, (_, i) => i + 1).find((more) => judge(definitionOf({ minutes: 500 }), evidenceOf(repeat(10 + more, { canary: [1, 100], baseline: [9, 900] })), { at: (10 + more) * minute, explain: false }).verdict.word === "pass");
    expect(Math.abs((expected?.minutes ?? 0) - (passesAt ?? 99))).toBeLessThanOrEqual(1);
    expect(expectedMinutes([], { terms: [], minutes: 5 }, lines)).toBeNull();
    expect(expectedMinutes([{ events: 5, canaryEvents: 5, share: 0.1 }], { terms: [{ events: 5, canaryEvents: 5, share: 0.1 }], minutes: 1 }, lines)).toMatchObject({ side: "fail" });
  });

  it("FAIL stays for this canary, also when the evidence turns", () => {
    const evidence = evidenceOf([...repeat(10, bad), ...repeat(200, { canary: [0, 1000], baseline: [45, 9000] })]);
    const first = judge(definitionOf({ minutes: 600 }), evidence, { at: 10 * minute });
    const later = judge(definitionOf({ minutes: 600 }), evidence, { at: 210 * minute, latch: first.latch });
    expect(later.verdict).toMatchObject({ word: "fail", sentence: first.verdict.sentence });
    expect(later.verdict.metrics[0]?.since).toBe(10 * minute);
    expect(judge(definitionOf({ minutes: 600 }), evidence, { at: 210 * minute }).verdict.word).toBe("pass");
  });

  it("a PASS at a wide margin is to be earned again when the margin narrows", () => {
    const definition = definitionOf({ metrics: [{ ...errors, margin: 1.2, marginsByShare: [{ upToShare: 0.1, margin: 3 }] }] });
    const evidence = evidenceOf([...repeat(10, even), ...repeat(3, { canary: [25, 5000], baseline: [25, 5000] })]);
    const first = judge(definition, evidence, { at: 10 * minute });
    expect(first.verdict).toMatchObject({ word: "pass", metrics: [{ margin: 3 }] });
    expect(judge(definition, evidence, { at: 13 * minute, latch: first.latch }).verdict).toMatchObject({ word: "undecided", metrics: [{ margin: 1.2, state: "undecided" }] });
  });

  it("what is tolerated does not fail, what is negligible passes, and what is worse when it falls is turned round", () => {
    const half = repeat(20, { canary: [7, 1000], baseline: [45, 9000] });
    expect(verdictAt(definitionOf(), evidenceOf(half), 20).metrics[0]?.logFail).toBeGreaterThan(verdictAt(definitionOf({ metrics: [{ ...errors, tolerated: 1.4 }] }), evidenceOf(half), 20).metrics[0]?.logFail ?? 0);
    const rare = evidenceOf(repeat(20, { canary: [0, 30_000], baseline: [0, 270_000] }));
    expect(verdictAt(definitionOf({ metrics: [{ ...errors, negligibleShare: 0.001 }] }), rare, 20)).toMatchObject({ word: "pass", reasons: [{ code: "negligible" }] });
    const rareAndWorse = evidenceOf(repeat(20, { canary: [3, 30_000], baseline: [1, 270_000] }));
    expect(verdictAt(definitionOf({ metrics: [{ ...errors, negligibleShare: 0.001 }] }), rareAndWorse, 20).word).toBe("pass");
    expect(verdictAt(definitionOf(), rareAndWorse, 20).word).toBe("fail");
    const fallen = verdictAt(definitionOf({ metrics: [{ ...errors, name: "errors", worse: "lower" }] }), evidenceOf(repeat(20, { canary: [300, 1000], baseline: [8100, 9000] })), 20);
    expect(fallen).toMatchObject({ word: "fail", metrics: [{ ratio: expect.closeTo(1 / 3, 6) }] });
  });

  it("metrics that are not critical fail together", () => {
    const names = ["a", "b", "c"];
    const definition = definitionOf({ metrics: names.map((name) => ({ ...errors, name, critical: false })) });
    const counts = { kind: "counts" as const, intervals: intervalsOf(repeat(7, { canary: [8, 1000], baseline: [45, 9000] })), pods: [], phi: 1 };
    const verdict = verdictAt(definition, evidenceOf([], { metrics: Object.fromEntries(names.map((name) => [name, counts])) }), 7);
    expect(verdict.metrics.map(({ state }) => state)).toEqual(["undecided", "undecided", "undecided"]);
    expect(verdict).toMatchObject({ word: "fail", reasons: [{ code: "worse-together" }] });
  });

  it("overdispersion that was measured weakens it", () => {
    const [calm, wild] = [1, 6].map((phi) => verdictAt(definitionOf(), evidenceOf([], { metrics: { errors: { kind: "counts", intervals: intervalsOf(repeat(3, { canary: [12, 1000], baseline: [45, 9000] })), pods: [], phi } } }), 3));
    expect([calm?.word, wild?.word]).toEqual(["fail", "undecided"]);
  });

  it("before the warm-up is over nothing is judged and nothing of it counts", () => {
    const definition = definitionOf({ warmUpMinutes: 5, minutes: 600 });
    const evidence = evidenceOf([...repeat(5, bad), ...repeat(60, even)]);
    expect(verdictAt(definition, evidence, 5)).toMatchObject({ word: "undecided", reasons: [{ code: "warming-up" }, { code: "no-data" }] });
    expect(verdictAt(definition, evidence, 65).word).toBe("pass");
  });

  it("latency is judged by its edges, gauges by batches, and metrics without data wait", () => {
    const latency = { kind: "latency" as const, edgesSeconds: [0.5], phi: null, intervals: repeat(20, {}).map((_, i) => ({ at: (i + 1) * minute, canary: [900, 1000], baseline: [8820, 9000] })) };
    expect(verdictAt(definitionOf({ metrics: [slow] }), evidenceOf([], { metrics: { slow: latency } }), 20)).toMatchObject({ word: "fail", sentence: expect.stringContaining("slow (slower than 0.5 s) is 5×") });
    const gauge = { kind: "gauge", name: "memory", series: { series: "rss" } };
    const points = Array.from({ length: 100 }, (_, i) => ({ at: (i + 1) * minute, canary: 200 + (i % 7), baseline: 100 + (i % 5) }));
    expect(verdictAt(definitionOf({ metrics: [gauge], minutes: 200 }), evidenceOf([], { metrics: { memory: { kind: "gauge", points, correlation: 0 } } }), 100).word).toBe("fail");
    expect(verdictAt(definitionOf({ metrics: [gauge], minutes: 200 }), evidenceOf([], { metrics: { memory: { kind: "gauge", points: points.slice(0, 20), correlation: 0 } } }), 100).metrics[0]?.reason.code).toBe("few-batches");
    const leak = Array.from({ length: 240 }, (_, i) => ({ at: (i + 1) * minute, canary: 100 + i + (i % 3), baseline: 100 + (i % 3) * 0.9 }));
    const growth = definitionOf({ metrics: [{ ...gauge, watch: "growth" }], minutes: 300 });
    expect(verdictAt(growth, evidenceOf([], { metrics: { memory: { kind: "gauge", points: leak, correlation: 0 } } }), 240)).toMatchObject({ word: "fail", metrics: [{ ratio: expect.closeTo(1.65, 1) }] });
    expect(verdictAt(definitionOf(), evidenceOf([], { metrics: { errors: { kind: "none", because: "the exporter is down" } } }), 3).sentence).toBe("No data for errors (the exporter is down).");
  });
});

describe("what holds a promotion", () => {
  const burn = { canary: [100, 1000], baseline: [900, 9000] } satisfies typeof even;
  const withGuard = (minutes: Parameters<typeof evidenceOf>[0]) => evidenceOf(minutes, { guard: intervalsOf(minutes).map(({ at, canary, baseline }) => ({ at, events: canary.events + baseline.events, exposure: canary.exposure + baseline.exposure })) });

  it("an incident of the whole service holds it while it burns and a little longer, then it goes on; it is never failed for it", () => {
    const evidence = withGuard([...repeat(60, even), ...repeat(4, burn), ...repeat(10, even)]);
    const definition = definitionOf({ guard, minutes: 600 });
    const words: string[] = [];
    let latch: Latch = freshLatch;
    for (let at = 58; at <= 74; at += 1) {
      const next = judge(definition, evidence, { at: at * minute, latch, explain: false });
      latch = next.latch;
      words.push(`${next.verdict.word}${next.verdict.held ? " held" : ""} ${next.verdict.guard.state}`);
    }
    expect([...new Set(words)]).toEqual(["pass clear", "undecided held burning", "undecided held clearing", "pass clear"].filter((word, i, all) => all.indexOf(word) === i));
    expect(words.at(-1)).toBe("pass clear");
    expect(words.some((word) => word.startsWith("fail"))).toBe(false);
  });

  it("a bad canary is failed in spite of an incident", () => {
    expect(verdictAt(definitionOf({ guard }), withGuard(repeat(10, { canary: [300, 1000], baseline: [450, 9000] })), 10)).toMatchObject({ word: "fail", guard: { state: "burning" } });
  });

  it("a guard without samples holds, none at all does not", () => {
    expect(verdictAt(definitionOf({ guard }), evidenceOf(repeat(60, even)), 59)).toMatchObject({ word: "undecided", held: true, reasons: [{ code: "guard-unknown" }] });
    expect(lookAtGuard(null, [], 0).state).toBe("unset");
    const three = [{ at: minute, events: 1, exposure: 3 }];
    expect(lookAtGuard({ ...guard, events: { series: "bad", matchers: [] }, exposure: { series: "all", matchers: [] } }, three, minute).state).toBe("clear");
  });

  it("a canary that does not get its traffic is not promoted, however good the little it got", () => {
    const evidence = evidenceOf(repeat(60, even));
    const starved = { ...evidence, traffic: evidence.traffic.map((one) => ({ ...one, wantedShare: 0.5 })) };
    expect(verdictAt(definitionOf(), starved, 59)).toMatchObject({ word: "undecided", held: true, sentence: "The canary gets 10 % of the requests where 50 % are wanted." });
  });
});

describe("overdispersion", () => {
  it("is 1 for chance, more for clusters, unknown without enough history", () => {
    const history = (events: (i: number) => number) => intervalsOf(Array.from({ length: 60 }, (_, i) => ({ canary: [events(i), 100], baseline: [10, 100] })));
    expect(measureOverdispersion(history(() => 10))).toBe(1);
    expect(measureOverdispersion(history((i) => (i % 10 === 0 ? 100 : 0)))).toBeGreaterThan(5);
    expect(measureOverdispersion(history(() => 10).slice(0, 20))).toBeNull();
    const pod = (name: string, events: (i: number) => number) => ({ pod: name, intervals: Array.from({ length: 60 }, (_, i) => ({ at: i, events: events(i), exposure: 100 })) });
    expect(overdispersionOfPods([pod("a", () => 5), pod("b", () => 5), pod("c", () => 5)], 1)).toBe(1);
    expect(overdispersionOfPods([pod("a", () => 5), pod("b", () => 5), pod("c", (i) => (i % 10 === 0 ? 50 : 0))], 1)).toBeGreaterThan(2);
    expect(overdispersionOfPods([pod("a", () => 5)], 1)).toBeNull();
  });
});

describe("replay", () => {
  const evidence = evidenceOf([...repeat(3, even), ...repeat(20, bad)]);

  it("says the same at every replay, look by look as it was said live, also from what was stored as text", () => {
    const once = replay(definitionOf(), evidence);
    expect(replay(definitionOf(), evidenceSchema.parse(JSON.parse(JSON.stringify(evidence))))).toEqual(once);
    let latch: Latch = freshLatch;
    for (const point of once.path) {
      const live = judge(definitionOf(), { ...evidence, metrics: { errors: { kind: "counts", phi: 1, pods: [], intervals: intervalsOf([...repeat(3, even), ...repeat(20, bad)]).filter(({ at }) => at <= point.at) } } }, { at: point.at, latch });
      latch = live.latch;
      expect(live.verdict.word).toBe(point.word);
      expect(live.verdict.metrics[0]?.logFail).toBeCloseTo(point.metrics.errors?.logFail ?? Number.NaN, 9);
    }
    expect(once.final?.word).toBe("fail");
    expect(once.decidedAt).toBe(once.path.at(-1)?.at);
    expect(looksOf(evidence)).toHaveLength(23);
    expect(verdictWords).toContain(once.final?.word);
  });

  it("tells of another definition whether it would have caught it, and when", () => {
    const lenient = definitionOf({ metrics: [{ ...errors, margin: 9, tolerated: 6 }] });
    const strict = definitionOf();
    const caught = backtest({ definition: lenient, evidence, outcome: "bad" }, strict);
    expect(caught).toMatchObject({ word: "fail", judgement: "caught" });
    expect(caught.sentence).toMatch(/^This analysis would have said FAIL after \d+ min: it would have caught it; the one that ran (said PASS after \d+ min then|was undecided then)\.$/);
    const kayenta = (minutes: number) => backtest({ definition: strict, evidence: evidenceOf(repeat(30, { canary: [1, 300], baseline: [9, 2700] })), outcome: "unknown" }, definitionOf({ judge: "kayenta", minutes }));
    expect(kayenta(30)).toMatchObject({ word: "pass", minutes: 30, judgement: "unknown" });
    expect(kayenta(31)).toMatchObject({ word: "undecided", minutes: null });
    expect(backtest({ definition: strict, evidence, outcome: "good" }, strict).judgement).toBe("false-alarm");
    expect(backtest({ definition: strict, evidence: evidenceOf([]), outcome: "bad" }, strict)).toMatchObject({ word: "undecided", minutes: null, judgement: "undecided" });
    expect(backtest({ definition: strict, evidence: evidenceOf(repeat(60, even)), outcome: "good" }, strict).judgement).toBe("right");
  });
});
