"use client";
// Every analysis that ended: sorted by any column, filtered by text, both in the address bar.
import { TextInput } from "@mantine/core";
import Link from "next/link";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import type { RunSummary } from "@/lib/canary/views";
import { tagOf } from "../overview/image-tag";
import { PodMark } from "../placement/pod-mark";
import { Panel } from "../ui/panel";
import { Trouble } from "../live/answer";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import css from "./page.module.css";
import { canaryPage, useHistory } from "./queries";
import { runMark, runWord } from "./words";

const columns = ["started", "workload", "verdict", "minutes", "truth"] as const;
type Column = (typeof columns)[number];
const heads: Record<Column, string> = { started: "Began", workload: "Workload", verdict: "Verdict and end", minutes: "Minutes", truth: "In truth" };
const sorts: Record<Column, (a: RunSummary, b: RunSummary) => number> = {
  started: (a, b) => b.startedAt - a.startedAt, workload: (a, b) => a.workload.localeCompare(b.workload), verdict: (a, b) => runWord(a).localeCompare(runWord(b)), minutes: (a, b) => b.minutes - a.minutes, truth: (a, b) => a.truth.localeCompare(b.truth),
};

export function HistoryPage({ cluster }: { cluster: string }) {
  const { data, error, refetch } = useHistory(cluster);
  const [filter, setFilter] = useQueryState("filter", parseAsString.withDefault(""));
  const [sort, setSort] = useQueryState("sort", parseAsStringLiteral(columns).withDefault("started"));
  const rows = (data?.runs ?? []).filter((run) => [run.workload, run.namespace, run.sentence, run.canaryImage, runWord(run)].some((text) => text.toLowerCase().includes(filter.toLowerCase()))).sort(sorts[sort]);
  return (
    <div className={css.page}>
      <h1 className={css.title}>Canaries that ended</h1>
      <TextInput size="xs" className={css.field} value={filter} onChange={({ currentTarget }) => void setFilter(currentTarget.value || null)} placeholder="Filter by workload, version, verdict" aria-label="Filter the history" />
      <Panel title="History" aside={data ? `${rows.length} of ${data.runs.length}` : ""}>
        {!data && error ? <Trouble error={error} what="the history" retry={() => void refetch()} /> : !data ? <LoadingRows rows={8} /> : rows.length === 0 ? <StatePicture kind="empty" title={data.runs.length === 0 ? "No canary has ended yet" : "Nothing matches the filter"} say="Each analysis is kept with all of its evidence." /> : (
          <div className={css.scroll} role="region" aria-label="History" tabIndex={0}>
            <table className={css.table}>
              <thead><tr>{columns.map((column) => <th key={column} aria-sort={sort === column ? "descending" : "none"} {...(column === "minutes" ? { "data-num": true } : {})}><button type="button" className={css.sort} onClick={() => void setSort(column === "started" ? null : column)}>{heads[column]}{sort === column ? " ↓" : ""}</button></th>)}<th>What was said</th></tr></thead>
              <tbody>
                {rows.map((run) => (
                  <tr key={run.id}>
                    <td className={css.mono} suppressHydrationWarning>{new Date(run.startedAt).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}</td>
                    <td><Link href={`${canaryPage(run)}?run=${run.id}`}>{run.workload}</Link> <span className={css.mono}>{tagOf(run.baselineImage)} → {tagOf(run.canaryImage)}</span></td>
                    <td><span className={css.mark}><PodMark state={runMark(run)} /> {runWord(run)}</span></td>
                    <td data-num>{run.minutes.toFixed(0)}</td>
                    <td>{run.truth}</td>
                    <td className={css.say}>{run.sentence}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
    </div>
  );
}
