// What the screens of canaries are given: what is on its way, one canary whole, what was, and what would have been.
import { z } from "zod";
import type { KayentaMetricResult } from "./kayenta/model";
import type { PathPoint } from "./replay";
import { analysisDefinition, trafficInterval, type Verdict } from "./model";
import { analysisSettings, subject } from "./run";

/** Made by this server of the same release and only read by its pages: held to be an object, and else taken as it is. */
const ours = <T>() => z.custom<T>((value) => typeof value === "object" && value !== null);

const time = z.number();
export const runSummary = subject.extend({
  id: z.string(), canaryHash: z.string(), baselineHash: z.string(), canaryImage: z.string(), baselineImage: z.string(),
  word: z.enum(["fail", "pass", "undecided"]), sentence: z.string(), minutes: z.number(), held: z.boolean(), ended: z.boolean(),
  state: z.enum(["running", "ended"]), outcome: z.string(), trouble: z.string(), truth: z.string(), truthBy: z.string(),
  startedAt: time, endedAt: time.nullable(), lastAt: time, everyMs: z.number(), startedBy: z.string(),
});
export type RunSummary = z.infer<typeof runSummary>;

export const stepView = z.object({ title: z.string(), detail: z.string(), state: z.enum(["done", "now", "to-come"]), newWeight: z.boolean() });
export type StepView = z.infer<typeof stepView>;

export const rolloutView = z.object({
  namespace: z.string(), name: z.string(), phase: z.enum(["healthy", "progressing", "paused", "aborted", "degraded"]), say: z.string(), inProgress: z.boolean(),
  heldBy: z.enum(["hand", "step", "analysis"]).nullable(), paused: z.boolean(), aborted: z.boolean(), currentHash: z.string(), stableHash: z.string(),
  currentImage: z.string(), stableImage: z.string(), revision: z.number(), strategy: z.string(), routed: z.array(z.string()),
  steps: z.array(stepView), stepIndex: z.number().nullable(), wantedWeight: z.number().nullable(), tier: z.number(),
  replicas: z.object({ wanted: z.number(), canaryReady: z.number(), stableReady: z.number() }),
});
export type RolloutView = z.infer<typeof rolloutView>;

export const card = z.object({ rollout: rolloutView, run: runSummary.nullable(), hasAnalysis: z.boolean() });
export type Card = z.infer<typeof card>;
export const canariesAnswer = z.object({ inFlight: z.array(card), stepped: z.array(runSummary), settled: z.array(card), recent: z.array(runSummary), rolloutsKnown: z.string() });
export type CanariesAnswer = z.infer<typeof canariesAnswer>;

export const podView = z.object({ name: z.string(), node: z.string(), ready: z.boolean(), createdAt: time, restarts: z.number(), events: z.number().nullable(), exposure: z.number().nullable() });
export type PodView = z.infer<typeof podView>;

export const measurement = z.object({ metric: z.string(), phase: z.string(), message: z.string(), value: z.string(), at: time.nullable(), successful: z.number(), failed: z.number(), inconclusive: z.number(), error: z.number() });
export const argoRun = z.object({ name: z.string(), kind: z.enum(["AnalysisRun", "Experiment"]), type: z.string(), phase: z.string(), message: z.string(), startedAt: time.nullable(), measurements: z.array(measurement) });
export type ArgoRun = z.infer<typeof argoRun>;

export const line = z.object({ at: time, mood: z.string(), say: z.string() });
export const runDetail = runSummary.extend({
  definition: analysisDefinition, settings: analysisSettings, verdict: ours<Verdict>().nullable(), path: z.array(ours<PathPoint>()), traffic: z.array(trafficInterval), lines: z.array(line),
  onePod: z.string(),
  kayenta: z.object({ score: z.number().nullable(), sentence: z.string(), metrics: z.array(ours<KayentaMetricResult>()) }).nullable(),
});
export type RunDetail = z.infer<typeof runDetail>;

export const canaryAnswer = z.object({
  subject, rollout: rolloutView.nullable(), run: runDetail.nullable(), hasAnalysis: z.boolean(),
  pods: z.object({ canary: z.array(podView), baseline: z.array(podView) }), argo: z.array(argoRun), earlier: z.array(runSummary),
});
export type CanaryAnswer = z.infer<typeof canaryAnswer>;

export const finding = z.object({ code: z.string(), severity: z.enum(["error", "warning", "note"]), metric: z.string().nullable(), say: z.string() });
export const analysisAnswer = z.object({
  kept: z.object({ definition: analysisDefinition, settings: analysisSettings, revision: z.number(), savedBy: z.string(), savedAt: time }).nullable(),
  suggested: analysisDefinition, templates: z.array(z.object({ id: z.string(), title: z.string(), say: z.string(), definition: analysisDefinition })), yaml: z.string(),
  argoTemplates: z.array(z.object({ name: z.string(), kind: z.string(), findings: z.array(finding) })),
});
export type AnalysisAnswer = z.infer<typeof analysisAnswer>;

export const checkAnswer = z.object({ findings: z.array(finding), expressions: z.array(z.string()), digest: z.string() });

export const backtestRow = z.object({
  run: runSummary, word: z.enum(["fail", "pass", "undecided"]), minutes: z.number().nullable(), judgement: z.string(), sentence: z.string(),
});
export type BacktestRow = z.infer<typeof backtestRow>;
export const backtestAnswer = z.object({ rows: z.array(backtestRow), of: z.number() });

export const trafficAnswer = z.object({ known: z.object({ rps: z.number(), baselineShare: z.number(), phi: z.number().nullable() }).nullable(), because: z.string() });
