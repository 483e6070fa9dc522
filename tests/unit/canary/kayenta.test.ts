// The Kayenta judge held to its published cases, and its defects seen as listed.
import { describe, expect, it } from "vitest";
import { kayentaDefects } from "@/lib/canary/kayenta/defects";
import { classify, hardCoded } from "@/lib/canary/kayenta/classify";
import { judgeByKayenta } from "@/lib/canary/kayenta/judge";
import { rankDistance, shiftInterval } from "@/lib/canary/kayenta/mann-whitney";
import { type KayentaMetricResult, kayentaMetric } from "@/lib/canary/kayenta/model";
import { kayentaWord, score } from "@/lib/canary/kayenta/score";
import { outliers, pad, summarise, transform } from "@/lib/canary/kayenta/transform";
import { commonLanguageEffect } from "@/lib/canary/statistics/ranks";
import { definitionOf, evidenceOf, minute, repeat } from "../../fixtures/canary/evidence";
import { classifierCases, type ClassifierCase, vectors } from "../../fixtures/canary/vectors";

function run({ name, ...one }: ClassifierCase, unit = 1): KayentaMetricResult {
  const [allowedDecrease = 1, allowedIncrease = 1] = one.effectSizeThresholds;
  const [criticalDecrease = 1, criticalIncrease = 1] = one.criticalThresholds;
  const config = kayentaMetric(name, { direction: one.direction, nanStrategy: one.nanStrategy, critical: one.critical, effectSize: { measure: one.effectSizeMeasure, allowedDecrease, allowedIncrease, criticalDecrease, criticalIncrease } });
  return classify({ experiment: one.experiment.map((value) => value * unit), control: one.control.map((value) => value * unit) }, config, { tolerance: one.tolerance, confidence: one.confLevel });
}

