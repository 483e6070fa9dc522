// Verbs on Rollouts: each holds only for the version that was looked at; when the version has changed meanwhile, nothing is done.
import "server-only";
import { z } from "zod";
import { feed, verb, type Ctx } from "@/lib/access/verb";
import type { ClusterHandle, KubernetesClient } from "@/lib/adapters/kubernetes/cluster";
import { AppError } from "@/lib/base/errors";
import { connectionFor } from "@/lib/clusters/connections";
import { rememberAct } from "../records/act";
import { identify } from "../records/digest";
import { refuseIfFrozen } from "../records/freezes";
import { readWorkload, templateOf } from "../records/read-revision";
import { imageOperations, restartOperations, revisionsOf, templateOperations } from "../rollouts/changes";
import { guarded, patchesFor, rolloutDeeds, type RolloutDeed, type RolloutPatch } from "../rollouts/patches";
import { isRollout, type RolloutObject } from "../rollouts/standing";

export const rolloutInput = z.object({ cluster: z.string().min(1).max(63), namespace: z.string().min(1).max(63), name: z.string().min(1).max(253) });
export type RolloutRef = z.infer<typeof rolloutInput>;
/** Pod hash of the version that was looked at. */
const hash = z.string().min(1, "Say which version is meant: its pod hash.").max(63);
const argo = "argoproj.io/v1alpha1";

export const rolloutTarget = ({ cluster, namespace, name }: RolloutRef) => ({ kind: "rollout", name: `${namespace}/${name}`, cluster });

export function rolloutOf(handle: ClusterHandle, { namespace, name }: Omit<RolloutRef, "cluster">): RolloutObject {
  const found = handle.store("Rollout").get(`${namespace}/${name}`);
  if (isRollout(found)) return found;
  throw new AppError("not-found", `There is no Rollout ${namespace}/${name} in this cluster.`);
}

const moved = (now: string): AppError => new AppError("conflict", `The version has changed: the canary is now ${now || "another"}, and nothing was done. Look again.`);

/** Read anew, because a store may be a moment behind; refused when another version than `hash` is wanted by now. */
async function expectCurrent(client: KubernetesClient, seen: RolloutObject, meant: string): Promise<void> {
  const raw = await client.find({ apiVersion: argo, kind: "Rollout", namespace: seen.namespace, name: seen.name });
  const now = z.looseObject({ status: z.looseObject({ currentPodHash: z.string().default("") }).default({ currentPodHash: "" }) }).safeParse(raw).data?.status.currentPodHash ?? "";
  if (now !== meant || seen.rollout.currentHash !== meant) throw moved(now);
}

async function send(client: KubernetesClient, ref: Omit<RolloutRef, "cluster">, patches: readonly RolloutPatch[]): Promise<void> {
  for (const patch of patches) {
    const outcome = await client.patch({ ref: { apiVersion: argo, kind: "Rollout", ...ref }, ...patch });
    if (outcome.outcome === "moved") throw new AppError("conflict", "The Rollout has moved on since it was looked at, and nothing was done. Look again.", outcome.say);
  }
}

/** What every deed does, for people and for the judge: `meant` is the version it is about. */
export async function actOnRollout(handle: ClusterHandle, ref: Omit<RolloutRef, "cluster">, { deed, meant }: { deed: RolloutDeed; meant: string }): Promise<void> {
  const seen = rolloutOf(handle, ref);
  if (seen.rollout.currentHash !== meant) throw moved(seen.rollout.currentHash);
  const found = patchesFor(seen, deed);
  if ("refused" in found) throw new AppError("conflict", `Nothing was done: ${found.refused}`);
  await send(handle.client, { namespace: ref.namespace, name: ref.name }, found.patches);
}

const deedInput = rolloutInput.extend({ hash, reason: z.string().trim().max(300).default(""), override: z.boolean().default(false) });
type DeedInput = z.infer<typeof deedInput>;

/** What brings a version to nobody new: a freeze does not stop it. */
const harmless: ReadonlySet<RolloutDeed> = new Set<RolloutDeed>(["abort", "pause"]);

const notFrozen = (ctx: Ctx, { cluster, namespace, name, override, reason }: DeedInput) => refuseIfFrozen(ctx, { cluster, kind: "Rollout", namespace, name }, { override, note: reason });

/** For the record: who did what, and which template came of it, where it is another. */
async function remember(ctx: Ctx, { cluster, namespace, name, reason }: DeedInput, action: string): Promise<void> {
  const handle = connectionFor(cluster);
  const { uid } = rolloutOf(handle, { namespace, name });
  const raw = action === "undo" || action === "set-image" ? await readWorkload(handle.client, { kind: "Rollout", namespace, name }) : null;
  await rememberAct(ctx, { workloadUid: uid, action, note: reason, templateDigest: raw === null ? null : identify(templateOf(raw)).digest });
}

const deedVerb = (deed: RolloutDeed) => verb({
  name: `rollout.${deed}`,
  permission: "rollout.act",
  input: deedInput,
  target: rolloutTarget,
  run: async (ctx, input) => {
    const { cluster, hash: meant, namespace, name } = input;
    if (!harmless.has(deed)) await notFrozen(ctx, input);
    await actOnRollout(connectionFor(cluster), { namespace, name }, { deed, meant });
    await remember(ctx, input, deed);
  },
});

