// Changes of what a Rollout runs: pods started anew, an earlier revision, another image.
import { z } from "zod";
import type { PatchOperation } from "@/lib/adapters/kubernetes/patch";

const template = z.looseObject({ metadata: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }).default({ labels: {} }), spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string(), image: z.string().default("") })).default([]), initContainers: z.array(z.looseObject({ name: z.string(), image: z.string().default("") })).optional() }) });
const replicaSet = z.looseObject({
  metadata: z.looseObject({ name: z.string(), creationTimestamp: z.string().default(""), annotations: z.record(z.string(), z.string()).default({}), labels: z.record(z.string(), z.string()).default({}), ownerReferences: z.array(z.looseObject({ uid: z.string(), controller: z.boolean().optional() })).default([]) }),
  spec: z.looseObject({ template }),
});
const workload = z.looseObject({ spec: z.looseObject({ template }) });

export const hashLabel = "rollouts-pod-template-hash";
const revisionAnnotation = "rollout.argoproj.io/revision";

export interface RolloutRevision { revision: number; hash: string; replicaSet: string; images: string[]; createdAt: number; template: unknown }

/** Of the ReplicaSets that belong to it, newest first. */
export function revisionsOf(uid: string, replicaSets: readonly unknown[]): RolloutRevision[] {
  const own = replicaSets.flatMap((raw) => {
    const parsed = replicaSet.safeParse(raw);
    return parsed.success && parsed.data.metadata.ownerReferences.some((owner) => owner.uid === uid && owner.controller !== false) ? [parsed.data] : [];
  });
  const rows = own.map(({ metadata: { name, annotations, labels, creationTimestamp }, spec }) => ({
    revision: Number(annotations[revisionAnnotation]) || 0, hash: labels[hashLabel] ?? "", replicaSet: name,
    images: spec.template.spec.containers.map(({ image }) => image), createdAt: Date.parse(creationTimestamp) || 0, template: unlabelled(spec.template),
  }));
  return rows.filter(({ revision }) => revision > 0).sort((a, b) => b.revision - a.revision);
}

/** The controller adds the hash's label to what it makes; it belongs to no template. */
function unlabelled(from: z.infer<typeof template>): unknown {
  const { [hashLabel]: _hash, ...labels } = from.metadata.labels;
  return { ...from, metadata: { ...from.metadata, labels } };
}

export function restartOperations(at: Date): PatchOperation[] {
  return [{ op: "add", path: "/spec/restartAt", value: at.toISOString().replace(/\.\d+Z$/, "Z") }];
}

export function templateOperations(wanted: unknown): PatchOperation[] {
  return [{ op: "replace", path: "/spec/template", value: wanted }];
}

/** Null when there is no such container. The name is tested too: a place in a list may have changed its owner. */
export function imageOperations(object: unknown, { container, image }: { container: string; image: string }): PatchOperation[] | null {
  const parsed = workload.safeParse(object);
  if (!parsed.success) return null;
  const { containers, initContainers = [] } = parsed.data.spec.template.spec;
  for (const [list, all] of [["containers", containers], ["initContainers", initContainers]] as const) {
    const at = all.findIndex(({ name }) => name === container);
    if (at >= 0) return [{ op: "test", path: `/spec/template/spec/${list}/${at}/name`, value: container }, { op: "replace", path: `/spec/template/spec/${list}/${at}/image`, value: image }];
  }
  return null;
}
