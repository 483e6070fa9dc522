"use client";
// What an expression is now: a row per series, however many; only the rows in view exist.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import type { TableAnswer } from "../queries";
import css from "./instant-table.module.css";

const rowPx = 30;

export function InstantTable({ answer: { rows, of, tookMs, remarks } }: { answer: TableAnswer }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan: 10 });
  return (
    <div className={css.frame}>
      <div ref={scroller} className={css.scroll} role="table" aria-label="Values now" aria-rowcount={rows.length} tabIndex={0}>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            return row && (
              <div key={index} role="row" aria-rowindex={index + 1} className={css.row} style={{ transform: `translateY(${start}px)` }}>
                <span role="cell" className={css.labels}><Labels labels={row.labels} /></span>
                <span role="cell" className={css.value}>{row.value}</span>
                <span role="cell"><CopyButton text={row.value} what="value" /></span>
              </div>
            );
          })}
        </div>
      </div>
      <p className={css.foot}>{of === 0 ? "Nothing matches." : `${rows.length < of ? `${rows.length} of ${of}` : of} series`}, {tookMs} ms{remarks.map((remark) => <span key={remark}> · {remark}</span>)}</p>
    </div>
  );
}

function Labels({ labels: { __name__: name, ...rest } }: { labels: Record<string, string> }) {
  const pairs = Object.entries(rest);
  return <code>{name}{pairs.length > 0 && <>{"{"}{pairs.map(([label, value], index) => <span key={label}>{index > 0 && ", "}<i>{label}</i>={JSON.stringify(value)}</span>)}{"}"}</>}{name === undefined && pairs.length === 0 && "value"}</code>;
}
