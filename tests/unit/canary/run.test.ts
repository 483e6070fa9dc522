// Guarantees of what lies between Prometheus and the judge: the right pods are asked for, looks add up to the evidence, the console acts only as it may, and one bad pod is told from a bad version.
import { describe, expect, it } from "vitest";
import { evidenceLines, evidenceSheet, levelLines, ratioLines, writeEvidence, writeRatio } from "@/components/canary/one/evidence-lines";
import { evidenceReach, failLines, ratioPoints, within } from "@/components/canary/one/evidence-points";
import { evidenceText } from "@/components/canary/words";
import { toPoints } from "@/components/chart/lines";
import { argoYaml } from "@/lib/canary/argo-yaml";
import type { RawSeries } from "@/lib/canary/evidence/counters";
import { measureHistory } from "@/lib/canary/evidence/history";
import { lookAt, selectorKey, selectorsOf, type Fetched } from "@/lib/canary/evidence/look";
import { expressionOf, toRawSeries, versionOf } from "@/lib/canary/evidence/selectors";
import { judge } from "@/lib/canary/judge/judge";
import { onePodOf } from "@/lib/canary/judge/one-pod";
import { lintDefinition } from "@/lib/canary/lint/definition";
import { lintTemplate, templateSpec } from "@/lib/canary/lint/template";
import { analysisDefinition, type Selector, type Verdict } from "@/lib/canary/model";
import { analysisSettings, assembled, everyMs, noHistory, type Looked, type Versions } from "@/lib/canary/run";
import { deedFor } from "@/lib/canary/service/acting";
import { newsOf } from "@/lib/canary/service/news";
import { analysisTemplates, templateFor } from "@/lib/canary/templates";
import { projections } from "@/lib/adapters/kubernetes/kinds";
import { createPools } from "@/lib/adapters/kubernetes/project/pools";
import { isRollout, type RolloutObject } from "@/lib/deployments/rollouts/standing";
import { parseAllDocuments } from "yaml";
import { z } from "zod";

const versions: Versions = { canary: { hash: "new", set: "api-new", image: "api:2" }, baseline: { hash: "old", set: "api-old", image: "api:1" } };
const bad: Selector = { series: "http_requests_total", matchers: [{ label: "status", op: "=~", value: "5.." }] };
const requests: Selector = { series: "http_requests_total", matchers: [] };
const definition = analysisDefinition.parse({ version: 1, metrics: [{ kind: "ratio", name: "errors", critical: true, events: bad, exposure: requests }], guard: { name: "slo", events: bad, exposure: requests, objective: 0.05, windowMinutes: 1, clearMinutes: 0 }, minutes: 30 });
const minute = 60_000;

/** A counter of a pod that grows by so much a minute. */
const counter = (pod: string, version: RawSeries["version"], perMinute: number, from = 0): RawSeries => ({ pod, node: `n-${pod}`, version, podCreatedAt: null, samples: Array.from({ length: 120 }, (_, i): [number, number] => [i * minute, from + i * perMinute]) });
const fetchedOf = (events: RawSeries[], exposure: RawSeries[]): Fetched => ({ of: (selector) => ({ series: selectorKey(selector) === selectorKey(bad) ? events : exposure }) });
const looksOf = (events: RawSeries[], exposure: RawSeries[], count = 60): Looked[] => Array.from({ length: count }, (_, i) => lookAt({ definition, grid: { from: (i + 5) * minute, to: (i + 6) * minute, stepMs: minute }, fetched: fetchedOf(events, exposure), alive: [...events, ...exposure], edges: {}, wantedShare: 0.5 }));

describe("the question to Prometheus", () => {
  it("names the pods of both versions in their namespace, and text that comes from people is quoted", () => {
    expect(expressionOf({ series: "x_total", matchers: [{ label: "path", op: "=", value: 'a"}b' }] }, { namespace: "shop", versions })).toBe('x_total{path="a\\"}b",namespace="shop",pod=~"(api-new|api-old)-.+"}');
    expect(expressionOf(requests, { namespace: "shop", versions: { ...versions, canary: { ...versions.canary, set: "a.b-1" } } })).toContain("(a\\\\.b-1|api-old)-.+");
  });
  it("asks for every selector once, however many metrics use it", () => expect(selectorsOf(definition)).toHaveLength(2));
  it("tells versions by their ReplicaSets, also where one's name begins with the other's, and leaves other pods out", () => {
    const nested: Versions = { canary: { ...versions.canary, set: "api-old-x" }, baseline: versions.baseline };
    expect([versionOf("api-old-x-1", nested), versionOf("api-old-1", nested), versionOf("web-1", nested)]).toEqual(["canary", "baseline", null]);
    const series = toRawSeries([{ labels: { pod: "api-new-1", le: "+Inf" }, points: [] }, { labels: { pod: "web-1" }, points: [] }], { versions, pods: new Map([["api-new-1", { node: "n1", createdAt: 7 }]]) });
    expect(series).toEqual([{ pod: "api-new-1", node: "n1", version: "canary", podCreatedAt: 7, samples: [], edge: Infinity }]);
  });
});

