// The nouns of canary: what an analysis measures, the evidence it keeps, and the verdicts it gives.
import { z } from "zod";

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A raw series of Prometheus as it is scraped: no rate, no sum; the console adds the pods of both versions and differences by itself. */
export const selector = z.object({
  series: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, "A series name has letters, digits, _ and :, for example http_requests_total"),
  matchers: z.array(z.object({ label: z.string().regex(labelName), op: z.enum(["=", "!=", "=~", "!~"]), value: z.string().max(500) })).max(20).default([]),
});
export type Selector = z.infer<typeof selector>;

const factor = z.number().min(1).max(1000);
const margins = z.array(z.object({ upToShare: z.number().gt(0).max(1), margin: factor })).max(10);

const measured = {
  name: z.string().trim().min(1).max(60),
  /** One sentence: what one event or the gauge means. */
  meaning: z.string().max(300).default(""),
  /** `lower`: a fall is what hurts (cache hits, throughput). */
  worse: z.enum(["higher", "lower"]).default("higher"),
  /** Alone enough to fail the analysis; the rest fail together. */
  critical: z.boolean().default(false),
  weight: z.number().gt(0).max(1000).default(1),
  /** Shown and scored, but promotion does not wait for it. */
  required: z.boolean().default(true),
  /** PASS proves that the canary is not worse by this factor. */
  margin: factor.gt(1).default(1.5),
  /** Wider margins while the canary's share is small, in ascending order; beyond the last, `margin`. */
  marginsByShare: margins.default([]),
  /** FAIL proves that the canary is worse by more than this factor; 1 is any worsening. */
  tolerated: factor.default(1),
};
/** A canary that surely stays below this share of requests passes and does not fail, whatever the ratio: three of a million are nobody's concern. */
const negligibleShare = z.number().gt(0).max(0.5).nullable().default(null);

export const metricDefinition = z.discriminatedUnion("kind", [
  /** Events per request: errors, time-outs. */
  z.object({ kind: z.literal("ratio"), ...measured, events: selector, exposure: selector, negligibleShare }),
  /** Events per pod and time: restarts, OOM kills. */
  z.object({ kind: z.literal("rate"), ...measured, events: selector }),
  /** Requests slower than each edge of a histogram, from its bucket counters. */
  z.object({ kind: z.literal("latency"), ...measured, buckets: selector, edgesSeconds: z.array(z.number().positive()).min(1).max(5), negligibleShare }),
  /** A level such as memory or queue depth, mean over pods; `growth` compares what is gained in an hour, for leaks. */
  z.object({ kind: z.literal("gauge"), ...measured, series: selector, watch: z.enum(["level", "growth"]).default("level") }),
]).refine(({ tolerated, margin }) => tolerated < margin, { message: "What is tolerated must be less than the margin", path: ["tolerated"] });
export type MetricDefinition = z.infer<typeof metricDefinition>;
export type MetricKind = MetricDefinition["kind"];

/** The service's own objective: while both versions together miss it, promotion is held. */
export const guardDefinition = z.object({
  name: z.string().trim().min(1).max(60),
  events: selector,
  exposure: selector,
  /** Largest good share of bad events, as in 0.01. */
  objective: z.number().gt(0).lt(1),
  windowMinutes: z.number().int().min(1).max(120).default(5),
  /** This long without burning until promotion goes on. */
  clearMinutes: z.number().int().min(0).max(120).default(3),
});
export type GuardDefinition = z.infer<typeof guardDefinition>;

export const analysisDefinition = z.object({
  version: z.literal(1),
  judge: z.enum(["sequential", "kayenta"]).default("sequential"),
  metrics: z.array(metricDefinition).min(1).max(20).refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "Two metrics have the same name"),
  guard: guardDefinition.nullable().default(null),
  /** A false FAIL happens in at most this share of analyses of a canary that is as good as the baseline. */
  alpha: z.number().gt(0).max(0.2).default(0.05),
  /** A false PASS of one metric at exactly the margin happens in at most this share. */
  beta: z.number().gt(0).max(0.2).default(0.05),
  /** After this long an undecided analysis ends and asks for a person. */
  minutes: z.number().int().min(1).max(14 * 24 * 60).default(60),
  /** Nothing is judged before: the canary warms up. */
  warmUpMinutes: z.number().min(0).max(120).default(0),
});
export type AnalysisDefinition = z.infer<typeof analysisDefinition>;

/** Written and read as JSON, where a missing number must stay apart from zero. */
const figure = z.number().nullable();
const counts = z.object({ events: z.number().min(0), exposure: z.number().min(0) });
export type Counts = z.infer<typeof counts>;

/** What both versions did in one interval that ended `at` (epoch milliseconds). */
export const countInterval = z.object({ at: z.number(), canary: counts, baseline: counts });
export type CountInterval = z.infer<typeof countInterval>;

/** The interval's new entries of a histogram, cumulative by edge like the buckets themselves; the last is the total. */
export const latencyInterval = z.object({ at: z.number(), canary: z.array(z.number().min(0)), baseline: z.array(z.number().min(0)) });
export type LatencyInterval = z.infer<typeof latencyInterval>;

