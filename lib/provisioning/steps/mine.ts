// Which of the things that were found is the one a resource means: by the ledger's id, by its tag, or by what it is.
import { canonical } from "../canonical";
import { tagKeys, type Found, type Resource } from "../graph/model";
import { naturalKeys } from "../plan/fields";
import { resolved } from "../plan/match";

export interface Known { awsId: string | null; intent: string | null; idOf: (ref: string) => string | null }

/** More than one is an error: nothing is done to any of them. */
export function mineAmong(resource: Resource, found: readonly Found[], { awsId, intent, idOf }: Known): Found[] {
  const alike = found.filter(({ kind }) => kind === resource.kind);
  const marked = alike.filter((one) => one.awsId === awsId || one.tags[tagKeys.resource] === resource.id || (intent !== null && one.tags[tagKeys.intent] === intent));
  if (marked.length > 0) return marked;
  const keys: readonly string[] = naturalKeys[resource.kind] ?? [];
  if (keys.length === 0) return [];
  const wanted: Readonly<Record<string, unknown>> = { ...resource.wanted };
  const key = canonical(keys.map((field) => resolved(wanted[field], idOf)));
  // One that wears another resource's name is that one.
  return alike.filter(({ fields, tags }) => tags[tagKeys.resource] === undefined && canonical(keys.map((field) => fields[field] ?? null)) === key);
}
