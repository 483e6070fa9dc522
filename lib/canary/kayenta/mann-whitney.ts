// Kayenta's interval of a shift by Mann and Whitney, step by step as published, with its root finder whose path decides the last digits.
import { normalQuantile } from "../statistics/normal";
import { rank } from "../statistics/ranks";

export interface ShiftInterval { low: number; high: number; estimate: number }

/** The root finder stops within this, in the unit of the data: Kayenta's first defect. */
const tolerance = 1e-4;

export function shiftInterval(experiment: readonly number[], control: readonly number[], confidence: number): ShiftInterval {
  const z = normalQuantile((1 - confidence) / 2);
  const [from, to] = [Math.min(...experiment) - Math.max(...control), Math.max(...experiment) - Math.min(...control)];
  const distance = (quantile: number) => (shift: number) => rankDistance({ experiment, control }, { shift, quantile });
  const guarded = (quantile: number): number => {
    const f = distance(quantile);
    if (f(from) <= 0) return from;
    return f(to) >= 0 ? to : zeroIn(f, from, to);
  };
  return { low: guarded(-z), high: guarded(z), estimate: zeroIn(distance(0), from, to) };
}

/** How many standard deviations the rank sum of the shifted experiment lies from equality, less the quantile. */
export function rankDistance({ experiment, control }: { experiment: readonly number[]; control: readonly number[] }, { shift, quantile }: { shift: number; quantile: number }): number {
  const [m, n] = [experiment.length, control.length];
  const { ranks, ties } = rank([...experiment.map((value) => value - shift), ...control]);
  const sum = ranks.subarray(0, m).reduce((all, value) => all + value, 0);
  const from = sum - (m * (m + 1)) / 2 - (m * n) / 2;
  const sigma = Math.sqrt(((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1))));
  if (sigma === 0) throw new RangeError("All values are tied");
  return (from - 0.5 * Math.sign(from)) / sigma - quantile;
}

interface Places { a: number; b: number; c: number; fa: number; fb: number; fc: number }

/** Brent's zeroin as R has it: secant or inverse quadratic where they are trusted, else halving. */
function zeroIn(f: (x: number) => number, low: number, high: number): number {
  const at: Places = { a: low, b: high, c: low, fa: f(low), fb: f(high), fc: 0 };
  at.fc = at.fa;
  if (at.fa === 0) return low;
  if (at.fb === 0) return high;
  for (let turn = 0; turn <= 1000; turn += 1) {
    const before = at.b - at.a;
    if (Math.abs(at.fc) < Math.abs(at.fb)) Object.assign(at, { a: at.b, b: at.c, c: at.b, fa: at.fb, fb: at.fc, fc: at.fb });
    const least = 2 * Number.EPSILON * Math.abs(at.b) + tolerance / 2;
    const half = (at.c - at.b) / 2;
    if (Math.abs(half) <= least || at.fb === 0) return at.b;
    let step = Math.abs(before) >= least && Math.abs(at.fa) > Math.abs(at.fb) ? interpolated(at, { before, least, half }) : half;
    if (Math.abs(step) < least) step = step > 0 ? least : -least;
    at.a = at.b;
    at.fa = at.fb;
    at.b += step;
    at.fb = f(at.b);
    if ((at.fb > 0 && at.fc > 0) || (at.fb < 0 && at.fc < 0)) Object.assign(at, { c: at.a, fc: at.fa });
  }
  return at.b;
}

function interpolated({ a, b, c, fa, fb, fc }: Places, { before, least, half }: { before: number; least: number; half: number }): number {
  const wide = c - b;
  let [p, q] = [0, 0];
  if (a === c) {
    const ratio = fb / fa;
    [p, q] = [wide * ratio, 1 - ratio];
  } else {
    const [one, two, three] = [fa / fc, fb / fc, fb / fa];
    [p, q] = [three * (wide * one * (one - two) - (b - a) * (two - 1)), (one - 1) * (two - 1) * (three - 1)];
  }
  if (p > 0) q = -q;
  else p = -p;
  return p < 0.75 * wide * q - Math.abs(least * q) / 2 && p < Math.abs((before * q) / 2) ? p / q : half;
}
