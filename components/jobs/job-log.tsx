"use client";
// The log of a job: only lines in view exist; it keeps to the end until somebody scrolls up, and tells how much came since.
import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useHotkeys } from "@mantine/hooks";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useCallback, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { LogLine, Step } from "@/lib/jobs/model";
import { PodMark } from "../placement/pod-mark";
import { Panel } from "../ui/panel";
import { StatePicture } from "../ui/state-picture";
import css from "./job-log.module.css";
import { countLevels, firstErrors, pickLines } from "./log-pick";
import type { JobLogStore } from "./log-store";
import { timeOfDay } from "./words";

interface JobLogProps { log: JobLogStore; /** The step whose lines stand out. */ chosen: string; ended: boolean; steps: readonly Step[] }

const linePx = 20;
/** Nearer to the end than this counts as at the end. */
const endPx = 24;
const levels = ["info", "warn", "error"] as const;
const levelWords = [{ value: "info", label: "all levels" }, { value: "warn", label: "warnings" }, { value: "error", label: "errors" }];
const address = { lines: parseAsString.withDefault(""), level: parseAsStringLiteral(levels).withDefault("info"), search: parseAsString.withDefault("") };

export function JobLog({ log, chosen, ended, steps }: JobLogProps) {
  const view = useSyncExternalStore(log.subscribe, log.view, log.view);
  const [{ lines: step, level, search }, set] = useQueryStates(address, { throttleMs: 200 });
  const field = useRef<HTMLInputElement>(null);
  useHotkeys([["/", () => field.current?.focus()]]);
  const wanted = search.trim().toLowerCase();
  const lines = useMemo(() => pickLines(view.lines, { step, search: wanted, level }), [view.lines, step, wanted, level]);
  const counts = useMemo(() => countLevels(view.lines), [view.lines]);
  return (
    <Panel
      title="Log"
      className={css.panel ?? ""}
      aside={
        <div className={css.tools}>
          <span className={css.counts}><PodMark state="failed" size={9} /> <b>{counts.error.toLocaleString("en")}</b> error <PodMark state="warning" size={9} /> <b>{counts.warn.toLocaleString("en")}</b> warn</span>
          <TextInput ref={field} size="xs" aria-label="Show lines that contain" placeholder={`Search ${view.last.toLocaleString("en")} lines`} value={search} onChange={(event) => void set({ search: event.currentTarget.value })} />
          <Select size="xs" aria-label="Lines of which step" data={[{ value: "", label: "all steps" }, ...steps.map(({ name, title, chain }) => ({ value: name, label: chain ? `${chain}: ${title}` : title }))]} value={step} onChange={(value) => void set({ lines: value ?? "" })} allowDeselect={false} searchable={steps.length > 12} className={css.step} comboboxProps={{ width: 260, position: "bottom-end" }} />
          <Select size="xs" aria-label="Level" data={levelWords} value={level} onChange={(value) => void set({ level: levels.find((one) => one === value) ?? "info" })} allowDeselect={false} className={css.level} />
        </div>
      }
    >
      {view.say && <p className={css.trouble} role="alert">Lines after {view.lines.length} could not be fetched: {view.say}</p>}
      {lines.length === 0 ? <Nothing view={view} filtered={view.lines.length > 0} ended={ended} /> : <Lines key={`${step} ${level} ${wanted}`} lines={lines} search={wanted} chosen={step ? "" : chosen} />}
    </Panel>
  );
}

function Nothing({ view, filtered, ended }: { view: { last: number }; filtered: boolean; ended: boolean }) {
  if (filtered) return <StatePicture kind="empty" title="No line matches" say="Clear the search, the level or the chosen step." />;
  if (view.last > 0) return <p className={css.note} role="status">Fetching {view.last.toLocaleString("en")} lines.</p>;
  return <StatePicture kind="empty" title="No lines" say={ended ? "The job ended without writing any." : "The first line comes when a worker begins."} />;
}

function Lines({ lines, search, chosen }: { lines: readonly LogLine[]; search: string; chosen: string }) {
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
  const firstError = useMemo(() => firstErrors(lines), [lines]);
  const toFirstError = () => {
    follow(false);
    rows.scrollToIndex(lines.findIndex(({ n }) => firstError.has(n)), { align: "center" });
  };
  useHotkeys([["f", () => follow(readTo !== null)], ["e", () => firstError.size > 0 && toFirstError()]]);
  const fresh = readTo === null ? 0 : lines.length - (lines.findLastIndex(({ n }) => n <= readTo) + 1);
  return (
    <>
      <div ref={scroller} className={css.box} role="log" aria-live="off" aria-label="Log lines" tabIndex={0} onScroll={(event) => onScroll(event.currentTarget)}>
        <div ref={keepToEnd} className={css.lines} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start }) => {
            const line = lines[index];
            return line && <div key={key} ref={rows.measureElement} data-index={index} className={css.line} data-level={line.level} data-chosen={line.step === chosen || undefined} data-first={firstError.has(line.n) || undefined} style={{ transform: `translateY(${start}px)` }}><Line line={line} search={search} /></div>;
          })}
        </div>
      </div>
      <footer className={css.foot}>
        <Switch size="xs" label="Follow" checked={readTo === null} onChange={(event) => follow(event.currentTarget.checked)} />
        <span>{lines.length.toLocaleString("en")} {search ? "lines match" : "lines"}</span>
        {firstError.size > 0 && <Button size="compact-xs" variant="default" onClick={toFirstError}>First error</Button>}
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
      <span className={css.of}>{line.step}</span>
      <span className={css.text}>{marked(line.text, search)}</span>
    </>
  );
}

function marked(text: string, search: string) {
  const at = search ? text.toLowerCase().indexOf(search) : -1;
  if (at < 0) return text;
  return <>{text.slice(0, at)}<mark>{text.slice(at, at + search.length)}</mark>{text.slice(at + search.length)}</>;
}
