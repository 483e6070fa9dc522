// Budgets, autoscalers, namespaces and events at the door.
import type { AutoscalerObject, BudgetObject, EventObject, NamespaceObject } from "../objects";
import { base, finish } from "./base";
import type { Pools } from "./pools";
import { Flaws, number, record, text, timeOrNull, type Raw } from "./read";
import { selector } from "./selectors";

/** A number or a percentage, as the API writes it; null when absent. */
const numberOrPercent = (value: unknown): string | null => (value === undefined || value === null ? null : text(value));

export function budget(raw: Raw, pools: Pools): BudgetObject {
  const flaws = new Flaws();
  const [spec, status] = [record(raw["spec"]), record(raw["status"])];
  const object: BudgetObject = {
    kind: "PodDisruptionBudget",
    ...base(raw, pools, flaws),
    selector: selector(spec["selector"], pools),
    minAvailable: numberOrPercent(spec["minAvailable"]),
    maxUnavailable: numberOrPercent(spec["maxUnavailable"]),
    disruptionsAllowed: number(status["disruptionsAllowed"]),
    currentHealthy: number(status["currentHealthy"]),
    desiredHealthy: number(status["desiredHealthy"]),
    expectedPods: number(status["expectedPods"]),
    unhealthyPodEvictionPolicy: text(spec["unhealthyPodEvictionPolicy"]) || "IfHealthyBudget",
  };
  return finish(object, flaws);
}

export function autoscaler(raw: Raw, pools: Pools): AutoscalerObject {
  const flaws = new Flaws();
  const [spec, status] = [record(raw["spec"]), record(raw["status"])];
  const target = record(spec["scaleTargetRef"]);
  const object: AutoscalerObject = {
    kind: "HorizontalPodAutoscaler",
    ...base(raw, pools, flaws),
    targetKind: text(target["kind"]),
    targetName: text(target["name"]),
    minReplicas: number(spec["minReplicas"], 1),
    maxReplicas: number(spec["maxReplicas"]),
    currentReplicas: number(status["currentReplicas"]),
    desiredReplicas: number(status["desiredReplicas"]),
  };
  return finish(object, flaws);
}

export function namespace(raw: Raw, pools: Pools): NamespaceObject {
  const flaws = new Flaws();
  const object: NamespaceObject = { kind: "Namespace", ...base(raw, pools, flaws), phase: pools.strings.share(text(record(raw["status"])["phase"])) };
  return finish(object, flaws);
}

/** Old and new style events in the same words: a series counts as its newest, and no time at all as its creation. */
export function event(raw: Raw, pools: Pools): EventObject {
  const flaws = new Flaws();
  const series = record(raw["series"]);
  const about = record(raw["involvedObject"]);
  const common = base(raw, pools, flaws);
  const at = (value: unknown, path: string) => timeOrNull(value, path, flaws);
  const first = at(raw["firstTimestamp"], "firstTimestamp") ?? at(raw["eventTime"], "eventTime") ?? common.createdAt;
  const object: EventObject = {
    kind: "Event",
    ...common,
    type: pools.strings.share(text(raw["type"]) || "Normal"),
    reason: pools.strings.share(text(raw["reason"])),
    message: text(raw["message"]).slice(0, 2000),
    count: Math.max(number(raw["count"], 1), number(series["count"], 1)),
    firstAt: first,
    lastAt: at(series["lastObservedTime"], "series.lastObservedTime") ?? at(raw["lastTimestamp"], "lastTimestamp") ?? first,
    regarding: { kind: pools.strings.share(text(about["kind"])), namespace: pools.strings.share(text(about["namespace"])), name: text(about["name"]), uid: text(about["uid"]) },
    source: pools.strings.share(text(raw["reportingComponent"]) || text(record(raw["source"])["component"])),
  };
  return finish(object, flaws);
}
