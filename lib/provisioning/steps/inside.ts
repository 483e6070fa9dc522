// Steps that act inside the cluster: the network between pods, nodes, add-ons.
import { createHash } from "node:crypto";
import type { KubernetesClient } from "@/lib/adapters/kubernetes/client";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { AppError } from "@/lib/base/errors";
import type { Outcome, StepCtx, StepDefinition } from "@/lib/jobs/step";
import { valuesOf } from "../add-ons/charts";
import { heldTo, type Digests } from "../add-ons/digests";
import { applicationNamespace, applicationOf, objectsOf, type ClusterObject } from "../add-ons/manifests";
import { applicationReadiness, workloadReadiness, type Readiness } from "../add-ons/readiness";
import { settled } from "../add-ons/settings";
import { digestIn, mirrored, mirroredSums, sources, type ManifestSource, type SourceName } from "../add-ons/sources";
import { canonical } from "../canonical";
import { expectedMs } from "../durations";
import { resourceGraph } from "../graph/build";
import { inClusterKinds, type Resource, type ResourceOf } from "../graph/model";
import type { Blueprint, BuildInput } from "../model";
import { bootName } from "./boot";
import { settleNode } from "./node";
import { answered, handOf, paced, times, type ProvisionTools } from "./tools";

/** What steps inside a cluster need beyond AWS. */
export interface Inside {
  /** The cluster's API; null until the console is connected. */
  client(): KubernetesClient | null;
  /** The cluster as it is watched; null until the console is connected. */
  handle(): ClusterHandle | null;
  /** The text at an address; throws an AppError that says why there is none. */
  fetch(url: string, signal: AbortSignal): Promise<string>;
  /** Where manifests come from instead of their publishers; "" for the publishers. */
  mirror: string;
  /** Of what publishers gave before. */
  digests: Digests;
}
export type InsideTools = ProvisionTools & { inside: Inside };
type Ctx = StepCtx<InsideTools>;

const waiting = (ctx: Ctx, say: string): Outcome => ({ is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say });

/** The manifest as it was published, and as it is set for this cluster. */
async function settledManifest(ctx: Ctx, blueprint: Blueprint, { name, source }: { name: SourceName; source: ManifestSource }): Promise<ClusterObject[]> {
  const { ledger, cluster } = ctx.tools;
  const vpcId = (await ledger.living(cluster)).find(({ kind }) => kind === "vpc")?.awsId ?? "";
  return settled(name, await manifestOf(ctx, name, source), { blueprint, vpcId });
}

async function manifestOf(ctx: Ctx, name: SourceName, source: ManifestSource): Promise<ClusterObject[]> {
  const { inside } = ctx.tools;
  const url = inside.mirror === "" ? source.url : mirrored(inside.mirror, name, source.version);
  const text = await inside.fetch(url, ctx.signal);
  const digest = createHash("sha256").update(text).digest("hex");
  const trouble = inside.mirror === "" ? await asPublished(ctx, source, digest) : await asMirrored(ctx, `${name}/${source.version}.yaml`, digest);
  if (trouble !== null) throw new AppError("invalid", `${url} ${trouble} Nothing of it was applied.`);
  return objectsOf(text, url);
}

/** A mirror answers for its own content by its list. */
async function asMirrored({ tools: { inside }, signal }: Ctx, path: string, digest: string): Promise<string | null> {
  const wanted = digestIn(await inside.fetch(mirroredSums(inside.mirror), signal), path);
  return wanted === digest ? null : `is not what the mirror's list of digests says (${wanted ?? "it is not in the list"}, got ${digest}).`;
}

async function asPublished({ tools: { inside }, job, log }: Ctx, source: ManifestSource, digest: string): Promise<string | null> {
  const { trouble, first } = await heldTo(inside.digests, source, { digest, job });
  if (first) log(`${source.url} is applied for the first time; its SHA-256 ${digest} is kept and asked for from now on.`, "warn");
  return trouble;
}

async function applyAll(ctx: Ctx, client: KubernetesClient, objects: readonly ClusterObject[]): Promise<Outcome | null> {
  for (const object of objects) {
    ctx.assertOwner();
    if (await client.apply(object) === "not-served") return waiting(ctx, `The API server does not serve ${object.kind} yet.`);
  }
  return null;
}

