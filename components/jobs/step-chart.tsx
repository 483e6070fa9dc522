"use client";
// The steps of a job in time: rows of chains, bars by state, the longest path, now and the expected end. Its twin is the list.
import { type KeyboardEvent, useRef } from "react";
import type { Forecast } from "@/lib/jobs/forecast";
import { stepIsOver, type Attempt, type JobDetail, type Step } from "@/lib/jobs/model";
import { PodMark } from "../placement/pod-mark";
import { layChart, neighbour, roomBeside, type BarPlace, type ChartRow, type RowFilter } from "./chart-layout";
import css from "./step-chart.module.css";
import { span, stepLooks } from "./words";

interface ChartProps { job: JobDetail; attempts: readonly Attempt[]; forecast: Forecast; now: number; filter: RowFilter; selected: string; onSelect: (name: string) => void }

const rowPx = 20;
/** What bars that lie one above the other share of a row. */
const stackPx = 18;
/** Words in less than this share of the width say nothing. */
const leastRoom = 0.2;
const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

export function StepChart({ job, attempts, forecast, now, filter, selected, onSelect }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const from = job.startedAt ?? now;
  const chart = layChart(job.steps, forecast, { from, now: job.endedAt ?? now, filter });
  const entry = chart.rows.some(({ bars }) => bars.some(({ step }) => step.name === selected)) ? selected : (chart.rows[0]?.bars[0]?.step.name ?? "");
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const name = event.target instanceof HTMLElement ? event.target.dataset.step : undefined;
    if (!name || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const next = neighbour(chart.rows, name, event.key);
    if (next !== null) box.current?.querySelector<HTMLElement>(`[data-step="${CSS.escape(next)}"]`)?.focus();
  };
  if (chart.rows.length === 0) return <p className={css.none}>{filter === "trouble" ? "No step is in trouble." : "The steps are known when the job is."}</p>;
  return (
    <div className={css.chart} ref={box} onKeyDown={onKeyDown} role="group" aria-label="Steps in time; arrow keys move between them">
      <div className={css.axis} aria-hidden>
        <span className={css.gutterHead}>Chain</span>
        <div className={css.scale}>
          {chart.ticks.map(({ at, ms }) => <span key={ms} className={css.tick} style={{ left: percent(at) }}>{span(0, ms)}</span>)}
          {job.endedAt === null && job.startedAt !== null && <span className={css.chip} style={{ left: percent(Math.min(0.97, chart.now)) }}>{span(from, now)}</span>}
        </div>
      </div>
      <div className={css.rows}>
        <div className={css.lines} aria-hidden>
          {chart.ticks.map(({ at, ms }) => <i key={ms} className={css.rule} style={{ left: percent(at) }} />)}
          {job.endedAt === null && job.startedAt !== null && <i className={css.now} style={{ left: percent(chart.now) }} />}
          <i className={css.end} style={{ left: percent(chart.end) }} />
          <PathLine corners={chart.path} rows={chart.rows.length} now={job.endedAt === null ? chart.now : 1} />
        </div>
        {chart.rows.map((row) => (
          <div key={row.bars[0]?.step.name} className={css.row} data-on={row.bars.some(({ step }) => step.name === selected) || undefined}>
            <Gutter row={row} />
            <div className={css.bars}>
              {row.bars.map((bar) => <StepBar key={bar.step.name} bar={bar} attempts={attempts} row={row} now={chart.now} entry={entry} selected={selected} onSelect={onSelect} />)}
              <Word row={row} steps={job.steps} now={job.endedAt === null && job.startedAt !== null ? chart.now : null} />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}

function Gutter({ row }: { row: ChartRow }) {
  const worst = row.bars.find(({ step }) => step.status === "failed") ?? row.bars.find(({ step }) => !stepIsOver(step.status)) ?? row.bars.find(({ step }) => step.status === "degraded") ?? row.bars.at(-1);
  return (
    <div className={css.gutter}>
      <i className={css.tier} style={{ background: row.tier === null ? "transparent" : `var(--tier-${row.tier})` }} />
      <span className={css.lane} title={row.lane}>{row.lane}</span>
      <span className={css.chain} title={row.chain}>{row.chain}</span>
      {worst && <PodMark state={stepLooks[worst.step.status].mark} size={10} />}
      <span className={css.over}>{row.over}/{row.bars.length}</span>
    </div>
  );
}

interface BarProps { bar: BarPlace; attempts: readonly Attempt[]; row: ChartRow; now: number; entry: string; selected: string; onSelect: (name: string) => void }

function StepBar({ bar, attempts, row, now, entry, selected, onSelect }: BarProps) {
  const { step, left, width, level, levels } = bar;
  const { top, height } = levels === 1 ? { top: 2, height: 14 } : { top: 1 + level * (stackPx / levels), height: Math.max(2, stackPx / levels - 1) };
  const tries = attempts.filter((one) => one.step === step.name);
  const worked = ["running", "waiting", "retrying"].includes(step.status) ? Math.min(1, Math.max(0, (now - left) / width)) : 0;
  const name = `${row.chain === step.title ? "" : `${row.chain}, `}${step.title}, ${stepLooks[step.status].word}${tries.length > 1 ? `, attempt ${step.attempt} of ${tries.length}` : ""}`;
  return (
    <button
      type="button" className={css.bar} data-step={step.name} data-status={step.status} tabIndex={step.name === entry ? 0 : -1} aria-pressed={step.name === selected} aria-label={name} title={`${name}${step.say ? `: ${step.say}` : ""}`}
      style={{ left: percent(left), width: percent(width), top, height }} onClick={() => onSelect(step.name)}
    >
      {worked > 0 && <i className={css.worked} style={{ width: percent(worked) }} />}
      {tries.some(({ outcome }) => outcome === "failed") && step.status !== "failed" && <i className={css.tried} />}
      {height > 10 && <span className={css.name}>{step.title}</span>}
    </button>
  );
}

/** What a row gave, or what it waits for, where there is room beside its bars. */
function Word({ row, steps, now }: { row: ChartRow; steps: readonly Step[]; now: number | null }) {
  const { from, to, against } = roomBeside(row.bars, now);
  const told = row.bars.findLast(({ step }) => step.say !== "" && step.status !== "todo")?.step;
  const waitsFor = row.bars[0]?.step.needs.map((need) => steps.find(({ name }) => name === need)).filter((need) => need && !stepIsOver(need.status)).map((need) => need?.title);
  const text = told ? told.say : row.over === 0 && waitsFor && waitsFor.length > 0 && row.bars[0]?.step.status === "todo" ? `after ${waitsFor[0]}${waitsFor.length > 1 ? ` and ${waitsFor.length - 1} more` : ""}` : "";
  if (!text || to - from < leastRoom) return null;
  return <span className={css.word} data-status={told?.status} style={{ ...(against === "end" ? { right: percent(1 - to) } : { left: percent(from) }), maxWidth: percent(to - from) }} aria-hidden>{text}</span>;
}

/** Solid in the past, dashed in the future. */
function PathLine({ corners, rows, now }: { corners: { x: number; row: number }[]; rows: number; now: number }) {
  if (corners.length < 2) return null;
  const points = corners.map(({ x, row }) => `${(x * 1000).toFixed(1)},${row * rowPx + rowPx - 2}`).join(" ");
  const cut = Math.min(1, now) * 1000;
  const height = rows * rowPx;
  return (
    <svg className={css.path} viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none" style={{ height }} aria-hidden>
      <clipPath id="path-past"><rect x="-2" y="0" width={cut + 2} height={height} /></clipPath>
      <polyline points={points} strokeDasharray="3 3" />
      <polyline points={points} clipPath="url(#path-past)" />
    </svg>
  );
}
