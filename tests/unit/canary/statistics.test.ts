// Ranks, distributions and confidence sequences held to published numbers.
import { describe, expect, it } from "vitest";
import { distributionShift } from "@/lib/canary/judge/latency";
import { lookAtShare, weighShare } from "@/lib/canary/judge/traffic-share";
import { asymptoticReach, asymptoticRho, bandConstant, distributionBand, logAsymptotic, shareDifference, shareSequence, tightestRho } from "@/lib/canary/statistics/confidence";
import { incompleteBeta, lnBeta, lnGamma } from "@/lib/canary/statistics/gamma";
import { normalCdf, normalQuantile, studentCdf } from "@/lib/canary/statistics/normal";
import { logIntegral } from "@/lib/canary/statistics/quadrature";
import { autocorrelation, quantile } from "@/lib/canary/statistics/quantile";
import { brunnerMunzel, commonLanguageEffect, exactShift, mannWhitneyTest } from "@/lib/canary/statistics/ranks";
import { classifierCases, vectors } from "../../fixtures/canary/vectors";

/** Names the one case of a fixed-horizon test. */
function fixed(test: string) {
  return vectors.fixedHorizon.filter((one) => one.test === test);
}

describe("distributions", () => {
  it("the normal quantile and both its tails", () => {
    expect(normalQuantile(0.01)).toBeCloseTo(-2.3263478740408408, 12);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalCdf(-6) / 9.865876450376946e-10).toBeCloseTo(1, 10);
    expect(normalCdf(1)).toBeCloseTo(0.8413447460685429, 14);
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1), normalQuantile(2)]).toEqual([Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY, Number.NaN]);
  });

  it("gamma and beta from halves to a hundred million", () => {
    expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    expect(lnGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
    expect(lnBeta(2, 3)).toBeCloseTo(-Math.log(12), 13);
    expect(lnBeta(1, 1e8)).toBeCloseTo(-Math.log(1e8), 9);
    expect(incompleteBeta(0.5, 5e5, 5e5)).toBeCloseTo(0.5, 9);
    expect(incompleteBeta(0.3, 2, 3)).toBeCloseTo(0.3483, 10);
    expect(studentCdf(2.228138852, 10)).toBeCloseTo(0.975, 9);
  });

  it("the logarithm of an integral, whole and halved, wide and as narrow as a million events make it", () => {
    for (const sd of [2, 1e-3]) {
      const gauss = { value: (x: number) => -0.5 * (x / sd) ** 2, slope: (x: number) => -x / sd ** 2 };
      const whole = Math.log(sd * Math.sqrt(2 * Math.PI));
      expect(logIntegral({ ...gauss, low: -30, high: 30 })).toBeCloseTo(whole, 10);
      expect(logIntegral({ ...gauss, low: 0, high: 30 })).toBeCloseTo(whole - Math.LN2, 10);
    }
  });

  it("quantiles between the values, and how values follow each other", () => {
    const halves = [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5];
    expect([0.05, 0.5, 1].map((share) => quantile(halves, share))).toEqual([0.17500000000000002, 1.75, 3.5]);
    expect(quantile([], 0.5)).toBeNaN();
    expect(autocorrelation([1, -1, 1, -1, 1, -1])).toBeLessThan(-0.7);
    expect(autocorrelation([2, 2, 2])).toBe(0);
  });
});

