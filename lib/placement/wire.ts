// The first data of a viewer: tables by columns, repeated texts sent once, so that 30,000 pods are below a megabyte compressed.
import { podStates, type EventRow, type KindRow, type NodeRow, type PlacementTables, type PodRow, type WorkloadRow } from "./model";

/**
 * How a column travels. word: index into the shared texts. text: as it is (rarely repeats). number: as it is, null for what could not be read.
 * time: difference to the row before. flag: 0 or 1. words: list of indexes. choice: number or null. key: made again from other columns.
 */
type Travel = "word" | "text" | "number" | "time" | "flag" | "words" | "choice" | "key";

const nodeColumns = {
  name: "text", tier: "choice", ready: "word", cordoned: "flag", reason: "word", instanceType: "word", zone: "word", providerId: "text", version: "word", createdAt: "time",
  taints: "words", cpuMillis: "number", memoryBytes: "number", podSlots: "number", requestedCpuMillis: "number", requestedMemoryBytes: "number", pods: "number", broken: "words",
} as const satisfies Record<keyof NodeRow, Travel>;
const podColumns = {
  key: "key", namespace: "word", name: "text", node: "word", state: "word", reason: "word", ready: "flag", restarts: "number", createdAt: "time", cpuMillis: "number", memoryBytes: "number",
  memoryLimitBytes: "number", workload: "word", app: "word", everywhere: "flag", declared: "choice", actual: "choice", drift: "flag",
} as const satisfies Record<keyof PodRow, Travel>;
const workloadColumns = {
  key: "key", kind: "word", namespace: "word", name: "text", declared: "choice", wanted: "number", ready: "number", pods: "number", images: "words", createdAt: "time", drift: "number",
} as const satisfies Record<keyof WorkloadRow, Travel>;
const eventColumns = {
  uid: "text", at: "time", type: "word", reason: "word", message: "word", count: "number", kind: "word", namespace: "word", name: "word",
} as const satisfies Record<keyof EventRow, Travel>;
const kindColumns = { kind: "word", state: "word", say: "word", count: "number" } as const satisfies Record<keyof KindRow, Travel>;

type WireValue = string | number | null | readonly number[];
/** A column of one value for all rows travels as that value alone. */
type WireColumn = readonly WireValue[] | { all: WireValue };
interface WireTable { rows: number; columns: Record<string, WireColumn> }
export interface WireTables { texts: string[]; nodes: WireTable; pods: WireTable; workloads: WireTable; events: WireTable; kinds: WireTable }

export function encodeTables(tables: PlacementTables): WireTables {
  const texts = interner();
  return {
    nodes: encode(sorted(tables.nodes), nodeColumns, texts.indexOf),
    pods: encode(sorted(tables.pods), podColumns, texts.indexOf),
    workloads: encode(sorted(tables.workloads), workloadColumns, texts.indexOf),
    events: encode([...tables.events.values()], eventColumns, texts.indexOf),
    kinds: encode([...tables.kinds.values()], kindColumns, texts.indexOf),
    texts: texts.list,
  };
}

export function decodeTables(wire: WireTables): PlacementTables {
  const key = (row: Record<string, unknown>) => [row.kind, row.namespace, row.name].filter((part) => part !== undefined).join("/");
  return {
    nodes: byKey(decode<NodeRow>(wire.nodes, { columns: nodeColumns, texts: wire.texts, key }), (row) => row.name),
    pods: byKey(decode<PodRow>(wire.pods, { columns: podColumns, texts: wire.texts, key }), (row) => row.key),
    workloads: byKey(decode<WorkloadRow>(wire.workloads, { columns: workloadColumns, texts: wire.texts, key }), (row) => row.key),
    events: byKey(decode<EventRow>(wire.events, { columns: eventColumns, texts: wire.texts, key }), (row) => row.uid),
    kinds: byKey(decode<KindRow>(wire.kinds, { columns: kindColumns, texts: wire.texts, key }), (row) => row.kind),
  };
}

/** Neighbours by name are alike, and what is alike compresses. */
function sorted<R>(table: ReadonlyMap<string, R>): R[] {
  return [...table].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, row]) => row);
}

function byKey<R>(rows: readonly R[], keyOf: (row: R) => string): Map<string, R> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function interner() {
  // States come first and always, so that a frequent column has small numbers.
  const list: string[] = ["", ...podStates];
  const known = new Map(list.map((text, i) => [text, i]));
  return {
    list,
    indexOf(text: string): number {
      const found = known.get(text);
      if (found !== undefined) return found;
      known.set(text, list.length);
      return list.push(text) - 1;
    },
  };
}

function encode<R extends object>(rows: readonly R[], columns: Record<keyof R & string, Travel>, indexOf: (text: string) => number): WireTable {
  const out: Record<string, WireColumn> = {};
  for (const [name, travel] of Object.entries<Travel>(columns)) {
    if (travel === "key") continue;
    let before = 0;
    const values = rows.map((row): WireValue => {
      const value: unknown = valueOf(row, name);
      if (travel === "time" && typeof value === "number" && Number.isFinite(value)) {
        const step = value - before;
        before = value;
        return step;
      }
      return toWire(value, travel, indexOf);
    });
    const first = values[0];
    out[name] = first !== undefined && travel !== "time" && !Array.isArray(first) && values.every((value) => value === first) ? { all: first } : values;
  }
  return { rows: rows.length, columns: out };
}

function valueOf(row: object, name: string): unknown {
  return Reflect.get(row, name);
}

function toWire(value: unknown, travel: Travel, indexOf: (text: string) => number): WireValue {
  if (travel === "word") return indexOf(String(value));
  if (travel === "words") return Array.isArray(value) ? value.map((each) => indexOf(String(each))) : [];
  if (travel === "flag") return value === true ? 1 : 0;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" ? value : null;
}

interface Plan { columns: Readonly<Record<string, Travel>>; texts: readonly string[]; key: (row: Record<string, unknown>) => string }

function decode<R extends object>(table: WireTable, { columns, texts, key }: Plan): R[] {
  const rows: Record<string, unknown>[] = Array.from({ length: table.rows }, () => ({}));
  for (const [name, travel] of Object.entries(columns)) {
    const column = table.columns[name];
    let before = 0;
    for (const [i, row] of rows.entries()) {
      if (travel === "key") {
        row[name] = "";
        continue;
      }
      const value = wireAt(column, i);
      if (travel === "time") row[name] = typeof value === "number" ? (before += value) : Number.NaN;
      else row[name] = fromWire(value, travel, texts);
    }
  }
  for (const row of rows) if (columns.key === "key") row.key = key(row);
  return rowsOf<R>(rows);
}

function wireAt(column: WireColumn | undefined, i: number): WireValue | undefined {
  if (column === undefined) return undefined;
  return "all" in column ? column.all : column[i];
}

function fromWire(value: WireValue | undefined, travel: Travel, texts: readonly string[]): unknown {
  if (travel === "word") return typeof value === "number" ? (texts[value] ?? "") : "";
  if (travel === "words") return Array.isArray(value) ? value.map((i: number) => texts[i] ?? "") : [];
  if (travel === "flag") return value === 1;
  if (travel === "number") return typeof value === "number" ? value : Number.NaN;
  if (travel === "choice") return value ?? null;
  return typeof value === "string" ? value : "";
}

/** Each column of R is named, with its way of travelling, in a table that the compiler holds complete; so what decode made has all fields of R. */
function rowsOf<R>(rows: readonly unknown[]): R[] {
  return rows as R[];
}
