// The last step of a stepped canary: one version again, the new one or the old one, and nothing left of what was put up for it.
import { z } from "zod";
import { narrowOperations, restoreOperations } from "@/lib/deployments/beside/alb";
import { besideLabel, jobLabel, type AlbMark, type Mark } from "@/lib/deployments/beside/mark";
import { hasSettled, readIngress, readService, stuckReason } from "@/lib/deployments/beside/objects";
import { isPromoted, markOperations, promoteOperations, scaleOperations, unmarkOperations } from "@/lib/deployments/beside/patches";
import type { Outcome, StepDefinition } from "@/lib/jobs/step";
import { decide, deploymentRef, failed, isOutcome, orWait, sceneOf, waiting, type Ctx, type Scene, type StepperInput, type StepTools } from "./step-tools";

const memory = z.object({ settled: z.enum(["promote", "abort"]).nullable(), say: z.string() });

export function settleStep(input: StepperInput): StepDefinition<StepTools> {
  return {
    name: "settle",
    title: "One version again",
    expectMs: 20_000,
    check: () => Promise.resolve(null),
    run: (ctx) => orWait(ctx, async () => {
      const known = memory.safeParse(ctx.progress?.memory).data;
      const scene = await sceneOf(ctx, input);
      if (isOutcome(scene)) return scene;
      if (!scene.mark) return known?.settled ? conclusion(known.settled, known.say, input) : sweep(ctx, scene);
      if (scene.mark.job !== ctx.job) return "settle" in input ? takeOver(ctx, { ...scene, mark: scene.mark }, input.settle) : failed("taken", `${scene.mark.job} has the canary of ${input.namespace}/${input.workload} now.`);
      const { decision } = scene.mark;
      if (decision === "") return (await decide(ctx, scene, { decision: "promote", say: "All steps went well." })) ? waiting(ctx, "It is promoted.") : waiting(ctx, "It was changed while it was looked at; looking again.");
      return decision === "promote" ? promote(ctx, { ...scene, mark: scene.mark }) : rollBack(ctx, { ...scene, mark: scene.mark });
    }),
  };
}

type Marked = Scene & { mark: Mark };

const conclusion = (settled: "promote" | "abort", say: string, input: StepperInput): Outcome => (settled === "promote" || "settle" in input ? { is: "done", say } : failed("rolled-back", say));

/** What another job left is this one's from now on. */
async function takeOver(ctx: Ctx, { client, stable, mark }: Marked, settle: "promote" | "abort"): Promise<Outcome> {
  ctx.assertOwner();
  const { namespace, name } = stable.metadata;
  const outcome = await client.patch({ ref: deploymentRef(namespace, name), operations: markOperations(stable, { ...mark, job: ctx.job, decision: settle, say: `Settled by ${ctx.job} after ${mark.job}.` }) });
  return waiting(ctx, outcome.outcome === "patched" ? `Taken over from ${mark.job}.` : "It was changed while it was looked at; looking again.");
}

/** A canary without a mark belongs to nobody any more. */
async function sweep(ctx: Ctx, scene: Scene): Promise<Outcome> {
  return (await removeCanary(ctx, scene)) ?? { is: "done", say: "Nothing is left of a canary." };
}

/** Back to the stable version: first no request to the canary, then the stable pods that were given up for it, then nothing of it left. */
async function rollBack(ctx: Ctx, scene: Marked): Promise<Outcome> {
  const { mark, stable } = scene;
  if (mark.alb) await restoreIngress(ctx, scene, mark.alb);
  const full = await backToFull(ctx, scene);
  if (full) return full;
  if (!hasSettled(stable)) return waiting(ctx, `${stable.status.availableReplicas} of ${stable.spec.replicas} stable pods are available again.`);
  const going = await removeCanary(ctx, scene);
  if (going) return going;
  if (mark.alb) {
    await widenService(ctx, scene, mark.alb);
    await removeCanaryService(ctx, scene, mark.alb);
  }
  return finish(ctx, scene, `Rolled back to ${mark.fromImage}: ${mark.say}`);
}

