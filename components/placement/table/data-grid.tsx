"use client";
// A table of any length: only the rows in view exist, each watches its own row, one tab stop moved by keys.
import { rowSortingFeature, tableFeatures, useTable, createColumnHelper } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type KeyboardEvent, memo, useId, useMemo, useRef, useState } from "react";
import { useNow } from "../../live/use-now";
import { type PlacementStore, useRow } from "../queries";
import type { Column } from "./columns";
import { copy } from "./copy-view";
import css from "./data-grid.module.css";
import type { ShownTable } from "./row-order";

interface GridProps {
  store: PlacementStore;
  table: ShownTable;
  columns: readonly Column[];
  keys: readonly string[];
  /** "name", or "-name" for descending. */
  sort: string;
  onSort: (sort: string) => void;
  onOpen: (key: string) => void;
  hold: (on: boolean) => void;
  selected: string;
}

const rowPx = 30;
const features = tableFeatures({ rowSortingFeature });
const helper = createColumnHelper<typeof features, { key: string }>();

export function DataGrid({ store, table, columns, keys, sort, onSort, onOpen, hold, selected }: GridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const [active, setActive] = useState("");
  const virtual = useVirtualizer({ count: keys.length, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan: 8, getItemKey: (index) => keys[index] ?? index, scrollPaddingStart: 28 });
  const items = virtual.getVirtualItems();
  const heads = useHeads(columns, sort, onSort);
  const at = Math.max(0, keys.indexOf(active));
  const go = (index: number) => {
    const next = Math.min(keys.length - 1, Math.max(0, index));
    setActive(keys[next] ?? "");
    virtual.scrollToIndex(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / rowPx) - 2);
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(active ? at + 1 : 0), j: () => go(active ? at + 1 : 0), ArrowUp: () => go(at - 1), k: () => go(at - 1),
      Home: () => go(0), End: () => go(keys.length - 1), PageDown: () => go(at + page), PageUp: () => go(at - page),
      Enter: () => active && onOpen(active), c: () => active && void copy(active, `${active} copied`),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };
  const shown = items.some(({ index }) => keys[index] === active);
  return (
    <div
      ref={scroller} className={css.grid} style={tracks(columns)} role="grid" tabIndex={0} aria-label={`${table}. Arrows move, Enter opens, c copies the name.`} aria-rowcount={keys.length + 1} aria-colcount={columns.length}
      aria-activedescendant={shown ? `${id}${active}` : undefined} onKeyDown={onKeyDown} onPointerEnter={({ pointerType }) => hold(pointerType === "mouse")} onPointerLeave={() => hold(false)}
    >
      <div className={css.head} role="row" aria-rowindex={1}>{heads}</div>
      <div className={css.body} role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const key = keys[index] ?? "";
          return <GridRow key={key} id={`${id}${key}`} store={store} table={table} columns={columns} rowKey={key} index={index} top={start} active={key === active} selected={key === selected} onOpen={onOpen} onActive={setActive} />;
        })}
      </div>
    </div>
  );
}

/** The heads with their sorting, by TanStack Table; rows are filtered and sorted by row-order, which knows the store. */
function useHeads(columns: readonly Column[], sort: string, onSort: (sort: string) => void) {
  const defs = useMemo(() => helper.columns(columns.map(({ id, head }) => helper.accessor("key", { id, header: head }))), [columns]);
  const sorting = useMemo(() => [{ id: sort.replace(/^-/, ""), desc: sort.startsWith("-") }], [sort]);
  const table = useTable({ features, columns: defs, data: noRows, state: { sorting }, manualSorting: true, enableSortingRemoval: false, onSortingChange: (next) => {
    const [first] = typeof next === "function" ? next(sorting) : next;
    if (first) onSort(`${first.desc ? "-" : ""}${first.id}`);
  } });
  return table.getHeaderGroups().flatMap(({ headers }) => headers.map((header, index) => {
    const { numeric, narrow, head } = columns[index] ?? { numeric: false, narrow: "", head: "" };
    const sorted = header.column.getIsSorted();
    return (
      <div key={header.id} role="columnheader" className={css.headCell} data-numeric={numeric || undefined} data-wide={narrow === "" || undefined} aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : "none"}>
        <button type="button" tabIndex={-1} onClick={() => header.column.toggleSorting(sorted === "asc")}>{head}{sorted && <span aria-hidden> {sorted === "asc" ? "↑" : "↓"}</span>}</button>
      </div>
    );
  }));
}

const noRows: { key: string }[] = [];

/** Track lists for wide and narrow screens: only first-rank columns on phones. */
function tracks(columns: readonly Column[]): CSSProperties {
  const wide = columns.map(({ width }) => width).join(" ");
  const narrow = columns.map(({ narrow }) => narrow).filter(Boolean).join(" ");
  return Object.fromEntries([["--wide", wide], ["--narrow", narrow]]);
}

interface RowProps {
  id: string; store: PlacementStore; table: ShownTable; columns: readonly Column[]; rowKey: string; index: number; top: number; active: boolean; selected: boolean;
  onOpen: (key: string) => void; onActive: (key: string) => void;
}

/** `onOpen` is made anew by each render of the page and does the same for the same key; so it does not count as a difference. */
const GridRow = memo(function GridRow({ id, store, table, columns, rowKey, index, top, active, selected, onOpen, onActive }: RowProps) {
  const row = useRow(store, table, rowKey);
  const now = useNow();
  const open = () => {
    onActive(rowKey);
    onOpen(rowKey);
  };
  return (
    <div id={id} role="row" aria-rowindex={index + 2} aria-selected={selected} data-active={active || undefined} data-gone={row ? undefined : true} className={css.row} style={{ transform: `translateY(${top}px)` }} onClick={open}>
      {columns.map(({ id: column, cell, numeric, narrow }) => (
        <div key={column} role="gridcell" className={css.cell} data-numeric={numeric || undefined} data-wide={narrow === "" || undefined}>
          {row ? cell(row, now) : column === "name" ? `${rowKey} is gone` : ""}
        </div>
      ))}
    </div>
  );
}, (a, b) => a.id === b.id && a.store === b.store && a.columns === b.columns && a.rowKey === b.rowKey && a.index === b.index && a.top === b.top && a.active === b.active && a.selected === b.selected);
