// What Kayenta does to a series before it looks at it: missing values and outliers.
import type { KayentaMetricConfig, Summary } from "./model";
import { mean, quantile, variance } from "../statistics/quantile";

/** Positions of values beyond the quartiles by `factor` spreads; with reduced sensitivity nothing between the 1st and 99th percentile is one. */
export function outliers(values: readonly number[], { factor, reduceSensitivity }: { factor: number; reduceSensitivity: boolean }): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const [q1, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const [low, high] = [q1 - factor * (q3 - q1), q3 + factor * (q3 - q1)];
  const lowFence = reduceSensitivity ? Math.min(quantile(sorted, 0.01), low) : low;
  const highFence = reduceSensitivity ? Math.max(quantile(sorted, 0.99), high) : high;
  return values.flatMap((value, i) => (value > highFence || value < lowFence ? [i] : []));
}

export function transform(values: readonly number[], { nanStrategy, outliers: { strategy, outlierFactor } }: Pick<KayentaMetricConfig, "nanStrategy" | "outliers">): number[] {
  const known = nanStrategy === "replace" ? values.map((value) => (Number.isNaN(value) ? 0 : value)) : values.filter((value) => !Number.isNaN(value));
  if (strategy === "keep") return [...known];
  const out = new Set(outliers(known, { factor: outlierFactor, reduceSensitivity: true }));
  return known.filter((_, i) => !out.has(i));
}

export function summarise(values: readonly number[]): Summary {
  if (values.length === 0) return { min: 0, max: 0, mean: 0, std: 0, count: 0 };
  const spread = values.length > 1 ? Math.sqrt(variance(values)) : 0;
  return { min: Math.min(...values), max: Math.max(...values), mean: mean(values), std: spread, count: values.length };
}

/** The mixer's padding: a series shorter than the window is filled up with missing values. */
export function pad(values: readonly number[], expected: number): number[] {
  return values.length >= expected ? [...values] : [...values, ...Array.from({ length: expected - values.length }, () => Number.NaN)];
}
