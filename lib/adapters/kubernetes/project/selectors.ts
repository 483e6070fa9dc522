// Selectors, affinities, spread and tolerations: the parts of a spec that choose nodes and neighbours.
import type { LabelSelector, NodeSelectorTerm, PodAffinityTerm, Requirement, Taint, Toleration, TopologySpread } from "../objects";
import { labels } from "./base";
import type { Pools } from "./pools";
import { list, number, numberOrNull, oneOf, record, text, type Flaws } from "./read";

const operators = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"] as const;
const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

export function texts(value: unknown): string[] {
  return list(value).map(text);
}

function requirements(value: unknown): Requirement[] {
  return list(value).map((one) => {
    const raw = record(one);
    return { key: text(raw["key"]), operator: oneOf(raw["operator"], operators, "In"), values: texts(raw["values"]) };
  });
}

/** null selects nothing; an empty selector selects everything. */
export function selector(value: unknown, pools: Pools): LabelSelector | null {
  if (value === undefined || value === null) return null;
  const raw = record(value);
  return { matchLabels: labels(raw["matchLabels"], pools), matchExpressions: requirements(raw["matchExpressions"]) };
}

function term(value: unknown): NodeSelectorTerm {
  const raw = record(value);
  return { expressions: requirements(raw["matchExpressions"]), fields: requirements(raw["matchFields"]) };
}

export function terms(value: unknown): NodeSelectorTerm[] {
  return list(value).map(term);
}

/** Terms of a NodeSelector; null when there is none. */
export function nodeSelectorTerms(value: unknown): NodeSelectorTerm[] | null {
  return value === undefined || value === null ? null : terms(record(value)["nodeSelectorTerms"]);
}

export function preferredTerms(value: unknown): { weight: number; term: NodeSelectorTerm }[] {
  return list(value).map((one) => ({ weight: number(record(one)["weight"]), term: term(record(one)["preference"]) }));
}

export function affinityTerms(value: unknown, pools: Pools): PodAffinityTerm[] {
  return list(value).map((one) => {
    const raw = record(one);
    return {
      selector: selector(raw["labelSelector"], pools),
      topologyKey: text(raw["topologyKey"]),
      namespaces: texts(raw["namespaces"]),
      namespaceSelector: selector(raw["namespaceSelector"], pools),
      matchLabelKeys: texts(raw["matchLabelKeys"]),
      mismatchLabelKeys: texts(raw["mismatchLabelKeys"]),
    };
  });
}

export function spread(value: unknown, pools: Pools): TopologySpread[] {
  return list(value).map((one) => {
    const raw = record(one);
    return {
      maxSkew: number(raw["maxSkew"], 1),
      topologyKey: text(raw["topologyKey"]),
      whenUnsatisfiable: oneOf(raw["whenUnsatisfiable"], ["DoNotSchedule", "ScheduleAnyway"], "DoNotSchedule"),
      selector: selector(raw["labelSelector"], pools),
      minDomains: numberOrNull(raw["minDomains"]),
      nodeAffinityPolicy: oneOf(raw["nodeAffinityPolicy"], ["Honor", "Ignore"], "Honor"),
      nodeTaintsPolicy: oneOf(raw["nodeTaintsPolicy"], ["Honor", "Ignore"], "Ignore"),
      matchLabelKeys: texts(raw["matchLabelKeys"]),
    };
  });
}

export function tolerations(value: unknown): Toleration[] {
  return list(value).map((one) => {
    const raw = record(one);
    return {
      key: text(raw["key"]),
      operator: oneOf(raw["operator"], ["Exists", "Equal", "Lt", "Gt"], "Equal"),
      value: text(raw["value"]),
      effect: oneOf(raw["effect"], [...effects, ""], ""),
      tolerationSeconds: numberOrNull(raw["tolerationSeconds"]),
    };
  });
}

export function taints(value: unknown, flaws: Flaws): Taint[] {
  return list(value).map((one) => {
    const raw = record(one);
    const effect = effects.find((known) => known === raw["effect"]);
    if (!effect) flaws.note("spec.taints.effect", raw["effect"]);
    return { key: text(raw["key"]), value: text(raw["value"]), effect: effect ?? "NoSchedule" };
  });
}
