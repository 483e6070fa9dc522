// Where each step's bar stands in the chart of a job: rows of chains in lanes, a scale of time, the longest path as a line.
import type { Forecast } from "@/lib/jobs/forecast";
import { stepIsOver, type Step } from "@/lib/jobs/model";

export interface BarPlace {
  step: Step;
  /** Shares of the width, 0..1. */
  left: number;
  width: number;
  /** Its place among bars that would lie upon each other, and how many those are. */
  level: number;
  levels: number;
}

export interface ChartRow {
  /** Shown in the first row of a lane alone. */
  lane: string;
  chain: string;
  tier: number | null;
  bars: BarPlace[];
  over: number;
  onPath: boolean;
  trouble: boolean;
}

export interface Chart {
  rows: ChartRow[];
  ticks: { at: number; ms: number }[];
  now: number;
  end: number;
  /** Corners of the longest path: shares of the width, and rows. */
  path: { x: number; row: number }[];
}

export type RowFilter = "all" | "path" | "trouble";

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200].map((seconds) => seconds * 1000);
/** The smallest width at which a bar can still be hit. */
const least = 0.004;

export const isTrouble = ({ status }: Step): boolean => status === "failed" || status === "retrying" || status === "degraded" || status === "stopped";

export function layChart(all: readonly Step[], { spans, end, path }: Forecast, { from, now, filter }: { from: number; now: number; filter: RowFilter }): Chart {
  const wholeMs = Math.max(1000, (Math.max(end, Math.min(now, end)) - from) * 1.06);
  const share = (at: number) => Math.max(0, (at - from) / wholeMs);
  const rows: ChartRow[] = [];
  const known = new Map<string, ChartRow>();
  let lane = "";
  for (const step of all) {
    const key = step.chain ? `${step.lane} ${step.chain}` : step.name;
    const row = known.get(key) ?? { lane: step.lane, chain: step.chain || step.title, tier: step.tier, bars: [], over: 0, onPath: false, trouble: false };
    if (!known.has(key)) rows.push(row);
    known.set(key, row);
    const span = spans.get(step.name) ?? { from, to: from };
    row.bars.push({ step, left: share(span.from), width: Math.max(least, share(span.to) - share(span.from)), level: 0, levels: 1 });
    row.over += stepIsOver(step.status) ? 1 : 0;
    row.onPath ||= path.includes(step.name);
    row.trouble ||= isTrouble(step);
  }
  const shown = rows.filter((row) => filter === "all" || (filter === "path" ? row.onPath : row.trouble));
  for (const row of shown) {
    stack(row.bars);
    [lane, row.lane] = [row.lane, row.lane === lane ? "" : row.lane];
  }
  return { rows: shown, ticks: ticksOf(wholeMs), now: share(now), end: share(end), path: filter === "trouble" ? [] : corners(shown, path) };
}

/** Bars that overlap in time lie one above the other. */
function stack(bars: BarPlace[]): void {
  const ends: number[] = [];
  for (const bar of [...bars].sort((a, b) => a.left - b.left)) {
    const free = ends.findIndex((end) => end <= bar.left + 1e-6);
    bar.level = free < 0 ? ends.length : free;
    ends[bar.level] = bar.left + bar.width;
  }
  for (const bar of bars) bar.levels = ends.length;
}

function ticksOf(wholeMs: number): Chart["ticks"] {
  const every = steps.find((ms) => wholeMs / ms <= 9) ?? Math.ceil(wholeMs / 9 / 3_600_000) * 3_600_000;
  return Array.from({ length: Math.floor(wholeMs / every) + 1 }, (_, at) => ({ at: (at * every) / wholeMs, ms: at * every }));
}

function corners(rows: readonly ChartRow[], path: readonly string[]): Chart["path"] {
  const places = new Map(rows.flatMap((row, at) => row.bars.map((bar) => [bar.step.name, { row: at, bar }] as const)));
  return path.flatMap((name) => {
    const place = places.get(name);
    return place ? [{ x: place.bar.left, row: place.row }, { x: place.bar.left + place.bar.width, row: place.row }] : [];
  });
}

/** The bar that an arrow key leads to: left and right within a row and on, up and down to the nearest in time. */
export function neighbour(rows: readonly ChartRow[], name: string, key: string): string | null {
  const at = rows.findIndex(({ bars }) => bars.some(({ step }) => step.name === name));
  const row = rows[at];
  if (!row) return rows[0]?.bars[0]?.step.name ?? null;
  const inRow = row.bars.findIndex(({ step }) => step.name === name);
  if (key === "ArrowLeft" || key === "ArrowRight") return row.bars[inRow + (key === "ArrowRight" ? 1 : -1)]?.step.name ?? null;
  const next = rows[at + (key === "ArrowDown" ? 1 : -1)];
  const left = row.bars[inRow]?.left ?? 0;
  return next?.bars.reduce<BarPlace | null>((best, bar) => (best === null || Math.abs(bar.left - left) < Math.abs(best.left - left) ? bar : best), null)?.step.name ?? null;
}

export interface Room { from: number; to: number; /** The end at which the words stand: beside the bars, or beside now. */ against: "start" | "end" }

/** The widest free stretch of a row, as shares of its width; the line of now parts it. */
export function roomBeside(bars: readonly Pick<BarPlace, "left" | "width">[], now: number | null): Room {
  const first = Math.min(...bars.map(({ left }) => left));
  const last = Math.max(...bars.map(({ left, width }) => left + width));
  const free: Room[] = [
    ...parted(last, 1, now).map(([from, to]): Room => ({ from, to, against: "start" })),
    ...parted(0, first, now).map(([from, to]): Room => ({ from, to, against: "end" })),
  ];
  return free.reduce((widest, one) => (one.to - one.from > widest.to - widest.from ? one : widest));
}

const parted = (from: number, to: number, at: number | null): (readonly [number, number])[] => (at !== null && at > from && at < to ? [[from, at], [at, to]] : [[from, to]]);
