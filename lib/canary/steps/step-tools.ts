// What the steps of a stepped canary share: what they are given, what stands in the cluster now, and how a decision is written down there.
import { z } from "zod";
import type { ClusterHandle, KubernetesClient } from "@/lib/adapters/kubernetes/cluster";
import { AppError } from "@/lib/base/errors";
import { canaryName, readMark, type Mark } from "@/lib/deployments/beside/mark";
import { readDeployment, type DeploymentFacts } from "@/lib/deployments/beside/objects";
import { markOperations } from "@/lib/deployments/beside/patches";
import { clusterInput, dnsName } from "@/lib/deployments/model";
import type { Outcome, StepCtx } from "@/lib/jobs/step";
import type { StepAnalyst } from "../step-analyst";

const rising = (steps: readonly { weight: number }[]): boolean => steps.every(({ weight }, at) => at === 0 || weight > (steps[at - 1]?.weight ?? 0));
const subject = clusterInput.extend({ namespace: dnsName(63), workload: dnsName(253) });
export const stepWeights = z.array(z.object({ weight: z.number().int().min(1).max(99), holdSeconds: z.number().int().min(0).max(7 * 86_400) })).min(1).max(10).refine(rising, "Each step gives the canary more than the one before.");

export const startInput = subject.extend({
  container: dnsName(63),
  image: z.string().trim().min(1).max(500).regex(/^\S+$/, "An image has no spaces."),
  steps: stepWeights.default([{ weight: 5, holdSeconds: 300 }, { weight: 25, holdSeconds: 900 }, { weight: 50, holdSeconds: 900 }]),
  /** auto: the load balancer's weights where one stands before the Service, else the number of pods. */
  routing: z.enum(["auto", "pods"]).default("auto"),
});
export const settleInput = subject.extend({ settle: z.enum(["promote", "abort"]) });
export const stepperInput = z.union([settleInput, startInput.extend({ startedBy: z.string().max(200) })]);
export type StartInput = z.infer<typeof startInput> & { startedBy: string };
export type StepperInput = z.infer<typeof stepperInput>;
export type Subject = z.infer<typeof subject>;

export interface StepTools {
  /** Null while the console is not connected to it, such as shortly after a start. */
  cluster(): ClusterHandle | null;
  analyst: StepAnalyst;
  now(): number;
  /** Between two looks. */
  pollMs: number;
}
export type Ctx = StepCtx<StepTools>;

export interface Scene { client: KubernetesClient; handle: ClusterHandle; stable: DeploymentFacts; mark: Mark | null; canary: DeploymentFacts | null }

export const deploymentRef = (namespace: string, name: string) => ({ apiVersion: "apps/v1", kind: "Deployment", namespace, name });
export const waiting = (ctx: Ctx, say: string): Outcome => ({ is: "waiting", afterMs: ctx.tools.pollMs, say });
export const failed = (code: string, say: string, userError = true): Outcome => ({ is: "failed", code, say, userError });
export const isOutcome = (value: Scene | Outcome): value is Outcome => "is" in value;

/** Asked of the API server and not of the watched picture, which may lag behind our own changes. */
export async function sceneOf(ctx: Ctx, { cluster, namespace, workload }: Subject): Promise<Scene | Outcome> {
  const handle = ctx.tools.cluster();
  if (!handle) return waiting(ctx, `Waiting until the console is connected to ${cluster}.`);
  const { client } = handle;
  const stable = readDeployment(await client.find(deploymentRef(namespace, workload)));
  if (!stable) return failed("not-found", `There is no Deployment ${namespace}/${workload} in ${cluster}.`);
  const mark = readMark(stable.metadata.annotations);
  if (mark === "broken") return failed("broken-mark", `What stands in the annotation quarterdeck.dev/canary of ${namespace}/${workload} is not ours. Remove it, and look for a Deployment left beside it.`);
  const canary = readDeployment(await client.find(deploymentRef(namespace, mark?.canary ?? canaryName(workload))));
  return { client, handle, stable, mark, canary };
}

/** Writes the decision where every later step and process finds it. False: it was changed meanwhile, look again. */
export async function decide(ctx: Ctx, { client, stable, mark }: Scene, decision: Pick<Mark, "decision" | "say">): Promise<boolean> {
  if (!mark) return false;
  ctx.assertOwner();
  const { namespace, name } = stable.metadata;
  const outcome = await client.patch({ ref: deploymentRef(namespace, name), operations: markOperations(stable, { ...mark, ...decision }) });
  return outcome.outcome === "patched";
}

/** A cluster that is away is waited for: the canary stands as it is meanwhile. */
export async function orWait(ctx: Ctx, act: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "unavailable") return waiting(ctx, thrown.say);
    throw thrown;
  }
}
