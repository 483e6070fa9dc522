"use client";
// One chart in its frame: title and unit, what the cursor reads, the plot, a table twin, and a foot that says what was asked and how it went.
import { type ReactNode, useCallback, useMemo, useState } from "react";
import type { ChartAnswer, Limit, Unit } from "@/lib/metrics/model";
import { gridTimes } from "@/lib/metrics/grid";
import css from "./chart-panel.module.css";
import { ChartTable } from "./chart-table";
import { ChartTools } from "./chart-tools";
import { figure } from "./figures";
import { LineEnds } from "./line-ends";
import { drawnAtMost, toLines, type Write } from "./lines";
import { MarkLines } from "./mark-lines";
import type { ChartMark } from "./marks";
import { Overlay } from "./overlay";
import { Plot, room } from "./plot";
import { Readout } from "./readout";
import { axisFor, type ScaleKind } from "./scale";
import { useTwin } from "./use-twin";

interface ChartPanelProps {
  title: string;
  note: string;
  unit: Unit;
  scale: ScaleKind;
  accent: string;
  limits?: readonly Limit[];
  /** What happened meanwhile. */
  marks?: readonly ChartMark[];
  steps?: boolean;
  answer: ChartAnswer | null;
  /** Why there is nothing newer, or nothing at all. */
  trouble?: string | undefined;
  /** What the labels were that matched nothing; for the picture of an empty chart. */
  asked: string;
  heightPx?: number;
  className?: string | undefined;
  tools?: ReactNode;
  foot?: ReactNode;
  /** The lines with their figures stand under the chart, too, where there are several. */
  legend?: boolean;
  onRange?: (range: { start: number; end: number }) => void;
}

export function ChartPanel(props: ChartPanelProps) {
  const { title, note, unit, scale, accent, limits = [], marks = [], steps = false, answer, trouble, asked, heightPx = 190, className = "", tools, foot, legend = false, onRange } = props;
  const { twin, turn, onKeyDown } = useTwin();
  const [lit, setLit] = useState<string | null>(null);
  const times = useMemo(() => (answer ? gridTimes(answer) : []), [answer]);
  const lines = useMemo(() => toLines((answer?.series ?? []).filter(({ values }) => values.some((value) => value !== null)), accent), [answer, accent]);
  const axis = useMemo(() => axisFor([...lines.slice(0, drawnAtMost).flatMap(({ values }) => values.filter((value) => value !== null)), ...limitsInView(limits, lines)], { kind: scale, binary: unit === "bytes" }), [lines, limits, scale, unit]);
  const shownLimits = limits.filter(({ value }) => value <= axis.max);
  const endsWidth = endsWidthOf(lines);
  const write = useCallback<Write>((value) => figure(value, unit), [unit]);
  const right = lines.length === 0 ? 12 : endsWidth;
  return (
    <section className={`${css.panel} ${className}`} aria-label={title} data-trouble={trouble !== undefined || undefined} onKeyDown={onKeyDown}>
      <header className={css.head}>
        <h2>{title}</h2>
        <span className={css.note}>{note}</span>
        {trouble !== undefined && answer ? <span className={css.stale}>stale</span> : <Readout times={times} lines={lines} write={write} />}
        <span className={css.tools}>
          {tools}
          <ChartTools title={title} twin={twin} turn={turn} times={times} series={lines} />
        </span>
      </header>
      <div className={css.body} style={{ height: heightPx }}>
        {twin ? <ChartTable title={title} lines={lines} unit={unit} onLight={setLit} /> : answer && lines.length > 0 ? (
          <>
            <Plot times={times} lines={lines} axis={axis} write={write} limits={shownLimits} steps={steps} right={right} lit={lit} />
            <MarkLines marks={marks} start={times[0] ?? 0} end={times.at(-1) ?? 1} right={right} />
            <Overlay title={title} times={times} lines={lines} axis={axis} write={write} right={right} onRange={onRange} />
            <LineEnds lines={lines} axis={axis} unit={unit} heightPx={heightPx} width={endsWidth - 8} onLight={setLit} />
          </>
        ) : <Nothing trouble={trouble} loading={answer === null && trouble === undefined} asked={asked} />}
      </div>
      {(foot || trouble !== undefined || (answer?.remarks.length ?? 0) > 0 || (answer && answer.of > drawnAtMost)) && (
        <footer className={css.foot}>
          {trouble !== undefined && <span role="alert">{trouble}</span>}
          {answer && answer.of > drawnAtMost && <span>{drawnAtMost} of {answer.of} lines drawn{answer.of > answer.series.length ? `, the highest ${answer.series.length} in the table` : ", all in the table"}</span>}
          {answer?.remarks.map((remark) => <span key={remark} className={css.remark} title={remark}>{remark}</span>)}
          {foot}
        </footer>
      )}
      {legend && !twin && lines.length > 1 && <div className={css.legend}><ChartTable title="Lines" lines={lines} unit={unit} onLight={setLit} /></div>}
    </section>
  );
}

/** As wide as the longest name needs, within bounds. */
function endsWidthOf(lines: readonly { name: string }[]): number {
  return Math.min(176, 78 + 6 * Math.max(0, ...lines.slice(0, drawnAtMost).map(({ name }) => name.length)));
}

/** A limit far above everything would press the lines flat; it is drawn once they come near. */
function limitsInView(limits: readonly Limit[], lines: readonly { values: readonly (number | null)[] }[]): number[] {
  const top = lines.reduce((most, { values }) => values.reduce<number>((high, value) => Math.max(high, value ?? 0), most), 0);
  return limits.map(({ value }) => value).filter((value) => top * 3 >= value);
}

function Nothing({ trouble, loading, asked }: { trouble: string | undefined; loading: boolean; asked: string }) {
  if (loading) return <div className={css.loading} style={{ left: room.left, top: room.top, bottom: room.bottom }} role="status" aria-label="Loading" />;
  return <p className={css.nothing}>{trouble === undefined ? <>Nothing matches <code>{asked}</code> in this time.</> : "No picture yet."}</p>;
}
