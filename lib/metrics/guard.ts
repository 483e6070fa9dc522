// What may be asked of Prometheus by a person: sizes and spans that are refused before it is asked, and caps that hold after it answered.
import { promDuration, stepFor } from "./window";

export const caps = {
  expressionBytes: 8192,
  rangeMs: 32 * 86_400_000,
  /** Of one series; Prometheus itself refuses more than 11,000. */
  points: 2000,
  /** What is sent to a browser; a chart draws the first 20 of them by value, up to 100 on demand. */
  series: 500,
  /** Over all series of one answer. */
  allPoints: 200_000,
  names: 1000,
} as const;

export interface RangeWish { expression: string; start: number; end: number; stepMs: number }

/** Why the question is not asked, in a sentence that says what would be; null when it may be. */
export function rangeRefusal({ expression, start, end, stepMs }: RangeWish): string | null {
  const bytes = new TextEncoder().encode(expression).length;
  if (bytes > caps.expressionBytes) return `The expression has ${bytes} bytes; at most ${caps.expressionBytes} are taken.`;
  if (!(start < end)) return "The time begins after it ends. Choose an earlier start.";
  if (end - start > caps.rangeMs) return `The time is ${promDuration(end - start)} long; at most ${promDuration(caps.rangeMs)} are taken.`;
  if (stepMs < 1000) return "The step is shorter than a second. Take 1s or longer.";
  const points = Math.floor((end - start) / stepMs) + 1;
  if (points > caps.points) return `A step of ${promDuration(stepMs)} makes ${points} points a line; at most ${caps.points} are taken. A step of ${promDuration(stepFor(end - start, caps.points))} would do.`;
  return null;
}

/** As many series as may be sent when each has so many points. */
export function seriesCap(points: number): number {
  return Math.max(1, Math.min(caps.series, Math.floor(caps.allPoints / Math.max(1, points))));
}

/** Those with the highest last values first, at most `cap`; beside them how many there were. */
export function cutSeries<T extends { values: readonly (number | null)[] }>(series: readonly T[], cap: number): { kept: T[]; of: number } {
  if (series.length <= cap) return { kept: [...series], of: series.length };
  const ranked = series.map((one) => ({ one, last: one.values.findLast((value) => value !== null) ?? Number.NEGATIVE_INFINITY }));
  ranked.sort((a, b) => b.last - a.last);
  return { kept: ranked.slice(0, cap).map(({ one }) => one), of: series.length };
}
