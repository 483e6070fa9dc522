// Which rows a table shows and in which order: filtered and sorted over the store, renewed at a pace that its own cost allows.
import { type Filter, matches } from "@/lib/placement/filter";
import type { EventRow, NodeRow, PlacementTables, PodRow, WorkloadRow } from "@/lib/placement/model";
import type { PlacementStore } from "../store";

export type ShownTable = "nodes" | "pods" | "workloads" | "events";
export type ShownRow = NodeRow | PodRow | WorkloadRow | EventRow;
export interface Sort { value: (row: ShownRow) => string | number | null; descending: boolean }
export interface OrderRequest { table: ShownTable; filter: Filter | null; sort: Sort | null }

export interface RowOrder {
  read(): readonly string[];
  subscribe(listener: () => void): () => void;
  /** While someone points at a row, no row may move; what came meanwhile is shown on letting go. */
  hold(on: boolean): void;
}

const paceMs = { least: 250, timesCost: 12 };

export function createRowOrder(store: PlacementStore, request: OrderRequest): RowOrder {
  const listeners = new Set<() => void>();
  let keys: readonly string[] | null = null;
  let ends: () => void = () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let costMs = 0;
  let held = false;
  let late = false;

  const renew = () => {
    timer = undefined;
    if (held) {
      late = true;
      return;
    }
    const begun = performance.now();
    const next = orderOf(store.tables, request, keys ?? []);
    costMs = performance.now() - begun;
    if (keys && sameKeys(keys, next)) return;
    keys = next;
    for (const listener of listeners) listener();
  };
  const soon = () => {
    timer ??= setTimeout(renew, Math.max(paceMs.least, costMs * paceMs.timesCost));
  };
  return {
    read: () => (keys ??= orderOf(store.tables, request)),
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) {
        ends = store.subscribe(soon);
        soon();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        ends();
        clearTimeout(timer);
        timer = undefined;
      };
    },
    hold(on) {
      held = on;
      if (on || !late) return;
      late = false;
      renew();
    },
  };
}

/** `before` is the order that stood: sorting what is nearly sorted takes one look at each row. */
export function orderOf(tables: PlacementTables, { table, filter, sort }: OrderRequest, before: readonly string[] = []): string[] {
  const shown: { key: string; value: string | number | null }[] = [];
  const admits = filter ? admission(tables, table, filter) : () => true;
  const take = (key: string, row: ShownRow | undefined) => {
    if (row && admits(row)) shown.push({ key, value: sort ? sort.value(row) : null });
  };
  const rows: ReadonlyMap<string, ShownRow> = tables[table];
  const stood = new Set(before);
  for (const key of before) take(key, rows.get(key));
  for (const [key, row] of rows) if (!stood.has(key)) take(key, row);
  const sign = sort?.descending ? -1 : 1;
  return shown.sort((a, b) => sign * compareValues(a.value, b.value) || (a.key < b.key ? -1 : 1)).map(({ key }) => key);
}

/** Numbers by size, texts by letter; what is not known stands last when ascending. */
function compareValues(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null || Number.isNaN(a)) return b === null || Number.isNaN(b) ? 0 : 1;
  if (b === null || Number.isNaN(b)) return -1;
  return a < b ? -1 : 1;
}

/** A node or workload is shown when it matches by itself or one of its pods does; an event, when what it tells of does. */
function admission(tables: PlacementTables, table: ShownTable, filter: Filter): (row: ShownRow) => boolean {
  const podMatches = (pod: PodRow) => matches(filter, pod, tables.nodes.get(pod.node) ?? null);
  if (table === "pods") return (row) => "restarts" in row && podMatches(row);
  const nodes = new Set<string>();
  const workloads = new Set<string>();
  const pods = new Set<string>();
  for (const pod of tables.pods.values()) {
    if (!podMatches(pod)) continue;
    nodes.add(pod.node);
    workloads.add(pod.workload);
    pods.add(pod.key);
  }
  return (row) => {
    if ("podSlots" in row) return nodes.has(row.name) || matches(filter, null, row);
    if ("wanted" in row) return workloads.has(row.key) || matches(filter, standIn(row.namespace, row.name, row.key), null);
    if (!("uid" in row)) return false;
    const node = tables.nodes.get(row.name);
    if (row.kind === "Node" && node) return matches(filter, null, node);
    return pods.has(`${row.namespace}/${row.name}`) || matches(filter, standIn(row.namespace, row.name, `${row.kind}/${row.namespace}/${row.name}`), null);
  };
}

/** A pod of that name in no state, so that names and namespaces can be asked by the one rule for filters. */
function standIn(namespace: string, name: string, workload: string): PodRow {
  return {
    key: `${namespace}/${name}`, namespace, name, node: "", state: "unknown", reason: "", ready: false, restarts: 0, createdAt: 0, cpuMillis: 0, memoryBytes: 0,
    memoryLimitBytes: 0, workload, app: name, everywhere: false, declared: null, actual: null, drift: false,
  };
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}