describe("one metric", () => {
  it.each(classifierCases().map((one) => [one.name, one] as const))("%s", (_, one) => {
    const result = run(one);
    expect(result.classification).toBe(one.computedClassification);
    expect(result.critical).toBe(one.computedCritical);
    if (!one.computed) return;
    const { low, high, estimate, bound, effect } = result.workings ?? {};
    expect(low).toBeCloseTo(one.computed.ciLow, 12);
    expect(high).toBeCloseTo(one.computed.ciHigh, 12);
    expect(estimate).toBeCloseTo(one.computed.estimate, 12);
    expect(bound).toBeCloseTo(one.computed.bound, 12);
    if (one.computed.effectSize === null) expect(effect).toBeNaN();
    else expect(effect).toBeCloseTo(one.computed.effectSize, 12);
  });

  it.each(vectors.kayenta.issueCases.map((one) => [one.name, one] as const))("%s", (_, one) => {
    const result = classify(one, kayentaMetric("x", { direction: "increase", effectSize: { allowedIncrease: 1.05 } }), { tolerance: one.tolerance, confidence: one.confLevel });
    expect(result.classification).toBe(one.kayenta);
    expect(result.workings?.low).toBeCloseTo(one.ciLow, 12);
    expect(result.workings?.high).toBeCloseTo(one.ciHigh, 12);
    expect(result.workings?.estimate).toBeCloseTo(one.estimate, 12);
    expect(result.workings?.mannWhitneyP).toBeCloseTo(one.mwuP, 12);
    expect(result.workings?.cles).toBeCloseTo(one.cles, 12);
  });

  const label = (experiment: number[], control: number[], config: Parameters<typeof kayentaMetric>[1] = {}) => {
    const { classification, critical } = classify({ experiment, control }, kayentaMetric("m", config), { tolerance: 0.1, confidence: 0.95 });
    return critical ? `${classification} critical` : classification;
  };

  it("the short published cases, label by label", () => {
    const [high, base] = [[20, 22, 21, 25, 30], [1, 2.2, 1.1, 2.5, 3]];
    const effect = (allowedDecrease: number, allowedIncrease: number) => ({ effectSize: { allowedDecrease, allowedIncrease } });
    expect(label(high, base, { critical: true, effectSize: { criticalIncrease: 1.2 } })).toBe("High critical");
    expect(label(high, base, { critical: true, effectSize: { allowedIncrease: 5, criticalIncrease: 13 } })).toBe("High");
    expect(label(high, base, { critical: true, effectSize: { allowedIncrease: 13, criticalIncrease: 15 } })).toBe("Pass");
    expect(label([1, 1, 1, 1, 10], [1, 1, 1, 1, 1])).toBe("Pass");
    expect(label([10, 10, 10, 10, 10], [0, 0, 0, 0, 0])).toBe("High");
    expect(label([0, 0, 0, 0, 0], [54.9, 54.5, 55.1, 55.6, 57.4], effect(0.8, 1.2))).toBe("Low");
    expect(label([0, 0, 0, 0, 0], [0, 0, 0, 0, 0])).toBe("Pass");
    expect(label([], [1, 2, 3, 4, 5], { nanStrategy: "remove", critical: true })).toBe("Nodata critical");
    expect(label([], [1, 2, 3, 4, 5], { mustHaveData: true })).toBe("NodataFailMetric");
    expect(label([], [1, 2, 3, 4, 5], { nanStrategy: "replace", critical: true })).toBe("Pass");
    expect(label(pad([], 4), [1, 2, 3, 4], { nanStrategy: "remove" })).toBe("Nodata");
    expect(label(pad([], 4), [0, 0, 0, 0], { nanStrategy: "replace" })).toBe("Pass");
    expect(label([Number.POSITIVE_INFINITY, 1, 2], [1, 2, 4])).toMatch(/^(Pass|High|Error)$/);
  });

  it("the interval and its distance function, to the published digits", () => {
    expect(shiftInterval([10, 20, 30, 40], [1, 2, 3, 4], 0.95)).toEqual({ low: 6, high: 39, estimate: expect.closeTo(22.5, 3) });
    for (const one of vectors.kayenta.mannWhitney) {
      if (Array.isArray(one.expect)) {
        for (const { mu, quantile, wilcoxonDiff } of one.expect) expect(Math.abs(rankDistance({ experiment: one.x, control: one.y }, { shift: mu, quantile }) - wilcoxonDiff)).toBeLessThan(one.tol);
        continue;
      }
      const found = shiftInterval(one.x, one.y, one.confLevel ?? 0);
      expect(found.low).toBeCloseTo(one.expect.ciLow, 12);
      expect(found.high).toBeCloseTo(one.expect.ciHigh, 12);
      expect(Math.abs(found.estimate - one.expect.estimate)).toBeLessThan(one.estimateTol ?? 1e-12);
    }
  });

  it("constant series are judged the same at every replay", () => {
    const once = classify({ experiment: [10, 10, 10, 10, 10], control: [1, 1, 1, 1, 1] }, kayentaMetric("m"));
    expect(once.classification).toBe("High");
    expect(classify({ experiment: [10, 10, 10, 10, 10], control: [1, 1, 1, 1, 1] }, kayentaMetric("m"))).toEqual(once);
  });
});

