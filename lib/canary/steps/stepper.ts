// The job that steps a canary on plain Deployments: a second Deployment beside the stable one, more of it step by step, and one version in the end.
import { findConnection } from "@/lib/clusters/connections";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { canaryName } from "@/lib/deployments/beside/mark";
import { jobKind, type JobKind } from "@/lib/jobs/step";
import type { StepAnalyst } from "../step-analyst";
import { beginStep, lookStep } from "./begin";
import { settleStep } from "./settle";
import { stepperInput, type StepperInput, type StepTools, type Subject } from "./step-tools";
import { weightStep } from "./weight";

export const stepperKindName = "canary.step";
export const stepperKey = ({ cluster, namespace, workload }: Subject): string => `canary.step/${cluster}/${namespace}/${workload}`;

export interface StepperParts {
  /** The cluster of a slug, null while there is no connection. */
  open(slug: string): ClusterHandle | null;
  analyst: StepAnalyst;
  pollMs?: number;
}

export function stepperKindOver({ open, analyst, pollMs = 2000 }: StepperParts): JobKind {
  return jobKind<StepperInput, StepTools>({
    kind: stepperKindName,
    input: stepperInput,
    title: (input) => ("settle" in input ? `Settle the canary of ${input.namespace}/${input.workload}` : `Canary of ${input.namespace}/${input.workload}: ${input.image.slice(input.image.lastIndexOf("/") + 1)}`),
    key: stepperKey,
    cluster: ({ cluster }) => cluster,
    tools: ({ cluster }) => ({ cluster: () => open(cluster), analyst, now: Date.now, pollMs }),
    afterFailure: "end",
    steps: (input) => ("settle" in input ? [settleStep(input)] : [lookStep(input), beginStep(input), ...input.steps.map((_, at) => weightStep(input, at)), settleStep(input)]),
    stopped: (input, progress) => ("settle" in input || progress.has("begin") ? leftWords(input) : "Stopped before anything was changed."),
    succeeded: (_input, progress) => wordsOf(progress.get("settle")?.memory) || "One version is there.",
  });
}

const leftWords = ({ namespace, workload }: Subject): string => `Stopped with two versions side by side: ${canaryName(workload)} still stands beside ${namespace}/${workload} and gets requests. Roll it back or promote it.`;

function wordsOf(memory: unknown): string {
  return typeof memory === "object" && memory !== null && "say" in memory && typeof memory.say === "string" ? memory.say : "";
}

/** Over the clusters that this process is connected to. */
export const stepperKind = (analyst: StepAnalyst): JobKind => stepperKindOver({ open: (slug) => findConnection(slug)?.handle ?? null, analyst });
