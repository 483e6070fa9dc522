// The planner: its own power of the sequential judge, beside plain simulation and beside the textbook's promise.
import { describe, expect, it } from "vitest";
import { logNotWorse, logWorse, Likelihood } from "@/lib/canary/judge/engine";
import { crossing, mixed } from "@/lib/canary/planner/crossing";
import { canaryRequests, fixedRatio } from "@/lib/canary/planner/fixed-sample";
import { foldText, longestMinutes, marginWithin, minutesToNotice, noticeableRatio, planPower, planSentence } from "@/lib/canary/planner/plan";
import { vectors } from "../../fixtures/canary/vectors";

const traffic = { rps: 50, baselineShare: 0.001 };
const power = (share: number, minutes: number, ratio: number): number => planPower({ traffic, steps: [{ share, minutes }], ratio });

describe("power", () => {
  it("agrees with what was simulated elsewhere: 49 % where the textbook says 80", () => {
    expect(power(0.25, 16, 2)).toBeGreaterThan(0.44);
    expect(power(0.25, 16, 2)).toBeLessThan(0.54);
    for (const [rps, ratio, simulated] of [[5, 2, 0.06], [50, 2, 0.79], [500, 2, 1], [5, 5, 0.71], [50, 5, 1]] as const) {
      expect(Math.abs(planPower({ traffic: { ...traffic, rps }, steps: [{ share: 0.1, minutes: 60 }], ratio }) - simulated)).toBeLessThan(0.05);
    }
  });

  it("is exact where every path can be walked: events one by one, a look at each", () => {
    const [share, ratio, last, line] = [0.3, 3, 10, Math.log(4)];
    const p = (share * ratio) / (1 - share + share * ratio);
    const walk = (events: number, canary: number): number => {
      if (events > 0 && logWorse(new Likelihood([{ events, canaryEvents: canary, share }]), 1) >= line) return 1;
      return events === last ? 0 : p * walk(events + 1, canary + 1) + (1 - p) * walk(events + 1, canary);
    };
    const looks = Array.from({ length: last }, () => ({ minutes: 1, events: 1, share }));
    expect(crossing({ looks, ratio, side: "fail", doubted: 1, line }).at(-1)?.chance).toBeCloseTo(walk(0, 0), 9);
    const pass = (events: number, canary: number): number => {
      if (events > 0 && logNotWorse(new Likelihood([{ events, canaryEvents: canary, share }]), 1.5) >= Math.log(2)) return 1;
      return events === last ? 0 : p * pass(events + 1, canary + 1) + (1 - p) * pass(events + 1, canary);
    };
    expect(crossing({ looks, ratio, side: "pass", doubted: 1.5, line: Math.log(2) }).at(-1)?.chance).toBeCloseTo(pass(0, 0), 9);
  });

  it("grows with time, share of the smaller side, traffic and ratio, and shrinks with clustering and a higher line", () => {
    const ascending = (values: number[]): void => values.forEach((value, i) => expect(value).toBeGreaterThanOrEqual((values[i - 1] ?? 0) - 1e-3));
    ascending([5, 10, 20, 40].map((minutes) => power(0.1, minutes, 2)));
    ascending([0.01, 0.05, 0.25].map((share) => power(share, 20, 2)));
    ascending([1.2, 1.6, 2, 3, 8].map((ratio) => power(0.1, 20, ratio)));
    ascending([8, 4, 2, 1].map((phi) => planPower({ traffic, steps: [{ share: 0.1, minutes: 30 }], ratio: 2, judging: { phi } })));
    ascending([160, 80, 40, 20].map((line) => planPower({ traffic, steps: [{ share: 0.1, minutes: 30 }], ratio: 2, judging: { logFailLine: Math.log(line) } })));
  });

  it("a canary as good as the baseline fails in at most 5 %, one at the margin passes in at most 5 %", () => {
    for (const share of [0.05, 0.25, 0.5]) {
      const steps = [{ share, minutes: 240 }];
      expect(planPower({ traffic, steps, ratio: 1 })).toBeLessThan(0.05);
      expect(planPower({ traffic, steps, ratio: 1.5 }, "pass")).toBeLessThan(0.05);
      expect(planPower({ traffic, steps, ratio: 1 }, "pass")).toBeGreaterThan(0.5);
    }
  });

  it("adds up over the steps of a ramp", () => {
    const steps = [{ share: 0.05, minutes: 20 }, { share: 0.25, minutes: 20 }, { share: 0.5, minutes: 20 }];
    const all = planPower({ traffic, steps, ratio: 2 });
    expect(all).toBeGreaterThan(planPower({ traffic, steps: steps.slice(0, 2), ratio: 2 }));
    expect(all).toBeGreaterThan(0.9);
  });

  it("nothing to count is nothing to notice", () => {
    expect(planPower({ traffic: { rps: 0, baselineShare: 0.001 }, steps: [{ share: 0.1, minutes: 60 }], ratio: 2 })).toBe(0);
    expect(planPower({ traffic, steps: [], ratio: 2 })).toBe(0);
    expect(minutesToNotice({ traffic: { rps: 0, baselineShare: 0.001 }, share: 0.1, ratio: 2 })).toBeNull();
    expect(minutesToNotice({ traffic: { rps: 0.01, baselineShare: 0.001 }, share: 0.1, ratio: 2 })).toBeNull();
    expect(mixed([], 5)).toBe(0);
  });
});

