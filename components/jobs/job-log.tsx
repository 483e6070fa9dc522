"use client";
// The log of a job: only lines in view exist, the end is there first and earlier ones when they are scrolled to or searched; it keeps to the end until somebody scrolls up.
import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useHotkeys } from "@mantine/hooks";
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent } from "react";
import type { LogLine, Step } from "@/lib/jobs/model";
import { PodMark } from "../placement/pod-mark";
import { Panel } from "../ui/panel";
import { StatePicture } from "../ui/state-picture";
import { useTail } from "../ui/use-tail";
import css from "./job-log.module.css";
import { countLevels, firstErrors, matchBeside, pickLines } from "./log-pick";
import type { JobLogStore, LogView } from "./log-store";
import { timeOfDay } from "./words";

interface JobLogProps { log: JobLogStore; /** Of the whole log, as the server counted. */ levels: { warn: number; error: number }; /** The step whose lines stand out. */ chosen: string; ended: boolean; steps: readonly Step[] }

const linePx = 20;
const levelNames = ["info", "warn", "error"] as const;
const levelWords = [{ value: "info", label: "all levels" }, { value: "warn", label: "warnings" }, { value: "error", label: "errors" }];
const address = { lines: parseAsString.withDefault(""), level: parseAsStringLiteral(levelNames).withDefault("info"), search: parseAsString.withDefault(""), only: parseAsBoolean.withDefault(false) };

/** The rows that may be scrolled through: picked lines, or every number of the log, whether its line is here or not. */
interface Rows { count: number; at(index: number): LogLine | undefined; indexOf(n: number): number }

function rowsOf(view: LogView, picked: readonly LogLine[] | null): Rows {
  if (picked) return { count: picked.length, at: (index) => picked[index], indexOf: (n) => picked.findIndex((line) => line.n === n) };
  return { count: view.last, at: (index) => view.at(index + 1), indexOf: (n) => n - 1 };
}

export function JobLog({ log, levels, chosen, ended, steps }: JobLogProps) {
  const [{ lines: step, level, search, only }, set] = useQueryStates(address, { throttleMs: 200 });
  const field = useRef<HTMLInputElement>(null);
  useHotkeys([["/", () => field.current?.focus()]]);
  const wanted = search.trim().toLowerCase();
  const narrowed = step !== "" || level !== "info" || (only && wanted !== "");
  const view = useSyncExternalStore(narrowed || wanted !== "" ? log.subscribeToAll : log.subscribe, log.view, log.view);
  const matches = useMemo(() => (wanted === "" ? [] : pickLines(view.held, { step, search: wanted, level })), [view, step, wanted, level]);
  const rows = useMemo(() => rowsOf(view, narrowed ? pickLines(view.held, { step, search: only ? wanted : "", level }) : null), [view, narrowed, step, only, wanted, level]);
  const here = useMemo(() => countLevels(view.held), [view]);
  const toLog = ({ key, currentTarget }: KeyboardEvent<HTMLInputElement>) => { if (key === "Enter") currentTarget.blur(); };
  return (
    <Panel
      title="Log"
      className={css.panel ?? ""}
      aside={
        <div className={css.tools}>
          <span className={css.counts}><PodMark state="failed" size={9} /> <b>{Math.max(levels.error, here.error).toLocaleString("en")}</b> error <PodMark state="warning" size={9} /> <b>{Math.max(levels.warn, here.warn).toLocaleString("en")}</b> warn</span>
          <TextInput ref={field} size="xs" aria-label="Search the log" placeholder={`Search ${view.last.toLocaleString("en")} lines`} value={search} onChange={(event) => void set({ search: event.currentTarget.value })} onKeyDown={toLog} />
          <Switch size="xs" label="matches only" checked={only} onChange={(event) => void set({ only: event.currentTarget.checked })} />
          <Select size="xs" aria-label="Lines of which step" data={[{ value: "", label: "all steps" }, ...steps.map(({ name, title, chain }) => ({ value: name, label: chain ? `${chain}: ${title}` : title }))]} value={step} onChange={(value) => void set({ lines: value ?? "" })} allowDeselect={false} searchable={steps.length > 12} className={css.step} comboboxProps={{ width: 260, position: "bottom-end" }} />
          <Select size="xs" aria-label="Level" data={levelWords} value={level} onChange={(value) => void set({ level: levelNames.find((one) => one === value) ?? "info" })} allowDeselect={false} className={css.level} />
        </div>
      }
    >
      {view.say && <p className={css.trouble} role="alert">{view.last - view.held.length} lines could not be fetched: {view.say}</p>}
      {rows.count === 0 ? <Nothing view={view} filtered={view.held.length > 0} ended={ended} /> : <Lines key={`${step} ${level} ${only ? wanted : ""}`} {...{ log, view, rows, matches }} search={wanted} errors={Math.max(levels.error, here.error)} chosen={step ? "" : chosen} />}
    </Panel>
  );
}

