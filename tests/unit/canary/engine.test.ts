// The sequential engine held to published numbers and to what must be true of any evidence.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Likelihood, type Term, mirrored, weigh } from "@/lib/canary/judge/engine";
import { vectors } from "../../fixtures/canary/vectors";

const toTerms = (segments: readonly (readonly number[])[]): Term[] => segments.map(([canary = 0, baseline = 0, share = 0]) => ({ events: canary + baseline, canaryEvents: canary, share }));
const one = (canary: number, baseline: number, share: number): Term[] => toTerms([[canary, baseline, share]]);

describe("held to the numbers", () => {
  it.each(vectors.eprocess.map((vector) => [vector.name, vector] as const))("%s", (_, vector) => {
    const terms = toTerms(vector.segs);
    const { logDiffers, logWorse, logNotWorse, interval } = weigh(terms, { alpha: vector.alpha });
    expect(logDiffers).toBeCloseTo(vector.logE2, 11);
    expect(logWorse).toBeCloseTo(vector.logEplus, 11);
    expect(logNotWorse).toBeCloseTo(vector.logEnoninf15, 11);
    expect(interval[0]).toBeCloseTo(Number(vector.csRatio[0]), 11);
    if (vector.csRatio[1] === "Infinity") expect(interval[1]).toBe(Number.POSITIVE_INFINITY);
    else expect(interval[1]).toBeCloseTo(Number(vector.csRatio[1]), 10);
    expect(new Likelihood(terms).value(Math.LN2)).toBeCloseTo(vector.ell_ln2, 10);
  });

  it.each(vectors.eprocessLarge.map((vector) => [`${vector.x}/${vector.y}`, vector] as const))("%s, a million events", (_, { x, y, share, logE2 }) => {
    expect(weigh(one(x, y, share)).logDiffers).toBeCloseTo(logE2, 11);
  });

  it.each([
    [20, 90, [1.871179, 2.555462, -1.68418, 0.88907, 3.99722]],
    [0, 90, [4.633871, -2.160731, 8.489304, 0, 0.81963]],
  ] as const)("%i/%i at a tenth", (canary, baseline, [differs, worse, notWorse, low, high]) => {
    const seen = weigh(one(canary, baseline, 0.1));
    expect(seen.logDiffers).toBeCloseTo(differs, 6);
    expect(seen.logWorse).toBeCloseTo(worse, 6);
    expect(seen.logNotWorse).toBeCloseTo(notWorse, 6);
    expect(seen.interval[0]).toBeCloseTo(low, 5);
    expect(seen.interval[1]).toBeCloseTo(high, 5);
  });

  it("the second ramp", () => {
    const seen = weigh(toTerms([[3, 57, 0.05], [15, 45, 0.25], [37, 36, 0.5]]));
    expect([seen.logDiffers, seen.logWorse, seen.logNotWorse].map((value) => Number(value.toFixed(6)))).toEqual([-1.399827, -1.34418, 1.665295]);
    expect(seen.interval[0]).toBeCloseTo(0.59536, 5);
    expect(seen.interval[1]).toBeCloseTo(1.69345, 5);
  });

  it("the rollout in the picture: 74 of 289 errors at a share of 0.241", () => {
    const seen = weigh(one(74, 215, 0.241));
    expect(seen.ratio).toBeCloseTo(1.084, 3);
    expect(seen.interval.map((value) => Number(value.toFixed(3)))).toEqual([0.707, 1.616]);
    expect(Math.exp(seen.logWorse)).toBeCloseTo(0.32, 2);
    expect(Math.exp(seen.logNotWorse)).toBeCloseTo(7.21, 2);
  });
});

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const term = fc.record({ canary: fc.nat(60), baseline: fc.nat(60), share }).map(({ canary, baseline, share: r }) => ({ events: canary + baseline, canaryEvents: canary, share: r }));
const terms = fc.array(term, { minLength: 1, maxLength: 6 });
const three = (all: readonly Term[], phi = 1): number[] => {
  const seen = weigh(all, { phi });
  return [seen.logDiffers, seen.logWorse, seen.logNotWorse];
};
const close = (a: readonly number[], b: readonly number[]): void => a.forEach((value, i) => expect(value).toBeCloseTo(b[i] ?? Number.NaN, 7));

