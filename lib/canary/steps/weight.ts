// One step of a stepped canary: the wanted share made real, held for a while, and left only as the judge allows.
import { z } from "zod";
import { weightOf, weightOperations } from "@/lib/deployments/beside/alb";
import type { AlbMark, Mark } from "@/lib/deployments/beside/mark";
import { hasSettled, imageOf, readIngress, stuckReason, templateDigest, type DeploymentFacts } from "@/lib/deployments/beside/objects";
import { scaleOperations } from "@/lib/deployments/beside/patches";
import type { Outcome, StepDefinition } from "@/lib/jobs/step";
import { advance } from "../stepper/advance";
import { podShare, realShare, routedShare, shareText, type PodShare } from "../stepper/share";
import type { StepVerdict } from "../step-analyst";
import { decide, deploymentRef, failed, isOutcome, orWait, sceneOf, waiting, type Ctx, type Scene, type StartInput, type StepTools } from "./step-tools";
import { currentSet } from "./versions";

const memory = z.object({ since: z.number().nullable(), run: z.string().nullable(), judged: z.boolean() });
type Memory = z.infer<typeof memory>;
type Standing = Scene & { mark: Mark; canary: DeploymentFacts };
interface Place { input: StartInput; at: number; weight: number; holdMs: number; last: boolean }

export function weightStep(input: StartInput, at: number): StepDefinition<StepTools> {
  const { weight = 1, holdSeconds = 0 } = input.steps[at] ?? {};
  const place: Place = { input, at, weight, holdMs: holdSeconds * 1000, last: at === input.steps.length - 1 };
  return {
    name: `weight-${at + 1}`,
    title: `${weight} % for ${input.image.slice(input.image.lastIndexOf("/") + 1)}`,
    expectMs: place.holdMs + 10_000,
    check: () => Promise.resolve(null),
    run: (ctx) => orWait(ctx, async () => {
      const scene = await sceneOf(ctx, input);
      if (isOutcome(scene)) return scene;
      const { mark, canary, stable } = scene;
      if (!mark || mark.job !== ctx.job) return failed("mark-gone", `The mark on ${input.namespace}/${input.workload} is gone or another's. Look at what is there, then cancel this job and settle what is left.`, false);
      if (mark.decision !== "") return { is: "skipped", say: mark.decision === "abort" ? `Left out: ${mark.say}` : `Left out, because it is promoted: ${mark.say}` };
      if (!canary) return giveUp(ctx, scene, `Somebody deleted the Deployment ${mark.canary}.`);
      if (templateDigest(stable.spec.template) !== mark.digest) return giveUp(ctx, scene, `The stable version was changed while its canary was judged, to ${imageOf(stable, mark.container) ?? "another template"}.`);
      const standing = { ...scene, mark, canary };
      return (await makeReal(ctx, standing, place)) ?? hold(ctx, standing, place);
    }),
  };
}

async function giveUp(ctx: Ctx, scene: Scene, say: string): Promise<Outcome> {
  return (await decide(ctx, scene, { decision: "abort", say })) ? { is: "done", say } : waiting(ctx, "It was changed while it was looked at; looking again.");
}

function shareOf({ handle, stable, mark }: Standing, weight: number): PodShare {
  if (mark.alb) return routedShare({ replicas: mark.replicas, weight });
  const { namespace, name } = stable.metadata;
  const keepStable = [...handle.store("HorizontalPodAutoscaler").values()].some((one) => one.namespace === namespace && one.targetKind === "Deployment" && one.targetName === name);
  return podShare({ replicas: keepStable ? stable.spec.replicas : mark.replicas, weight, keepStable });
}