describe("looks", () => {
  const events = [counter("api-new-1", "canary", 3), counter("api-old-1", "baseline", 1)];
  const exposure = [counter("api-new-1", "canary", 100), counter("api-old-1", "baseline", 100)];
  it("add up to what one long look would have counted", () => {
    const frame = { canaryHash: "new", baselineHash: "old", startedAt: 5 * minute, history: noHistory };
    const apart = assembled(frame, looksOf(events, exposure));
    const whole = assembled(frame, [lookAt({ definition, grid: { from: 5 * minute, to: 65 * minute, stepMs: minute }, fetched: fetchedOf(events, exposure), alive: [], edges: {}, wantedShare: 0.5 })]);
    expect(apart).toEqual(whole);
    expect(apart.metrics["errors"]).toMatchObject({ kind: "counts", pods: [{ pod: "api-new-1", events: 180, exposure: 6000 }, { pod: "api-old-1", events: 60, exposure: 6000 }] });
    expect(apart.traffic[0]).toEqual({ at: 6 * minute, wantedShare: 0.5, canary: 100, baseline: 100 });
    expect(apart.guard).toHaveLength(60);
  });
  it("that found nothing are a gap, and say why only when there never was anything", () => {
    const none: Looked = { metrics: { errors: { kind: "none", because: "refused" } }, traffic: [], guard: [] };
    const frame = { canaryHash: "new", baselineHash: "old", startedAt: 0, history: { phi: { errors: 2 }, correlation: {} } };
    expect(assembled(frame, [none, ...looksOf(events, exposure, 2), none]).metrics["errors"]).toMatchObject({ kind: "counts", phi: 2, intervals: [{}, {}] });
    expect(assembled(frame, [none]).metrics["errors"]).toEqual({ kind: "none", because: "refused" });
  });
  it("are apart as wished, and farther where the whole would be too many", () => {
    const settings = analysisSettings.parse({ everySeconds: 30 });
    expect([everyMs(settings, 60), everyMs(settings, 14 * 24 * 60)]).toEqual([30_000, 605_000]);
  });
  it("measure how stable pods cluster among themselves before, and say so when there is too little", () => {
    const jumpy = (pod: string, phase: number): RawSeries => ({ ...counter(pod, "baseline", 0), samples: Array.from({ length: 120 }, (_, i): [number, number] => [i * minute, Math.floor((i + phase) / 20) * 200]) });
    const even = measureHistory({ definition, grid: { from: 5 * minute, to: 110 * minute, stepMs: minute }, fetched: fetchedOf([counter("a", "baseline", 5), counter("b", "baseline", 5)], [counter("a", "baseline", 100), counter("b", "baseline", 100)]), alive: [], canaryPods: 1 });
    const few = measureHistory({ definition, grid: { from: 5 * minute, to: 110 * minute, stepMs: minute }, fetched: fetchedOf([jumpy("a", 0), jumpy("b", 10)], [counter("a", "baseline", 100), counter("b", "baseline", 100)]), alive: [], canaryPods: 1 });
    expect([even.phi["errors"], few.phi["errors"]]).toEqual([1, null]);
  });
});

describe("one pod", () => {
  const metric = definition.metrics[0];
  const exposure = ["api-new-1", "api-new-2", "api-new-3"].map((pod) => counter(pod, "canary", 100)).concat(counter("api-old-1", "baseline", 300));
  const seen = { logFailLine: Math.log(40), phi: 1 };
  it("that alone speaks against the version is told with its node and its share; without it nothing is left", () => {
    const events = [counter("api-new-1", "canary", 1), counter("api-new-2", "canary", 20), counter("api-new-3", "canary", 1), counter("api-old-1", "baseline", 3)];
    expect(metric && onePodOf(metric, looksOf(events, exposure, 20), seen)).toMatchObject({ pod: "api-new-2", node: "n-api-new-2", share: 20 / 22, decides: true });
  });
  it("is no excuse when the others are as bad", () => {
    const events = [counter("api-new-1", "canary", 20), counter("api-new-2", "canary", 21), counter("api-new-3", "canary", 20), counter("api-old-1", "baseline", 3)];
    expect(metric && onePodOf(metric, looksOf(events, exposure, 20), seen)).toBeNull();
  });
});

