// Which thing of the world is which resource of the graph: by the ledger first, then by tags, then by what it is. Never a guess between two.
import { canonical } from "../canonical";
import { isRef } from "../graph/resource";
import { tagKeys, type Found, type Resource, type ResourceGraph, type ResourceKind } from "../graph/model";
import { naturalKeys, untagged } from "./fields";
import type { Problem, World } from "./model";

export interface Matched {
  /** By resource id; null: nothing was found. */
  found: ReadonlyMap<string, Found | null>;
  /** The id that the ledger knows and the world does not. */
  lost: ReadonlyMap<string, string>;
  /** What was found and belongs to no resource of the graph. */
  rest: readonly Found[];
  problems: readonly Problem[];
}

/** A reference becomes the id of what was found for it; where nothing was, it stays a reference. */
export function resolved(value: unknown, idOf: (ref: string) => string | null): unknown {
  if (isRef(value)) return idOf(value.ref) ?? value;
  if (Array.isArray(value)) return value.map((each) => resolved(each, idOf));
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each, idOf)]));
  return value;
}

/** `graph` in order, so that what a resource points to is matched before it. */
export function matchWorld(graph: ResourceGraph, world: World): Matched {
  const index = indexOf(world, graph.cluster);
  const found = new Map<string, Found | null>();
  const lost = new Map<string, string>();
  const taken = new Set<Found>();
  const problems: Problem[] = [];
  const idOf = (ref: string): string | null => found.get(ref)?.awsId ?? null;
  for (const resource of graph.resources) {
    const known = index.ledger.get(resource.id);
    const candidates = candidatesFor(resource, { index, idOf, cluster: graph.cluster });
    const [first = null] = candidates.things;
    if (known !== undefined && !candidates.things.some(({ awsId }) => awsId === known)) lost.set(resource.id, known);
    if (candidates.things.length > 1) problems.push({ id: resource.id, awsIds: candidates.things.map(({ awsId }) => awsId), say: `${candidates.things.length} things wear the name ${resource.id}: ${candidates.things.map(({ awsId }) => awsId).join(" and ")}. Remove what is too many, or its tags; nothing is done to any of them.` });
    if (candidates.foreign) problems.push({ id: resource.id, awsIds: [candidates.foreign.awsId], say: `${nameOf(resource)} is taken: ${candidates.foreign.awsId} is there and is not of this cluster. Rename the cluster, or remove it.` });
    found.set(resource.id, candidates.things.length === 1 ? first : null);
    for (const thing of candidates.things) taken.add(thing);
    if (candidates.foreign) taken.add(candidates.foreign);
  }
  return { found, lost, problems, rest: world.found.filter((thing) => !taken.has(thing)) };
}

interface Index { ledger: ReadonlyMap<string, string>; byId: ReadonlyMap<string, readonly Found[]>; byTag: ReadonlyMap<string, readonly Found[]>; byKey: ReadonlyMap<string, readonly Found[]> }

function indexOf(world: World, cluster: string): Index {
  const grouped = (keyOf: (found: Found) => string | null): Map<string, Found[]> => {
    const groups = new Map<string, Found[]>();
    for (const found of world.found) {
      const key = keyOf(found);
      if (key !== null) groups.set(key, [...(groups.get(key) ?? []), found]);
    }
    return groups;
  };
  return {
    ledger: new Map(world.ledger.flatMap(({ resource, awsId }) => (awsId === null ? [] : [[resource, awsId]]))),
    byId: grouped(({ kind, awsId }) => `${kind} ${awsId}`),
    byTag: grouped(({ tags }) => (tags[tagKeys.cluster] === cluster ? (tags[tagKeys.resource] ?? null) : null)),
    byKey: grouped(({ kind, fields }) => keyText(kind, fields)),
  };
}

function keyText(kind: ResourceKind, fields: Readonly<Record<string, unknown>>): string | null {
  const keys: readonly string[] | undefined = naturalKeys[kind];
  if (!keys) return null;
  return `${kind} ${canonical(keys.map((key) => fields[key] ?? null))}`;
}

function candidatesFor(resource: Resource, { index, idOf, cluster }: { index: Index; idOf: (ref: string) => string | null; cluster: string }): { things: readonly Found[]; foreign: Found | null } {
  const known = index.ledger.get(resource.id);
  const mine = new Set([...(known === undefined ? [] : (index.byId.get(`${resource.kind} ${known}`) ?? [])), ...(index.byTag.get(resource.id) ?? []).filter(({ kind }) => kind === resource.kind)]);
  if (mine.size > 0) return { things: [...mine], foreign: null };
  const keys: readonly string[] | undefined = naturalKeys[resource.kind];
  const values = keys && resolved(Object.fromEntries(Object.entries(resource.wanted).filter(([field]) => keys.includes(field))), idOf);
  const key = values !== undefined && isRecord(values) ? keyText(resource.kind, values) : null;
  const alike = key === null ? [] : (index.byKey.get(key) ?? []);
  // What wears no tag for want of a place, or stands inside something of ours, is ours; a name that somebody else uses is not.
  const ours = (found: Found): boolean => untagged.has(resource.kind) || resource.kind === "security-group-rule" || found.tags[tagKeys.cluster] === cluster;
  return { things: alike.filter(ours), foreign: alike.find((found) => !ours(found)) ?? null };
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const nameOf = ({ kind, wanted }: Resource): string => {
  const named = Object.entries(wanted).find(([field]) => /Name$/.test(field))?.[1];
  return `the name ${String(named ?? kind)} (${kind})`;
};
