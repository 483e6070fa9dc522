// The first steps of a stepped canary: is it possible as asked, and the canary's Deployment beside the stable one, marked, still without a pod.
import { canaryName, type AlbMark, type Mark } from "@/lib/deployments/beside/mark";
import { albFront, canaryServiceManifest, narrowOperations } from "@/lib/deployments/beside/alb";
import { imageOf, readIngress, readService, templateDigest, type DeploymentFacts } from "@/lib/deployments/beside/objects";
import { canaryManifest, markOperations } from "@/lib/deployments/beside/patches";
import type { Outcome, StepDefinition } from "@/lib/jobs/step";
import { deploymentRef, failed, isOutcome, orWait, sceneOf, waiting, type Ctx, type Scene, type StartInput, type StepTools } from "./step-tools";
import { currentSet } from "./versions";

/** Refuses before anything is changed. */
export function lookStep(input: StartInput): StepDefinition<StepTools> {
  return {
    name: "look",
    title: `Look at ${input.workload}`,
    expectMs: 1000,
    check: () => Promise.resolve(null),
    run: (ctx) => orWait(ctx, async () => {
      const scene = await soundScene(ctx, input);
      if (isOutcome(scene)) return scene;
      const { annotations, labels } = scene.stable.metadata;
      if (annotations["argocd.argoproj.io/tracking-id"] ?? labels["argocd.argoproj.io/instance"]) ctx.log("Argo CD keeps this Deployment as Git has it: with self-heal it will undo scaling and promotion unless Git is changed too.", "warn");
      return { is: "done", say: `From ${imageOf(scene.stable, input.container) ?? ""} to ${input.image}.` };
    }),
  };
}

/** What stands now, or why no canary can be begun there. */
async function soundScene(ctx: Ctx, input: StartInput): Promise<Scene | Outcome> {
  const scene = await sceneOf(ctx, input);
  return isOutcome(scene) ? scene : (troubleOf(ctx, scene, input) ?? scene);
}

function troubleOf(ctx: Ctx, { stable, mark, canary, handle }: Scene, input: StartInput): Outcome | null {
  const name = `${input.namespace}/${input.workload}`;
  const now = imageOf(stable, input.container);
  const nothing = (code: string, say: string): Outcome => failed(code, `Nothing was changed. ${say}`);
  if (mark && mark.job !== ctx.job) return nothing("taken", `${mark.job} has a canary of ${name} already.`);
  if (!mark && canary) return nothing("taken", `The Deployment ${canary.metadata.name} is there already. If it is left over, settle it first.`);
  if (now === null) return nothing("container", `${name} has no container ${input.container}. It has ${stable.spec.template.spec.containers.map((one) => one.name).join(", ")}.`);
  if (!mark && now === input.image) return nothing("same", `${name} runs ${input.image} already.`);
  if (stable.spec.replicas === 0) return nothing("empty", `${name} is scaled to nothing; there is no version to compare with.`);
  if (stable.spec.paused) return nothing("paused", `${name} is paused.`);
  const owned = [...handle.store("Rollout").values()].some(({ namespace, rollout }) => namespace === input.namespace && rollout?.workloadRef?.name === input.workload);
  return owned ? nothing("rollout", `A Rollout of Argo has ${name} for its template; that steps it.`) : null;
}

export function beginStep(input: StartInput): StepDefinition<StepTools> {
  return {
    name: "begin",
    title: `Put ${canaryName(input.workload)} beside it`,
    expectMs: 3000,
    check: () => Promise.resolve(null),
    run: (ctx) => orWait(ctx, async () => {
      const scene = await soundScene(ctx, input);
      if (isOutcome(scene)) return scene;
      await ctx.save({ done: 0, total: 1, items: [] });
      if (!scene.mark) return leaveMark(ctx, scene, input);
      if (!scene.canary) {
        ctx.assertOwner();
        await scene.client.apply(canaryManifest(scene.stable, { mark: scene.mark, replicas: 0 }));
        return waiting(ctx, "The canary's Deployment was made; its controller takes it up.");
      }
      return scene.mark.alb === null ? { is: "done", say: `${scene.mark.canary} is there; pods are the weights.` } : route(ctx, { ...scene, canary: scene.canary, mark: scene.mark }, scene.mark.alb);
    }),
  };
}

async function leaveMark(ctx: Ctx, { client, stable }: Scene, input: StartInput): Promise<Outcome> {
  const made: Mark = {
    job: ctx.job, canary: canaryName(input.workload), container: input.container, image: input.image, fromImage: imageOf(stable, input.container) ?? "",
    replicas: stable.spec.replicas, digest: templateDigest(stable.spec.template), alb: input.routing === "auto" ? await frontOf({ client, stable }) : null, decision: "", say: "",
  };
  ctx.assertOwner();
  const outcome = await client.patch({ ref: deploymentRef(input.namespace, input.workload), operations: markOperations(stable, made) });
  return waiting(ctx, outcome.outcome === "patched" ? `Marked as ${ctx.job}'s.` : "It was changed while it was looked at; looking again.");
}

/** The one Service that sends to the stable pods, and the load balancer before it. */
async function frontOf({ client, stable }: Pick<Scene, "client" | "stable">): Promise<AlbMark | null> {
  const { namespace } = stable.metadata;
  const labels = stable.spec.template.metadata.labels;
  const services = (await client.list({ apiVersion: "v1", kind: "Service", namespace })).flatMap((raw) => readService(raw) ?? []);
  const behind = services.filter(({ spec: { selector } }) => Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => labels[key] === value));
  const ingresses = (await client.list({ apiVersion: "networking.k8s.io/v1", kind: "Ingress", namespace })).flatMap((raw) => readIngress(raw) ?? []);
  return behind.map(({ metadata }) => albFront(ingresses, metadata.name)).find((front) => front !== null) ?? null;
}

/** A Service for each version: first the canary's own, then the stable one is narrowed, so that no request finds no pod. */
async function route(ctx: Ctx, { client, stable, canary, mark }: Scene & { canary: DeploymentFacts; mark: Mark }, alb: AlbMark): Promise<Outcome> {
  const [own, old] = [await currentSet(client, canary), await currentSet(client, stable)];
  if (!own || !old) return waiting(ctx, "The controller has not made the canary's ReplicaSet yet.");
  const ref = { apiVersion: "v1", kind: "Service", namespace: stable.metadata.namespace };
  const service = readService(await client.find({ ...ref, name: alb.service }));
  if (!service) return failed("service", `The Service ${alb.service} is gone.`, false);
  ctx.assertOwner();
  await client.apply(canaryServiceManifest(service, { alb, hash: own.hash, job: mark.job }));
  const narrow = narrowOperations(service, old.hash);
  ctx.assertOwner();
  if (narrow.length > 0) await client.patch({ ref: { ...ref, name: alb.service }, operations: narrow });
  return { is: "done", say: `${mark.canary} is there; the load balancer before ${alb.service} has the weights.` };
}