/** Null once the share is what it should be. First more of the canary, then less of the stable version: there are never fewer pods than before. */
async function makeReal(ctx: Ctx, scene: Standing, { weight, input: { namespace } }: Place): Promise<Outcome | null> {
  const { client, canary, stable, mark } = scene;
  const share = shareOf(scene, weight);
  const scaled = async (object: DeploymentFacts, replicas: number, say: string): Promise<Outcome> => {
    ctx.assertOwner();
    const outcome = await client.patch({ ref: deploymentRef(namespace, object.metadata.name), operations: scaleOperations(object, replicas) });
    return waiting(ctx, outcome.outcome === "patched" ? say : "It was scaled by somebody else; looking again.");
  };
  if (canary.spec.replicas !== share.canary) return scaled(canary, share.canary, `The canary is scaled to ${share.canary}.`);
  if (!hasSettled(canary)) {
    const stuck = stuckReason(canary);
    return stuck === "" ? waiting(ctx, `${canary.status.availableReplicas} of ${share.canary} canary pods are available.`) : giveUp(ctx, scene, `The canary does not come up: ${stuck}`);
  }
  if (stable.spec.replicas !== share.stable) return scaled(stable, share.stable, `The stable version is scaled to ${share.stable}.`);
  if (!hasSettled(stable)) return waiting(ctx, `${stable.status.availableReplicas} of ${share.stable} stable pods are available.`);
  return mark.alb ? weigh(ctx, scene, { alb: mark.alb, weight }) : null;
}

async function weigh(ctx: Ctx, { client, stable }: Standing, { alb, weight }: { alb: AlbMark; weight: number }): Promise<Outcome | null> {
  const ref = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", namespace: stable.metadata.namespace, name: alb.ingress };
  const ingress = readIngress(await client.find(ref));
  if (!ingress) return failed("ingress", `The Ingress ${alb.ingress} is gone.`, false);
  if (weightOf(ingress, alb) === weight) return null;
  ctx.assertOwner();
  const outcome = await client.patch({ ref, operations: weightOperations(ingress, alb, weight) });
  return waiting(ctx, outcome.outcome === "patched" ? `The load balancer gives the canary ${weight} %.` : `The Ingress ${alb.ingress} was changed by somebody else; looking again.`);
}

async function hold(ctx: Ctx, scene: Standing, place: Place): Promise<Outcome> {
  const known = memory.safeParse(ctx.progress?.memory).data ?? { since: null, run: null, judged: false };
  known.since ??= ctx.tools.now();
  if (!known.judged) Object.assign(known, { run: await analysisOf(ctx, scene, place), judged: true } satisfies Partial<Memory>);
  const verdict = known.run === null ? null : await ctx.tools.analyst.look(known.run);
  const next = advance({ heldMs: ctx.tools.now() - known.since, holdMs: place.holdMs, verdict, last: place.last });
  const say = `${shareWords(scene, place.weight)}. ${next.say}`;
  await show(ctx, { known, scene, place, verdict });
  if (next.is === "wait") return waiting(ctx, say);
  if (next.is === "ask") return failed("undecided", `${say} Leave this step out with a reason to let it go on, or roll it back.`, false);
  if (next.is === "abort") return giveUp(ctx, scene, next.say);
  return { is: "done", say };
}

async function analysisOf(ctx: Ctx, { client, stable, canary, mark }: Standing, { input }: Place): Promise<string | null> {
  const [own, old] = [await currentSet(client, canary), await currentSet(client, stable)];
  if (!own || !old) return null;
  const begun = await ctx.tools.analyst.begin({
    job: ctx.job, cluster: input.cluster, namespace: input.namespace, workload: input.workload, startedBy: input.startedBy,
    canary: { ...own, image: mark.image }, baseline: { ...old, image: mark.fromImage },
  });
  return begun?.run ?? null;
}

function shareWords({ stable, canary, mark }: Standing, weight: number): string {
  const pods = { canary: canary.status.availableReplicas, stable: stable.status.availableReplicas };
  return mark.alb ? shareText(weight, weight / 100, null) : shareText(weight, realShare(pods.canary, pods.stable), pods);
}

async function show(ctx: Ctx, { known, scene, place, verdict }: { known: Memory; scene: Standing; place: Place; verdict: StepVerdict | null }): Promise<void> {
  const progress = {
    done: 0, total: 1,
    items: [
      { name: "share", state: "running" as const, say: shareWords(scene, place.weight) },
      { name: "judge", state: verdict?.word === "fail" ? "failed" as const : verdict?.word === "pass" ? "done" as const : "waiting" as const, say: verdict?.sentence ?? "No analysis is defined." },
    ],
    memory: known,
  };
  if (JSON.stringify(progress) !== JSON.stringify(ctx.progress)) await ctx.save(progress);
}
