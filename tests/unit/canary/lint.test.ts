// What a lint finds in templates of Argo Rollouts and in analyses of ours, and what it leaves alone.
import { describe, expect, it } from "vitest";
import { lintDefinition } from "@/lib/canary/lint/definition";
import { divides, longestRangeSeconds, picksOf, toSeconds } from "@/lib/canary/lint/promql-text";
import { lintTemplate, templateSpec } from "@/lib/canary/lint/template";
import { definitionOf, errors, slow } from "../../fixtures/canary/evidence";

const query = 'sum(rate(http_requests_total{code=~"5..",pod=~"api-{{args.canary-hash}}-.*"}[1m])) / sum(rate(http_requests_total{pod=~"api-{{args.canary-hash}}-.*"}[1m]))';
const good = {
  name: "errors", interval: "60s", count: 30, failureLimit: 2, inconclusiveLimit: 30,
  successCondition: "len(result) > 0 && !isNaN(result[0]) && result[0] < 0.01", failureCondition: "len(result) > 0 && !isNaN(result[0]) && result[0] >= 0.05",
  provider: { prometheus: { query } },
};
const spec = (metric: Record<string, unknown>, more: Record<string, unknown> = {}) => templateSpec.parse({ args: [{ name: "canary-hash" }], metrics: [metric], ...more });
const codes = (metric: Record<string, unknown>, more: Record<string, unknown> = {}): string[] => lintTemplate(spec(metric, more)).map(({ code }) => code);
const asking = (text: string, more: Record<string, unknown> = {}) => codes({ ...good, provider: { prometheus: { query: text } }, ...more });
const { count: _count, ...countless } = good;
const { interval: _interval, ...once } = countless;
const { successCondition: _success, ...onlyFailure } = good;
const { failureCondition: _failure, ...onlySuccess } = good;
const { successCondition: _s, failureCondition: _f, ...unconditional } = good;

describe("a template", () => {
  it("with nothing wrong is left alone", () => expect(codes(good)).toEqual([]));
  it("without a count never ends, and without interval too looks once", () => {
    expect(codes(countless)).toEqual(["no-count"]);
    expect(codes(once)).toEqual(["single-look"]);
  });
  it("without a condition succeeds whatever it measures", () => expect(codes(unconditional)).toEqual(["empty-success"]));
  it("without metrics, or with dry runs alone, succeeds on nothing", () => {
    expect(lintTemplate(templateSpec.parse({})).map(({ code }) => code)).toEqual(["no-metrics"]);
    expect(lintTemplate(templateSpec.parse({ templates: [{ templateName: "x" }] }))).toEqual([]);
    expect(codes(good, { dryRun: [{ metricName: "*" }] })).toEqual(["dry-run-only"]);
    expect(codes(good, { dryRun: [{ metricName: "other" }] })).toEqual([]);
  });
  it("that divides says what becomes of NaN with its conditions", () => {
    const unguarded = "result[0] < 0.01";
    const of = (metric: Record<string, unknown>) => lintTemplate(spec(metric)).find(({ code }) => code === "nan");
    expect(of({ ...onlySuccess, successCondition: unguarded })?.say).toContain("aborts the rollout");
    expect(of({ ...onlyFailure, failureCondition: "result[0] > 0.05" })?.say).toContain("no traffic passes");
    expect(of({ ...good, successCondition: unguarded, failureCondition: "result[0] > 0.05" })).toMatchObject({ severity: "warning", say: expect.stringContaining("inconclusive") });
    expect(of({ ...good, successCondition: "default(result[0], 1) < 0.01", failureCondition: "" })).toBeUndefined();
  });
  it("that takes result[0] unseen errs on an empty answer", () => expect(codes({ ...onlySuccess, successCondition: "!isNaN(result[0]) && result[0] < 0.01" })).toEqual(["empty-result"]));
  it("that picks all pods, or all in one half, is not about the canary", () => {
    expect(asking('sum(rate(http_requests_total{code=~"5.."}[1m]))')).toEqual(["no-canary-filter"]);
    expect(asking("sum(rate(http_requests_total[1m]))")).toEqual(["no-canary-filter"]);
    expect(asking('sum(rate(e{pod=~"api-{{args.canary-hash}}-.*"}[1m])) / sum(rate(e{code="500"}[1m]))')).toEqual(["half-filtered"]);
    expect(asking('sum(rate(e{role="canary"}[1m])) / sum(rate(e{role="stable"}[1m]))')).toEqual([]);
  });
  it("that looks more often than its window is long sees the same data again", () => {
    expect(asking(query.replaceAll("[1m]", "[5m]"))).toEqual(["step-below-range"]);
    expect(asking(query.replaceAll("[1m]", "[5m]"), { interval: "5m" })).toEqual([]);
    expect(codes({ ...good, provider: { prometheus: { query, rangeQuery: { step: "15s" } } } })).toEqual(["step-below-range"]);
  });
  it("with an undeclared argument or an empty hash asks for other pods than meant", () => {
    expect(codes(good, { args: [] })).toEqual(["unknown-argument"]);
    expect(codes(good, { args: [{ name: "canary-hash", value: "" }] })).toEqual(["empty-hash"]);
  });
  it("whose limits decide nothing or contradict each other is told", () => {
    expect(codes({ ...good, failureLimit: -1 })).toEqual(["limits-off"]);
    expect(codes({ ...good, count: 2, failureLimit: 3, inconclusiveLimit: 1 })).toEqual(["limits-contradict"]);
    expect(codes({ ...good, failureLimit: 0 })).toEqual(["one-failure"]);
  });
  it("that asks our judge survives the judge's absence", () => {
    const web = { name: "judge", interval: "60s", count: 60, failureLimit: 0, failureCondition: 'result.verdict == "fail"', provider: { web: { url: "https://console/judge" } } };
    expect(codes(web)).toEqual(["few-errors"]);
    expect(codes({ ...web, consecutiveErrorLimit: 30 })).toEqual([]);
    expect(asking("")).toEqual(["no-query"]);
  });
});

