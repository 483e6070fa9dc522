// Field by field: what is wanted of a thing and what it is.
import { canonical } from "../canonical";
import { untagged } from "./fields";
import { isRecord, resolved } from "./match";
import type { Found, Resource } from "../graph/model";
import { fieldRules, type FieldRule } from "./fields";
import type { FieldChange } from "./model";

export interface Difference extends FieldChange { rule: FieldRule }

/** `idOf` gives null for what does not exist yet, or will be another. */
export function differences(resource: Resource, found: Found, idOf: (ref: string) => string | null): Difference[] {
  const rules: Readonly<Record<string, FieldRule>> = fieldRules[resource.kind];
  const wanted: Readonly<Record<string, unknown>> = { ...resource.wanted };
  const fields = Object.entries(wanted).flatMap(([field, value]): Difference[] => {
    const rule = rules[field] ?? "unseen";
    if (rule === "unseen") return [];
    const want = resolved(value, idOf);
    const was = ownPart(field, { want, was: found.fields[field], found });
    return alike({ resource, field, want, was, found, idOf }) ? [] : [{ field, was: was ?? null, wanted: want, rule }];
  });
  const tags = untagged.has(resource.kind) || (resource.kind === "security-group-rule" && Object.keys(found.tags).length === 0) ? [] : Object.entries(resource.tags)
    .filter(([key, value]) => found.tags[key] !== value)
    .map(([key, value]): Difference => ({ field: `tags.${key}`, was: found.tags[key] ?? null, wanted: value, rule: "update" }));
  const state: Difference[] = found.trouble === "" ? [] : [{ field: "state", was: found.trouble, wanted: "in order", rule: "update" }];
  return [...fields, ...tags, ...state];
}

interface Pair { resource: Resource; field: string; want: unknown; was: unknown; found: Found; idOf: (ref: string) => string | null }

function alike({ resource, field, want, was, found, idOf }: Pair): boolean {
  if (canonical(want) === canonical(was ?? null)) return true;
  if (resource.kind === "instance" && (field === "zone" || field === "subnet")) {
    return resource.wanted.elsewhere.some(({ zone, subnet }) => zone === found.fields["zone"] && idOf(subnet.ref) === found.fields["subnet"]);
  }
  if (field === "securityGroups" && Array.isArray(want) && Array.isArray(was)) return canonical(want.toSorted()) === canonical(was.toSorted());
  if (field === "taints" && Array.isArray(want) && Array.isArray(was)) return canonical(want.map(canonical).toSorted()) === canonical(was.map(canonical).toSorted());
  return false;
}

/** Labels that others put on a node are theirs, as are Kubernetes' own taints; labels that we set once are ours, also when they are wanted no more. */
function ownPart(field: string, { want, was, found }: { want: unknown; was: unknown; found: Found }): unknown {
  if (found.kind !== "node") return was;
  if (field === "taints" && Array.isArray(was)) return was.filter(isOwnTaint);
  if (field !== "labels" || !isRecord(want) || !isRecord(was)) return was;
  const set = found.fields[setLabels];
  const ours = new Set([...Object.keys(want), ...(isRecord(set) ? Object.keys(set) : [])]);
  return Object.fromEntries(Object.entries(was).filter(([key]) => ours.has(key)));
}

/** Under this name a found node carries the labels that it was given last. */
export const setLabels = "setLabels";

/** Kubernetes puts taints on nodes itself: for the control plane's role, for pressure, for drains. */
export const isOwnTaint = (taint: unknown): boolean => !(isRecord(taint) && typeof taint["key"] === "string" && /(^|\.)kubernetes\.io\//.test(taint["key"]));
