// The table twin of a chart: each line with its last, least, greatest and mean value, sorted by any of them.
import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import css from "./chart-table.module.css";
import { figure } from "./figures";
import type { Line } from "./lines";
import type { Unit } from "@/lib/metrics/model";

const columns = ["name", "last", "min", "max", "mean"] as const;
type Column = (typeof columns)[number];
const heads: Record<Column, string> = { name: "Line", last: "Last", min: "Least", max: "Greatest", mean: "Mean" };

interface Row { line: Line; name: string; last: number; min: number; max: number; mean: number }

function toRow(line: Line): Row {
  const known = line.values.filter((value) => value !== null);
  const none = known.length === 0;
  return { line, name: line.name, last: known.at(-1) ?? Number.NaN, min: none ? Number.NaN : Math.min(...known), max: none ? Number.NaN : Math.max(...known), mean: known.reduce((sum, value) => sum + value, 0) / known.length };
}

function compare(a: Row, b: Row, column: Column): number {
  return column === "name" ? a.name.localeCompare(b.name) : (Number.isNaN(b[column]) ? -Infinity : b[column]) - (Number.isNaN(a[column]) ? -Infinity : a[column]);
}

interface TableProps { title: string; lines: readonly Line[]; unit: Unit; onLight?: (name: string | null) => void }

export function ChartTable({ title, lines, unit, onLight }: TableProps) {
  const [sort, setSort] = useState<Column>("last");
  const rows = lines.map(toRow).sort((a, b) => compare(a, b, sort));
  return (
    <div className={css.scroll} role="region" tabIndex={0} aria-label={`${title} as a table`}>
      <table className={css.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} aria-sort={sort === column ? (column === "name" ? "ascending" : "descending") : "none"}>
                <UnstyledButton className={css.head} onClick={() => setSort(column)}>{heads[column]}{sort === column && <span aria-hidden> ↓</span>}</UnstyledButton>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ line, name, ...values }) => (
            <tr key={line.key} onPointerEnter={() => onLight?.(name)} onPointerLeave={() => onLight?.(null)}>
              <th scope="row"><i style={{ background: line.colour }} aria-hidden /><span>{name}</span></th>
              {(["last", "min", "max", "mean"] as const).map((column) => <td key={column}>{figure(values[column], unit)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
