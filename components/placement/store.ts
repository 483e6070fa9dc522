// The browser's copy of a cluster's rows: replaced by snapshots, moved on by numbered changes, watched row by row.
import { applyDelta, diffTables, isEmptyDelta } from "@/lib/placement/delta";
import type { Freshness, PlacementDelta, PlacementTables, TierPolicy } from "@/lib/placement/model";
import { createRollups, type Rollups } from "./rollup";

export type TableName = keyof PlacementTables;
export type RowOf<T extends TableName> = PlacementTables[T] extends Map<string, infer R> ? R : never;

/** What a snapshot says besides its rows. */
export interface About { slug: string; title: string; version: string | null; policy: TierPolicy | null }

/** How true the picture is, as the person reads it. Ages are differences of the server's times. */
export interface FreshView { state: Freshness["state"]; ageMs: number | null; staleSince: number | null; say: string }

export interface PlacementStore {
  readonly cluster: string;
  /** The same maps for life; rows are replaced, never changed. */
  readonly tables: PlacementTables;
  readonly rollups: Omit<Rollups, "apply">;
  readonly about: About | null;
  readonly fresh: FreshView;
  /** Rises with every change of rows. */
  readonly generation: number;
  subscribe(listener: () => void): () => void;
  subscribeTable(table: TableName, listener: () => void): () => void;
  subscribeRow(table: TableName, key: string, listener: () => void): () => void;
  subscribeFresh(listener: () => void): () => void;
  /** A snapshot with its place "<process>.<n>": rows that are equal stay the same objects. */
  replace(tables: PlacementTables, at: string, about: About): void;
  /** A change; before the first snapshot it is kept until its number can be compared. */
  change(n: number, delta: PlacementDelta): void;
  /** What comes until the next snapshot will be kept, too, and put upon it. */
  expectSnapshot(): void;
  setFresh(fresh: FreshView): void;
}

const connecting: FreshView = { state: "connecting", ageMs: null, staleSince: null, say: "Connecting" };
/** The oldest go first: a snapshot that comes so late holds them. */
const keptMax = 5000;

export function createPlacementStore(cluster: string): PlacementStore {
  const tables = noRows();
  const rollups = createRollups();
  const all = new Set<() => void>();
  const fresh = new Set<() => void>();
  const byTable = listenersByName();
  const byRow = listenersByName();
  let placed: number | null = null;
  let kept: { n: number; delta: PlacementDelta }[] | null = [];
  const held: { about: About | null; fresh: FreshView; generation: number } = { about: null, fresh: connecting, generation: 0 };

  const put = (delta: PlacementDelta) => {
    if (isEmptyDelta(delta)) return;
    rollups.apply(tables, delta);
    applyDelta(tables, delta);
    held.generation++;
    for (const [table, keys] of touched(delta)) {
      for (const key of keys) byRow.call(`${table}/${key}`);
      byTable.call(table);
    }
    for (const listener of all) listener();
  };
  return {
    cluster, tables, rollups,
    get about() { return held.about; },
    get fresh() { return held.fresh; },
    get generation() { return held.generation; },
    subscribe: (listener) => into(all, listener),
    subscribeTable: (table, listener) => byTable.add(table, listener),
    subscribeRow: (table, key, listener) => byRow.add(`${table}/${key}`, listener),
    subscribeFresh: (listener) => into(fresh, listener),
    replace(next, at, about) {
      placed = Number(at.slice(at.lastIndexOf(".") + 1));
      held.about = about;
      const delta = diffTables(tables, next);
      if (isEmptyDelta(delta)) held.generation++;
      put(delta);
      const waiting = kept ?? [];
      kept = null;
      for (const { n, delta: change } of waiting) this.change(n, change);
    },
    change(n, delta) {
      if (kept && kept.push({ n, delta }) > keptMax) kept.shift();
      if (placed === null || kept || n <= placed) return;
      placed = n;
      put(delta);
    },
    expectSnapshot() {
      kept ??= [];
    },
    setFresh(next) {
      held.fresh = next;
      for (const listener of fresh) listener();
    },
  };
}

function noRows(): PlacementTables {
  return { nodes: new Map(), pods: new Map(), workloads: new Map(), events: new Map(), kinds: new Map() };
}

function* touched(delta: PlacementDelta): Iterable<[TableName, readonly string[]]> {
  if (delta.nodes) yield ["nodes", [...delta.nodes.gone, ...delta.nodes.put.map(({ name }) => name)]];
  if (delta.pods) yield ["pods", [...delta.pods.gone, ...delta.pods.put.map(({ key }) => key)]];
  if (delta.workloads) yield ["workloads", [...delta.workloads.gone, ...delta.workloads.put.map(({ key }) => key)]];
  if (delta.events) yield ["events", [...delta.events.gone, ...delta.events.put.map(({ uid }) => uid)]];
  if (delta.kinds) yield ["kinds", [...delta.kinds.gone, ...delta.kinds.put.map(({ kind }) => kind)]];
}

function into(set: Set<() => void>, listener: () => void): () => void {
  set.add(listener);
  return () => set.delete(listener);
}

function listenersByName() {
  const sets = new Map<string, Set<() => void>>();
  return {
    add(name: string, listener: () => void): () => void {
      const set = sets.get(name) ?? new Set();
      sets.set(name, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0 && sets.get(name) === set) sets.delete(name);
      };
    },
    call(name: string): void {
      for (const listener of sets.get(name) ?? []) listener();
    },
  };
}
