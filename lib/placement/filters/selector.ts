// Does a set of labels satisfy a selector? The rules of the API server's label selectors.
import type { LabelSelector, Labels, NodeObject, NodeSelectorTerm, Requirement } from "../../adapters/kubernetes/objects";

export function meets(labels: Labels, { key, operator, values }: Requirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In": return value !== undefined && values.includes(value);
    case "NotIn": return value === undefined || !values.includes(value);
    case "Exists": return value !== undefined;
    case "DoesNotExist": return value === undefined;
    case "Gt":
    case "Lt": return compares(value, values, operator);
  }
}

const wholeNumber = /^[+-]?\d+$/;

function compares(value: string | undefined, values: readonly string[], operator: "Gt" | "Lt"): boolean {
  const bound = values[0];
  if (value === undefined || bound === undefined || values.length !== 1 || !wholeNumber.test(value) || !wholeNumber.test(bound)) return false;
  return operator === "Gt" ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
}

/** null selects nothing; an empty selector selects everything. */
export function selects(selector: LabelSelector | null, labels: Labels): boolean {
  if (selector === null) return false;
  for (const [key, value] of Object.entries(selector.matchLabels)) if (!Object.hasOwn(labels, key) || labels[key] !== value) return false;
  return selector.matchExpressions.every((requirement) => meets(labels, requirement));
}

export function selectsAll(selector: LabelSelector | null): boolean {
  return selector !== null && selector.matchExpressions.length === 0 && Object.keys(selector.matchLabels).length === 0;
}

/** The selector narrowed to what shares (or, mismatching, does not share) the values that `labels` has under these keys. */
export function narrowed(selector: LabelSelector | null, labels: Labels, keys: { match: readonly string[]; mismatch?: readonly string[] }): LabelSelector | null {
  if (selector === null) return null;
  const extra = (names: readonly string[], operator: "In" | "NotIn"): Requirement[] =>
    names.flatMap((key) => (Object.hasOwn(labels, key) ? [{ key, operator, values: [labels[key] ?? ""] }] : []));
  const added = [...extra(keys.match, "In"), ...extra(keys.mismatch ?? [], "NotIn")];
  return added.length === 0 ? selector : { matchLabels: selector.matchLabels, matchExpressions: [...selector.matchExpressions, ...added] };
}

/** Terms are or-ed; within a term everything must hold; a term that asks nothing matches nothing. */
export function termsMatch(terms: readonly NodeSelectorTerm[], node: Pick<NodeObject, "labels" | "name">): boolean {
  return terms.some((term) => termMatches(term, node));
}

export function termMatches(term: NodeSelectorTerm, node: Pick<NodeObject, "labels" | "name">): boolean {
  if (term.expressions.length + term.fields.length === 0) return false;
  return term.expressions.every((requirement) => meets(node.labels, requirement)) && term.fields.every((requirement) => meets({ "metadata.name": node.name }, requirement));
}

/** A requirement in words: "workload is one of cache, database". */
export function requirementWords({ key, operator, values }: Requirement): string {
  switch (operator) {
    case "In": return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(", ")})`;
    case "NotIn": return values.length === 1 ? `${key} not ${values[0]}` : `${key} not in (${values.join(", ")})`;
    case "Exists": return `label ${key}`;
    case "DoesNotExist": return `no label ${key}`;
    case "Gt": return `${key} > ${values[0] ?? ""}`;
    case "Lt": return `${key} < ${values[0] ?? ""}`;
  }
}
