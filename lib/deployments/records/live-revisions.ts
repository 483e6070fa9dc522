// The revisions that the cluster itself still knows of a workload, and which pods are of one of them.
import "server-only";
import type { PodObject, WorkloadObject } from "@/lib/adapters/kubernetes/objects";
import type { Picture } from "@/lib/placement/picture";
import type { RolledKind } from "../model";

export type Workload = WorkloadObject & { kind: RolledKind };

export interface LiveRevision {
  revision: number;
  /** Of its ReplicaSet or ControllerRevision. */
  name: string;
  uid: string;
  createdAt: number;
  /** Numbers it had before; of a ControllerRevision they are not told. */
  earlier: readonly number[];
}

export const isReplicated = (kind: RolledKind): boolean => kind === "Deployment" || kind === "Rollout";

/** Oldest first. A ReplicaSet without a number was not made by this workload's controller. */
export function liveRevisions(picture: Picture, { kind, uid }: Pick<Workload, "kind" | "uid">): LiveRevision[] {
  const found = isReplicated(kind)
    ? picture.store("ReplicaSet").by("owner", uid).map((one): LiveRevision => ({ revision: one.revision?.revision ?? 0, name: one.name, uid: one.uid, createdAt: one.createdAt, earlier: one.revision?.earlierRevisions ?? [] }))
    : picture.store("ControllerRevision").by("owner", uid).map((one): LiveRevision => ({ revision: one.revision, name: one.name, uid: one.uid, createdAt: one.createdAt, earlier: [] }));
  return found.filter(({ revision }) => revision > 0).sort((a, b) => a.revision - b.revision);
}

const revisionLabel = "controller-revision-hash";

/** A DaemonSet's pods carry only the end of the revision's name. */
export function podsOf(picture: Picture, workload: Pick<Workload, "kind" | "uid">, { name, uid }: Pick<LiveRevision, "name" | "uid">): readonly PodObject[] {
  if (isReplicated(workload.kind)) return picture.store("Pod").by("owner", uid);
  return picture.store("Pod").by("owner", workload.uid).filter(({ labels }) => {
    const hash = labels[revisionLabel] ?? "";
    return hash !== "" && (hash === name || name.endsWith(`-${hash}`));
  });
}

/** It existed before the revision that came before it did: the workload went back to it. */
export function isReused(revisions: readonly LiveRevision[], one: LiveRevision): boolean {
  return one.earlier.length > 0 || revisions.some(({ revision, createdAt }) => revision < one.revision && createdAt > one.createdAt);
}
