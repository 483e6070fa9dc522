// Confidence sequences: intervals that stay right however often one looks. For a share, for a mean, for a whole distribution.
import { lnBeta } from "./gamma";
import { bisect } from "./root";

/** The mixture's parameter that makes a normal mixture tightest at intrinsic time `v`. */
export function tightestRho(v: number, alpha: number): number {
  const bits = 2 * Math.log(1 / alpha);
  return v / (bits + Math.log1p(bits));
}

/** ln of the two-sided beta-binomial mixture martingale of a share `p`. */
function logShareMixture(p: number, { successes, count, tightestAt, alpha }: ShareSample): number {
  const [g, h] = [p, 1 - p];
  const gh = g * h;
  const s = successes - count * p;
  const v = count * gh;
  const r = Math.max(tightestRho(tightestAt * gh, alpha) - gh, 0.001 * gh);
  return -((v + h * s) / h) * Math.log(g) - ((v - g * s) / g) * Math.log(h) + lnBeta((r + v - g * s) / g, (r + v + h * s) / h) - lnBeta(r / g, r / h);
}

export interface ShareSample {
  successes: number;
  count: number;
  /** The sample size at which the interval is tightest. */
  tightestAt: number;
  alpha: number;
}

export function shareSequence(sample: ShareSample): [low: number, high: number] {
  const { successes, count, alpha } = sample;
  if (!(count > 0)) return [0, 1];
  const level = Math.log(1 / alpha);
  const seen = successes / count;
  const over = (p: number): number => logShareMixture(p, sample) - level;
  const edge = 1e-12;
  const low = successes === 0 || over(edge) < 0 ? 0 : bisect((p) => -over(p), { low: edge, high: Math.min(seen, 1 - edge) });
  const high = successes === count || over(1 - edge) < 0 ? 1 : bisect(over, { low: Math.max(seen, edge), high: 1 - edge });
  return [low, high];
}

/** Canary's share minus baseline's, from one interval each; right together at α. */
export function shareDifference(canary: { events: number; exposure: number }, baseline: { events: number; exposure: number }, { alpha, tightestAt }: { alpha: number; tightestAt: { canary: number; baseline: number } }): [low: number, high: number] {
  const of = ({ events, exposure }: typeof canary, best: number) => shareSequence({ successes: Math.min(events, exposure), count: exposure, tightestAt: best, alpha: alpha / 2 });
  const [c, b] = [of(canary, tightestAt.canary), of(baseline, tightestAt.baseline)];
  return [c[0] - b[1], c[1] - b[0]];
}

export function asymptoticRho(alpha: number, tightestAt: number): number {
  const bits = -2 * Math.log(alpha);
  return Math.sqrt((bits + Math.log(bits + 1)) / tightestAt);
}

/** How many standard errors of the mean the asymptotic sequence reaches at `count` observations. */
export function asymptoticReach(count: number, { alpha, tightestAt }: { alpha: number; tightestAt: number }): number {
  const w = count * asymptoticRho(alpha, tightestAt) ** 2;
  return Math.sqrt((2 * (w + 1) * Math.log(Math.sqrt(w + 1) / alpha)) / w);
}

/** The e-value whose inversion that sequence is: `z` standard errors away from what is doubted, after `count` observations. */
export function logAsymptotic(z: number, count: number, rho: number): number {
  const w = count * rho ** 2;
  return (w * z * z) / (2 * (w + 1)) - Math.log1p(w) / 2;
}

const amplitude = 0.85;

/** Constant of the iterated-logarithm band of an empirical distribution (Howard and Ramdas, theorem 2), wrong in at most α. */
export function bandConstant(alpha: number): number {
  return bisect((c) => Math.log(alpha) - logBandError(c), { low: 3, high: 400 });
}

function logBandError(c: number): number {
  let best = Number.POSITIVE_INFINITY;
  const at = (eta: number): number => {
    const gamma = Math.sqrt(2 / eta) * (amplitude - Math.sqrt((2 * (eta - 1)) / c));
    const g2 = gamma * gamma;
    return gamma > 1 ? Math.log(4) - g2 * c + Math.log1p(1 / ((g2 - 1) * Math.log(eta))) : Number.POSITIVE_INFINITY;
  };
  const top = 2 * amplitude ** 2;
  let [from, to] = [1, top];
  for (let turn = 0; turn < 6; turn += 1) {
    const step = (to - from) / 200;
    let place = from + step;
    for (let eta = from + step; eta < to; eta += step) {
      const value = at(eta);
      if (value < best) [best, place] = [value, eta];
    }
    [from, to] = [Math.max(1, place - step), Math.min(top, place + step)];
  }
  return best;
}

/** No point of the empirical distribution of `count` values is further from the true one, from `from` values on, at any look. */
export function distributionBand(count: number, { alpha, from }: { alpha: number; from: number }): number {
  return count < from ? 1 : amplitude * Math.sqrt((Math.log1p(Math.log(count / from)) + bandConstant(alpha)) / count);
}