describe("ranks", () => {
  it("Mann and Whitney: exact, and normal with ties", () => {
    const [exact] = fixed("mannWhitneyP.exact");
    expect(mannWhitneyTest([2, 1, 3, 5], [12, 11, 13, 15])).toEqual({ u: 0, less: exact?.less, twoSided: exact?.two, greater: 1 });
    const other = mannWhitneyTest([2, 1, 3, 5], [0, 4, 6, 7]);
    expect([other.u, other.less, other.twoSided, other.greater].map((value) => Number(value.toFixed(7)))).toEqual([5, 0.2428571, 0.4857143, 0.8285714]);
    const [normal] = fixed("mannWhitneyP.normalContinuity");
    const long = mannWhitneyTest(Array.from({ length: 500 }, (_, i) => 2 * i), Array.from({ length: 600 }, (_, i) => 2 * i - 41));
    expect(long.u).toBe(135_250);
    expect(long.less).toBeCloseTo(normal?.less ?? 0, 13);
    expect(long.twoSided).toBeCloseTo(normal?.two ?? 0, 13);
    expect(long.greater).toBeCloseTo(normal?.greater ?? 0, 13);
    expect(mannWhitneyTest([1, 1], [1, 1])).toEqual({ u: 2, less: 1, twoSided: 1, greater: 1 });
  });

  it("Brunner and Munzel", () => {
    const { statistic, p } = brunnerMunzel([1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1], [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4]);
    expect(statistic).toBeCloseTo(3.1374674823029505, 12);
    expect(p).toBeCloseTo(0.005786208666151469, 12);
  });

  it("the chance to be above, and the exact shift", () => {
    expect(commonLanguageEffect([1, 2, 3], [1, 2, 3])).toBe(0.5);
    expect(commonLanguageEffect([1, 2], [3, 4])).toBe(0);
    for (const { cles, hlExact, ...one } of classifierCases().flatMap((all) => (all.computed ? [{ ...all, ...all.computed }] : []))) {
      expect(commonLanguageEffect(one.experiment, one.control)).toBeCloseTo(cles, 12);
      expect(exactShift(one.experiment, one.control, one.confLevel).estimate).toBeCloseTo(hlExact, 12);
    }
  });

  it("the exact shift is the same in every unit", () => {
    const [x, y] = [[20, 22, 21, 25, 30], [1, 2.2, 1.1, 2.5, 3]];
    const { low, high } = exactShift(x, y, 0.9);
    for (const unit of [1e-6, 1e-3, 1e4]) {
      const there = exactShift(x.map((value) => value * unit), y.map((value) => value * unit), 0.9);
      expect(there.low / unit).toBeCloseTo(low, 9);
      expect(there.high / unit).toBeCloseTo(high, 9);
    }
  });
});

describe("confidence sequences", () => {
  it.each(vectors.shareSequence.map((vector) => [`${vector.args.successes} of ${vector.args.n}`, vector] as const))("a share: %s", (_, { args, value }) => {
    const [low, high] = shareSequence({ successes: args.successes ?? 0, count: args.n ?? 0, tightestAt: args.tOpt ?? 1, alpha: args.alpha });
    const [wantedLow = Number.NaN, wantedHigh = Number.NaN] = [value].flat();
    expect(Math.abs(low - wantedLow)).toBeLessThan(1e-5);
    expect(Math.abs(high - wantedHigh)).toBeLessThan(1e-5);
  });

  it("a share: more of the published ones, and the ends", () => {
    const of = (successes: number, count: number, tightestAt: number) => shareSequence({ successes, count, tightestAt, alpha: 0.05 });
    for (const [seen, published] of [[of(700, 1000, 100), [0.651629, 0.745949]], [of(5, 50, 50), [0.013021, 0.269264]], [of(100, 200, 1), [0.328923, 0.671076]]] as const) {
      seen.forEach((value, i) => expect(Math.abs(value - (published[i] ?? 0))).toBeLessThan(1e-5));
    }
    expect([of(0, 1, 1), of(1, 1, 1), of(0, 0, 1)]).toEqual([[0, 1], [0, 1], [0, 1]]);
    const [low, high] = shareDifference({ events: 30, exposure: 1000 }, { events: 100, exposure: 9000 }, { alpha: 0.05, tightestAt: { canary: 1000, baseline: 9000 } });
    expect(low).toBeLessThan(0.0188889);
    expect(high).toBeGreaterThan(0.0188889);
    expect(high - low).toBeLessThan(0.08);
  });

  it("a mean, and the e-value whose inversion it is", () => {
    const [rho, half] = vectors.asymptotic;
    expect(asymptoticRho(0.05, 5000)).toBeCloseTo(rho?.value ?? 0, 14);
    const reach = asymptoticReach(5000, { alpha: 0.05, tightestAt: 5000 });
    expect(reach / Math.sqrt(5000)).toBeCloseTo(half?.value ?? 0, 14);
    expect(logAsymptotic(reach, 5000, asymptoticRho(0.05, 5000))).toBeCloseTo(Math.log(20), 10);
    expect(tightestRho(100, 0.05)).toBeCloseTo(12.60056, 5);
  });

  it("a whole distribution: constants and band", () => {
    for (const [alpha, constant] of Object.entries(vectors.lilConstants)) expect(bandConstant(Number(alpha))).toBeCloseTo(constant, 9);
    const [band, histogram] = vectors.ksBand;
    expect(distributionBand(20_000, { alpha: 0.025, from: 100 })).toBeCloseTo(band?.r ?? 0, 13);
    expect(distributionBand(99, { alpha: 0.025, from: 100 })).toBe(1);
    const { nCanary = 0, nBaseline = 0, cdfCanary = [], cdfBaseline = [], threshold = 0, fail } = histogram ?? {};
    const shift = distributionShift([...cdfCanary.map((value) => value * nCanary), nCanary], [...cdfBaseline.map((value) => value * nBaseline), nBaseline]);
    expect(shift.threshold).toBeCloseTo(threshold, 13);
    expect(shift.edges.map(({ worse }) => worse)).toEqual(fail);
  });
});

