// What the drawers tell beside the object itself: its events, who owns it, what it claims.
import type { EventObject, PodObject } from "@/lib/adapters/kubernetes/objects";
import type { Picture } from "../picture";
import { isWorkloadKind } from "../workload-of";

const maxEvents = 100;

export interface EventTold { uid: string; at: number; type: string; reason: string; message: string; count: number }

/** Newest first. Events of what has no namespace are kept in `default`. */
export function eventsAbout(picture: Picture, about: { kind: string; namespace: string; name: string; uid?: string }): EventTold[] {
  const concerns = ({ regarding }: EventObject) =>
    regarding.kind === about.kind && regarding.name === about.name && (about.namespace === "" || regarding.namespace === about.namespace) && (!about.uid || !regarding.uid || regarding.uid === about.uid);
  return picture
    .store("Event")
    .by("namespace", about.namespace === "" ? "default" : about.namespace)
    .filter(concerns)
    .toSorted((a, b) => b.lastAt - a.lastAt)
    .slice(0, maxEvents)
    .map(({ uid, lastAt, type, reason, message, count }) => ({ uid, at: lastAt, type, reason, message, count }));
}

export interface OwnerTold { kind: string; name: string; ready: string }

/** From the nearest up. */
export function ownersOf(picture: Picture, pod: PodObject): OwnerTold[] {
  const chain: OwnerTold[] = [];
  for (let owner = pod.owner; owner && chain.length < 5; ) {
    const object = isWorkloadKind(owner.kind) ? picture.store(owner.kind).get(`${pod.namespace}/${owner.name}`) : undefined;
    chain.push({ kind: owner.kind, name: owner.name, ready: object ? `${object.readyReplicas} of ${object.replicas ?? "?"} ready` : "" });
    owner = object?.owner ?? null;
  }
  return chain;
}

export interface ClaimTold { name: string; phase: string; requestBytes: number; storageClass: string; volume: string; waits: boolean }

export function claimsOf(picture: Picture, pod: PodObject): ClaimTold[] {
  return pod.spec.volumes.flatMap(({ kind, claim }) => {
    if (kind !== "claim") return [];
    const object = picture.store("PersistentVolumeClaim").get(`${pod.namespace}/${claim}`);
    if (!object) return [{ name: claim, phase: "missing", requestBytes: 0, storageClass: "", volume: "", waits: false }];
    const waits = object.phase === "Pending" && picture.store("StorageClass").get(object.storageClass)?.waitsForConsumer === true;
    return [{ name: claim, phase: object.phase, requestBytes: object.requestBytes, storageClass: object.storageClass, volume: object.volumeName, waits }];
  });
}