describe("what the console does by itself", () => {
  const rollout = (status: object = {}, spec: object = {}): RolloutObject => {
    const object = projections.Rollout({ metadata: { uid: "u", name: "api", namespace: "shop", generation: 1 }, spec: { strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } }, ...spec }, status: { observedGeneration: "1", currentPodHash: "new", stableRS: "old", currentStepIndex: 1, ...status } }, createPools());
    if (!isRollout(object)) throw new Error("not read");
    return object;
  };
  const paused = { pauseConditions: [{ reason: "CanaryPauseStep" }], controllerPause: true };
  const on = analysisSettings.parse({ abortOnFail: true, promoteOnPass: true, holdWhileIll: true });
  const evidence = assembled({ canaryHash: "new", baselineHash: "old", startedAt: 0, history: noHistory }, []);
  const verdictOf = (change: Partial<Verdict>): Verdict => ({ ...judge(definition, evidence, { at: minute }).verdict, guard: { state: "clear", badShare: 0, objective: 0.05, since: null }, ...change });
  const deed = (object: RolloutObject, run: Partial<Parameters<typeof deedFor>[1]>, verdict: Partial<Verdict> = {}) => deedFor(object, { settings: on, word: "undecided", held: false, versions, ...run }, { verdict: verdictOf(verdict), onePod: null })?.deed ?? null;
  const burning = { guard: { state: "burning" as const, badShare: 0.2, objective: 0.05, since: 0 } };

  it("aborts on FAIL and promotes a pause on PASS, each only if it may", () => {
    expect([deed(rollout(), { word: "fail" }), deed(rollout(paused), { word: "pass" }), deed(rollout(), { word: "pass" }), deed(rollout(paused), {})]).toEqual(["abort", "promote", null, null]);
    const off = analysisSettings.parse({});
    expect([deed(rollout(), { word: "fail", settings: off }), deed(rollout(paused), { word: "pass", settings: off })]).toEqual([null, null]);
  });
  it("touches no version but the judged one, and none that is over", () => {
    for (const other of [rollout({ currentPodHash: "newer" }), rollout({ currentPodHash: "old" }), rollout({ abort: true })]) expect([deed(other, { word: "fail" }), deed(other, { word: "pass" }), deed(other, {}, burning)]).toEqual([null, null, null]);
  });
  it("holds while the service is ill, lets go of its own hold alone, and never aborts for an illness of both", () => {
    expect([deed(rollout(), {}, burning), deed(rollout(paused), { word: "pass" }, burning), deed(rollout({}, { paused: true }), { held: true }, burning)]).toEqual(["pause", "pause", null]);
    expect([deed(rollout({}, { paused: true }), { held: true }), deed(rollout({}, { paused: true }), { held: false })]).toEqual(["resume", null]);
  });
  it("holds a version for a person when one pod alone speaks against it and it hurts little", () => {
    const metrics = verdictOf({}).metrics.map((one) => ({ ...one, canary: { events: 10, exposure: 1000 } }));
    const judged = { verdict: verdictOf({ metrics, deciding: "errors" }), onePod: { pod: "p", node: "n", share: 0.9, decides: true } };
    const run = { settings: on, word: "fail" as const, held: false, versions };
    expect(deedFor(rollout(), run, judged)).toMatchObject({ deed: "pause", why: expect.stringContaining("90 % of the canary's events come from one pod, p on n") });
    expect(deedFor(rollout(), run, { ...judged, verdict: { ...judged.verdict, metrics: metrics.map((one) => ({ ...one, canary: { events: 500, exposure: 1000 } })) } })?.deed).toBe("abort");
  });
  it("says each turn once: a metric's end, an illness and its end, the verdict", () => {
    const [calm, ill] = [verdictOf({}), verdictOf(burning)];
    expect(newsOf(calm, calm)).toEqual([]);
    expect(newsOf(calm, ill).map(({ mood }) => mood)).toEqual(["hold"]);
    expect(newsOf(ill, calm).map(({ say }) => say)).toEqual(["The service is well again"]);
    expect(newsOf(calm, verdictOf({ word: "fail", sentence: "Worse." }))).toEqual([{ mood: "fail", say: "FAIL: Worse." }]);
  });
});

