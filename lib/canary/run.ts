// An analysis as it runs and as it is kept: how it acts, who the two versions are, what one look added, how it ended.
import { z } from "zod";
import { analysisDefinition, evidence, type Evidence, type MetricEvidence } from "./model";

export const workloadKinds = ["Rollout", "Deployment"] as const;
export const subject = z.object({ cluster: z.string().min(1).max(63), namespace: z.string().min(1).max(63), kind: z.enum(workloadKinds), workload: z.string().min(1).max(253) });
export type Subject = z.infer<typeof subject>;

export const analysisSettings = z.object({
  /** Starts by itself when another version is on its way. */
  automatic: z.boolean().default(true),
  /** Seconds between looks; longer where the whole would be too many. */
  everySeconds: z.number().int().min(5).max(3600).default(30),
  /** What the console does by itself. Where Argo Rollouts asks this judge, the controller acts, and all may stay off. */
  abortOnFail: z.boolean().default(false),
  promoteOnPass: z.boolean().default(false),
  holdWhileIll: z.boolean().default(false),
});
export type AnalysisSettings = z.infer<typeof analysisSettings>;

const mostLooks = 2000;
/** Looks are apart at least so far that a long analysis stays readable. */
export function everyMs({ everySeconds }: AnalysisSettings, minutes: number): number {
  return 1000 * Math.max(everySeconds, Math.ceil((minutes * 60) / mostLooks));
}

/** The pods of a version are those of its ReplicaSet. */
export interface VersionRef { hash: string; set: string; image: string }
export interface Versions { canary: VersionRef; baseline: VersionRef }

export const looked = evidence.pick({ metrics: true, traffic: true, guard: true });
/** What one look added. */
export type Looked = z.infer<typeof looked>;

export const historyMeasures = z.object({ phi: z.record(z.string(), z.number().nullable()), correlation: z.record(z.string(), z.number().nullable()) });
export type HistoryMeasures = z.infer<typeof historyMeasures>;
export const noHistory: HistoryMeasures = { phi: {}, correlation: {} };

export interface EvidenceFrame { canaryHash: string; baselineHash: string; startedAt: number; history: HistoryMeasures }

/** All looks together, in their order, as the judge reads them. */
export function assembled(frame: EvidenceFrame, looks: readonly Looked[]): Evidence {
  const names = [...new Set(looks.flatMap(({ metrics }) => Object.keys(metrics)))];
  return {
    version: 1, canaryHash: frame.canaryHash, baselineHash: frame.baselineHash, startedAt: frame.startedAt,
    metrics: Object.fromEntries(names.map((name) => [name, joined(looks.flatMap(({ metrics }) => (Object.hasOwn(metrics, name) ? [metrics[name]] : [])).filter((one) => one !== undefined), { phi: frame.history.phi[name] ?? null, correlation: frame.history.correlation[name] ?? null })])),
    traffic: looks.flatMap(({ traffic }) => traffic), guard: looks.flatMap(({ guard }) => guard),
  };
}

/** What was not to be had at one look is a gap; only when it never was, it is said why. */
function joined(parts: readonly MetricEvidence[], { phi, correlation }: { phi: number | null; correlation: number | null }): MetricEvidence {
  const first = parts.find(({ kind }) => kind !== "none");
  const last = parts.at(-1);
  if (!first) return last ?? { kind: "none", because: "nothing was looked at yet" };
  if (first.kind === "counts") {
    const own = parts.filter((part) => part.kind === "counts");
    return { kind: "counts", intervals: own.flatMap(({ intervals }) => intervals), pods: podSums(own.flatMap(({ pods }) => pods)), phi };
  }
  if (first.kind === "latency") return { kind: "latency", edgesSeconds: first.edgesSeconds, intervals: parts.flatMap((part) => (part.kind === "latency" && part.edgesSeconds.length === first.edgesSeconds.length ? part.intervals : [])), phi };
  return { kind: "gauge", points: parts.flatMap((part) => (part.kind === "gauge" ? part.points : [])), correlation };
}

type PodCounts = Extract<MetricEvidence, { kind: "counts" }>["pods"][number];

function podSums(pods: readonly PodCounts[]): PodCounts[] {
  const byPod = new Map<string, PodCounts>();
  for (const one of pods) {
    const key = `${one.version}/${one.pod}`;
    const known = byPod.get(key);
    byPod.set(key, known ? { ...known, node: one.node || known.node, events: known.events + one.events, exposure: known.exposure + one.exposure } : one);
  }
  return [...byPod.values()];
}

export const outcomes = ["", "promoted", "aborted", "superseded", "stopped"] as const;
export const truths = ["good", "bad", "unknown"] as const;
export const analysisInput = subject.extend({ definition: analysisDefinition, settings: analysisSettings });