/** Mean over the pods of a version at one scrape; null: not known. */
export const gaugePoint = z.object({ at: z.number(), canary: figure, baseline: figure });
export type GaugePoint = z.infer<typeof gaugePoint>;

const podCounts = counts.extend({ pod: z.string(), node: z.string(), version: z.enum(["canary", "baseline"]) });
export type PodCounts = z.infer<typeof podCounts>;

export const metricEvidence = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("counts"), intervals: z.array(countInterval), pods: z.array(podCounts).default([]), phi: figure }),
  z.object({ kind: z.literal("latency"), edgesSeconds: z.array(z.number()), intervals: z.array(latencyInterval), phi: figure }),
  /** `correlation`: lag-1 autocorrelation of the paired difference in history; null: not measured. */
  z.object({ kind: z.literal("gauge"), points: z.array(gaugePoint), correlation: figure }),
  /** Nothing was to be had, and why. */
  z.object({ kind: z.literal("none"), because: z.string() }),
]);
export type MetricEvidence = z.infer<typeof metricEvidence>;

/** Requests of each version beside the share that was wanted. */
export const trafficInterval = z.object({ at: z.number(), wantedShare: z.number().min(0).max(1), canary: z.number().min(0), baseline: z.number().min(0) });
export type TrafficInterval = z.infer<typeof trafficInterval>;

/** Everything a verdict rests on. Kept with its definition, it can be judged again at any time. */
export const evidence = z.object({
  version: z.literal(1),
  canaryHash: z.string(),
  baselineHash: z.string(),
  startedAt: z.number(),
  metrics: z.record(z.string(), metricEvidence),
  traffic: z.array(trafficInterval),
  /** Bad events and all events of the whole service, both versions together. */
  guard: z.array(counts.extend({ at: z.number() })),
});
export type Evidence = z.infer<typeof evidence>;

export const metricStates = ["fail", "pass", "undecided", "no-events", "no-data"] as const;
export type MetricState = (typeof metricStates)[number];

export const reasonCodes = ["worse", "worse-together", "not-worse", "gathering", "warming-up", "time-is-up", "guard-burns", "guard-clearing", "guard-unknown", "no-traffic", "less-traffic", "more-traffic", "no-events", "no-data", "few-batches", "negligible"] as const;
export type ReasonCode = (typeof reasonCodes)[number];
export interface Reason { code: ReasonCode; metric?: string; say: string }

/** How one metric stands at one look; all e-values as natural logarithms, all times in epoch milliseconds. */
export interface MetricLook {
  name: string;
  kind: MetricKind;
  state: MetricState;
  critical: boolean;
  required: boolean;
  weight: number;
  margin: number;
  tolerated: number;
  /** Canary over baseline (difference of slopes over the baseline's level for growth); null: nothing to divide. */
  ratio: number | null;
  /** Valid at every look; null for the upper end: no limit. */
  interval: { low: number; high: number | null };
  /** Canary's share of bad requests less the baseline's, its interval valid at every look; null where shares are not compared. */
  difference: { low: number; high: number } | null;
  logFail: number;
  logPass: number;
  /** What the evidence must reach: this metric's own lines. */
  logFailLine: number;
  logPassLine: number;
  canary: Counts;
  baseline: Counts;
  /** Measured overdispersion used; null: it was not measured, and 1 is used. */
  phi: number | null;
  /** When the state was reached; null while undecided. */
  since: number | null;
  /** Minutes until a verdict at the present pace, and which; null: not in sight. */
  expected: { side: "fail" | "pass"; minutes: number } | null;
  reason: Reason;
}

export const shareStates = ["as-wanted", "less", "more", "none", "unknown"] as const;
export interface ShareLook { state: (typeof shareStates)[number]; wanted: number | null; actual: number | null; logEvidence: number }
export interface GuardLook { state: "clear" | "burning" | "clearing" | "unknown" | "unset"; badShare: number | null; objective: number | null; since: number | null }

export const verdictWords = ["fail", "pass", "undecided"] as const;
export type VerdictWord = (typeof verdictWords)[number];

/** What the sequential judge says at one look. FAIL stays for this canary's hash. */
export interface Verdict {
  judge: "sequential";
  word: VerdictWord;
  at: number;
  minutes: number;
  /** Undecided although every required metric passed: something else holds the promotion. */
  held: boolean;
  /** The time is up and a person must decide. */
  ended: boolean;
  /** The first is the deciding one. */
  reasons: Reason[];
  /** The metric the sentence is about. */
  deciding: string | null;
  sentence: string;
  /** 0 to 100, share of weighted metrics that passed. For people; nothing is decided by it. */
  score: number;
  /** The rest's joint evidence and its line. */
  together: { logFail: number; logLine: number } | null;
  metrics: MetricLook[];
  share: ShareLook;
  guard: GuardLook;
}

/** What a look hands to the next: verdicts do not flap. */
export interface Latch {
  /** By metric: when it failed. */
  failedAt: Record<string, number>;
  /** By metric: when it passed, and at which margin; a narrower one is to be earned again. */
  passedAt: Record<string, { at: number; margin: number }>;
  verdict: { at: number; reasons: Reason[]; deciding: string | null } | null;
}