describe("before and after", () => {
  it("outliers by quartiles, reduced and not", () => {
    for (const { factor, data, outlierIndexes } of vectors.kayenta.detectors) expect(outliers(data, { factor: factor ?? 1.5, reduceSensitivity: false })).toEqual(outlierIndexes);
    expect(outliers([1, 1, 1, 5, -1, -1, -1, -5], { factor: 1.5, reduceSensitivity: false })).toEqual([3, 7]);
    const removed = transform([21, 23, 24, 25, 50, 29, 23, 21, Number.NaN], { nanStrategy: "remove", outliers: { strategy: "remove", outlierFactor: 1.5 } });
    expect(removed).toEqual([21, 23, 24, 25, 29, 23, 21]);
    expect(transform([1, Number.NaN], { nanStrategy: "replace", outliers: { strategy: "keep", outlierFactor: 3 } })).toEqual([1, 0]);
    expect(summarise([])).toEqual({ min: 0, max: 0, mean: 0, std: 0, count: 0 });
    for (const one of vectors.kayenta.cles) expect(commonLanguageEffect(one.experimentData, one.controlData)).toBeCloseTo(one.name.includes("Identical") ? 0.5 : 0.7711111, 6);
  });

  const scored = (...all: [classification: KayentaMetricResult["classification"], group: string, critical?: boolean][]) => all.map(([classification, group, critical = false], i) => ({ name: `m${i}`, muted: false, classification, groups: [group], critical }));

  it.each(vectors.kayenta.scorer.map((one) => [one.name, one] as const))("score: %s", (_, { metrics, groupWeights, expect: wanted }) => {
    const weights = Object.fromEntries(Object.entries(groupWeights).flatMap(([group, weight]) => (weight === undefined ? [] : [[group, weight]])));
    expect(score(scored(...metrics.map(({ classification, groups: [group = ""], critical }) => [classification as KayentaMetricResult["classification"], group, critical] as const).map((one) => [...one] as [KayentaMetricResult["classification"], string, boolean])), weights).score).toBe(wanted);
  });

  it("score: the rest of the published rows", () => {
    expect(score(scored(["Pass", "g"], ["High", "g"], ["Low", "g"])).score).toBe(33.33);
    expect(score(scored(["Pass", "a"], ["High", "a"], ["High", "b"]), { a: 50, b: 50 }).score).toBe(25);
    expect(score(scored(["High", "g", true])).score).toBe(0);
    expect(score(scored(["Pass", "g"], ["Nodata", "n", true])).score).toBe(0);
    expect(score(scored(["Pass", "a"], ["Pass", "a"], ["Nodata", "b"])).score).toBe(100);
    expect(score(scored(["Pass", "g"], ["Error", "g"])).score).toBe(100);
    expect([95, 75, 74.99].map((value) => kayentaWord(value, { pass: 95, marginal: 75 }))).toEqual(["Pass", "Marginal", "Fail"]);
  });
});

describe("on our evidence", () => {
  const noisy = Array.from({ length: 30 }, (_, i) => ({ canary: [6 + (i % 5), 300], baseline: [20 + ((i * 7) % 9), 2700] }) as { canary: [number, number]; baseline: [number, number] });

  it("is asked once, at the end", () => {
    const definition = definitionOf({ judge: "kayenta", minutes: 30 });
    expect(judgeByKayenta(definition, evidenceOf(noisy), { at: 29 * minute })).toMatchObject({ word: "undecided", label: null, score: null, ended: false });
    expect(judgeByKayenta(definition, evidenceOf(noisy), { at: 30 * minute })).toMatchObject({ word: "fail", label: "Fail", score: 0, ended: true });
    expect(judgeByKayenta(definition, evidenceOf(repeat(30, { canary: [1, 300], baseline: [9, 2700] })), { at: 30 * minute })).toMatchObject({ word: "pass", score: 100 });
    expect(judgeByKayenta(definition, evidenceOf([]), { at: 30 * minute })).toMatchObject({ word: "fail", score: 0 });
  });
});

describe("defects as they are listed", () => {
  it("each has a title and a sentence", () => {
    expect(new Set(kayentaDefects.map(({ code }) => code)).size).toBe(kayentaDefects.length);
    for (const { title, say } of kayentaDefects) expect(title.length > 5 && say.endsWith(".")).toBe(true);
  });

  it("the unit decides: the label turns with the scale, and the exact interval beside it does not", () => {
    const high = classifierCases().find(({ name }) => name.includes("CLES Effect Size: Low"));
    if (!high) throw new Error("the case is gone");
    const turned = { ...high, experiment: high.control, control: high.experiment };
    const units = [1e-6, 1e-4, 1e-2, 1, 100, 10_000];
    const results = units.map((unit) => run(turned, unit));
    expect(new Set(results.map(({ classification }) => classification)).size).toBeGreaterThan(1);
    expect(results.every(({ workings }) => (workings?.exact.low ?? 0) > 0)).toBe(true);
    results.forEach(({ workings }, i) => expect((workings?.exact.low ?? 0) / (units[i] ?? 1)).toBeCloseTo(results[3]?.workings?.exact.low ?? 0, 8));
  });

  it("rare errors pass, and so does silence", () => {
    const of = (experiment: number[], control: number[]) => classify({ experiment, control }, kayentaMetric("m", { direction: "increase" })).classification;
    expect(of([0, 1, 2, 1, 0, 0], [0, 0, 0, 0, 0, 0])).toBe("Pass");
    expect(of([3, 1, 9], [1, 2, 2])).toBe("Pass");
    expect(hardCoded).toEqual({ tolerance: 0.25, confidence: 0.98 });
  });
});
