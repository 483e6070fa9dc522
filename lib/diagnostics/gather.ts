// Which pods are unwell and what is said of them: kept up with touched objects alone, so that a look at a large cluster costs what is wrong in it.
import type { EventObject, PodObject } from "../adapters/kubernetes/objects";
import { keyOf, type Picture, type Touched } from "../placement/picture";
import type { Said, Subject } from "./model";

/** An event says how it was; what nobody repeated for so long is not so any more. */
const eventAgeMs = 15 * 60_000;
const workloads = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Rollout"]);

export function isUnwell({ deletedAt, phase, ready, containers }: PodObject): boolean {
  if (deletedAt !== null || phase === "Succeeded") return false;
  return phase !== "Running" || !ready || containers.some(({ lastReason }) => lastReason === "OOMKilled");
}

export interface Gathering {
  rebuild(picture: Picture): void;
  touch(touched: readonly Touched[]): void;
  unwell(): PodObject[];
}

export function createGathering(): Gathering {
  const unwell = new Map<string, PodObject>();
  const put = (key: string, pod: PodObject | null): void => void (pod && isUnwell(pod) ? unwell.set(key, pod) : unwell.delete(key));
  return {
    rebuild(picture) {
      unwell.clear();
      for (const pod of picture.store("Pod").values()) if (isUnwell(pod)) unwell.set(keyOf(pod), pod);
    },
    touch(touched) {
      for (const { kind, key, after } of touched) if (kind === "Pod") put(key, after?.kind === "Pod" ? after : null);
    },
    unwell: () => [...unwell.values()],
  };
}

/** What the scheduler and events say about objects that are still there and still not well. */
export function saidOf(picture: Picture, unwell: readonly PodObject[], now: number): Said[] {
  const scheduler = unwell.flatMap((pod): Said[] => (pod.unscheduled ? [{ origin: "scheduler", text: pod.unscheduled.message, at: pod.unscheduled.at, subject: { kind: "pod", key: keyOf(pod) } }] : []));
  const sick = new Set(unwell.map(keyOf));
  const events = [...picture.store("Event").values()];
  const mended = new Map<string, number>();
  for (const { type, regarding: { kind, namespace, name }, lastAt } of events) if (type === "Normal" && kind === "Ingress") mended.set(`${namespace}/${name}`, Math.max(lastAt, mended.get(`${namespace}/${name}`) ?? 0));
  return [...scheduler, ...events.flatMap((event): Said[] => {
    // The scheduler's own words stand on the pod, newer than in its events.
    if (event.type !== "Warning" || event.reason === "FailedScheduling" || now - event.lastAt > eventAgeMs) return [];
    const subject = subjectOf(event);
    if (isOver(picture, event) || (subject.kind === "pod" && !sick.has(subject.key)) || (subject.kind === "ingress" && (mended.get(subject.key) ?? 0) > event.lastAt)) return [];
    return [{ origin: "event", text: `${event.reason}: ${event.message}`, at: event.firstAt || event.lastAt, subject }];
  })];
}

/** What is gone, or has what it asked for, is not complained of any more, however young the complaint is. */
function isOver(picture: Picture, { regarding: { kind, namespace, name } }: EventObject): boolean {
  if (kind === "PersistentVolumeClaim") return picture.store("PersistentVolumeClaim").get(`${namespace}/${name}`)?.phase !== "Pending";
  if (kind === "Node") return picture.store("Node").get(name) === undefined;
  if (kind === "Ingress") return picture.store("Ingress").get(`${namespace}/${name}`) === undefined;
  return false;
}

function subjectOf({ regarding: { kind, namespace, name } }: EventObject): Subject {
  const key = namespace === "" ? name : `${namespace}/${name}`;
  if (kind === "Pod") return { kind: "pod", key };
  if (kind === "Node") return { kind: "node", key: name };
  if (kind === "Ingress") return { kind: "ingress", key };
  if (kind === "Service") return { kind: "service", key };
  if (workloads.has(kind)) return { kind: "workload", key: `${kind}/${key}` };
  return { kind: "namespace", key: namespace || name };
}
