// The Kayenta judge on our evidence: series per metric from the same counters, asked once, when the time is up.
import type { AnalysisDefinition, Evidence, MetricDefinition, MetricEvidence, Reason, VerdictWord } from "../model";
import { type Series, classify } from "./classify";
import { type KayentaMetricResult, kayentaMetric } from "./model";
import { type Thresholds, kayentaWord, score } from "./score";
import { slowerThan } from "../judge/latency";

export interface KayentaVerdict {
  judge: "kayenta";
  word: VerdictWord;
  /** Kayenta's own word; null until it is asked. */
  label: "Pass" | "Marginal" | "Fail" | null;
  at: number;
  minutes: number;
  ended: boolean;
  score: number | null;
  reasons: Reason[];
  sentence: string;
  metrics: KayentaMetricResult[];
}

/** Kayenta's usual thresholds. */
export const usualThresholds: Thresholds = { pass: 95, marginal: 75 };

export function judgeByKayenta(definition: AnalysisDefinition, evidence: Evidence, { at, thresholds = usualThresholds }: { at: number; thresholds?: Thresholds }): KayentaVerdict {
  const minutes = (at - evidence.startedAt) / 60_000;
  const from = evidence.startedAt + definition.warmUpMinutes * 60_000;
  const metrics = definition.metrics.map((metric) => classify(toSeries(evidence.metrics[metric.name], { from, at }), toConfig(metric)));
  if (minutes < definition.minutes) return { judge: "kayenta", word: "undecided", label: null, at, minutes, ended: false, score: null, metrics, ...said("gathering", `Kayenta is asked once, after ${definition.minutes} min`) };
  const result = score(metrics, groupWeights(definition.metrics));
  const label = kayentaWord(result.score, thresholds);
  const word = label === "Pass" ? "pass" : label === "Fail" ? "fail" : "undecided";
  const text = `${label}: score ${result.score} of 100, ${thresholds.pass} needed${result.reason === "" ? "" : `. ${result.reason}`}`;
  return { judge: "kayenta", word, label, at, minutes, ended: true, score: result.score, metrics, ...said(label === "Pass" ? "not-worse" : label === "Fail" ? "worse" : "time-is-up", text) };
}

function said(code: Reason["code"], say: string): { reasons: Reason[]; sentence: string } {
  return { reasons: [{ code, say }], sentence: `${say}.` };
}

/** Our margins say what is proven, Kayenta's effects what is ignored; only what is tolerated means the same in both. */
function toConfig({ name, worse, critical, tolerated }: MetricDefinition) {
  return kayentaMetric(name, { groups: [name], direction: worse === "higher" ? "increase" : "decrease", critical, effectSize: { allowedIncrease: tolerated, allowedDecrease: 1 / tolerated, criticalIncrease: tolerated, criticalDecrease: 1 / tolerated } });
}

/** A metric is a group of its own here, with its weight in parts of a hundred. */
function groupWeights(metrics: readonly MetricDefinition[]): Record<string, number> {
  const all = metrics.reduce((sum, { weight }) => sum + weight, 0);
  return Object.fromEntries(metrics.map(({ name, weight }) => [name, (100 * weight) / all]));
}

/** Counts become rates per interval; an interval without traffic is missing. Of a histogram the first edge is taken. */
export function toSeries(evidence: MetricEvidence | undefined, { from, at }: { from: number; at: number }): Series {
  if (evidence === undefined || evidence.kind === "none") return { experiment: [], control: [] };
  const inTime = <T extends { at: number }>(all: readonly T[]): T[] => all.filter((one) => one.at > from && one.at <= at);
  if (evidence.kind === "gauge") {
    const points = inTime(evidence.points);
    return { experiment: points.map(({ canary }) => canary ?? Number.NaN), control: points.map(({ baseline }) => baseline ?? Number.NaN) };
  }
  const intervals = inTime(evidence.kind === "counts" ? evidence.intervals : slowerThan(evidence.intervals, 0));
  return { experiment: intervals.map(({ canary }) => canary.events / canary.exposure), control: intervals.map(({ baseline }) => baseline.events / baseline.exposure) };
}
