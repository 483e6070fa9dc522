// The filter language of the placement screens: `tier:4 status:pending node:k8s- -drift:true cpu:>85 words`.
// Same key = or, different keys = and, `-` negates; a bare word looks into names.
import { podStates, type NodeRow, type PodRow } from "./model";

export const filterKeys = ["tier", "status", "node", "ns", "app", "az", "group", "workload", "type", "reason", "home", "drift", "cordoned", "cpu", "mem", "pods", "pod"] as const;
export type FilterKey = (typeof filterKeys)[number];

type Test = { kind: "text"; value: string } | { kind: "exact"; value: string } | { kind: "number"; compare: ">" | ">=" | "<" | "<=" | "="; value: number } | { kind: "range"; from: number; to: number };
export interface FilterTerm { key: FilterKey | "word"; negated: boolean; test: Test; text: string }
export interface Filter { terms: readonly FilterTerm[] }
export type ParsedFilter = { ok: true; filter: Filter } | { ok: false; at: number; length: number; say: string };

/** What each closed key allows; "" in `tier` and `home` stands for none. */
const choices: Partial<Record<FilterKey, readonly string[]>> = {
  tier: ["1", "2", "3", "4", "none"],
  home: ["1", "2", "3", "4", "none"],
  status: podStates,
  drift: ["true", "false"],
  cordoned: ["true", "false"],
};
const numeric = new Set<FilterKey>(["cpu", "mem", "pods"]);

