// The first part of a teardown, while the cluster still answers: its own controllers remove what they made on AWS, and pods leave their volumes.
import { z } from "zod";
import type { KubernetesClient } from "@/lib/adapters/kubernetes/client";
import { AppError } from "@/lib/base/errors";
import type { StepProgress } from "@/lib/jobs/model";
import type { Outcome, StepCtx, StepDefinition } from "@/lib/jobs/step";
import type { InsideTools } from "./inside";
import { answered, paced, times } from "./tools";

type Ctx = StepCtx<InsideTools>;

const metadata = z.object({ name: z.string(), namespace: z.string().default(""), uid: z.string(), deletionTimestamp: z.string().optional() });
const thing = z.object({ metadata });
const service = thing.extend({ spec: z.object({ type: z.string().optional() }) });
const node = thing.extend({ spec: z.object({ unschedulable: z.boolean().optional() }) });
const claim = thing.extend({ spec: z.object({ volumeName: z.string().optional(), resources: z.object({ requests: z.object({ storage: z.string() }).partial().optional() }).optional() }) });
const pod = thing.extend({ spec: z.object({ nodeName: z.string().optional(), volumes: z.array(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).optional() })).optional() }) });
const volume = thing.extend({ spec: z.object({ persistentVolumeReclaimPolicy: z.string().optional(), csi: z.object({ driver: z.string() }).optional() }) });
const controller = z.object({ spec: z.object({ replicas: z.number().optional() }) });

const driver = "ebs.csi.aws.com";
const named = ({ metadata: { namespace, name } }: z.infer<typeof thing>): string => (namespace === "" ? name : `${namespace}/${name}`);
const listed = (things: readonly z.infer<typeof thing>[]): string => `${things.slice(0, 4).map(named).join(", ")}${things.length > 4 ? ` and ${things.length - 4} more` : ""}`;

/** Argo CD would put back what is removed here. */
async function holdDelivery({ assertOwner, log }: Ctx, client: KubernetesClient): Promise<void> {
  const ref = { apiVersion: "apps/v1", kind: "StatefulSet", namespace: "argocd", name: "argocd-application-controller" };
  const found = controller.safeParse(await client.find(ref)).data;
  if (!found || found.spec.replicas === 0) return;
  assertOwner();
  await client.patch({ ref, operations: [{ op: "replace", path: "/spec/replicas", value: 0 }] });
  log("Argo CD delivers no more.");
}

async function releaseBalancers(ctx: Ctx, client: KubernetesClient): Promise<Outcome> {
  await holdDelivery(ctx, client);
  const [ingresses, services] = await Promise.all([
    client.list({ apiVersion: "networking.k8s.io/v1", kind: "Ingress" }).then((all) => z.array(thing).parse(all)),
    client.list({ apiVersion: "v1", kind: "Service" }).then((all) => z.array(service).parse(all).filter(({ spec }) => spec.type === "LoadBalancer")),
  ]);
  const all = [...ingresses.map((one) => ({ one, apiVersion: "networking.k8s.io/v1", kind: "Ingress" })), ...services.map((one) => ({ one, apiVersion: "v1", kind: "Service" }))];
  for (const { one, apiVersion, kind } of all) {
    if (one.metadata.deletionTimestamp !== undefined) continue;
    ctx.assertOwner();
    await client.remove({ apiVersion, kind, namespace: one.metadata.namespace, name: one.metadata.name });
    ctx.log(`${kind} ${named(one)} is to go.`);
  }
  if (all.length === 0) return { is: "done", say: "No Ingress and no load balancer's Service is left." };
  return waiting(ctx, `Waiting until the controllers have removed the load balancers of ${listed(all.map(({ one }) => one))}.`);
}

/** Pods that were stopped are made anew by what keeps them; on machines that take no more they and their claims stay names. */
async function cordonAll({ assertOwner }: Ctx, client: KubernetesClient): Promise<void> {
  for (const { metadata: { name }, spec } of z.array(node).parse(await client.list({ apiVersion: "v1", kind: "Node" }))) {
    assertOwner();
    if (spec.unschedulable !== true) await client.cordon({ node: name, unschedulable: true });
  }
}

