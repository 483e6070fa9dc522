// A pod template as it is compared: without what controllers write into it, in one order, difference by difference.
import type { Difference } from "../model";

export type Json = { readonly [key: string]: unknown };
export const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

const controllerLabels = ["pod-template-hash", "rollouts-pod-template-hash", "controller-revision-hash"];
export const restartAnnotation = "kubectl.kubernetes.io/restartedAt";

const at = (value: unknown, key: string): unknown => (isJson(value) && Object.hasOwn(value, key) ? value[key] : undefined);
const without = (value: unknown, keys: readonly string[]): Json => Object.fromEntries(Object.entries(isJson(value) ? value : {}).filter(([key]) => !keys.includes(key)));

/** The template of a ReplicaSet, a ControllerRevision or a workload, so that those of one revision are equal. */
export function plainTemplate(template: unknown): Json {
  const metadata = at(template, "metadata");
  const [labels, annotations] = [without(at(metadata, "labels"), controllerLabels), without(at(metadata, "annotations"), [])];
  return { ...without(dropEmpty(template), ["$patch", "metadata"]), metadata: { ...(Object.keys(labels).length > 0 ? { labels } : {}), ...(Object.keys(annotations).length > 0 ? { annotations } : {}) } };
}

function dropEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropEmpty);
  return isJson(value) ? Object.fromEntries(Object.entries(value).flatMap(([key, one]) => (one === null || one === undefined ? [] : [[key, dropEmpty(one)]]))) : value;
}

/** Without the mark that a restart leaves, which alone makes a restart a new revision. */
export function withoutRestart(template: Json): Json {
  const metadata = at(template, "metadata");
  const annotations = without(at(metadata, "annotations"), [restartAnnotation]);
  return { ...template, metadata: { ...without(metadata, ["annotations"]), ...(Object.keys(annotations).length > 0 ? { annotations } : {}) } };
}

export function restartedAt(template: Json): string {
  const marked = at(at(at(template, "metadata"), "annotations"), restartAnnotation);
  return typeof marked === "string" ? marked : "";
}

/** JSON with its keys in order: equal templates are one text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isJson(value)) return JSON.stringify(value) ?? "null";
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

const maxDifferences = 200;
const maxText = 400;
const shown = (value: unknown): string => {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : canonical(value);
  return text.length > maxText ? `${text.slice(0, maxText)}…` : text;
};

/** Places that differ, in the template's order; lists of named things are compared by name. */
export function differences(before: unknown, after: unknown): Difference[] {
  const found: Difference[] = [];
  walk({ path: "", before, after }, found);
  return found;
}

interface Place { path: string; before: unknown; after: unknown }

function walk({ path, before, after }: Place, found: Difference[]): void {
  if (found.length >= maxDifferences || canonical(before ?? null) === canonical(after ?? null)) return;
  const named = byName(before, after);
  if (named) for (const [name, [was, is]] of named) walk({ path: `${path}[${name}]`, before: was, after: is }, found);
  else if (isJson(before) && isJson(after)) for (const key of keysOf(before, after)) walk({ path: path === "" ? key : `${path}.${key}`, before: at(before, key), after: at(after, key) }, found);
  else found.push({ path, before: shown(before), after: shown(after) });
}

const keysOf = (before: Json, after: Json): string[] => [...new Set([...Object.keys(after), ...Object.keys(before)])];

function byName(before: unknown, after: unknown): Map<string, [unknown, unknown]> | null {
  if (!isNamedList(before) || !isNamedList(after) || before.length + after.length === 0) return null;
  const pairs = new Map<string, [unknown, unknown]>();
  for (const one of after) pairs.set(nameOf(one), [undefined, one]);
  for (const one of before) pairs.set(nameOf(one), [one, pairs.get(nameOf(one))?.[1]]);
  return pairs;
}

const nameOf = (value: unknown): string => {
  const name = at(value, "name");
  return typeof name === "string" ? name : "";
};
function isNamedList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((one) => nameOf(one) !== "") && new Set(value.map(nameOf)).size === value.length;
}

export interface ContainerImage { name: string; image: string }

/** Containers that do the work, without those that only prepare. */
export function containersOf(template: Json): ContainerImage[] {
  const containers = at(at(template, "spec"), "containers");
  return (Array.isArray(containers) ? containers : []).flatMap((one: unknown) => {
    const image = at(one, "image");
    return typeof image === "string" ? [{ name: nameOf(one), image }] : [];
  });
}
