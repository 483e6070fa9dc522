"use client";
// The lines themselves, drawn by recharts on axes that we compute: no dots, no animation, broken where there is no value.
import { memo, useMemo } from "react";
import { CartesianGrid, Line as Drawn, LineChart, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from "recharts";
import type { Limit } from "@/lib/metrics/model";
import { timeText } from "./figures";
import { drawnAtMost, toPoints, type Line, type Write } from "./lines";
import { timeTicks, toAxis, type Axis } from "./scale";

/** Room around the plot in px; what lies over the chart (cursor, line ends) is placed by the same. */
export const room = { left: 52, top: 8, bottom: 20 } as const;

interface PlotProps {
  times: readonly number[];
  lines: readonly Line[];
  axis: Axis;
  /** Must be stable, else the lines are drawn anew. */
  write: Write;
  limits: readonly Limit[];
  steps: boolean;
  right: number;
  /** What the plot spans, where that is more than its times. */
  span?: { start: number; end: number };
  /** Of another line that is pointed at: the others step back. */
  lit: string | null;
}

export const Plot = memo(function Plot({ times, lines, axis, write, limits, steps, right, span, lit }: PlotProps) {
  const place = (value: number) => toAxis(axis, value);
  const points = useMemo(() => toPoints(times, lines.slice(0, drawnAtMost), (value) => toAxis(axis, value)), [times, lines, axis]);
  const { start, end } = span ?? { start: times[0] ?? 0, end: times.at(-1) ?? 1 };
  const written = new Map(axis.ticks.map((tick) => [place(tick), write(tick)]));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart data={points} margin={{ top: room.top, right, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="t" type="number" domain={[start, end]} ticks={timeTicks({ start, end })} tickFormatter={(at: number) => timeText(at, end - start)} height={room.bottom} tick={tickStyle} tickLine={false} axisLine={axisStyle} minTickGap={24} />
        <YAxis type="number" domain={[place(axis.min), place(axis.max)]} ticks={axis.ticks.map(place)} tickFormatter={(at: number) => written.get(at) ?? ""} width={room.left} tick={tickStyle} tickLine={false} axisLine={false} interval={0} />
        {limits.map(({ value, say, level }) => (
          <ReferenceLine key={say} y={place(value)} stroke={`var(--state-${level})`} strokeDasharray="5 3" label={{ value: say, position: "insideTopLeft", fill: level === "failed" ? "var(--word-red)" : "var(--word-amber)", fontSize: 11, style: halo }} />
        ))}
        {lines.slice(0, drawnAtMost).map(({ key, colour, main, name }) => (
          <Drawn key={key} dataKey={key} stroke={colour} strokeWidth={main || lit === name ? 2 : 1.5} strokeOpacity={lit === null || lit === name ? 1 : 0.25} type={steps ? "stepAfter" : "linear"} dot={false} activeDot={false} isAnimationActive={false} connectNulls={false} />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
});

/** Lines run under the word. */
export const halo = { paintOrder: "stroke", stroke: "var(--surface)", strokeWidth: 4, strokeLinejoin: "round" } as const;
export const tickStyle = { fill: "var(--mut)", fontSize: 11, fontFamily: "var(--mono)" } as const;
const axisStyle = { stroke: "var(--line)" } as const;
