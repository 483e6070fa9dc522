// What the rules read: the stores of one cluster, by structure, so that a live connection, a test and a what-if are the same to them.
import type { Kind, KindState, ObjectBase, ObjectsByKind } from "../adapters/kubernetes/objects";

export interface PictureStore<T> {
  readonly size: number;
  /** By "namespace/name", or "name" for what has no namespace. */
  get(key: string): T | undefined;
  values(): Iterable<T>;
  /** Pods by "node", "owner" (uid) and "namespace"; everything else by "owner" and "namespace". */
  by(index: string, value: string): readonly T[];
}

export interface Picture {
  store<K extends Kind>(kind: K): PictureStore<ObjectsByKind[K]>;
  /** How well each kind is known, where that is known. */
  kinds?(): readonly KindState[];
}

/** One object that came, changed or went. */
export interface Touched<K extends Kind = Kind> {
  kind: K;
  key: string;
  before: ObjectsByKind[K] | null;
  after: ObjectsByKind[K] | null;
}

export function keyOf(object: Pick<ObjectBase, "namespace" | "name">): string {
  return object.namespace === "" ? object.name : `${object.namespace}/${object.name}`;
}

type Tables = { [K in Kind]?: Map<string, ObjectsByKind[K]> };

/** A picture held in memory from a list of objects. */
export function pictureOf(objects: Iterable<ObjectsByKind[Kind]>): Picture {
  return layerOver(null, objects, []);
}

/** The same picture with some objects put in place of theirs and some gone; the one beneath is not touched. */
export function layerOver(below: Picture | null, put: Iterable<ObjectsByKind[Kind]>, gone: Iterable<{ kind: Kind; key: string }>): Picture {
  const tables: Tables = {};
  const without = new Map<Kind, Set<string>>();
  for (const object of put) tableOf(tables, kindOf(object)).set(keyOf(object), object);
  for (const { kind, key } of gone) without.set(kind, (without.get(kind) ?? new Set()).add(key));
  const made = new Map<Kind, unknown>();
  return {
    store<K extends Kind>(kind: K): PictureStore<ObjectsByKind[K]> {
      const known = made.get(kind);
      if (known) return asStore<K>(known);
      const store = layeredStore<ObjectsByKind[K]>(below?.store(kind) ?? null, tableOf(tables, kind), without.get(kind) ?? new Set());
      made.set(kind, store);
      return store;
    },
  };
}

function kindOf(object: ObjectsByKind[Kind]): Kind {
  return object.kind;
}

/** A table holds what was put under its own kind only, so a kind's table is of that kind's objects. */
function tableOf<K extends Kind>(tables: Tables, kind: K): Map<string, ObjectsByKind[K]> {
  const all = tables as Record<Kind, Map<string, ObjectsByKind[K]> | undefined>;
  return (all[kind] ??= new Map<string, ObjectsByKind[K]>());
}

/** The memo is written under the kind that it is read by. */
function asStore<K extends Kind>(store: unknown): PictureStore<ObjectsByKind[K]> {
  return store as PictureStore<ObjectsByKind[K]>;
}

function layeredStore<T extends ObjectBase>(below: PictureStore<T> | null, put: Map<string, T>, gone: ReadonlySet<string>): PictureStore<T> {
  const indexes = new Map<string, Map<string, T[]>>();
  const hides = (key: string) => gone.has(key) || put.has(key);
  const indexed = (index: string): Map<string, T[]> => {
    const known = indexes.get(index);
    if (known) return known;
    const made = new Map<string, T[]>();
    for (const object of put.values()) {
      const value = indexValue(object, index);
      const known = made.get(value);
      if (known) known.push(object);
      else made.set(value, [object]);
    }
    indexes.set(index, made);
    return made;
  };
  return {
    get size() {
      if (!below) return put.size;
      let hidden = 0;
      for (const key of new Set([...gone, ...put.keys()])) if (below.get(key)) hidden += 1;
      return below.size - hidden + put.size;
    },
    get: (key) => put.get(key) ?? (gone.has(key) ? undefined : below?.get(key)),
    *values() {
      if (below) for (const object of below.values()) if (!hides(keyOf(object))) yield object;
      yield* put.values();
    },
    by(index, value) {
      const own = indexed(index).get(value) ?? [];
      const lower = below?.by(index, value).filter((object) => !hides(keyOf(object))) ?? [];
      return lower.length === 0 ? own : [...lower, ...own];
    },
  };
}

function indexValue(object: ObjectBase, index: string): string {
  if (index === "namespace") return object.namespace;
  if (index === "owner") return object.owner?.uid ?? "";
  if (index === "node") return "nodeName" in object && typeof object.nodeName === "string" ? object.nodeName : "";
  return "";
}