/** Verbs by deed. Object.fromEntries forgets the keys; they are those of the list. */
function asByDeed(entries: Record<string, ReturnType<typeof deedVerb>>): Record<RolloutDeed, ReturnType<typeof deedVerb>> {
  return entries as Record<RolloutDeed, ReturnType<typeof deedVerb>>;
}
export const rolloutVerbs = asByDeed(Object.fromEntries(rolloutDeeds.map((deed) => [deed, deedVerb(deed)])));

export const restartRollout = verb({
  name: "rollout.restart",
  permission: "rollout.act",
  input: deedInput,
  target: rolloutTarget,
  run: async (ctx, input) => {
    const { cluster, hash: meant, namespace, name } = input;
    await notFrozen(ctx, input);
    const handle = connectionFor(cluster);
    const seen = rolloutOf(handle, { namespace, name });
    await expectCurrent(handle.client, seen, meant);
    await send(handle.client, { namespace, name }, [guarded(seen, restartOperations(new Date()))]);
    await remember(ctx, input, "restart");
  },
});

const replicaSets = (client: KubernetesClient, namespace: string) => client.list({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace });

export const rolloutRevisions = feed({
  name: "rollout.revisions",
  permission: "cluster.read",
  input: rolloutInput,
  run: async (_ctx, { cluster, namespace, name }) => {
    const handle = connectionFor(cluster);
    const { uid, rollout: { currentHash, stableHash } } = rolloutOf(handle, { namespace, name });
    const rows = revisionsOf(uid, await replicaSets(handle.client, namespace));
    return { revisions: rows.map(({ template: _whole, ...row }) => ({ ...row, current: row.hash === currentHash, stable: row.hash === stableHash })) };
  },
});

/** The template of an earlier revision; back to the stable one, the controller skips all steps. */
export const undoRollout = verb({
  name: "rollout.undo",
  permission: "rollout.act",
  input: deedInput.extend({ revision: z.number().int().min(1) }),
  target: rolloutTarget,
  run: async (ctx, input) => {
    const { cluster, hash: meant, namespace, name, revision } = input;
    await notFrozen(ctx, input);
    const handle = connectionFor(cluster);
    const seen = rolloutOf(handle, { namespace, name });
    await expectCurrent(handle.client, seen, meant);
    const rows = revisionsOf(seen.uid, await replicaSets(handle.client, namespace));
    const wanted = rows.find((row) => row.revision === revision);
    if (!wanted) throw new AppError("not-found", `There is no revision ${revision} any more. There are ${rows.map((row) => row.revision).join(", ") || "none"}.`);
    if (wanted.hash === meant) throw new AppError("conflict", `Revision ${revision} is what is wanted already.`);
    await changeTemplate(handle.client, seen, { whole: templateOperations(wanted.template) });
    await remember(ctx, input, "undo");
  },
});

export const setRolloutImage = verb({
  name: "rollout.set-image",
  permission: "rollout.act",
  input: deedInput.extend({ container: z.string().min(1).max(63), image: z.string().trim().min(1).max(500).regex(/^\S+$/, "An image has no spaces.") }),
  target: rolloutTarget,
  run: async (ctx, input) => {
    const { cluster, hash: meant, namespace, name, container, image } = input;
    await notFrozen(ctx, input);
    const handle = connectionFor(cluster);
    const seen = rolloutOf(handle, { namespace, name });
    await expectCurrent(handle.client, seen, meant);
    await changeTemplate(handle.client, seen, { container, image });
    await remember(ctx, input, "set-image");
  },
});

type TemplateChange = { whole: ReturnType<typeof templateOperations> } | { container: string; image: string };

/** The template may live in a Deployment that the Rollout refers to: then that is changed, and only as it was read. */
async function changeTemplate(client: KubernetesClient, seen: RolloutObject, change: TemplateChange): Promise<void> {
  const { namespace, name, rollout: { workloadRef } } = seen;
  const ref = { apiVersion: workloadRef?.apiVersion ?? argo, kind: workloadRef?.kind ?? "Rollout", namespace, name: workloadRef?.name ?? name };
  const raw = await client.find(ref);
  const operations = "whole" in change ? change.whole : imageOperations(raw, change);
  if (operations === null) throw new AppError("not-found", `${ref.kind} ${name} has no container ${"container" in change ? change.container : ""}.`);
  const version = z.looseObject({ metadata: z.looseObject({ resourceVersion: z.string() }) }).safeParse(raw).data?.metadata.resourceVersion ?? "";
  const whole = workloadRef === null ? guarded(seen, operations).operations : [{ op: "test" as const, path: "/metadata/resourceVersion", value: version }, ...operations];
  const outcome = await client.patch({ ref, operations: whole });
  if (outcome.outcome === "moved") throw new AppError("conflict", `${ref.kind} ${name} has changed since it was read, and nothing was done. Look again.`, outcome.say);
}