async function readinessOf(client: KubernetesClient, name: SourceName): Promise<Readiness> {
  const source = sources[name];
  if (source.via === "argo-cd") return applicationReadiness(await client.find({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", namespace: applicationNamespace, name }));
  const all = await Promise.all(source.waitFor.map(async (one) => ({ one, is: workloadReadiness(await client.find({ apiVersion: "apps/v1", ...one })) })));
  const slow = all.filter(({ is }) => !is.ready);
  return { ready: slow.length === 0, say: slow.map(({ one, is }) => `${one.name}: ${is.say}`).join("; ") };
}

async function install(ctx: Ctx, blueprint: Blueprint, resource: ResourceOf<"cni"> | ResourceOf<"add-on">): Promise<Outcome> {
  const name = resource.wanted.name;
  const client = ctx.tools.inside.client();
  if (!client) return waiting(ctx, "The cluster is not connected yet.");
  const source = sources[name];
  try {
    // Applied once in an attempt; afterwards it is only waited for.
    if (ctx.progress?.done !== 1) {
      const objects = source.via === "argo-cd" ? [applicationOf(name, source, name === "calico" ? {} : valuesOf(name, blueprint))] : await settledManifest(ctx, blueprint, { name, source });
      const later = await applyAll(ctx, client, objects);
      if (later) return later;
      if (resource.kind === "add-on") await remember(ctx, resource, "CREATED");
      await ctx.save({ done: 1, total: 2, items: [] });
      ctx.log(`${name} ${source.version}: ${objects.length} objects are applied.`);
    }
    const { ready, say } = await readinessOf(client, name);
    return ready ? { is: "done", say: `${name} ${source.version} runs.` } : waiting(ctx, say);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    if (thrown.code === "unavailable") return { is: "try-again", afterMs: paced(ctx, times.lookAgainMs), say: thrown.say };
    return { is: "failed", code: `add-on-${thrown.code}`, userError: thrown.code === "invalid", say: thrown.say };
  }
}

async function awaitNode(ctx: Ctx, resource: ResourceOf<"node">): Promise<Outcome> {
  const client = ctx.tools.inside.client();
  if (!client) return waiting(ctx, "The cluster is not connected yet.");
  const entry = (await ctx.tools.ledger.living(ctx.tools.cluster)).find((one) => one.resource === resource.id);
  const { ready, say } = await settleNode(client, resource.wanted, { before: entry?.fields, guard: () => ctx.assertOwner(), log: (line) => ctx.log(line) });
  if (ready) return { is: "done", say: `${resource.wanted.nodeName} is Ready.` };
  return waiting(ctx, `${resource.wanted.nodeName} ${say}.`);
}

function act(ctx: Ctx, blueprint: Blueprint, resource: Resource): Promise<Outcome> {
  if (resource.kind === "node") return awaitNode(ctx, resource);
  if (resource.kind === "cni" || resource.kind === "add-on") return install(ctx, blueprint, resource);
  return Promise.resolve({ is: "skipped", say: "" });
}

/** What stands inside the cluster is known by the ledger: the next plan looks there, and sees also what was applied and never became ready. */
async function remember(ctx: Ctx, resource: Resource, state: "CREATED" | "READY"): Promise<void> {
  const { ledger, cluster } = ctx.tools;
  const hand = handOf(ctx, resource.id);
  const entryOf = async () => (await ledger.living(cluster)).find((entry) => entry.resource === resource.id);
  if (!(await entryOf())) await ledger.adopt(hand, { cluster, resource: resource.id, kind: resource.kind, fields: resource.wanted, awsId: resource.name });
  const entry = await entryOf();
  if (entry && canonical(entry.fields) !== canonical(resource.wanted)) await ledger.describe(hand, entry.intent, resource.wanted);
  if (entry && state === "READY" && entry.state !== "READY") await ledger.move(hand, entry.intent, { state, say: "" });
}

async function actAndRemember(ctx: Ctx, blueprint: Blueprint, resource: Resource): Promise<Outcome> {
  const outcome = await act(ctx, blueprint, resource);
  if (outcome.is === "done") await remember(ctx, resource, "READY");
  return outcome;
}

/** A cluster without add-ons is a cluster; without its network or nodes it is none. */
const patience: Partial<Record<Resource["kind"], StepDefinition<InsideTools>["patience"]>> = {
  "cni": { ms: 15 * 60_000, then: "failed" }, "node": { ms: 15 * 60_000, then: "failed" },
};
const softLimitMs = 10 * 60_000;

const titles: Partial<Record<Resource["kind"], (name: string) => string>> = {
  "cni": () => "Install the pod network", "node": (name) => `Wait for ${name} to be Ready`, "add-on": (name) => `Install ${name}`,
};

/** `stepOf`: the name of the step that makes a resource. `softMs`: how long an add-on is waited for. */
export function insideSteps(input: Pick<BuildInput, "blueprint" | "pins">, { stepOf, softMs }: { stepOf: (resource: Resource) => string; softMs?: number }): StepDefinition<InsideTools>[] {
  const { resources } = resourceGraph(input.blueprint, input.pins);
  const stepOfId = new Map(resources.map((resource) => [resource.id, stepOf(resource)]));
  return resources.filter(({ kind }) => inClusterKinds.has(kind) && kind !== "control-plane").map((resource): StepDefinition<InsideTools> => {
    const { kind, id, name, needs, machine } = resource;
    const limit = kind === "add-on" ? { ms: softMs ?? softLimitMs, then: "degraded" as const } : patience[kind];
    return {
      name: id, title: titles[kind]?.(name) ?? id, lane: kind === "node" ? "machines" : "cluster", alike: kind === "add-on" ? id : kind, expectMs: expectedMs(kind),
      needs: [...new Set([...needs.flatMap((need) => stepOfId.get(need) ?? []), ...(kind === "node" ? [bootName(name)] : [])])],
      ...(machine ? { tier: machine.tier, chain: machine.name } : {}), ...(limit ? { patience: limit } : {}),
      check: () => Promise.resolve(null),
      run: (ctx) => answered(() => actAndRemember(ctx, input.blueprint, resource))(ctx),
    };
  });
}