describe("the text of a query", () => {
  it("durations, ranges, divisions and selectors are seen, and strings and comments are not mistaken for them", () => {
    expect(["1h30m", "500ms", "5m", "x", ""].map(toSeconds)).toEqual([5400, 0.5, 300, null, null]);
    expect(longestRangeSeconds('rate(a{b="[9h]"}[5m]) + max_over_time(c[1h:30s]) # [2d]')).toBe(3600);
    expect(longestRangeSeconds("a")).toBeNull();
    expect([divides('a{path="/x"}'), divides("a / 100"), divides("a / 100 / b"), divides("a / b")]).toEqual([false, false, true, true]);
    expect(picksOf('a{pod=~"x-{{args.hash}}-.*",b="}"} / b{c=\'1\'} + d[5m]')).toEqual(["canary", "all", "all"]);
  });
});

describe("an analysis of ours", () => {
  const guard = { name: "slo", events: { series: "bad" }, exposure: { series: "all" }, objective: 0.01 };
  const found = (more: Record<string, unknown>, known?: Parameters<typeof lintDefinition>[1]): string[] => lintDefinition(definitionOf({ guard, ...more }), known).map(({ code }) => code);

  it("with nothing wrong is left alone", () => expect(found({})).toEqual([]));
  it("that could pass on nothing or never is told", () => {
    expect(found({ metrics: [{ ...errors, required: false }] })).toEqual(["nothing-required"]);
    expect(found({ metrics: [{ ...errors, critical: false }] })).toEqual(["nothing-critical"]);
    expect(found({ guard: null })).toEqual(["no-guard"]);
    expect(found({ minutes: 10, warmUpMinutes: 10 })).toEqual(["warm-up-too-long"]);
  });
  it("needs raw series of all pods", () => {
    expect(found({ metrics: [{ ...errors, events: { series: "job:errors:rate5m" } }] })).toEqual(["recorded"]);
    expect(found({ metrics: [{ ...errors, events: { series: "e", matchers: [{ label: "pod", op: "=~", value: "x.*" }] } }] })).toEqual(["pods-chosen"]);
    expect(found({ metrics: [{ ...errors, exposure: errors.events }] })).toEqual(["same-series"]);
    expect(found({ metrics: [{ ...slow, critical: true, buckets: { series: "latency_sum" } }] })).toEqual(["no-buckets"]);
    expect(found({ metrics: [{ ...errors, marginsByShare: [{ upToShare: 0.5, margin: 2 }, { upToShare: 0.1, margin: 5 }] }] })).toEqual(["margins-unordered"]);
  });
  it("that notices little or passes late with the traffic there is says so", () => {
    expect(found({}, { share: 0.1, byMetric: { errors: { rps: 500, baselineShare: 0.005 } } })).toEqual([]);
    expect(found({}, { share: 0.05, byMetric: { errors: { rps: 2, baselineShare: 0.001 } } })).toEqual(["sees-little", "passes-late"]);
  });
  it("is refused when two metrics share a name or what is tolerated reaches the margin", () => {
    expect(() => definitionOf({ metrics: [errors, errors] })).toThrow(/same name/);
    expect(() => definitionOf({ metrics: [{ ...errors, tolerated: 1.5 }] })).toThrow(/less than the margin/);
    expect(() => definitionOf({ metrics: [{ ...errors, events: { series: "rate(x[5m])" } }] })).toThrow(/series name/);
  });
});
