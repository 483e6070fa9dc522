"use client";
// The log of a job: only lines in view exist; it keeps to the end until somebody scrolls up, and tells how much came since.
import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useRef, useState, useSyncExternalStore } from "react";
import type { LogLine, Step } from "@/lib/jobs/model";
import { PodMark } from "../placement/pod-mark";
import { Panel } from "../ui/panel";
import { StatePicture } from "../ui/state-picture";
import css from "./job-log.module.css";
import type { JobLogStore } from "./log-store";
import { timeOfDay } from "./words";

interface JobLogProps { log: JobLogStore; /** Only lines of this step; "" for all. */ step: string; ended: boolean; steps: readonly Step[] }

const linePx = 20;
/** Nearer to the end than this counts as at the end. */
const endPx = 24;
const levels = [{ value: "info", label: "all levels" }, { value: "warn", label: "warnings" }, { value: "error", label: "errors" }];

export function JobLog({ log, step, ended, steps }: JobLogProps) {
  const view = useSyncExternalStore(log.subscribe, log.view, log.view);
  const [search, setSearch] = useState("");
  const [level, setLevel] = useState("info");
  const lines = pick(view.lines, { step, search: search.trim().toLowerCase(), level });
  const title = steps.find(({ name }) => name === step)?.title;
  return (
    <Panel
      title={title ? `Log · ${title}` : "Log"}
      className={css.panel ?? ""}
      aside={
        <div className={css.tools}>
          <TextInput size="xs" aria-label="Show lines that contain" placeholder={`Search ${view.last.toLocaleString("en")} lines`} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
          <Select size="xs" aria-label="Level" data={levels} value={level} onChange={(value) => setLevel(value ?? "info")} allowDeselect={false} className={css.level} />
        </div>
      }
    >
      {view.say && <p className={css.trouble} role="alert">Lines after {view.lines.length} could not be fetched: {view.say}</p>}
      {lines.length === 0 ? <Nothing view={view} filtered={view.lines.length > 0} ended={ended} /> : <Lines key={`${step} ${level} ${search}`} lines={lines} search={search.trim().toLowerCase()} />}
    </Panel>
  );
}

function pick(lines: readonly LogLine[], { step, search, level }: { step: string; search: string; level: string }): readonly LogLine[] {
  if (!step && !search && level === "info") return lines;
  return lines.filter((line) => (!step || line.step === step) && (level === "info" || line.level === level || line.level === "error") && (!search || line.text.toLowerCase().includes(search)));
}

function Nothing({ view, filtered, ended }: { view: { last: number }; filtered: boolean; ended: boolean }) {
  if (filtered) return <StatePicture kind="empty" title="No line matches" say="Clear the search, the level or the chosen step." />;
  if (view.last > 0) return <p className={css.note} role="status">Fetching {view.last.toLocaleString("en")} lines.</p>;
  return <StatePicture kind="empty" title="No lines" say={ended ? "The job ended without writing any." : "The first line comes when a worker begins."} />;
}

function Lines({ lines, search }: { lines: readonly LogLine[]; search: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [readTo, setReadTo] = useState<number | null>(null);
  const rows = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => linePx, overscan: 12, getItemKey: (at) => lines[at]?.n ?? at });
  const toEnd = useCallback(() => scroller.current?.scrollTo({ top: scroller.current.scrollHeight }), []);
  // Whenever the lines grow taller, by new ones or by being measured, the end is where the reader wants to be.
  const keepToEnd = useCallback((body: HTMLDivElement) => {
    const watch = new ResizeObserver(() => following.current && toEnd());
    watch.observe(body);
    return () => watch.disconnect();
  }, [toEnd]);
  const follow = (on: boolean) => {
    following.current = on;
    setReadTo(on ? null : (lines.at(-1)?.n ?? 0));
    if (on) toEnd();
  };
  const onScroll = ({ scrollHeight, scrollTop, clientHeight }: HTMLDivElement) => {
    const atEnd = scrollHeight - scrollTop - clientHeight < endPx;
    if (atEnd !== following.current) follow(atEnd);
  };
  const fresh = readTo === null ? 0 : lines.length - (lines.findLastIndex(({ n }) => n <= readTo) + 1);
  return (
    <>
      <div ref={scroller} className={css.box} role="log" aria-live="off" aria-label="Log lines" tabIndex={0} onScroll={(event) => onScroll(event.currentTarget)}>
        <div ref={keepToEnd} className={css.lines} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start }) => {
            const line = lines[index];
            return line && <div key={key} ref={rows.measureElement} data-index={index} className={css.line} data-level={line.level} style={{ transform: `translateY(${start}px)` }}><Line line={line} search={search} /></div>;
          })}
        </div>
      </div>
      <footer className={css.foot}>
        <Switch size="xs" label="Follow" checked={readTo === null} onChange={(event) => follow(event.currentTarget.checked)} />
        <span>{lines.length.toLocaleString("en")} lines</span>
        {fresh > 0 && <Button size="compact-xs" variant="default" onClick={() => follow(true)}>{fresh.toLocaleString("en")} new ↓</Button>}
      </footer>
    </>
  );
}

function Line({ line, search }: { line: LogLine; search: string }) {
  return (
    <>
      <span className={css.n}>{line.n}</span>
      <time className={css.time} dateTime={new Date(line.at).toISOString()}>{timeOfDay(line.at)}</time>
      <span className={css.mark}>{line.level !== "info" && <PodMark state={line.level === "error" ? "failed" : "warning"} size={9} label={line.level} />}</span>
      <span className={css.step}>{line.step}</span>
      <span className={css.text}>{marked(line.text, search)}</span>
    </>
  );
}

function marked(text: string, search: string) {
  const at = search ? text.toLowerCase().indexOf(search) : -1;
  if (at < 0) return text;
  return <>{text.slice(0, at)}<mark>{text.slice(at, at + search.length)}</mark>{text.slice(at + search.length)}</>;
}