describe("true of any evidence", () => {
  it("no events and no traffic on one side say nothing", () => {
    expect(weigh([])).toEqual({ logDiffers: 0, logWorse: 0, logNotWorse: 0, ratio: Number.NaN, interval: [0, Number.POSITIVE_INFINITY] });
    for (const term of [{ events: 0, canaryEvents: 0, share: 0.3 }, { events: 5, canaryEvents: 5, share: 1 }, { events: 5, canaryEvents: 0, share: 0 }, { events: Number.NaN, canaryEvents: 1, share: 0.3 }, { events: 3, canaryEvents: 1, share: Number.NaN }, { events: 2, canaryEvents: 3, share: 0.5 }]) {
      expect(weigh([term]).logDiffers).toBe(0);
    }
  });

  it("an interval may be cut in two, and empty ones be added, without a change", () => {
    fc.assert(fc.property(terms, fc.nat(59), share, (all, cut, empty) => {
      const [first, ...rest] = all;
      if (!first) return;
      const canary = Math.min(cut, first.canaryEvents);
      const part = { events: canary, canaryEvents: canary, share: first.share };
      const other = { events: first.events - canary, canaryEvents: first.canaryEvents - canary, share: first.share };
      close(three([part, other, ...rest, { events: 0, canaryEvents: 0, share: empty }]), three(all));
    }), { numRuns: 40, seed: 1 });
  });

  it("two-sided evidence is the same with the sides changed, and the interval is turned over", () => {
    fc.assert(fc.property(terms, (all) => {
      const [here, there] = [weigh(all), weigh(mirrored(all))];
      expect(there.logDiffers).toBeCloseTo(here.logDiffers, 7);
      if (here.interval[0] > 0 && here.interval[0] < 1e6) expect(1 / there.interval[1]).toBeCloseTo(here.interval[0], 6);
    }), { numRuns: 40, seed: 2 });
  });

  it("one more event of the canary never speaks for it, one more of the baseline never against it", () => {
    fc.assert(fc.property(terms, share, (all, r) => {
      const before = weigh(all);
      const moved = all.map((one, i) => (i === 0 && one.canaryEvents < one.events ? { ...one, canaryEvents: one.canaryEvents + 1 } : one));
      const after = weigh(moved);
      expect(after.logWorse).toBeGreaterThanOrEqual(before.logWorse - 1e-9);
      expect(after.logNotWorse).toBeLessThanOrEqual(before.logNotWorse + 1e-9);
      expect(weigh([...all, { events: 1, canaryEvents: 1, share: r }]).interval[0]).toBeGreaterThanOrEqual(0);
    }), { numRuns: 40, seed: 3 });
  });

  it("overdispersion only weakens: the interval widens with it", () => {
    fc.assert(fc.property(terms, (all) => {
      const [sharp, blunt] = [weigh(all), weigh(all, { phi: 3 })];
      expect(blunt.interval[0]).toBeLessThanOrEqual(sharp.interval[0] + 1e-9);
      expect(blunt.interval[1]).toBeGreaterThanOrEqual(sharp.interval[1] - 1e-9);
    }), { numRuns: 40, seed: 4 });
  });

  it("what is proven at a narrow margin is proven at a wide one, and what is broken at a wide tolerance at a narrow one", () => {
    const many = terms.map((all) => all.map(({ events, canaryEvents, share: r }) => ({ events: 8 * events, canaryEvents: 8 * canaryEvents, share: r })));
    let [proven, broken] = [0, 0];
    fc.assert(fc.property(many, (all) => {
      if (weigh(all, { margin: 1.2 }).logNotWorse > Math.log(20)) {
        proven += 1;
        expect(weigh(all, { margin: 2 }).logNotWorse).toBeGreaterThan(Math.log(20));
      }
      if (weigh(all, { tolerated: 1.5 }).logWorse > Math.log(20)) {
        broken += 1;
        expect(weigh(all, { tolerated: 1 }).logWorse).toBeGreaterThan(Math.log(20));
      }
    }), { numRuns: 200, seed: 5 });
    expect(Math.min(proven, broken)).toBeGreaterThan(20);
  });

  it("in expectation no evidence is made of nothing: the mean e-value of every number of canary events is at most 1 where the ratio is what is doubted", () => {
    for (const [events, share, ratio] of [[12, 0.1, 1], [12, 0.5, 1], [30, 0.25, 1], [12, 0.1, 1.5], [30, 0.5, 1.5]] as const) {
      const p = (share * ratio) / (1 - share + share * ratio);
      let [chance, worse, notWorse] = [(1 - p) ** events, 0, 0];
      for (let x = 0; x <= events; x += 1) {
        const seen = weigh([{ events, canaryEvents: x, share }], { tolerated: ratio, margin: ratio });
        worse += chance * Math.exp(seen.logWorse);
        notWorse += chance * Math.exp(seen.logNotWorse);
        chance *= ((events - x) / (x + 1)) * (p / (1 - p));
      }
      expect(worse).toBeCloseTo(1, 5);
      expect(notWorse).toBeCloseTo(1, 5);
    }
  });

  it("also when one stops as soon as it looks bad: the mean at the stop is at most 1", () => {
    const [share, last] = [0.3, 11];
    const stopped = (events: number, canaryEvents: number): number => {
      const now = Math.exp(weigh([{ events, canaryEvents, share }]).logWorse);
      if (events === last || now > 1.5) return now;
      return share * stopped(events + 1, canaryEvents + 1) + (1 - share) * stopped(events + 1, canaryEvents);
    };
    expect(stopped(0, 0)).toBeLessThanOrEqual(1 + 1e-6);
  });
});
