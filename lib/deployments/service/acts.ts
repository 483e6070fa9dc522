// Verbs on workloads: restart, scale, another image, hold and let go, back to an earlier revision. Those of Argo Rollouts' own are in rollouts.ts.
import "server-only";
import { z } from "zod";
import { feed, verb, type Ctx } from "@/lib/access/verb";
import type { PatchOperation } from "@/lib/adapters/kubernetes/patch";
import { AppError } from "@/lib/base/errors";
import { connectionFor } from "@/lib/clusters/connections";
import { maskSecrets } from "@/lib/placement/mask";
import { workloadInput, type WorkloadInput } from "../model";
import { act, rememberAct } from "../records/act";
import { identify } from "../records/digest";
import { freezeOf, refuseIfFrozen } from "../records/freezes";
import { liveRevisions } from "../records/live-revisions";
import { ownershipOf, rollBackApplication } from "../records/ownership";
import { readRevision, readWorkload, templateOf } from "../records/read-revision";
import { differences, isJson, plainTemplate, restartAnnotation, type Json } from "../rules/template";
import { imageOperations } from "../rollouts/changes";

export const target = ({ cluster, kind, namespace, name }: WorkloadInput) => ({ cluster, kind: kind.toLowerCase(), name: `${namespace}/${name}` });
const deed = workloadInput.extend({ seen: z.string().min(1).max(80), note: z.string().trim().max(300).default(""), override: z.boolean().default(false) });

const get = (value: unknown, ...path: string[]): unknown => path.reduce<unknown>((at, key) => (isJson(at) ? at[key] : undefined), value);

function restartOperations(raw: unknown): PatchOperation[] {
  const annotations = get(raw, "spec", "template", "metadata", "annotations");
  return [{ op: "add", path: "/spec/template/metadata/annotations", value: { ...(isJson(annotations) ? annotations : {}), [restartAnnotation]: new Date().toISOString().replace(/\.\d+Z$/, "Z") } }];
}

export const restartWorkload = verb({
  name: "deployment.restart",
  permission: "deployment.act",
  input: deed,
  target,
  run: (ctx, { seen, note, override, ...at }) => act(ctx, { at, action: "restart", seen, note, override, operations: restartOperations }),
});

export const scaleWorkload = verb({
  name: "deployment.scale",
  permission: "deployment.act",
  input: deed.extend({ replicas: z.number().int().min(0).max(10_000) }),
  target,
  run: async (ctx, { seen: _any, note, override, replicas, ...at }) => {
    if (at.kind === "DaemonSet") throw new AppError("invalid", "A DaemonSet has a pod on each node and no number of them.");
    return act(ctx, { at, action: "scale", seen: null, note, override, operations: () => [{ op: "add", path: "/spec/replicas", value: replicas }] });
  },
});

export const setWorkloadImage = verb({
  name: "deployment.set-image",
  permission: "deployment.act",
  input: deed.extend({ container: z.string().min(1).max(63), image: z.string().trim().min(1).max(500).regex(/^\S+$/, "An image has no spaces.") }),
  target,
  run: (ctx, { seen, note, override, container, image, ...at }) => act(ctx, {
    at, action: "set-image", seen, note, override,
    operations: (raw) => {
      const operations = imageOperations(raw, { container, image });
      if (!operations) throw new AppError("not-found", `${at.name} has no container ${container}.`);
      return operations;
    },
  }),
});

const hold = (paused: boolean) => verb({
  name: paused ? "deployment.pause" : "deployment.resume",
  permission: "deployment.act",
  input: deed,
  target,
  run: async (ctx, { seen: _any, note, override, ...at }) => {
    if (at.kind !== "Deployment") throw new AppError("invalid", `Only a Deployment can be held here; a ${at.kind} has no such switch${at.kind === "Rollout" ? " but Argo Rollouts' own" : ""}.`);
    return act(ctx, { at, action: paused ? "pause" : "resume", seen: null, note, override, isHarmless: paused, operations: () => [{ op: "add", path: "/spec/paused", value: paused }] });
  },
});
export const pauseWorkload = hold(true);
export const resumeWorkload = hold(false);

const rollback = deed.extend({ revision: z.number().int().min(1), way: z.enum(["direct", "argocd"]).default("direct") });