describe("the share of traffic", () => {
  it.each(vectors.srm.map((vector) => [`${vector.x} of ${vector.x + vector.y} where ${vector.share} is wanted`, vector] as const))("%s", (_, vector) => {
    const { logE, p } = weighShare({ canary: vector.x, baseline: vector.y, share: vector.share }, { strength: vector.k });
    expect(logE).toBeCloseTo(vector.logE, 5);
    if (vector.p !== undefined) expect(p).toBeCloseTo(vector.p, 5);
  });

  it("the published mixture, its p and its interval", () => {
    for (const { x, y, theta0, a, b, logE, p, csLogRatioSingleTime: [low = 0, high = 0] } of vectors.betaMixture) {
      const seen = weighShare({ canary: x, baseline: y, share: theta0 }, { strength: a + b });
      expect(seen.logE).toBeCloseTo(logE, 11);
      expect(seen.p).toBeCloseTo(p, 11);
      const logRatio = seen.interval.map((share) => Math.log((1 - share) / share) - Math.log((1 - theta0) / theta0));
      expect(logRatio[1]).toBeCloseTo(low, 8);
      expect(logRatio[0]).toBeCloseTo(high, 8);
    }
    expect(weighShare({ canary: 60, baseline: 940, share: 0.1 }).p).toBeCloseTo(0.0112, 4);
    expect(weighShare({ canary: 0, baseline: 500, share: 0.1 }, { strength: 100 }).p).toBeCloseTo(1.3e-15, 16);
  });

  it("is told apart from rounding, silence and too few requests", () => {
    const at = (wantedShare: number, canary: number, baseline: number) => lookAtShare([{ at: 0, wantedShare: 0.5, canary: 5000, baseline: 5000 }, { at: 1, wantedShare, canary, baseline }]).state;
    expect(at(0.25, 2500, 7500)).toBe("as-wanted");
    expect(at(0.25, 22_000, 78_000)).toBe("as-wanted");
    expect(at(0.25, 200, 9800)).toBe("less");
    expect(at(0.25, 5000, 5000)).toBe("more");
    expect(at(0.25, 0, 500)).toBe("none");
    expect(at(0.25, 1, 20)).toBe("unknown");
    expect(lookAtShare([])).toEqual({ state: "unknown", wanted: null, actual: null, logEvidence: 0 });
  });
});
