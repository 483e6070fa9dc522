"use client";
// The deployments of the window as rows: sorted by any column, walked by keys, each a link to its own page.
import { IconExternalLink } from "@tabler/icons-react";
import Link from "next/link";
import { type KeyboardEvent, useRef } from "react";
import type { DeploymentRecord } from "@/lib/deployments/model";
import { TierBadge } from "../placement/tier-badge";
import type { Sort } from "./address";
import { KindMark, RecordMark } from "./record-mark";
import css from "./record-table.module.css";
import { sorted } from "./row-order";
import { changeText, durationMs, knownBy, outcomeLook, recordPath, spanText, whenText, workloadPath } from "./words";

export interface TableProps { cluster: string; records: readonly DeploymentRecord[]; now: number; selected: string; onSelect: (id: string) => void; sort: Sort; isUp: boolean; onSort: (sort: Sort) => void }

const heads: readonly { sort: Sort | null; label: string }[] = [
  { sort: "when", label: "When" }, { sort: "workload", label: "Workload" }, { sort: "tier", label: "Tier" }, { sort: null, label: "From → to" }, { sort: "kind", label: "Kind" },
  { sort: "who", label: "Who, how known" }, { sort: "duration", label: "Duration" }, { sort: "outcome", label: "Outcome" }, { sort: "lead", label: "Lead time" }, { sort: null, label: "CI" },
];

export function RecordTable(props: TableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey) return;
    const links = [...(body.current?.querySelectorAll<HTMLAnchorElement>("a[data-when]") ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
    event.preventDefault();
  };
  return (
    <table className={css.table} onKeyDown={onKeyDown}>
      <thead>
        <tr>
          {heads.map(({ sort, label }) => (
            <th key={label} scope="col" data-right={label === "Duration" || label === "Lead time" || label === "CI"} aria-sort={props.sort === sort ? (props.isUp ? "ascending" : "descending") : undefined}>
              {sort === null ? label : <button type="button" onClick={() => props.onSort(sort)}>{label}{props.sort === sort && sort !== "when" ? (props.isUp ? " ↑" : " ↓") : ""}</button>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>{sorted(props.records, props).map((record) => <Row key={record.id} record={record} {...props} />)}</tbody>
    </table>
  );
}

function Row({ record, cluster, now, selected, onSelect }: TableProps & { record: DeploymentRecord }) {
  const { words, tone } = outcomeLook(record);
  const { from, to } = changeText(record);
  const took = durationMs(record, now);
  return (
    <tr data-selected={record.id === selected} onFocus={() => record.id !== selected && onSelect(record.id)}>
      <td className={css.when}><Link data-when href={recordPath(cluster, record.id)} prefetch={false} title={new Date(record.startedAt).toISOString()}>{whenText(record.startedAt, now)}</Link></td>
      <td className={css.workload}><Link href={workloadPath(cluster, record)} prefetch={false} title={`${record.kind} ${record.namespace}/${record.name}`}>{record.name}</Link></td>
      <td className={css.tier}><TierBadge tier={record.tier} /></td>
      <td className={css.change} title={`${record.fromVersion} → ${record.version}`}>{from !== "" && <span>{from} → </span>}<b>{to}</b></td>
      <td className={css.kind}><span><KindMark change={record.change} /> {record.change}</span></td>
      <td className={css.who}>{record.actor ? <>{record.actor} <small>{knownBy[record.actorSource]}</small></> : <span className={css.unknown}>unknown</span>}</td>
      <td className={css.number}>{took === null ? "–" : spanText(took)}</td>
      <td className={css.outcome} data-tone={tone} title={words}><span><RecordMark outcome={record.outcome} size={9} caused={record.incident !== null || record.rolledBackBy !== null} /> {words}</span></td>
      <td className={css.number}>{record.leadMs !== null && record.leadMs > 0 ? spanText(record.leadMs) : record.change === "release" && !record.isFirst ? <span className={css.unknown}>unknown</span> : "–"}</td>
      <td className={css.ci}>{record.ciUrl ? <a href={record.ciUrl} target="_blank" rel="noreferrer noopener">{record.ciLabel ?? "build"} <IconExternalLink size={11} aria-label="opens in a new tab" /></a> : (record.ciLabel ?? "–")}</td>
    </tr>
  );
}
