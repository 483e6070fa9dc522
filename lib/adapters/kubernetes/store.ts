// The picture of one kind in memory: objects by key, and by what they belong to.
// Contract: objects are read-only and replaced whole, so two equal references are one state; `generation` rises with
// every change; what `by` returns is the live list of that moment: read it at once, do not keep or change it.
import type { Kind, ObjectBase, ObjectsByKind, PodObject } from "./objects";

export interface Store<T> {
  readonly generation: number;
  readonly size: number;
  get(key: string): T | undefined;
  values(): IterableIterator<T>;
  /** Pods: "node" ("" = none yet), "owner" (uid), "namespace"; others: "owner", "namespace". An unknown index or value is an empty list. */
  by(index: string, value: string): readonly T[];
}

/** "namespace/name", or the name of what has no namespace. */
export function keyOf(object: { namespace: string; name: string }): string {
  return object.namespace === "" ? object.name : `${object.namespace}/${object.name}`;
}

export interface Touch<T> { key: string; before: T | null; after: T | null }

const places = ["first", "second", "third"] as const;

/** An object and where it stands in the list of each index: with it a change costs the same in a list of ten and of 150,000. */
class Slot<T> {
  object: T;
  first = 0;
  second = 0;
  third = 0;

  constructor(object: T) {
    this.object = object;
  }
}

interface Index<T> { place: (typeof places)[number]; valueOf: (object: T) => string; lists: Map<string, T[]> }

export class ObjectStore<T extends ObjectBase> implements Store<T> {
  generation = 0;
  readonly #slots = new Map<string, Slot<T>>();
  readonly #indexes = new Map<string, Index<T>>();

  constructor(indexes: Readonly<Record<string, (object: T) => string>>) {
    Object.entries(indexes).forEach(([name, valueOf], at) => {
      const place = places[at];
      if (!place) throw new RangeError(`a store has at most ${places.length} indexes`);
      this.#indexes.set(name, { place, valueOf, lists: new Map() });
    });
  }

  get size(): number {
    return this.#slots.size;
  }

  get(key: string): T | undefined {
    return this.#slots.get(key)?.object;
  }

  *values(): IterableIterator<T> {
    for (const slot of this.#slots.values()) yield slot.object;
  }

  by(index: string, value: string): readonly T[] {
    return this.#indexes.get(index)?.lists.get(value) ?? [];
  }

  put(object: T): Touch<T> {
    const key = keyOf(object);
    const known = this.#slots.get(key);
    this.generation += 1;
    if (!known) {
      const slot = new Slot(object);
      this.#slots.set(key, slot);
      for (const index of this.#indexes.values()) this.#enter(index, slot);
      return { key, before: null, after: object };
    }
    const before = known.object;
    for (const index of this.#indexes.values()) this.#move(index, known, object);
    known.object = object;
    return { key, before, after: object };
  }

  remove(key: string): Touch<T> | null {
    const slot = this.#slots.get(key);
    if (!slot) return null;
    this.generation += 1;
    this.#slots.delete(key);
    for (const index of this.#indexes.values()) this.#leave(index, slot);
    return { key, before: slot.object, after: null };
  }

  /** Becomes exactly `all`; what has not changed keeps its identity. */
  sync(all: ReadonlyMap<string, T>): Touch<T>[] {
    const touched: Touch<T>[] = [];
    for (const key of [...this.#slots.keys()]) {
      const gone = all.has(key) ? null : this.remove(key);
      if (gone) touched.push(gone);
    }
    for (const [key, object] of all) {
      if (!isSame(this.get(key), object)) touched.push(this.put(object));
    }
    return touched;
  }

  #enter(index: Index<T>, slot: Slot<T>): void {
    const value = index.valueOf(slot.object);
    const members = index.lists.get(value);
    if (members) {
      slot[index.place] = members.length;
      members.push(slot.object);
    } else {
      slot[index.place] = 0;
      index.lists.set(value, [slot.object]);
    }
  }

  /** The last of the list takes the place that falls free. */
  #leave(index: Index<T>, slot: Slot<T>): void {
    const value = index.valueOf(slot.object);
    const members = index.lists.get(value);
    const last = members?.pop();
    if (!members || !last) return;
    if (members.length === 0) index.lists.delete(value);
    if (last === slot.object) return;
    members[slot[index.place]] = last;
    const moved = this.#slots.get(keyOf(last));
    if (moved) moved[index.place] = slot[index.place];
  }

  #move(index: Index<T>, slot: Slot<T>, after: T): void {
    const members = index.lists.get(index.valueOf(slot.object));
    if (members && index.valueOf(after) === index.valueOf(slot.object)) {
      members[slot[index.place]] = after;
      return;
    }
    this.#leave(index, slot);
    const before = slot.object;
    slot.object = after;
    this.#enter(index, slot);
    slot.object = before;
  }
}

export function isSame(known: ObjectBase | undefined, other: { uid: string; resourceVersion: string }): boolean {
  return known !== undefined && known.resourceVersion !== "" && known.resourceVersion === other.resourceVersion && known.uid === other.uid;
}

const common = { owner: (object: ObjectBase) => object.owner?.uid ?? "", namespace: (object: ObjectBase) => object.namespace };

export type Stores = { [K in Kind]: ObjectStore<ObjectsByKind[K]> };

export function createStores(): Stores {
  const plain = <T extends ObjectBase>() => new ObjectStore<T>(common);
  return {
    Pod: new ObjectStore<PodObject>({ ...common, node: (pod) => pod.nodeName }),
    Node: plain(), Deployment: plain(), StatefulSet: plain(), DaemonSet: plain(), ReplicaSet: plain(), Job: plain(), Rollout: plain(),
    Service: plain(), EndpointSlice: plain(), Ingress: plain(), PodDisruptionBudget: plain(), HorizontalPodAutoscaler: plain(),
    PersistentVolumeClaim: plain(), PersistentVolume: plain(), StorageClass: plain(), CSINode: plain(), Namespace: plain(), Event: plain(), ControllerRevision: plain(),
  };
}