describe("templates", () => {
  it("are sound by the lint, and fit the workload by its name", () => {
    for (const template of analysisTemplates) expect(lintDefinition(template.definition).filter(({ severity }) => severity === "error")).toEqual([]);
    expect([templateFor("waste-api")?.id, templateFor("ai-worker")?.id]).toEqual(["service", "worker"]);
  });
  it("for Argo Rollouts are sound by the lint of templates, and hold no key", () => {
    const yaml = argoYaml({ consoleUrl: "https://deck.example.org/", cluster: "prod", namespace: "shop", workload: "api", minutes: 60 });
    const documents = parseAllDocuments(yaml).map((one) => z.looseObject({ kind: z.string(), spec: z.unknown().optional() }).parse(one.toJS()));
    expect(documents.map(({ kind }) => kind)).toEqual(["Secret", "AnalysisTemplate", "AnalysisTemplate"]);
    const [, gate, watch] = documents;
    expect(lintTemplate(templateSpec.parse(gate?.spec))).toEqual([]);
    expect(lintTemplate(templateSpec.parse(watch?.spec)).map(({ code }) => code)).toEqual(["no-count"]);
    expect(yaml).toContain("https://deck.example.org/api/clusters/prod/canary/shop/api/judge?canary={{args.canary-hash}}");
    expect(yaml).not.toMatch(/qd_[\w-]{43}/);
  });
});

describe("the charts of evidence", () => {
  const looks = (logFail: number, logPass: number, state = "undecided") => ({ errors: { logFail, logPass, ratio: 2, low: 0, high: null, state } });
  const [metric] = judge(definition, assembled({ canaryHash: "n", baselineHash: "o", startedAt: 0, history: noHistory }, []), { at: minute }).verdict.metrics;
  it("draw the larger side, upwards when it is worse, and end where the metric ended", () => {
    if (!metric) throw new Error("no metric");
    const path = [{ at: 1, word: "undecided" as const, metrics: looks(Math.log(10), 0) }, { at: 2, word: "undecided" as const, metrics: looks(0, Math.log(100), "pass") }, { at: 3, word: "pass" as const, metrics: looks(0, 9, "pass") }];
    const heights = toPoints([1, 2, 3], evidenceLines(path, [metric], "errors"), within(evidenceReach([metric]))).map(({ m0 }) => m0);
    expect(heights[0]).toBeCloseTo(1);
    expect(heights[1]).toBeCloseTo(-2);
    expect(heights[2]).toBeNull();
    expect(evidenceLines(path, [metric], "errors")[0]?.values.map(writeEvidence)).toEqual(["10 worse", "100 not worse", "–"]);
    expect(ratioPoints(path, "errors")[0]).toEqual({ t: 1, ratio: 1, band: [-2.4, 2.4] });
    expect(failLines([{ name: "a", logFailLine: Math.log(40) }, { name: "b", logFailLine: Math.log(40) }, { name: "c", logFailLine: Math.log(100) }]).map(({ names }) => names)).toEqual([["a", "b"], ["c"]]);
    expect([evidenceText(Math.log(7.21)), evidenceText(Math.log(340)), evidenceText(99)]).toEqual(["7.2", "340", ">10⁶"]);
  });

  it("are read in words at each look, and taken away unclamped, a column each; what was kept before levels were has none", () => {
    const at = (canary?: number) => ({ errors: { logFail: 0, logPass: Math.log(1e4), ratio: 8, low: 2, high: null, state: "undecided", ...(canary === undefined ? {} : { canary, baseline: 0.01 }) } });
    const path = [{ at: 1, word: "undecided" as const, metrics: at() }, { at: 2, word: "undecided" as const, metrics: at(0.08) }, { at: 3, word: "undecided" as const, metrics: {} }];
    expect(ratioLines(path, "errors").map(({ name, values }) => [name, ...values.map(writeRatio)])).toEqual([["ratio", "8.00×", "8.00×", "–"], ["low", "2.00×", "2.00×", "–"], ["high", "∞", "∞", "–"]]);
    expect(levelLines(path, "errors").map(({ name, values }) => [name, ...values])).toEqual([["canary", null, 0.08, null], ["stable", null, 0.01, null]]);
    const sheet = new Map(evidenceSheet(path, [{ name: "errors" }]).map(({ name, values }) => [name, values]));
    expect([...sheet.keys()]).toEqual(["errors evidence of worse", "errors evidence of not worse", "errors ratio", "errors low", "errors high", "errors canary", "errors stable"]);
    expect(sheet.get("errors ratio")).toEqual([8, 8, null]);
    expect(sheet.get("errors evidence of not worse")?.[0]).toBeCloseTo(1e4);
  });
});
