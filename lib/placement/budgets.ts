// Disruption budgets: which guard a pod, and do they forbid its eviction now?
import type { BudgetObject, PodObject } from "../adapters/kubernetes/objects";
import { selects } from "./filters/selector";
import type { Picture } from "./picture";

export interface Block { budget: string; say: string }

function budgetsOf(picture: Picture, pod: Pick<PodObject, "namespace" | "labels">): readonly BudgetObject[] {
  return picture.store("PodDisruptionBudget").by("namespace", pod.namespace).filter((budget) => selects(budget.selector, pod.labels));
}

/** What would refuse an eviction of the pod at this moment; null when nothing does. */
export function blockOf(picture: Picture, pod: PodObject): Block | null {
  const budgets = budgetsOf(picture, pod);
  const [first, second] = budgets;
  if (!first) return null;
  const name = (budget: BudgetObject) => `${budget.namespace}/${budget.name}`;
  if (second) return { budget: name(first), say: `Guarded by more than one budget (${budgets.map(name).join(", ")}): evictions are refused until one is left` };
  if (first.disruptionsAllowed > 0 || neverBlocks(first, pod)) return null;
  return { budget: name(first), say: `${name(first)} allows no disruption now: ${first.currentHealthy} healthy, ${first.desiredHealthy} wanted` };
}

/** A pod that is not running guards nothing; one that is not ready may go when its budget is met without it, or when the budget says so. */
function neverBlocks(budget: BudgetObject, pod: PodObject): boolean {
  if (pod.phase === "Pending" || pod.phase === "Succeeded" || pod.phase === "Failed" || pod.deletedAt !== null) return true;
  if (pod.ready) return false;
  return budget.unhealthyPodEvictionPolicy === "AlwaysAllow" || (budget.currentHealthy >= budget.desiredHealthy && budget.desiredHealthy > 0);
}
