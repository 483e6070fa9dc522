// Follows owners upwards: which workload a pod is a replica of.
import type { Kind, Labels, Owner, PodObject, WorkloadKind, WorkloadObject } from "../adapters/kubernetes/objects";
import type { Picture } from "./picture";

/** Kinds that have a row of their own. A ReplicaSet has one only when nothing owns it. */
export const workloadKinds = ["Deployment", "Rollout", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"] as const satisfies readonly WorkloadKind[];

export interface WorkloadRef { kind: string; namespace: string; name: string; uid: string }

export function workloadKey({ kind, namespace, name }: Pick<WorkloadRef, "kind" | "namespace" | "name">): string {
  return `${kind}/${namespace}/${name}`;
}

/** null for a pod without an owner, and for a static pod, which its node owns. */
export function workloadOf(picture: Picture, pod: PodObject): WorkloadRef | null {
  if (!pod.owner || pod.mirror || pod.owner.kind === "Node") return null;
  return topOf(picture, pod.namespace, pod.owner);
}

function topOf(picture: Picture, namespace: string, owner: Owner): WorkloadRef {
  if (owner.kind === "ReplicaSet") {
    const above = picture.store("ReplicaSet").get(`${namespace}/${owner.name}`)?.owner;
    if (above) return { kind: above.kind, namespace, name: above.name, uid: above.uid };
  }
  return { kind: owner.kind, namespace, name: owner.name, uid: owner.uid };
}

export function isWorkloadKind(kind: string): kind is WorkloadKind {
  const kinds: readonly string[] = workloadKinds;
  return kinds.includes(kind);
}

export function isWorkloadObject(object: { kind: Kind }): object is WorkloadObject {
  return isWorkloadKind(object.kind);
}

export function workloadObject(picture: Picture, ref: Pick<WorkloadRef, "kind" | "namespace" | "name">): WorkloadObject | null {
  return isWorkloadKind(ref.kind) ? (picture.store(ref.kind).get(`${ref.namespace}/${ref.name}`) ?? null) : null;
}

/** Labels by which a policy may know it: its own before its template's. */
export function workloadLabels(object: Pick<WorkloadObject, "labels" | "templateLabels"> | null): Labels {
  return object ? { ...object.templateLabels, ...object.labels } : {};
}

/** On every node by its nature: a DaemonSet's pod, or a static one. Such pods never drift. */
export function isEverywhere(pod: Pick<PodObject, "mirror" | "owner">): boolean {
  return pod.mirror || pod.owner?.kind === "DaemonSet" || pod.owner?.kind === "Node";
}

const appLabels = ["app.kubernetes.io/name", "app", "k8s-app"];

/** The name under which its cells are grouped. */
export function appOf(pod: PodObject, workload: Pick<WorkloadRef, "name"> | null): string {
  for (const label of appLabels) if (pod.labels[label]) return pod.labels[label];
  if (workload) return workload.name;
  const suffix = `-${pod.nodeName}`;
  return pod.mirror && pod.name.endsWith(suffix) ? pod.name.slice(0, -suffix.length) : pod.name;
}
