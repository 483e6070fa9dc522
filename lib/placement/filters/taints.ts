// Taints that a pod does not tolerate keep it off a node (TaintToleration); so does a cordon (NodeUnschedulable).
import type { PodObject, Taint, Toleration } from "../../adapters/kubernetes/objects";
import { refusal, type Filter } from "./refusal";

/** Numeric tolerations (Lt, Gt) are behind a feature gate that is off by default in 1.36, so they tolerate nothing. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== "" && toleration.effect !== taint.effect) return false;
  if (toleration.key !== "" && toleration.key !== taint.key) return false;
  return toleration.operator === "Exists" || (toleration.operator === "Equal" && toleration.value === taint.value);
}

/** Taints that keep a new pod away; PreferNoSchedule only makes a node less liked. */
export function untolerated(pod: Pick<PodObject, "spec">, taints: readonly Taint[]): Taint[] {
  return taints.filter((taint) => taint.effect !== "PreferNoSchedule" && !pod.spec.tolerations.some((toleration) => tolerates(toleration, taint)));
}

export function taintWords(taint: Taint): string {
  return `${taint.key}${taint.value === "" ? "" : `=${taint.value}`}:${taint.effect}`;
}

const cordon: Taint = { key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" };

export const nodeUnschedulable: Filter = ({ pod }, { node }) => {
  if (!node.unschedulable || untolerated(pod, [cordon]).length === 0) return null;
  return refusal("node-unschedulable", "node(s) were unschedulable", { say: "The node is cordoned", short: "cordoned" });
};

export const taintToleration: Filter = ({ pod }, { node }) => {
  const kept = untolerated(pod, node.taints);
  if (kept.length === 0) return null;
  const names = kept.map(taintWords).join(", ");
  return refusal("taints", "node(s) had untolerated taint(s)", { say: `Untolerated taint: ${names}`, short: "taint" });
};