/** The stable Service gets all pods again before its own change; with the canary's pods it serves until the last old one is replaced. */
async function promote(ctx: Ctx, scene: Marked): Promise<Outcome> {
  const { client, mark, stable } = scene;
  if (mark.alb) {
    await widenService(ctx, scene, mark.alb);
    await restoreIngress(ctx, scene, mark.alb);
  }
  const full = await backToFull(ctx, scene);
  if (full) return full;
  if (!isPromoted(stable, mark)) {
    const operations = promoteOperations(stable, mark);
    if (operations === null) return failed("changed", `Not promoted: ${stable.metadata.name} is no longer what its canary was judged against. Roll the canary back, and judge anew.`, false);
    ctx.assertOwner();
    const outcome = await client.patch({ ref: deploymentRef(stable.metadata.namespace, stable.metadata.name), operations });
    return waiting(ctx, outcome.outcome === "patched" ? `${stable.metadata.name} is updated to ${mark.image}.` : "It was changed while it was looked at; looking again.");
  }
  if (!hasSettled(stable)) {
    const stuck = stuckReason(stable);
    return stuck === "" ? waiting(ctx, `${stable.status.updatedReplicas} of ${stable.spec.replicas} pods are the new version.`) : failed("stuck", `The promotion does not come to an end: ${stuck} The canary stays beside it meanwhile.`, false);
  }
  const going = await removeCanary(ctx, scene);
  if (going) return going;
  if (mark.alb) await removeCanaryService(ctx, scene, mark.alb);
  return finish(ctx, scene, `Promoted to ${mark.image}. ${mark.say}`);
}

async function backToFull(ctx: Ctx, { client, stable, mark }: Marked): Promise<Outcome | null> {
  // More than before is somebody's will, such as an autoscaler's.
  if (stable.spec.replicas >= mark.replicas) return null;
  ctx.assertOwner();
  await client.patch({ ref: deploymentRef(stable.metadata.namespace, stable.metadata.name), operations: scaleOperations(stable, mark.replicas) });
  return waiting(ctx, `The stable version is scaled back to ${mark.replicas}.`);
}

/** Null once neither its Deployment nor a pod of it is there. */
async function removeCanary(ctx: Ctx, { client, stable, canary }: Scene): Promise<Outcome | null> {
  const { namespace, name } = stable.metadata;
  if (canary) {
    if (canary.metadata.labels[besideLabel] !== name) return failed("foreign", `The Deployment ${namespace}/${canary.metadata.name} is not a canary of ours; it stays as it is.`);
    ctx.assertOwner();
    if (canary.metadata.deletionTimestamp === undefined) await client.removeExactly({ ref: deploymentRef(namespace, canary.metadata.name), uid: canary.metadata.uid });
    return waiting(ctx, "The canary's Deployment is removed.");
  }
  const pods = await client.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector: `${besideLabel}=${name}` });
  return pods.length === 0 ? null : waiting(ctx, `${pods.length} pods of the canary are still ending.`);
}

async function restoreIngress(ctx: Ctx, { client, stable }: Scene, alb: AlbMark): Promise<void> {
  const ref = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", namespace: stable.metadata.namespace, name: alb.ingress };
  const ingress = readIngress(await client.find(ref));
  const operations = ingress ? restoreOperations(ingress, alb) : [];
  if (operations.length === 0) return;
  ctx.assertOwner();
  await client.patch({ ref, operations });
}

/** Its Service gets every pod of the service again. */
async function widenService(ctx: Ctx, { client, stable }: Scene, alb: AlbMark): Promise<void> {
  const ref = { apiVersion: "v1", kind: "Service", namespace: stable.metadata.namespace, name: alb.service };
  const service = readService(await client.find(ref));
  const operations = service ? narrowOperations(service, null) : [];
  if (operations.length === 0) return;
  ctx.assertOwner();
  await client.patch({ ref, operations });
}

async function removeCanaryService(ctx: Ctx, { client, stable }: Scene, alb: AlbMark): Promise<void> {
  const ref = { apiVersion: "v1", kind: "Service", namespace: stable.metadata.namespace, name: alb.canaryService };
  const own = readService(await client.find(ref));
  if (own?.metadata.labels[jobLabel] === undefined) return;
  ctx.assertOwner();
  await client.removeExactly({ ref, uid: own.metadata.uid });
}

/** What was decided is remembered before the mark goes: a process that dies between them still knows how it ended. */
async function finish(ctx: Ctx, { client, stable, mark }: Marked, say: string): Promise<Outcome> {
  const settled = mark.decision === "promote" ? "promote" : "abort";
  await ctx.tools.analyst.endFor(ctx.job, settled === "promote" ? "promoted" : "aborted", say);
  await ctx.save({ done: 1, total: 1, items: [], memory: { settled, say } });
  ctx.assertOwner();
  await client.patch({ ref: deploymentRef(stable.metadata.namespace, stable.metadata.name), operations: unmarkOperations(stable) });
  return waiting(ctx, say);
}
