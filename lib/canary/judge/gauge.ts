// Levels such as memory or queue depth: paired in time, in batches long enough to be independent, judged by an interval that allows looking.
import type { GaugePoint } from "../model";
import { asymptoticReach, asymptoticRho, logAsymptotic } from "../statistics/confidence";
import { autocorrelation, mean, variance } from "../statistics/quantile";

export interface GaugeQuestion {
  watch: "level" | "growth";
  worse: "higher" | "lower";
  tolerated: number;
  margin: number;
  alpha: number;
  /** Lag-1 autocorrelation of history; null: taken from the points themselves. */
  correlation: number | null;
  /** Points expected in the whole analysis. */
  plannedPoints: number;
}

export interface GaugeEvidence { logFail: number; logPass: number; ratio: number; interval: [low: number, high: number]; canary: number; baseline: number; batches: number; batch: number }

/** Fewer say nothing about their own spread. */
export const fewestBatches = 8;
const hourMs = 3_600_000;

interface Pair { at: number; canary: number; baseline: number }

export function weighGauge(points: readonly GaugePoint[], question: GaugeQuestion): GaugeEvidence {
  const pairs = points.flatMap(({ at, canary, baseline }) => (canary === null || baseline === null || !Number.isFinite(canary) || !Number.isFinite(baseline) ? [] : [{ at, canary, baseline }]));
  const batch = batchSize(question.correlation ?? autocorrelation(pairs.map(({ canary, baseline }) => canary - baseline)));
  const observations = batched(pairs, batch, question.watch);
  const [canary, baseline] = [mean(observations.map((one) => one.canary)), mean(observations.map((one) => one.baseline))];
  const nothing: GaugeEvidence = { logFail: 0, logPass: 0, ratio: canary / baseline, interval: [0, Number.POSITIVE_INFINITY], canary, baseline, batches: observations.length, batch };
  if (observations.length < fewestBatches) return nothing;
  const plan = { alpha: question.alpha, tightestAt: Math.max(fewestBatches, Math.floor(question.plannedPoints / batch)) };
  return { ...nothing, ...sides(observations, question, plan), interval: ratioInterval(observations, asymptoticReach(observations.length, plan)) };
}

/** As long as it takes for two batches to forget each other. */
export function batchSize(correlation: number): number {
  const phi = Math.min(0.98, Math.max(0, correlation));
  return Math.max(1, Math.ceil((3 * (1 + phi)) / (1 - phi) - 1e-9));
}

function batched(pairs: readonly Pair[], size: number, watch: GaugeQuestion["watch"]): Pair[] {
  const length = watch === "growth" ? Math.max(3, size) : size;
  return Array.from({ length: Math.floor(pairs.length / length) }, (_, i) => {
    const part = pairs.slice(i * length, (i + 1) * length);
    const at = part.at(-1)?.at ?? 0;
    if (watch === "level") return { at, canary: mean(part.map((one) => one.canary)), baseline: mean(part.map((one) => one.baseline)) };
    // The level the canary would have after an hour of gaining on a baseline that it began level with: a ratio of 1 is no growth beyond the baseline's.
    const level = mean(part.map((one) => one.baseline));
    return { at, canary: level + hourMs * gainOf(part), baseline: level };
  });
}

/** Slope of the paired difference, by least squares. */
function gainOf(part: readonly Pair[]): number {
  const middle = mean(part.map(({ at }) => at));
  const spread = part.reduce((sum, { at }) => sum + (at - middle) ** 2, 0);
  return part.reduce((sum, { at, canary, baseline }) => sum + (at - middle) * (canary - baseline), 0) / spread;
}

/** How far canary − factor × baseline lies from 0; linear in the factor, so that no level is ever divided by. */
function standing(observations: readonly Pair[], factor: number): number {
  const shifted = observations.map(({ canary, baseline }) => canary - factor * baseline);
  const error = Math.sqrt(variance(shifted) / shifted.length);
  const middle = mean(shifted);
  return error > 0 ? middle / error : middle === 0 ? 0 : Math.sign(middle) * 1e3;
}

function sides(observations: readonly Pair[], { worse, tolerated, margin }: GaugeQuestion, plan: { alpha: number; tightestAt: number }): { logFail: number; logPass: number } {
  const sign = worse === "higher" ? 1 : -1;
  const rho = asymptoticRho(plan.alpha, plan.tightestAt);
  const oneSided = (z: number): number => logAsymptotic(Math.max(0, z), observations.length, rho);
  const factor = (by: number): number => (worse === "higher" ? by : 1 / by);
  return { logFail: oneSided(sign * standing(observations, factor(tolerated))), logPass: oneSided(-sign * standing(observations, factor(margin))) };
}

/** All factors that the observations do not contradict (Fieller's interval, with the sequence's reach for the quantile). */
function ratioInterval(observations: readonly Pair[], reach: number): [number, number] {
  const n = observations.length;
  const [c, b] = [observations.map((one) => one.canary), observations.map((one) => one.baseline)];
  const [meanC, meanB] = [mean(c), mean(b)];
  const k = reach ** 2 / n;
  const cross = observations.reduce((sum, one) => sum + (one.canary - meanC) * (one.baseline - meanB), 0) / (n - 1);
  const [square, linear, constant] = [meanB ** 2 - k * variance(b), meanC * meanB - k * cross, meanC ** 2 - k * variance(c)];
  const root = Math.sqrt(Math.max(0, linear ** 2 - square * constant));
  return square > 0 ? [Math.max(0, (linear - root) / square), (linear + root) / square] : [0, Number.POSITIVE_INFINITY];
}