describe("how long, and how much", () => {
  it("a hold of the planned length has the power it was planned for", () => {
    for (const [share, ratio] of [[0.25, 2], [0.05, 5], [0.5, 1.5]] as const) {
      const minutes = minutesToNotice({ traffic, share, ratio }) ?? 0;
      expect(power(share, minutes, ratio)).toBeGreaterThanOrEqual(0.79);
      expect(power(share, Math.floor(minutes * 0.9), ratio)).toBeLessThan(0.8);
    }
    expect(minutesToNotice({ traffic, share: 0.1, ratio: 1 })).toBeNull();
    expect(longestMinutes).toBe(20_160);
  });

  it("the smallest ratio that is noticed is noticed", () => {
    const ratio = noticeableRatio({ traffic, steps: [{ share: 0.1, minutes: 30 }] }) ?? 0;
    expect(power(0.1, 30, ratio)).toBeGreaterThanOrEqual(0.8);
    expect(power(0.1, 30, ratio * 0.97)).toBeLessThan(0.81);
    expect(noticeableRatio({ traffic: { rps: 0.01, baselineShare: 0.001 }, steps: [{ share: 0.1, minutes: 1 }] })).toBeNull();
  });

  it("a person reads it in a sentence with the right figures", () => {
    expect(planSentence({ traffic, step: { share: 0.05, minutes: 5 }, hold: { share: 0.25, ratio: 2 } })).toBe("5 minutes at 5 % can only notice about a ten-fold error rate; hold 25 % for about 30 minutes to notice 2×.");
    expect(planSentence({ traffic: { rps: 0.02, baselineShare: 0.001 }, step: { share: 0.05, minutes: 1 }, hold: { share: 0.05, ratio: 1.2 } })).toBe("1 minute at 5 % can notice nothing below a hundred-fold error rate; at 5 % there is too little traffic to notice 1.2× within two weeks.");
    expect([1.53, 2.02, 2.4, 5.4, 13.2].map(foldText)).toEqual(["1.5×", "two-fold", "2.4×", "five-fold", "13-fold"]);
  });

  it("a margin follows from how many bad events a step may cost", () => {
    expect(marginWithin(3, { traffic, step: { share: 0.05, minutes: 5 } })).toBeCloseTo(5, 9);
    expect(marginWithin(3, { traffic, step: { share: 0.5, minutes: 5 } })).toBeCloseTo(1.4, 9);
  });
});

describe("the textbook's promise", () => {
  it("is as published", () => {
    for (const one of vectors.fixedHorizon) {
      if (one.test === "mde") expect(fixedRatio({ rps: one.rps ?? 0, baselineShare: one.baseline ?? 0, share: one.share ?? 0, minutes: one.minutes ?? 0 })).toBeCloseTo(one.ratio ?? 0, 3);
      if (one.test === "sampleSize.twoProportions") {
        const needed = canaryRequests({ canaryShare: one.p1 ?? 0, baselineShare: one.p2 ?? 0, baselinePerCanary: one.k ?? 1, alpha: one.alpha ?? 0, sided: one.sided === 2 ? 2 : 1, power: one.power ?? 0 });
        expect(needed / (one.n1 ?? 1)).toBeCloseTo(1, 10);
      }
    }
    expect(fixedRatio({ rps: 500, baselineShare: 0.001, share: 0.05, minutes: 15 })).toBeCloseTo(1.59, 2);
    expect(fixedRatio({ rps: 0.01, baselineShare: 0.001, share: 0.05, minutes: 1 })).toBe(Number.POSITIVE_INFINITY);
  });

  it("is rosier than what the sequential judge needs", () => {
    const promised = fixedRatio({ rps: 50, baselineShare: 0.001, share: 0.1, minutes: 30 });
    expect(noticeableRatio({ traffic, steps: [{ share: 0.1, minutes: 30 }] })).toBeGreaterThan(promised);
  });
});
