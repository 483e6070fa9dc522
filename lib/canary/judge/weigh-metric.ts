// What the evidence of one metric says at one look, of whatever kind the metric is.
import type { Counts, CountInterval, MetricDefinition, MetricEvidence } from "../model";
import { shareDifference, shareSequence } from "../statistics/confidence";
import { type Term, mirrored, weigh } from "./engine";
import { expectedMinutes, type Expected } from "./forecast";
import { fewestBatches, weighGauge } from "./gauge";
import { slowerThan } from "./latency";
import { logMean } from "./lines";

export interface MetricWeight {
  logFail: number;
  logPass: number;
  ratio: number;
  interval: [low: number, high: number];
  canary: Counts;
  baseline: Counts;
  phi: number | null;
  expected: Expected | null;
  /** Canary's share less baseline's. */
  difference: [low: number, high: number] | null;
  /** Surely below what matters. */
  negligible: boolean;
  missing: null | "no-data" | "no-events" | "few-batches";
  /** What is missing, or which edge is meant, for the sentence. */
  note: string;
}

export interface MetricQuestion {
  definition: MetricDefinition;
  margin: number;
  logFailLine: number;
  logPassLine: number;
  beta: number;
  minutes: number;
  /** Nothing before this counts, and nothing after `at`. */
  from: number;
  at: number;
  /** A replay of many looks does without expected minutes and the difference. */
  explain: boolean;
}

/** Where the interval of a difference is tightest; it must not follow the data, and ten times more or less costs little. */
const usualCounts = { canary: 5000, baseline: 50_000 };
const noCounts: Counts = { events: 0, exposure: 0 };
const noWeight: MetricWeight = { logFail: 0, logPass: 0, ratio: Number.NaN, interval: [0, Number.POSITIVE_INFINITY], canary: noCounts, baseline: noCounts, phi: null, expected: null, difference: null, negligible: false, missing: "no-data", note: "" };

export function weighMetric(question: MetricQuestion, evidence: MetricEvidence | undefined): MetricWeight {
  const inTime = <T extends { at: number }>(all: readonly T[]): T[] => all.filter(({ at }) => at > question.from && at <= question.at);
  if (evidence === undefined) return { ...noWeight, note: "no series was found" };
  if (evidence.kind === "none") return { ...noWeight, note: evidence.because };
  if (evidence.kind === "gauge") return ofGauge(question, { ...evidence, points: inTime(evidence.points) });
  if (evidence.kind === "counts") return ofCounts(question, inTime(evidence.intervals), evidence.phi);
  const edges = evidence.edgesSeconds.map((edge, i) => ({ ...ofCounts(question, slowerThan(inTime(evidence.intervals), i), evidence.phi), note: `slower than ${edge} s` }));
  const worst = edges.reduce<MetricWeight | null>((most, edge) => (most === null || edge.logFail > most.logFail || (most.missing !== null && edge.missing === null) ? edge : most), null);
  if (worst === null) return noWeight;
  return { ...worst, logFail: logMean(edges.map(({ logFail }) => logFail)), logPass: Math.min(...edges.map(({ logPass }) => logPass)), negligible: edges.every(({ negligible }) => negligible) };
}

export function toTerms(intervals: readonly CountInterval[]): Term[] {
  return intervals.map(({ canary, baseline }) => ({ events: canary.events + baseline.events, canaryEvents: canary.events, share: canary.exposure / (canary.exposure + baseline.exposure) }));
}

function ofCounts(question: MetricQuestion, intervals: readonly CountInterval[], measuredPhi: number | null): MetricWeight {
  const { definition, margin, logFailLine, logPassLine } = question;
  const [canary, baseline] = [total(intervals, "canary"), total(intervals, "baseline")];
  if (canary.exposure === 0 || baseline.exposure === 0) return { ...noWeight, canary, baseline, note: canary.exposure === 0 ? "the canary has no traffic yet" : "the baseline has no traffic" };
  const lower = definition.worse === "lower";
  const terms = lower ? mirrored(toTerms(intervals)) : toTerms(intervals);
  const phi = Math.max(1, measuredPhi ?? 1);
  const { tolerated } = definition;
  const seen = weigh(terms, { phi, tolerated, margin });
  const pace = paceOf(intervals, question.from);
  const paceTerms = lower ? mirrored(toTerms(pace.intervals)) : toTerms(pace.intervals);
  return {
    logFail: seen.logWorse, logPass: seen.logNotWorse,
    ratio: lower ? 1 / seen.ratio : seen.ratio, interval: lower ? [1 / seen.interval[1], 1 / seen.interval[0]] : seen.interval,
    canary, baseline, phi: measuredPhi,
    expected: question.explain ? expectedMinutes(terms, { terms: paceTerms, minutes: pace.minutes }, { logFailLine, logPassLine, tolerated, margin, phi }) : null,
    difference: question.explain && (definition.kind === "ratio" || definition.kind === "latency") ? shareDifference(canary, baseline, { alpha: 0.05, tightestAt: usualCounts }) : null,
    negligible: isNegligible(definition, canary, question.beta),
    missing: canary.events + baseline.events === 0 ? "no-events" : null, note: "",
  };
}

function total(intervals: readonly CountInterval[], side: "canary" | "baseline"): Counts {
  return intervals.reduce((sum, one) => ({ events: sum.events + one[side].events, exposure: sum.exposure + one[side].exposure }), noCounts);
}

/** The pace of the last quarter of an hour. */
function paceOf(intervals: readonly CountInterval[], from: number): { intervals: CountInterval[]; minutes: number } {
  const last = intervals.at(-1)?.at ?? from;
  const since = Math.max(from, last - 15 * 60_000);
  return { intervals: intervals.filter(({ at }) => at > since), minutes: (last - since) / 60_000 };
}

function isNegligible(definition: MetricDefinition, { events, exposure }: Counts, beta: number): boolean {
  const share = "negligibleShare" in definition ? definition.negligibleShare : null;
  if (share === null || events / exposure >= share) return false;
  // Five times the reciprocal is about how many requests without an event it takes.
  return shareSequence({ successes: events, count: exposure, tightestAt: 5 / share, alpha: beta })[1] <= share;
}

function ofGauge(question: MetricQuestion, { points, correlation }: Extract<MetricEvidence, { kind: "gauge" }>): MetricWeight {
  const { definition, margin, minutes } = question;
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return { ...noWeight, note: "no point was scraped from both versions" };
  const stepMs = points.length > 1 ? (last.at - first.at) / (points.length - 1) : 60_000;
  const seen = weighGauge(points, {
    watch: definition.kind === "gauge" ? definition.watch : "level", worse: definition.worse, tolerated: definition.tolerated, margin,
    // The interval a person reads stands at 5 % like the others; evidence is compared with this metric's own lines.
    alpha: 0.05, correlation, plannedPoints: (minutes * 60_000) / stepMs,
  });
  const few = seen.batches < fewestBatches;
  return {
    ...noWeight, logFail: seen.logFail, logPass: seen.logPass, ratio: seen.ratio, interval: seen.interval, missing: few ? "few-batches" : null,
    canary: { events: few ? 0 : seen.canary, exposure: seen.batches }, baseline: { events: few ? 0 : seen.baseline, exposure: seen.batches },
    note: few ? `${seen.batches} of ${fewestBatches} independent batches of ${seen.batch} points` : "",
  };
}