interface Wanted { template: Json; revisionName: string; createdAt: number; raw: unknown }

/** From the cluster, which alone has it with its secrets. */
async function wantedRevision({ cluster, revision, ...at }: WorkloadInput & { revision: number }): Promise<Wanted> {
  const handle = connectionFor(cluster);
  const object = handle.store(at.kind).get(`${at.namespace}/${at.name}`);
  if (!object) throw new AppError("not-found", `There is no ${at.kind} ${at.namespace}/${at.name} in ${cluster}.`);
  const live = liveRevisions(handle, { kind: at.kind, uid: object.uid });
  const one = live.find((known) => known.revision === revision);
  const raw = one ? await readRevision(handle.client, at, one.name) : null;
  if (!one || raw === null) throw new AppError("gone", `The cluster no longer has revision ${revision} of ${at.name} (it has ${live.map((known) => known.revision).join(", ") || "none"}). Deploy it by Git or CI instead: what the console keeps has its secrets masked.`);
  return { template: plainTemplate(templateOf(raw)), revisionName: one.name, createdAt: one.createdAt, raw };
}

/** What going back would change, before anybody does it. */
export const rollbackPreview = feed({
  name: "deployment.rollback-preview",
  permission: "cluster.read",
  input: workloadInput.extend({ revision: z.coerce.number().int().min(1) }),
  run: async (_ctx, input) => {
    const wanted = await wantedRevision(input);
    const { client } = connectionFor(input.cluster);
    const raw = await readWorkload(client, input);
    const now = identify(templateOf(raw));
    const same = now.digest === identify(templateOf(wanted.raw)).digest;
    const replicas = get(raw, "spec", "replicas");
    return {
      seen: now.digest, isSame: same, replicas: typeof replicas === "number" ? replicas : null,
      differences: differences(maskSecrets(now.template), maskSecrets(wanted.template)), freeze: await freezeOf(input), owner: await ownershipOf(client, raw, wanted.createdAt),
      workloadRef: get(raw, "spec", "workloadRef", "name") ?? null,
    };
  },
});

export const rollBack = verb({
  name: "deployment.rollback",
  permission: "deployment.act",
  input: rollback,
  target,
  run: async (ctx, { seen, note, override, revision, way, ...at }) => {
    const wanted = await wantedRevision({ ...at, revision });
    if (way === "argocd") return rollBackByArgoCd(ctx, { at, wanted, seen, note, override });
    const done = await act(ctx, {
      at, action: "rollback", seen, note, override,
      operations: (raw) => {
        if (get(raw, "spec", "workloadRef")) throw new AppError("conflict", `${at.name} takes its template from another object; roll that back.`);
        if (identify(templateOf(raw)).digest === identify(wanted.template).digest) throw new AppError("conflict", `Revision ${revision} is what ${at.name} runs already.`);
        return [{ op: "replace", path: "/spec/template", value: wanted.template }];
      },
    });
    return { ...done, way };
  },
});

interface ByArgoCd { at: WorkloadInput; wanted: Wanted; seen: string; note: string; override: boolean }

async function rollBackByArgoCd(ctx: Ctx, { at, wanted, seen, note, override }: ByArgoCd): Promise<{ templateDigest: string; way: "argocd" }> {
  await refuseIfFrozen(ctx, at, { override, note });
  const { client, store } = connectionFor(at.cluster);
  const raw = await readWorkload(client, at);
  if (identify(templateOf(raw)).digest !== seen) throw new AppError("conflict", `${at.name} has another template than the one you looked at: somebody was faster. Nothing was done; look again.`);
  const { application, entry, say } = await ownershipOf(client, raw, wanted.createdAt);
  if (!application || !entry) throw new AppError("conflict", `Argo CD cannot roll it back: ${say || "no Application keeps it"}`);
  if ((await rollBackApplication(client, application, { revision: entry.revision, by: ctx.actor.name })) === "moved") throw new AppError("conflict", `The Application ${application} is gone.`);
  const templateDigest = identify(wanted.template).digest;
  await rememberAct(ctx, { workloadUid: store(at.kind).get(`${at.namespace}/${at.name}`)?.uid ?? "", action: "rollback", note, templateDigest });
  return { templateDigest, way: "argocd" };
}
