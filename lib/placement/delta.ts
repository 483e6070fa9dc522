// Differences between two states of the rows: made, carried and put into place.
import type { PlacementDelta, PlacementTables } from "./model";

export { decodeTables, encodeTables, type WireTables } from "./wire";

/** Rows hold only plain values and lists of plain values. */
function sameRow<R extends object>(a: R, b: R): boolean {
  if (a === b) return true;
  const [left, right] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))];
  return left.length === right.size && left.every(([key, value]) => sameValue(value, right.get(key)));
}

function sameValue(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
  return Object.is(a, b);
}

export interface RowDelta<R> {
  /** Puts the row (or takes it away, with null) and notes it if that made a difference. */
  set(table: Map<string, R>, key: string, row: R | null): void;
  readonly changed: boolean;
  readonly result: { put: R[]; gone: string[] };
}

export function rowDelta<R extends object>(): RowDelta<R> {
  const result: { put: R[]; gone: string[] } = { put: [], gone: [] };
  return {
    set(table, key, row) {
      const before = table.get(key);
      if (row === null) {
        if (table.delete(key)) result.gone.push(key);
      } else if (!before || !sameRow(before, row)) {
        table.set(key, row);
        result.put.push(row);
      }
    },
    get changed() {
      return result.put.length + result.gone.length > 0;
    },
    result,
  };
}

/** Puts a change into the tables, in place; rows that did not change stay the same objects. */
export function applyDelta(tables: PlacementTables, delta: PlacementDelta): void {
  applyTo(tables.nodes, delta.nodes, (row) => row.name);
  applyTo(tables.pods, delta.pods, (row) => row.key);
  applyTo(tables.workloads, delta.workloads, (row) => row.key);
  applyTo(tables.events, delta.events, (row) => row.uid);
  applyTo(tables.kinds, delta.kinds, (row) => row.kind);
}

function applyTo<R extends object>(table: Map<string, R>, change: { put: R[]; gone: string[] } | undefined, keyOf: (row: R) => string): void {
  if (!change) return;
  for (const key of change.gone) table.delete(key);
  for (const row of change.put) table.set(keyOf(row), readable(row));
}

/** Columns in which null is a value of its own. */
const nullable = new Set(["tier", "declared", "actual"]);

/** JSON has no NaN: a figure that could not be read arrives as null, and is NaN again from here on. */
function readable<R extends object>(row: R): R {
  const unread = Object.entries(row).filter(([column, value]) => value === null && !nullable.has(column));
  return unread.length === 0 ? row : { ...row, ...Object.fromEntries(unread.map(([column]) => [column, Number.NaN])) };
}

/** What must be put into `before` to make it `after`. */
export function diffTables(before: PlacementTables, after: PlacementTables): PlacementDelta {
  const delta: PlacementDelta = {};
  const nodes = diff(before.nodes, after.nodes);
  if (nodes) delta.nodes = nodes;
  const pods = diff(before.pods, after.pods);
  if (pods) delta.pods = pods;
  const workloads = diff(before.workloads, after.workloads);
  if (workloads) delta.workloads = workloads;
  const events = diff(before.events, after.events);
  if (events) delta.events = events;
  const kinds = diff(before.kinds, after.kinds);
  if (kinds) delta.kinds = kinds;
  return delta;
}

function diff<R extends object>(before: ReadonlyMap<string, R>, after: ReadonlyMap<string, R>): { put: R[]; gone: string[] } | null {
  const put: R[] = [];
  for (const [key, row] of after) {
    const was = before.get(key);
    if (!was || !sameRow(was, row)) put.push(row);
  }
  const gone = [...before.keys()].filter((key) => !after.has(key));
  return put.length + gone.length > 0 ? { put, gone } : null;
}

export function isEmptyDelta(delta: PlacementDelta): boolean {
  return Object.keys(delta).length === 0;
}
