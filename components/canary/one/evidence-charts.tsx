"use client";
// The three pictures of evidence, drawn by recharts on one axis of time, with the shared cursor over each.
import { useCallback } from "react";
import { Area, CartesianGrid, ComposedChart, Line as Drawn, LineChart, ReferenceArea, ReferenceDot, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { timeText } from "@/components/chart/figures";
import { type Line, toPoints, type Write } from "@/components/chart/lines";
import { Overlay } from "@/components/chart/overlay";
import { halo, Plot, room, tickStyle } from "@/components/chart/plot";
import { type Axis, axisFor, timeTicks } from "@/components/chart/scale";
import type { MetricLook } from "@/lib/canary/model";
import type { RunDetail } from "@/lib/canary/views";
import { evidenceText, levelText } from "../words";
import { decades, evidenceReach, failLines, ratioPoints, ratioReach, within } from "./evidence-points";
import { writeEvidence, writeRatio } from "./evidence-lines";

interface Span { start: number; end: number }
/** What all three charts are about; `ends`: when a verdict is expected. */
export interface Shown { run: RunDetail; main: MetricLook; times: readonly number[]; span: Span; ends: number | null }
interface ChartProps { shown: Shown; lines: readonly Line[] }

const right = 14;
const margin = { top: room.top, right, bottom: 0, left: 0 } as const;
const mirrored = (reach: number): Axis => ({ kind: "linear", min: -reach, max: reach, ticks: [], gain: 1 });
const timeAxis = ({ start, end }: Span) => ({ dataKey: "t", type: "number", domain: [start, end], ticks: timeTicks({ start, end }), tickFormatter: (at: number) => timeText(at, end - start), height: room.bottom, tick: tickStyle, tickLine: false } as const);

export function EvidenceChart({ shown: { run, main, times, span, ends }, lines }: ChartProps) {
  const metrics = run.verdict?.metrics ?? [];
  const reach = evidenceReach(metrics);
  const points = toPoints(times, lines, within(reach));
  const pass = decades * (metrics[0]?.logPassLine ?? 3);
  const fails = failLines(metrics);
  const now = points.at(-1);
  const from = now?.[lines.find((line) => line.main)?.key ?? ""];
  const target = main.expected?.side === "fail" ? (fails.find(({ names }) => names.includes(main.name))?.at ?? reach) : -pass;
  return (
    <>
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={points} margin={margin} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis {...timeAxis(span)} axisLine={false} />
          <YAxis type="number" domain={[-reach, reach]} ticks={[-2, -1, 0, 1, 2]} tickFormatter={(log: number) => String(10 ** Math.abs(log))} width={room.left} tick={tickStyle} tickLine={false} axisLine={false} allowDataOverflow />
          <ReferenceArea y1={Math.min(...fails.map(({ at }) => at))} y2={reach} fill="var(--state-failed)" fillOpacity={0.08} />
          <ReferenceArea y1={-reach} y2={-pass} fill="var(--state-running)" fillOpacity={0.1} />
          <ReferenceLine y={0} stroke="var(--faint)" />
          {fails.map(({ at, names }) => {
            // Every metric has its own line; they lie too near to each other for more than the chosen one's name.
            const own = names.includes(main.name);
            return <ReferenceLine key={at} y={at} stroke="var(--state-failed)" strokeOpacity={own ? 1 : 0.4} {...(own ? { label: { value: `FAIL ${evidenceText(at / decades)} ${fails.length > 1 ? main.name : "worse than stable"}`, position: "insideBottomLeft", fill: "var(--word-red)", fontSize: 11, style: halo } } : {})} />;
          })}
          <ReferenceLine y={-pass} stroke="var(--state-running)" label={{ value: "PASS not worse than the margin", position: "insideBottomLeft", fill: "var(--word-green)", fontSize: 11 }} />
          {now && run.state === "running" && <ReferenceLine x={now.t} stroke="var(--faint)" strokeDasharray="2 3" />}
          {now && ends !== null && typeof from === "number" && <ReferenceLine segment={[{ x: now.t, y: from }, { x: Math.min(ends, span.end), y: target }]} stroke="var(--state-starting)" strokeDasharray="2 4" strokeWidth={2} />}
          {ends !== null && ends <= span.end && <ReferenceDot x={ends} y={target} r={4} fill="var(--surface)" stroke="var(--state-starting)" strokeWidth={2} />}
          {lines.map((line) => <Drawn key={line.key} dataKey={line.key} stroke={line.colour} strokeWidth={line.main ? 2.25 : 1.5} strokeOpacity={line.main ? 1 : 0.6} type="linear" dot={false} activeDot={false} isAnimationActive={false} connectNulls={false} />)}
        </LineChart>
      </ResponsiveContainer>
      <Overlay title="Evidence" times={times} lines={lines} axis={mirrored(reach)} write={writeEvidence} right={right} span={span} />
    </>
  );
}

export function RatioChart({ shown: { run, main, times, span }, lines }: ChartProps) {
  return (
    <>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={ratioPoints(run.path, main.name)} margin={margin} accessibilityLayer={false}>
          <XAxis {...timeAxis(span)} axisLine={{ stroke: "var(--line)" }} />
          <YAxis type="number" domain={[-ratioReach, ratioReach]} ticks={[-2, -1, 0, 1, 2]} tickFormatter={(log: number) => String(2 ** log)} width={room.left} tick={tickStyle} tickLine={false} axisLine={false} allowDataOverflow />
          <ReferenceLine y={0} stroke="var(--faint)" />
          <ReferenceLine y={Math.log2(main.margin)} stroke="var(--state-running)" strokeDasharray="5 3" label={{ value: `margin ${main.margin}×`, position: "insideTopRight", fill: "var(--word-green)", fontSize: 11 }} />
          <Area dataKey="band" stroke="var(--state-starting)" strokeWidth={1} strokeOpacity={0.6} fill="var(--state-starting)" fillOpacity={0.15} isAnimationActive={false} dot={false} activeDot={false} />
          <Drawn dataKey="ratio" stroke="var(--state-starting)" strokeWidth={2} dot={false} activeDot={false} isAnimationActive={false} connectNulls={false} />
        </ComposedChart>
      </ResponsiveContainer>
      <Overlay title={`Ratio of ${main.name}`} times={times} lines={lines.slice(0, 1)} axis={mirrored(ratioReach)} write={writeRatio} right={right} span={span} />
    </>
  );
}

export function LevelsChart({ shown: { main: { name, kind }, times, span }, lines }: ChartProps) {
  const axis = axisFor(lines.flatMap(({ values }) => values.filter((value) => value !== null)), { kind: "linear", binary: kind === "gauge" });
  const write = useCallback<Write>((level) => levelText(kind, level), [kind]);
  return (
    <>
      <Plot times={times} lines={lines} axis={axis} write={write} limits={[]} steps={false} right={right} span={span} lit={null} />
      <Overlay title={`${name} of both versions`} times={times} lines={lines} axis={axis} write={write} right={right} span={span} />
    </>
  );
}
