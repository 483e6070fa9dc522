// Kayenta's label for one metric: Pass, High, Low, or why there is none; first match wins, as in NetflixACAJudge-v1.0.
import type { Classification, KayentaMetricConfig, KayentaMetricResult, KayentaWorkings } from "./model";
import { shiftInterval } from "./mann-whitney";
import { brunnerMunzel, commonLanguageEffect, exactShift, mannWhitneyTest } from "../statistics/ranks";
import { mean } from "../statistics/quantile";
import { summarise, transform } from "./transform";

/** Written into Kayenta; its properties for them are never read. */
export const hardCoded = { tolerance: 0.25, confidence: 0.98 };

export interface Series { experiment: readonly number[]; control: readonly number[] }
type Label = Pick<KayentaMetricResult, "classification" | "critical" | "reason" | "deviation" | "workings">;

export function classify(raw: Series, config: KayentaMetricConfig, setting = hardCoded): KayentaMetricResult {
  const series = { experiment: transform(raw.experiment, config), control: transform(raw.control, config) };
  const base = { name: config.name, groups: config.groups, muted: config.muted, experiment: summarise(series.experiment), control: summarise(series.control) };
  try {
    return { ...base, ...label(series, config, setting) };
  } catch {
    // As in Kayenta: whatever goes wrong in the numbers becomes a label, which then counts nowhere.
    return { ...base, classification: "Error", critical: false, reason: "Metric Classification Failed", deviation: Number.NaN, workings: null };
  }
}

function label(series: Series, config: KayentaMetricConfig, setting: typeof hardCoded): Label {
  const { experiment, control } = series;
  const plain = (classification: Classification, critical: boolean, reason: string): Label => ({ classification, critical, reason, deviation: 1, workings: null });
  if (experiment.length === 0 || control.length === 0) {
    if (config.nanStrategy === "replace") return plain("Pass", false, "Missing data was replaced");
    const fails = config.mustHaveData && !config.critical;
    return plain(fails ? "NodataFailMetric" : "Nodata", config.critical, `Missing data for ${config.name}`);
  }
  if (sameValues(experiment, control)) return plain("Pass", false, "The experiment and control data are identical");
  if (new Set([...experiment, ...control]).size === 1) return plain("Pass", false, "All values are the same");
  return compared(series, config, setting);
}

function sameValues(a: readonly number[], b: readonly number[]): boolean {
  const sorted = [...b].sort((one, two) => one - two);
  return a.length === b.length && [...a].sort((one, two) => one - two).every((value, i) => value === sorted[i]);
}

function compared(series: Series, config: KayentaMetricConfig, { tolerance, confidence }: typeof hardCoded): Label {
  const { direction, effectSize: size } = config;
  const { experiment, control } = noisyIfConstant(series);
  const interval = shiftInterval(experiment, control, confidence);
  const bound = tolerance * Math.abs(interval.estimate);
  const deviation = meanRatio(series);
  const effect = size.measure === "cles" ? commonLanguageEffect(series.experiment, series.control) : deviation;
  const beyond = (limit: number, sign: 1 | -1): boolean => Number.isNaN(effect) || sign * effect >= sign * limit;
  const high = direction !== "decrease" && interval.low > bound && beyond(size.allowedIncrease, 1);
  const low = direction !== "increase" && interval.high < -bound && beyond(size.allowedDecrease, -1);
  const classification = high ? "High" : low ? "Low" : "Pass";
  const critical = config.critical && ((high && beyond(size.criticalIncrease, 1)) || (!high && low && beyond(size.criticalDecrease, -1)));
  const reason = classification === "Pass" ? "" : `The metric ${config.name} was classified as ${classification}${critical ? " (Critical)" : ""}`;
  return { classification, critical, reason, deviation, workings: workingsOf(series, { ...interval, bound, effect }, confidence) };
}

/** NaN where a mean is zero, and then no effect is asked for. */
function meanRatio({ experiment, control }: Series): number {
  const [x, y] = [mean(experiment), mean(control)];
  return x === 0 || y === 0 ? Number.NaN : x / y;
}

/** Two different constants have no spread to rank by. Kayenta adds unseeded noise; ours is seeded, so that a replay says the same. */
function noisyIfConstant({ experiment, control }: Series): Series {
  if (new Set(experiment).size > 1 || new Set(control).size > 1) return { experiment, control };
  const next = seededNormal(1);
  const noisy = (values: readonly number[]): number[] => values.map((value) => value + 1e-5 * value * next());
  return { experiment: noisy(experiment), control: noisy(control) };
}

function seededNormal(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

function workingsOf({ experiment, control }: Series, own: Pick<KayentaWorkings, "low" | "high" | "estimate" | "bound" | "effect">, confidence: number): KayentaWorkings {
  return {
    low: own.low, high: own.high, estimate: own.estimate, bound: own.bound, effect: own.effect,
    cles: commonLanguageEffect(experiment, control), exact: exactShift(experiment, control, confidence),
    mannWhitneyP: mannWhitneyTest(experiment, control).twoSided, brunnerMunzelP: brunnerMunzel(experiment, control).p,
  };
}
