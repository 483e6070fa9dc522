// Stepped canaries of plain Deployments: begun, decided by a person, settled when nobody steps them any more, and all of a cluster at a glance.
import "server-only";
import { z } from "zod";
import { feed, verb, type Ctx } from "@/lib/access/verb";
import type { WorkloadObject } from "@/lib/adapters/kubernetes/objects";
import { AppError } from "@/lib/base/errors";
import { connectionFor } from "@/lib/clusters/connections";
import { decisions, readMark } from "@/lib/deployments/beside/mark";
import { readDeployment } from "@/lib/deployments/beside/objects";
import { markOperations } from "@/lib/deployments/beside/patches";
import { clusterInput } from "@/lib/deployments/model";
import { refuseIfFrozen } from "@/lib/deployments/records/freezes";
import { jobDatabase } from "@/lib/jobs/database";
import { jobId, type JobStatus } from "@/lib/jobs/model";
import { findJob } from "@/lib/jobs/queries";
import { enqueue } from "@/lib/jobs/store";
import { resume } from "@/lib/jobs/wishes";
import { steppableOf, steppedCanaries, type SteppedCanary } from "../stepper/left-over";
import { stepperKind } from "../steps/stepper";
import { deploymentRef, settleInput, startInput, type StepperInput, type Subject } from "../steps/step-tools";
import { stepAnalyst } from "./step-analyst";

const target = ({ cluster, namespace, workload }: Subject) => ({ kind: "deployment", name: `${namespace}/${workload}`, cluster });

async function begin(input: StepperInput, startedBy: string): Promise<{ job: string }> {
  const kind = stepperKind(stepAnalyst());
  const { started, id } = await enqueue(jobDatabase(), { kind: kind.kind, prepared: kind.prepare(input), startedBy, exclusive: true });
  if (!started) throw new AppError("conflict", `${id} has a canary of ${input.namespace}/${input.workload} already. Follow it, or cancel it first.`);
  return { job: id };
}

/** In a freeze nothing new is sent out; going back is always allowed. */
const override = z.object({ override: z.boolean().default(false), note: z.string().trim().max(300).default("") });
const notFrozen = (ctx: Pick<Ctx, "actor">, { cluster, namespace, workload }: Subject, wish: z.infer<typeof override>) => refuseIfFrozen(ctx, { cluster, kind: "Deployment", namespace, name: workload }, wish);

export const startStepped = verb({
  name: "canary.start",
  permission: "rollout.act",
  input: startInput.extend(override.shape),
  target,
  run: async (ctx, { override: over, note, ...input }) => {
    await notFrozen(ctx, input, { override: over, note });
    const found = connectionFor(input.cluster).store("Deployment").get(`${input.namespace}/${input.workload}`);
    if (!found) throw new AppError("not-found", `There is no Deployment ${input.namespace}/${input.workload} in this cluster.`);
    return begin({ ...input, startedBy: ctx.actor.name }, ctx.actor.name);
  },
});

const decideInput = settleInput.omit({ settle: true }).extend({ job: jobId, decision: z.enum(decisions.filter((one) => one !== "")), reason: z.string().trim().min(3, "Say in a few words why.").max(300), override: z.boolean().default(false) });

/** A person's word to a canary that is being stepped: it is written into the mark, where the step finds it at its next look. */
export const decideStepped = verb({
  name: "canary.decide",
  permission: "rollout.act",
  input: decideInput,
  target,
  run: async (ctx, { cluster, namespace, workload, job, decision, reason, override: over }) => {
    if (decision === "promote") await notFrozen(ctx, { cluster, namespace, workload }, { override: over, note: reason });
    const { client } = connectionFor(cluster);
    const stable = readDeployment(await client.find(deploymentRef(namespace, workload)));
    const mark = stable ? readMark(stable.metadata.annotations) : null;
    if (!stable || mark === null || mark === "broken" || mark.job !== job) throw new AppError("conflict", `${job} steps no canary of ${namespace}/${workload} now. Nothing was done.`);
    if (mark.decision !== "") throw new AppError("conflict", `It was decided already: ${mark.decision === "abort" ? "it goes back" : "it is promoted"}. ${mark.say}`);
    const outcome = await client.patch({ ref: deploymentRef(namespace, workload), operations: markOperations(stable, { ...mark, decision, say: `${ctx.actor.name}: ${reason}` }) });
    if (outcome.outcome === "moved") throw new AppError("conflict", "It has moved on since it was looked at, and nothing was done. Look again.", outcome.say);
    if ((await findJob(jobDatabase(), job)).status === "NEEDS_ATTENTION") await resume(jobDatabase(), job);
    return { job };
  },
});

/** One version again where a job left two. */
export const settleStepped = verb({
  name: "canary.settle",
  permission: "rollout.act",
  input: settleInput.extend(override.shape),
  target,
  run: async (ctx, { override: over, note, ...input }) => {
    if (input.settle === "promote") await notFrozen(ctx, input, { override: over, note });
    const left = (await steppedOf(input.cluster)).find(({ namespace, workload }) => namespace === input.namespace && workload === input.workload);
    if (!left) throw new AppError("not-found", `No canary stands beside ${input.namespace}/${input.workload}.`);
    if (!left.leftOver) throw new AppError("conflict", `${left.say} Decide there, or cancel it first.`);
    return begin(input, ctx.actor.name);
  },
});

async function steppedOf(cluster: string): Promise<SteppedCanary[]> {
  const handle = connectionFor(cluster);
  const pods = (deployment: WorkloadObject) => [...handle.store("ReplicaSet").by("owner", deployment.uid)].flatMap((set) => [...handle.store("Pod").by("owner", set.uid)]);
  const seen = (statusOf: ReadonlyMap<string, JobStatus>) => steppedCanaries({ deployments: handle.store("Deployment").values(), pods, statusOf });
  const named = seen(new Map());
  const found = await Promise.all(named.map(async ({ job }) => [job, jobId.safeParse(job).success ? (await findJob(jobDatabase(), job).catch(() => null))?.status ?? null : null] as const));
  return seen(new Map(found.flatMap(([job, status]) => (status === null ? [] : [[job, status] as const]))));
}

export const steppedList = feed({
  name: "canary.stepped",
  permission: "cluster.read",
  input: clusterInput,
  run: async (_ctx, { cluster }) => ({ canaries: await steppedOf(cluster), steppable: steppableOf(connectionFor(cluster).store("Deployment").values()) }),
});