export function parseFilter(text: string): ParsedFilter {
  const terms: FilterTerm[] = [];
  for (const match of text.matchAll(/-?[^\s:"]*:?"[^"]*"?|\S+/g)) {
    const term = parseTerm(match[0]);
    if (typeof term === "string") return { ok: false, at: match.index, length: match[0].length, say: term };
    terms.push(term);
  }
  return { ok: true, filter: { terms } };
}

function parseTerm(text: string): FilterTerm | string {
  const negated = text.startsWith("-") && text.length > 1;
  const body = negated ? text.slice(1) : text;
  const colon = body.indexOf(":");
  if (colon <= 0) return { key: "word", negated, test: { kind: "text", value: unquoted(body) }, text };
  const key = filterKeys.find((each) => each === body.slice(0, colon).toLowerCase());
  if (!key) return `There is no filter "${body.slice(0, colon)}". Allowed: ${filterKeys.join(", ")}.`;
  const test = parseTest(key, unquoted(body.slice(colon + 1)));
  return typeof test === "string" ? test : { key, negated, test, text };
}

function unquoted(text: string): string {
  return text.replaceAll('"', "").toLowerCase();
}

function parseTest(key: FilterKey, value: string): Test | string {
  const allowed = choices[key];
  if (allowed) return allowed.includes(value) ? { kind: "exact", value } : `${key}: takes ${allowed.join(", ")}.`;
  if (numeric.has(key)) {
    const range = /^(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)%?$/.exec(value);
    if (range) return { kind: "range", from: Number(range[1]), to: Number(range[2]) };
    const found = /^(>=|<=|>|<|=)?(\d+(?:\.\d+)?)%?$/.exec(value);
    if (!found) return `${key}: takes a comparison with the percentage requested on the node, like ${key}:>85 or ${key}:40..60.`;
    const compare = found[1];
    return { kind: "number", compare: compare === ">" || compare === ">=" || compare === "<" || compare === "<=" ? compare : "=", value: Number(found[2]) };
  }
  return value === "" ? `${key}: wants a text after the colon.` : { kind: "text", value };
}

/** A pod with its node, a node alone (pod null), or a pod that has no node. Asked of every row at every renewal, so it makes nothing. */
export function matches({ terms }: Filter, pod: PodRow | null, node: NodeRow | null): boolean {
  for (const [at, term] of terms.entries()) {
    if (holdsFor(term, pod, node)) {
      if (term.negated) return false;
    } else if (!term.negated && !another(terms, at, { pod, node })) return false;
  }
  return true;
}

/** Of several terms with one key, one that holds is enough. */
function another(terms: readonly FilterTerm[], at: number, { pod, node }: { pod: PodRow | null; node: NodeRow | null }): boolean {
  const failed = terms[at];
  return terms.some((term, index) => index !== at && !term.negated && term.key === failed?.key && holdsFor(term, pod, node));
}

function holdsFor({ key, test }: FilterTerm, pod: PodRow | null, node: NodeRow | null): boolean {
  if (test.kind === "number") return node !== null && compares(test, usedPercent(key, node));
  if (test.kind === "range") return node !== null && within(test, usedPercent(key, node));
  if (key !== "word") return says(test, textOf(key, pod, node));
  return (pod !== null && (says(test, pod.name) || says(test, pod.app) || says(test, pod.workload) || says(test, pod.namespace))) || (node !== null && says(test, node.name));
}

function says(test: Extract<Test, { kind: "text" | "exact" }>, text: string | null | undefined): boolean {
  if (text === null || text === undefined) return false;
  return test.kind === "exact" ? text === test.value : includes(text, test.value);
}

/** `*` stands for any text, as in a policy; without one a part of the name is enough. */
function includes(text: string, part: string): boolean {
  const lower = text.toLowerCase();
  if (!part.includes("*")) return lower.includes(part);
  let at = 0;
  for (const piece of part.split("*")) {
    const found = lower.indexOf(piece, at);
    if (found < 0 || (at === 0 && !part.startsWith("*") && found !== 0)) return false;
    at = found + piece.length;
  }
  return true;
}

function textOf(key: FilterKey, pod: PodRow | null, node: NodeRow | null): string | null | undefined {
  switch (key) {
    case "tier": return String((node ? node.tier : pod?.declared) ?? "none");
    case "home": return pod && String(pod.declared ?? "none");
    case "status": return pod?.state;
    case "node": return node?.name ?? pod?.node;
    case "ns": return pod?.namespace;
    case "app": return pod?.app;
    case "pod": return pod?.name;
    case "az": return node?.zone;
    case "group": return node && nodeGroup(node.name);
    case "workload": return pod?.workload;
    case "type": return node?.instanceType;
    case "reason": return pod ? pod.reason : node?.reason;
    case "drift": return pod && String(pod.drift);
    case "cordoned": return node && String(node.cordoned);
    default: return null;
  }
}

/** Machines made together are named alike with a number at the end: async-c3-0124 is of async-c3. */
export function nodeGroup(name: string): string {
  return name.replace(/[-.]\d+$/, "") || name;
}

function usedPercent(key: FilterTerm["key"], node: NodeRow): number {
  if (key === "cpu") return (100 * node.requestedCpuMillis) / node.cpuMillis;
  if (key === "mem") return (100 * node.requestedMemoryBytes) / node.memoryBytes;
  return (100 * node.pods) / node.podSlots;
}

function within({ from, to }: Extract<Test, { kind: "range" }>, figure: number): boolean {
  return figure >= from && figure <= to;
}

function compares({ compare, value }: Extract<Test, { kind: "number" }>, figure: number): boolean {
  if (!Number.isFinite(figure)) return false;
  switch (compare) {
    case ">": return figure > value;
    case ">=": return figure >= value;
    case "<": return figure < value;
    case "<=": return figure <= value;
    case "=": return Math.round(figure) === value;
  }
}

/** The filter's text with this term in place of whatever was asked of its key; what a drag over a scale does. */
export function replaceTerm(text: string, term: string): string {
  const key = term.slice(0, term.indexOf(":") + 1);
  return [...text.split(/\s+/).filter((part) => part !== "" && !part.startsWith(key)), term].join(" ");
}

/** The filter's text with a term added, or taken away when it stands there already: what a click on a count does. */
export function toggleTerm(text: string, term: string): string {
  const parts = text.split(/\s+/).filter((part) => part !== "");
  return (parts.includes(term) ? parts.filter((part) => part !== term) : [...parts, term]).join(" ");
}
