// The sequential engine: is an event more frequent in the canary than in the baseline, given the share of traffic each had. Valid at every look.
import { logIntegral } from "../statistics/quadrature";
import { bisect } from "../statistics/root";

/** Events of one interval: of both versions together, of the canary alone, and the canary's share of the exposure. */
export interface Term { events: number; canaryEvents: number; share: number }

export interface EvidenceOptions {
  /** Measured overdispersion, at least 1: the likelihood is taken to its root. */
  phi?: number;
  /** The FAIL side doubts that the ratio is at most this. */
  tolerated?: number;
  /** The PASS side doubts that the ratio is at least this. */
  margin?: number;
  /** The interval is wrong in at most this share of analyses, however often it is looked at. */
  alpha?: number;
}

export interface Evidence {
  /** Natural logarithms of e-values. Two-sided: the ratio is not 1. */
  logDiffers: number;
  /** The ratio is above `tolerated`. */
  logWorse: number;
  /** The ratio is below `margin`. */
  logNotWorse: number;
  /** Rate of the canary over rate of the baseline, most likely value and interval; NaN, 0 and Infinity as they come. */
  ratio: number;
  interval: [low: number, high: number];
}

/** The spread of the prior over the logarithm of the ratio: a doubling is one step. */
export const tau = Math.LN2;
/** The prior ends here on both sides. */
const reach = 10 * tau;
/** One side of the prior is a grid of 4001 points, which makes an e-value in its own right; whoever follows the published recipe gets the same digits. */
const gridStep = reach / 4000;
/** Where the grid would be coarser than the likelihood is wide. */
const manyEvents = 1e5;
const far = 40 * tau;

/** Intervals with the same share say the same together; those without events, or in which one side had no traffic, say nothing. */
export function merge(terms: readonly Term[]): Term[] {
  const byShare = new Map<number, Term>();
  for (const { events, canaryEvents, share } of terms) {
    if (!(events > 0 && share > 0 && share < 1 && canaryEvents >= 0 && canaryEvents <= events)) continue;
    const known = byShare.get(share);
    if (known) {
      known.events += events;
      known.canaryEvents += canaryEvents;
    } else byShare.set(share, { events, canaryEvents, share });
  }
  return [...byShare.values()];
}

/** The log-likelihood of δ = ln(rate ratio), 0 at δ = 0. The level both sides share has cancelled, so an incident common to both moves nothing. */
export class Likelihood {
  readonly events: number;
  readonly canaryEvents: number;
  readonly #counts: Float64Array;
  readonly #shares: Float64Array;
  readonly #phi: number;

  constructor(terms: readonly Term[], phi = 1) {
    const merged = merge(terms);
    this.#counts = Float64Array.from(merged, ({ events }) => events);
    this.#shares = Float64Array.from(merged, ({ share }) => share);
    this.#phi = Math.max(1, phi);
    this.events = merged.reduce((sum, { events }) => sum + events, 0);
    this.canaryEvents = merged.reduce((sum, { canaryEvents }) => sum + canaryEvents, 0);
  }

