// What becomes of the pods of a node that is emptied: which come back elsewhere, which vanish, and what their workload loses meanwhile.
import type { NodeObject, PodObject } from "../adapters/kubernetes/objects";
import { takesRoom } from "./filters";
import { keyOf, type Picture } from "./picture";
import { isEverywhere, workloadKey, workloadOf } from "./workload-of";

export type Fate = "daemon" | "static" | "finished" | "bare" | "replaced";

/** daemon, static, finished: nothing to move. bare: nobody makes it again. replaced: its owner makes another. */
export function fateOf(pod: PodObject): Fate {
  if (!takesRoom(pod)) return "finished";
  if (pod.owner?.kind === "DaemonSet") return "daemon";
  if (isEverywhere(pod)) return "static";
  return pod.owner ? "replaced" : "bare";
}

/** The pod that its owner will make in its place: it stands nowhere yet. */
export function replacement(pod: PodObject): PodObject {
  return { ...pod, nodeName: "", nominatedNode: "", phase: "Pending", ready: false, deletedAt: null, unscheduled: null, containers: [] };
}

/** As kubectl cordon leaves it, with the taint that the node controller then adds. */
export function cordoned(node: NodeObject): NodeObject {
  return { ...node, unschedulable: true, taints: [...node.taints.filter((taint) => taint.key !== "node.kubernetes.io/unschedulable"), { key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" }] };
}

/** Workloads of which every ready pod is among those that go. */
export function lastReplicas(picture: Picture, going: readonly PodObject[]): string[] {
  const gone = new Set(going.map(keyOf));
  const ready = new Map<string, { staying: number; going: number }>();
  const wanted = new Set(going.flatMap((pod) => keyOfWorkload(picture, pod) ?? []));
  if (wanted.size === 0) return [];
  for (const namespace of new Set(going.map((pod) => pod.namespace))) {
    for (const pod of picture.store("Pod").by("namespace", namespace)) {
      const key = keyOfWorkload(picture, pod);
      if (key === null || !wanted.has(key) || !takesRoom(pod) || !pod.ready || pod.deletedAt !== null) continue;
      const count = ready.get(key) ?? { staying: 0, going: 0 };
      if (gone.has(keyOf(pod))) count.going += 1;
      else count.staying += 1;
      ready.set(key, count);
    }
  }
  return [...ready].flatMap(([key, count]) => (count.staying === 0 && count.going > 0 ? [key] : []));
}

export function keyOfWorkload(picture: Picture, pod: PodObject): string | null {
  const ref = workloadOf(picture, pod);
  return ref ? workloadKey(ref) : null;
}