async function releaseVolumes(ctx: Ctx, client: KubernetesClient, keep: boolean): Promise<Outcome> {
  await holdDelivery(ctx, client);
  const claims = z.array(claim).parse(await client.list({ apiVersion: "v1", kind: "PersistentVolumeClaim" })).filter(({ spec }) => spec.volumeName !== undefined);
  const volumes = z.array(volume).parse(await client.list({ apiVersion: "v1", kind: "PersistentVolume" })).filter(({ spec }) => spec.csi?.driver === driver);
  if (volumes.length === 0) return { is: "done", say: "No volume is in use." };
  await cordonAll(ctx, client);
  if (!keep) await removeClaims(ctx, client, claims);
  const writers = await stopWriters(ctx, client, claims);
  if (writers.length > 0) return waiting(ctx, `Waiting until ${listed(writers)} ${writers.length === 1 ? "has" : "have"} stopped.`);
  if (keep) return { is: "done", say: `${volumes.length} ${volumes.length === 1 ? "volume is" : "volumes are"} in nobody's use any more and will be kept.` };
  const going = volumes.filter(({ spec }) => spec.persistentVolumeReclaimPolicy === "Delete");
  if (going.length > 0) return waiting(ctx, `Waiting until ${going.length === 1 ? "the volume of one claim is" : `the volumes of ${going.length} claims are`} gone.`);
  return { is: "done", say: "The cluster has deleted the volumes of its claims." };
}

async function removeClaims(ctx: Ctx, client: KubernetesClient, claims: readonly z.infer<typeof claim>[]): Promise<void> {
  for (const one of claims.filter(({ metadata: { deletionTimestamp } }) => deletionTimestamp === undefined)) {
    ctx.assertOwner();
    await client.remove({ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: one.metadata.namespace, name: one.metadata.name });
    ctx.log(`The claim ${named(one)} (${one.spec.resources?.requests?.storage ?? "of unknown size"}) is to go, with its data.`);
  }
}

/** Asks the pods that have the claims mounted to end, each with its own grace; those that have not ended yet. */
async function stopWriters(ctx: Ctx, client: KubernetesClient, claims: readonly z.infer<typeof claim>[]): Promise<z.infer<typeof pod>[]> {
  const names = new Set(claims.map(named));
  const uses = ({ metadata: { namespace }, spec }: z.infer<typeof pod>): boolean => (spec.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined && names.has(`${namespace}/${persistentVolumeClaim.claimName}`));
  const writers = z.array(pod).parse(await client.list({ apiVersion: "v1", kind: "Pod" })).filter((one) => one.spec.nodeName !== undefined && uses(one));
  for (const { metadata: { namespace, name, uid, deletionTimestamp } } of writers) {
    if (deletionTimestamp !== undefined) continue;
    ctx.assertOwner();
    await client.deletePod({ namespace, name, uid }).catch(unlessGone);
    ctx.log(`The pod ${namespace}/${name} is to stop.`);
  }
  return writers;
}

function unlessGone(thrown: unknown): void {
  if (!(thrown instanceof AppError) || thrown.code !== "gone") throw thrown;
}

const waiting = (ctx: Ctx, say: string): Outcome => ({ is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say });

/** As long may the API be away before the rest goes on without it. */
const silentMs = 60_000;
const remembered = z.object({ silent: z.boolean() });
export const wasSilent = (progress: ReadonlyMap<string, StepProgress>): boolean => [...progress.values()].some(({ memory }) => remembered.safeParse(memory).data?.silent === true);

async function withCluster(ctx: Ctx, work: (client: KubernetesClient) => Promise<Outcome>): Promise<Outcome> {
  const client = ctx.tools.inside.client();
  // A cluster that never came up has made nothing; one that did and is not connected cannot be asked.
  if (!client) return { is: "skipped", say: "The console is not connected to the cluster; what is left is found by its tags." };
  try {
    return await work(client);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    if (ctx.attemptMs() < paced(ctx, silentMs)) return waiting(ctx, `${thrown.say} It is asked again.`);
    await ctx.save({ done: 0, total: 0, items: [], memory: { silent: true } });
    return { is: "skipped", say: `${thrown.say} It goes on without the cluster: what its controllers made is removed by tag.` };
  }
}

const minutes = (value: number): number => value * 60_000;

/** What hangs longer than `softMs` is left to the sweep, and the job says so. */
export function orderlySteps(keepVolumes: boolean, softMs = minutes(10)): StepDefinition<InsideTools>[] {
  const step = (name: string, title: string, work: (ctx: Ctx, client: KubernetesClient) => Promise<Outcome>): StepDefinition<InsideTools> => ({
    name, title, needs: [], lane: "cluster", expectMs: minutes(1), patience: { ms: softMs, then: "degraded" },
    check: () => Promise.resolve(null),
    run: (ctx) => answered(() => withCluster(ctx, (client) => work(ctx, client)))(ctx),
  });
  return [
    step("release-load-balancers", "Have the cluster remove its load balancers", releaseBalancers),
    step("release-volumes", keepVolumes ? "Stop the pods that write to volumes" : "Have the cluster delete the volumes of claims", (ctx, client) => releaseVolumes(ctx, client, keepVolumes)),
  ];
}
