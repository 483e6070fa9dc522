// A ratio with its interval on a log scale from half to twice; solid: the same, dashed: the margin.
import type { MetricLook } from "@/lib/canary/model";
import { colourOf, metricMark } from "../words";
import css from "./canary-page.module.css";

const width = 132;
const place = (ratio: number): number => (Math.max(-1.25, Math.min(1.25, Math.log2(Math.max(ratio, 1e-6)))) + 1.25) / 2.5 * width;

export function Forest({ metric }: { metric: MetricLook }) {
  const { ratio, interval, margin, state } = metric;
  const colour = colourOf[metricMark(metric).mark];
  const known = state !== "no-data" && state !== "no-events" && (ratio !== null || interval.low > 0 || interval.high !== null);
  const [low, high] = [place(interval.low), place(interval.high ?? 1e6)];
  return (
    <svg className={css.forest} viewBox={`0 0 ${width} 20`} aria-hidden>
      <path d={`M${place(1)} 1V19`} stroke="var(--dim)" strokeWidth="1" />
      <path d={`M${place(margin)} 1V19`} stroke="var(--state-running)" strokeWidth="1" strokeDasharray="2 2" />
      {known ? (
        <>
          <path d={`M${low} 10H${high}M${low} 6V14M${high} 6V14`} stroke={colour} strokeWidth="1.5" fill="none" />
          {ratio !== null && <rect x={place(ratio) - 3} y="7" width="6" height="6" fill={colour} />}
        </>
      ) : <path d={`M0 10H${width}`} stroke="var(--faint)" strokeDasharray="1 4" strokeWidth="1.5" />}
    </svg>
  );
}
