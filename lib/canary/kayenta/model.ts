// The nouns of the Kayenta-compatible judge: its configuration of a metric, its labels and its result.

export const classifications = ["Pass", "High", "Low", "Nodata", "NodataFailMetric", "Error"] as const;
export type Classification = (typeof classifications)[number];

export interface EffectSize {
  measure: "meanRatio" | "cles";
  allowedIncrease: number;
  allowedDecrease: number;
  criticalIncrease: number;
  criticalDecrease: number;
}

export interface KayentaMetricConfig {
  name: string;
  groups: readonly string[];
  direction: "increase" | "decrease" | "either";
  nanStrategy: "remove" | "replace";
  critical: boolean;
  mustHaveData: boolean;
  muted: boolean;
  outliers: { strategy: "keep" | "remove"; outlierFactor: number };
  effectSize: EffectSize;
}

/** Kayenta's own defaults; the thresholds of the effect depend on its measure. */
export function kayentaMetric(name: string, config: Partial<Omit<KayentaMetricConfig, "name" | "effectSize">> & { effectSize?: Partial<EffectSize> } = {}): KayentaMetricConfig {
  const { effectSize, ...rest } = config;
  const neutral = effectSize?.measure === "cles" ? 0.5 : 1;
  return {
    name, groups: [], direction: "either", nanStrategy: "remove", critical: false, mustHaveData: false, muted: false, outliers: { strategy: "keep", outlierFactor: 3 }, ...rest,
    effectSize: { measure: "meanRatio", allowedIncrease: neutral, allowedDecrease: neutral, criticalIncrease: neutral, criticalDecrease: neutral, ...effectSize },
  };
}

export interface Summary { min: number; max: number; mean: number; std: number; count: number }

/** What Kayenta computes and throws away, and beside it what is right in every unit. */
export interface KayentaWorkings {
  low: number;
  high: number;
  estimate: number;
  bound: number;
  effect: number;
  cles: number;
  exact: { low: number; high: number; estimate: number };
  mannWhitneyP: number;
  brunnerMunzelP: number;
}

export interface KayentaMetricResult {
  name: string;
  groups: readonly string[];
  muted: boolean;
  /** For Nodata the metric's own mark; else: the effect was beyond its critical size. */
  critical: boolean;
  classification: Classification;
  reason: string;
  experiment: Summary;
  control: Summary;
  /** Always the ratio of means, as Kayenta's result has it; NaN where one is zero. */
  deviation: number;
  workings: KayentaWorkings | null;
}

export interface KayentaScore { score: number; reason: string; groups: { name: string; score: number; noData: boolean }[] }
