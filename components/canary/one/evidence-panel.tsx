"use client";
// Evidence over time on a mirrored log axis: up is worse than stable, down is not worse than the margin; below it one metric's ratio with the interval that is valid at every look.
import { useMemo, useState } from "react";
import { Area, CartesianGrid, ComposedChart, Line, LineChart, ReferenceArea, ReferenceDot, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { timeText } from "@/components/chart/figures";
import { timeTicks } from "@/components/chart/scale";
import { Panel } from "@/components/ui/panel";
import { PodMark } from "@/components/placement/pod-mark";
import { LoadingRows } from "@/components/ui/state-picture";
import type { RunDetail } from "@/lib/canary/views";
import { colourOf, evidenceOf, evidenceText, metricMark } from "../words";
import css from "./canary-page.module.css";
import { evidencePoints, evidenceReach, failLines, ratioPoints, type RatioPoint } from "./evidence-points";

const tickStyle = { fill: "var(--mut)", fontSize: 11, fontFamily: "var(--mono)" } as const;
const margin = { top: 8, right: 14, bottom: 0, left: 0 } as const;

export function EvidencePanel({ run }: { run: RunDetail }) {
  const metrics = run.verdict?.metrics ?? [];
  const [chosen, setChosen] = useState("");
  const main = metrics.find(({ name }) => name === chosen) ?? metrics.find(({ name }) => name === run.verdict?.deciding) ?? metrics[0];
  const ends = main?.expected && run.state === "running" ? run.lastAt + main.expected.minutes * 60_000 : null;
  const span = { start: run.startedAt, end: Math.max(run.lastAt, run.startedAt + 60_000, ends === null ? 0 : Math.min(ends, run.lastAt + 2 * (run.lastAt - run.startedAt) + 600_000)) };
  return (
    <Panel title="Evidence" aside={main ? `${main.name} needs ${evidenceText(main.logFailLine)} to fail, ${evidenceText(main.logPassLine)} to pass` : "nothing was looked at yet"}>
      {!main ? <LoadingRows label="Waiting for the first look" /> : (
        <>
          <ul className={css.names} aria-label="Metrics of the charts">
            {metrics.map((metric) => {
              const { mark, word } = metricMark(metric);
              return <li key={metric.name}><button type="button" aria-pressed={metric === main} onClick={() => setChosen(metric.name)}><PodMark state={mark} label={word} /> <span style={{ borderBottom: `2px solid ${colourOf[mark]}` }}>{metric.name}</span> <code>{evidenceText(evidenceOf(metric).log)}</code></button></li>;
            })}
          </ul>
          <div className={css.chart} role="img" aria-label={`Evidence over time. ${metrics.map((metric) => `${metric.name}: ${evidenceText(evidenceOf(metric).log)} ${evidenceOf(metric).side}, ${metricMark(metric).word}`).join(". ")}.`}>
            <EvidenceChart run={run} main={main.name} span={span} ends={ends} />
          </div>
          <p className={css.caption}>{main.name}, canary ÷ stable, with its 95 % interval; PASS comes from the evidence above, not from this band</p>
          <div className={css.ratio} role="img" aria-label={`Ratio of ${main.name} over time, now ${main.ratio === null ? "not known" : main.ratio.toFixed(2)}, margin ${main.margin}.`}>
            <RatioChart points={ratioPoints(run.path, main.name)} span={span} margin={main.margin} />
          </div>
        </>
      )}
    </Panel>
  );
}

interface Span { start: number; end: number }

function EvidenceChart({ run, main, span, ends }: { run: RunDetail; main: string; span: Span; ends: number | null }) {
  const metrics = run.verdict?.metrics ?? [];
  const points = useMemo(() => evidencePoints(run.path, metrics), [run.path, metrics]);
  const reach = evidenceReach(metrics);
  const pass = Math.log10(Math.E) * (metrics[0]?.logPassLine ?? 3);
  const lines = failLines(metrics);
  const now = points.at(-1);
  const expected = metrics.find(({ name }) => name === main)?.expected;
  const from = now?.[`m${metrics.findIndex(({ name }) => name === main)}`];
  const target = expected?.side === "fail" ? (lines.find(({ names }) => names.includes(main))?.at ?? reach) : -pass;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart data={points} margin={margin} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="t" type="number" domain={[span.start, span.end]} ticks={timeTicks(span)} tickFormatter={(at: number) => timeText(at, span.end - span.start)} height={18} tick={tickStyle} tickLine={false} axisLine={false} />
        <YAxis type="number" domain={[-reach, reach]} ticks={[-2, -1, 0, 1, 2]} tickFormatter={(log: number) => String(10 ** Math.abs(log))} width={48} tick={tickStyle} tickLine={false} axisLine={false} allowDataOverflow />
        <ReferenceArea y1={Math.min(...lines.map(({ at }) => at))} y2={reach} fill="var(--state-failed)" fillOpacity={0.08} />
        <ReferenceArea y1={-reach} y2={-pass} fill="var(--state-running)" fillOpacity={0.1} />
        <ReferenceLine y={0} stroke="var(--faint)" />
        {lines.map(({ at, names }, index) => <ReferenceLine key={at} y={at} stroke="var(--state-failed)" label={{ value: `FAIL ${evidenceText(at / Math.log10(Math.E))}${lines.length > 1 ? ` ${names.join(", ")}` : " worse than stable"}`, position: index % 2 === 0 ? "insideTopLeft" : "insideBottomLeft", fill: "var(--word-red)", fontSize: 11 }} />)}
        <ReferenceLine y={-pass} stroke="var(--state-running)" label={{ value: "PASS not worse than the margin", position: "insideBottomLeft", fill: "var(--word-green)", fontSize: 11 }} />
        {now && run.state === "running" && <ReferenceLine x={now.t} stroke="var(--faint)" strokeDasharray="2 3" />}
        {now && ends !== null && typeof from === "number" && <ReferenceLine segment={[{ x: now.t, y: from }, { x: Math.min(ends, span.end), y: target }]} stroke="var(--state-starting)" strokeDasharray="2 4" strokeWidth={2} />}
        {ends !== null && ends <= span.end && <ReferenceDot x={ends} y={target} r={4} fill="var(--surface)" stroke="var(--state-starting)" strokeWidth={2} />}
        {metrics.map((metric, index) => (
          <Line key={metric.name} dataKey={`m${index}`} stroke={colourOf[metricMark(metric).mark]} strokeWidth={metric.name === main ? 2.25 : 1.5} strokeOpacity={metric.name === main ? 1 : 0.6} type="linear" dot={false} activeDot={false} isAnimationActive={false} connectNulls={false} />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}

const ratioTicks = [-2, -1, 0, 1, 2];

function RatioChart({ points, span, margin: allowed }: { points: readonly RatioPoint[]; span: Span; margin: number }) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={[...points]} margin={margin} accessibilityLayer={false}>
        <XAxis dataKey="t" type="number" domain={[span.start, span.end]} ticks={timeTicks(span)} tickFormatter={(at: number) => timeText(at, span.end - span.start)} height={18} tick={tickStyle} tickLine={false} axisLine={{ stroke: "var(--line)" }} />
        <YAxis type="number" domain={[-2.4, 2.4]} ticks={ratioTicks} tickFormatter={(log: number) => String(2 ** log)} width={48} tick={tickStyle} tickLine={false} axisLine={false} allowDataOverflow />
        <ReferenceLine y={0} stroke="var(--faint)" />
        <ReferenceLine y={Math.log2(allowed)} stroke="var(--state-running)" strokeDasharray="5 3" label={{ value: `margin ${allowed}×`, position: "insideTopRight", fill: "var(--word-green)", fontSize: 11 }} />
        <Area dataKey="band" stroke="var(--state-starting)" strokeWidth={1} strokeOpacity={0.6} fill="var(--state-starting)" fillOpacity={0.15} isAnimationActive={false} dot={false} activeDot={false} />
        <Line dataKey="ratio" stroke="var(--state-starting)" strokeWidth={2} dot={false} activeDot={false} isAnimationActive={false} connectNulls={false} />
      </ComposedChart>
    </ResponsiveContainer>
  );
}