function Nothing({ view, filtered, ended }: { view: LogView; filtered: boolean; ended: boolean }) {
  if (filtered) return <StatePicture kind="empty" title="No line matches" say="Clear the search, the level or the chosen step." />;
  if (view.last > 0) return <p className={css.note} role="status">Fetching {view.last.toLocaleString("en")} lines.</p>;
  return <StatePicture kind="empty" title="No lines" say={ended ? "The job ended without writing any." : "The first line comes when a worker begins."} />;
}

interface LinesProps { log: JobLogStore; view: LogView; rows: Rows; matches: readonly LogLine[]; search: string; errors: number; chosen: string }

function Lines({ log, view, rows, matches, search, errors, chosen }: LinesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [readTo, setReadTo] = useState<number | null>(null);
  const [found, setFound] = useState(0);
  const items = useVirtualizer({
    count: rows.count, getScrollElement: () => scroller.current, estimateSize: () => linePx, overscan: 12, initialOffset: () => rows.count * linePx, getItemKey: (index) => rows.at(index)?.n ?? `at ${index}`,
    onChange: ({ range }) => range && rows.count === view.last && log.need(range.startIndex + 1, range.endIndex + 1),
  });
  const { body, scrolled, follow } = useTail(scroller, (on) => setReadTo(on ? null : view.last));
  const goTo = (n: number) => {
    follow(false);
    items.scrollToIndex(rows.indexOf(n), { align: "center" });
  };
  const firstError = useMemo(() => firstErrors(view.held), [view]);
  const toFirstError = async () => {
    await log.whole();
    const [first] = firstErrors(log.view().held);
    if (first !== undefined) goTo(first);
  };
  const toMatch = (forward: boolean) => {
    const next = matchBeside(matches, found || (forward ? 0 : view.last + 1), forward);
    if (!next) return;
    setFound(next.n);
    goTo(next.n);
  };
  useHotkeys([["f", () => follow(readTo !== null)], ["e", () => void toFirstError()], ["n", () => toMatch(true)], ["shift+n", () => toMatch(false)]]);
  const fresh = readTo === null ? 0 : view.last - readTo;
  const at = matches.findIndex(({ n }) => n === found);
  return (
    <>
      <div ref={scroller} className={css.box} role="log" aria-live="off" aria-label="Log lines" tabIndex={0} onScroll={(event) => scrolled(event.currentTarget)}>
        <div ref={body} className={css.lines} style={{ height: items.getTotalSize() }}>
          {items.getVirtualItems().map(({ key, index, start }) => {
            const line = rows.at(index);
            return line
              ? <div key={key} ref={items.measureElement} data-index={index} className={css.line} data-level={line.level} data-chosen={line.step === chosen || undefined} data-found={line.n === found || undefined} data-first={firstError.has(line.n) || undefined} style={{ transform: `translateY(${start}px)` }}><Line line={line} search={search} /></div>
              : <div key={key} className={css.line} style={{ transform: `translateY(${start}px)` }}><span className={css.n}>{index + 1}</span></div>;
          })}
        </div>
      </div>
      <footer className={css.foot}>
        <Switch size="xs" label="Follow" checked={readTo === null} onChange={(event) => follow(event.currentTarget.checked)} />
        <span>{rows.count.toLocaleString("en")} lines</span>
        {search !== "" && <Matches of={matches.length} at={at} go={toMatch} all={view.held.length === view.last} />}
        {errors > 0 && <Button size="compact-xs" variant="default" onClick={() => void toFirstError()}>First error</Button>}
        {fresh > 0 && <Button size="compact-xs" variant="default" onClick={() => follow(true)}>{fresh.toLocaleString("en")} new ↓</Button>}
      </footer>
    </>
  );
}

function Matches({ of, at, go, all }: { of: number; at: number; go: (forward: boolean) => void; all: boolean }) {
  const count = of.toLocaleString("en");
  return (
    <span className={css.matches} role="status">
      {at < 0 ? `${count} ${of === 1 ? "line matches" : "lines match"}` : `match ${(at + 1).toLocaleString("en")} of ${count}`}{all ? "" : " so far"}
      <Button size="compact-xs" variant="default" disabled={of === 0} onClick={() => go(false)} aria-label="Match before" title="N">↑</Button>
      <Button size="compact-xs" variant="default" disabled={of === 0} onClick={() => go(true)} aria-label="Next match" title="n">↓</Button>
    </span>
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
