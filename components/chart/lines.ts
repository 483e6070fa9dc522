// A chart's lines as they are drawn: named apart, coloured, the highest first, the rest in the table alone.
import type { ChartSeries } from "@/lib/metrics/model";

export interface Line extends ChartSeries { key: string; colour: string; main: boolean }

/** A value of a line in words; nothing known is a dash. */
export type Write = (value: number | null | undefined) => string;

/** More lines than these cannot be told apart; the table has them all. */
export const drawnAtMost = 20;
const colours = 7;

/** Dead letters and errors are red on every chart; the first line has the tier's colour. */
export function toLines(series: readonly ChartSeries[], accent: string): Line[] {
  const ranked = [...series].sort((a, b) => last(b) - last(a));
  // A colour belongs to a name: it stays when lines change their order.
  const names = [...new Set(series.map(({ name }) => name))].sort();
  const first = names.find((name) => !isFailure(name));
  return ranked.map((one, index) => ({ ...one, key: `l${index}`, main: one.name === first, colour: isFailure(one.name) ? "var(--state-failed)" : one.name === first ? accent : `var(--line-${(Math.max(0, names.indexOf(one.name) - 1) % colours) + 1})` }));
}

const isFailure = (name: string): boolean => /(^|[.\-_])dlq$|^5xx$/.test(name);

function last({ values }: ChartSeries): number {
  return values.findLast((value) => value !== null) ?? Number.NEGATIVE_INFINITY;
}

export interface Point { t: number; [key: string]: number | null }

/** The rows that the drawing library reads: one per time, each line under its key. */
export function toPoints(times: readonly number[], lines: readonly Line[], place: (value: number) => number): Point[] {
  return times.map((t, index) => {
    const point: Point = { t };
    for (const { key, values } of lines) {
      const value = values[index];
      point[key] = value === null || value === undefined ? null : place(value);
    }
    return point;
  });
}
