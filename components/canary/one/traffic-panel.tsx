"use client";
// Traffic to the canary: the share that is wanted and the share that came, from request counters.
import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { timeText } from "@/components/chart/figures";
import { tickStyle } from "@/components/chart/plot";
import { timeTicks } from "@/components/chart/scale";
import { Panel } from "@/components/ui/panel";
import type { RunDetail } from "@/lib/canary/views";
import css from "./canary-page.module.css";

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

export function TrafficPanel({ run: { traffic, everyMs, verdict } }: { run: RunDetail }) {
  const points = traffic.map(({ at, wantedShare, canary, baseline }) => ({ t: at, wanted: wantedShare, real: canary + baseline > 0 ? canary / (canary + baseline) : null }));
  const last = traffic.at(-1);
  const [first, end] = [points[0]?.t ?? 0, points.at(-1)?.t ?? 1];
  const perSecond = last ? (last.canary + last.baseline) / (everyMs / 1000) : 0;
  const { wanted = null, actual = null, state = "unknown" } = verdict?.share ?? {};
  const top = Math.max(0.1, ...points.flatMap(({ wanted: one, real }) => [one, real ?? 0])) * 1.15;
  return (
    <Panel title="Traffic to canary" aside={last ? `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} req/s in all` : "none counted"}>
      <div className={css.small} role="img" aria-label={`The canary gets ${actual === null ? "an unknown share" : percent(actual)} of the requests; ${wanted === null ? "nothing" : percent(wanted)} is wanted.`}>
        {points.length > 1 && (
          <ResponsiveContainer width="100%" height="100%">
            <LineChart data={points} margin={{ top: 6, right: 10, bottom: 0, left: 0 }} accessibilityLayer={false}>
              <CartesianGrid vertical={false} stroke="var(--line)" />
              <XAxis dataKey="t" type="number" domain={[first, end]} ticks={timeTicks({ start: first, end }, 3)} tickFormatter={(at: number) => timeText(at, end - first)} height={18} tick={tickStyle} tickLine={false} axisLine={false} />
              <YAxis type="number" domain={[0, Math.min(1, top)]} tickCount={3} tickFormatter={(share: number) => `${Math.round(share * 100)} %`} width={48} tick={tickStyle} tickLine={false} axisLine={false} />
              <Line dataKey="wanted" stroke="var(--dim)" strokeDasharray="4 3" type="stepAfter" dot={false} activeDot={false} isAnimationActive={false} />
              <Line dataKey="real" stroke="var(--tier-3)" strokeWidth={2} type="linear" dot={false} activeDot={false} isAnimationActive={false} connectNulls={false} />
            </LineChart>
          </ResponsiveContainer>
        )}
      </div>
      <p className={css.caption} style={{ paddingBottom: 8 }}>wanted {wanted === null ? "–" : percent(wanted)} (dashed), real <b>{actual === null ? "–" : percent(actual)}</b>{state === "none" ? ": it gets none" : state === "less" ? ": less than it should" : state === "more" ? ": more than it should" : ""}</p>
    </Panel>
  );
}