  value(delta: number): number {
    const growth = Math.expm1(delta);
    let sum = delta * this.canaryEvents;
    for (let i = 0; i < this.#counts.length; i += 1) sum -= (this.#counts[i] ?? 0) * Math.log1p((this.#shares[i] ?? 0) * growth);
    return sum / this.#phi;
  }

  slope(delta: number): number {
    const odds = Math.exp(delta);
    let sum = this.canaryEvents;
    for (let i = 0; i < this.#counts.length; i += 1) {
      const weighted = (this.#shares[i] ?? 0) * odds;
      sum -= ((this.#counts[i] ?? 0) * weighted) / (1 - (this.#shares[i] ?? 0) + weighted);
    }
    return sum / this.#phi;
  }

  /** Second and third derivative. */
  bends(delta: number): { second: number; third: number } {
    const odds = Math.exp(delta);
    let [second, third] = [0, 0];
    for (let i = 0; i < this.#counts.length; i += 1) {
      const [events, weighted] = [this.#counts[i] ?? 0, (this.#shares[i] ?? 0) * odds];
      const p = weighted / (1 - (this.#shares[i] ?? 0) + weighted);
      second -= events * p * (1 - p);
      third -= events * p * (1 - p) * (1 - 2 * p);
    }
    return { second: second / this.#phi, third: third / this.#phi };
  }

  /** The most likely δ; infinite where one side has no events. */
  get best(): number {
    if (this.events === 0) return Number.NaN;
    if (this.canaryEvents === 0) return Number.NEGATIVE_INFINITY;
    if (this.canaryEvents === this.events) return Number.POSITIVE_INFINITY;
    return bisect((delta) => -this.slope(delta), { low: -far, high: far });
  }
}

const logPeak = -Math.log(tau) - Math.log(2 * Math.PI) / 2;

/** ln of the mean of the likelihood ratio to `from`, over the normal prior about `from`. */
export function logMixture(likelihood: Likelihood, from: number): number {
  return logIntegral({ ...integrand(likelihood, from), low: from - reach, high: from + reach });
}

function integrand(likelihood: Likelihood, from: number) {
  const constant = logPeak - likelihood.value(from);
  return {
    value: (delta: number) => likelihood.value(delta) + constant - 0.5 * ((delta - from) / tau) ** 2,
    slope: (delta: number) => likelihood.slope(delta) - (delta - from) / tau ** 2,
  };
}

/** The same over the half of the prior above (1) or below (-1) `from`, weighed twice. */
function logHalfMixture(likelihood: Likelihood, { from, side }: { from: number; side: 1 | -1 }): number {
  const half = integrand(likelihood, from);
  const slopeAtCut = likelihood.slope(from);
  if (likelihood.events <= manyEvents && -side * slopeAtCut * gridStep > 0.2) return Math.LN2 + gridSum(half.value, from, side);
  const integral = logIntegral({ ...half, low: side > 0 ? from : from - reach, high: side > 0 ? from + reach : from });
  if (likelihood.events > manyEvents) return Math.LN2 + integral;
  const share = Math.exp(half.value(from) - integral) * gridOverIntegral(likelihood, from);
  return Math.LN2 + integral + Math.log1p(-side * share);
}

/** By how much a sum over the grid falls short of the integral at the cut, over the integrand there (Euler and Maclaurin). */
function gridOverIntegral(likelihood: Likelihood, from: number): number {
  const first = likelihood.slope(from);
  const { second, third } = likelihood.bends(from);
  const cube = third + 3 * first * (second - 1 / tau ** 2) + first ** 3;
  return (gridStep ** 2 / 12) * first - (gridStep ** 4 / 720) * cube;
}

/** The grid itself, where the integrand falls too steeply from the cut for a correction. */
function gridSum(value: (delta: number) => number, from: number, side: 1 | -1): number {
  const top = value(from);
  let sum = 0.5;
  for (let i = 1; i <= 4000; i += 1) {
    const term = Math.exp(value(from + side * i * gridStep) - top);
    sum += term;
    if (term < 1e-18) break;
  }
  return top + Math.log(sum * gridStep);
}

export const logWorse = (likelihood: Likelihood, tolerated: number): number => (likelihood.events === 0 ? 0 : logHalfMixture(likelihood, { from: Math.log(tolerated), side: 1 }));
export const logNotWorse = (likelihood: Likelihood, margin: number): number => (likelihood.events === 0 ? 0 : logHalfMixture(likelihood, { from: Math.log(margin), side: -1 }));

export function weigh(terms: readonly Term[], { phi = 1, tolerated = 1, margin = 1.5, alpha = 0.05 }: EvidenceOptions = {}): Evidence {
  const likelihood = new Likelihood(terms, phi);
  if (likelihood.events === 0) return { logDiffers: 0, logWorse: 0, logNotWorse: 0, ratio: Number.NaN, interval: [0, Number.POSITIVE_INFINITY] };
  const logDiffers = logMixture(likelihood, 0);
  return {
    logDiffers,
    logWorse: logWorse(likelihood, tolerated),
    logNotWorse: logNotWorse(likelihood, margin),
    ratio: Math.exp(likelihood.best),
    interval: intervalOf(likelihood, logDiffers + Math.log(alpha)),
  };
}

/** All ratios against which the evidence has not reached 1/α. */
function intervalOf(likelihood: Likelihood, level: number): [number, number] {
  const { best } = likelihood;
  const low = best === Number.NEGATIVE_INFINITY ? 0 : Math.exp(bisect((delta) => likelihood.value(delta) - level, { low: -far, high: Math.min(best, far) }));
  const high = best === Number.POSITIVE_INFINITY ? best : Math.exp(bisect((delta) => level - likelihood.value(delta), { low: Math.max(best, -far), high: far }));
  return [low, high];
}

/** The same question with the two sides changed: for what is worse when it falls. */
export function mirrored(terms: readonly Term[]): Term[] {
  return terms.map(({ events, canaryEvents, share }) => ({ events, canaryEvents: events - canaryEvents, share: 1 - share }));
}
