// What counters grew by, interval by interval: differenced from raw samples per pod, with restarts, births and gaps in mind.

export interface RawSeries {
  pod: string;
  node: string;
  version: "canary" | "baseline";
  /** When the pod was created; null: not known. */
  podCreatedAt: number | null;
  /** Upper edge in seconds for a bucket, Infinity for the last. */
  edge?: number;
  /** Epoch milliseconds and value, as scraped or as answered to a range query. */
  samples: readonly (readonly [at: number, value: number])[];
}

export interface Grid { from: number; to: number; stepMs: number }
export interface Increment { at: number; by: number }

/** A series silent for longer is stale, and what it says next is not compared with what it said. */
const staleMs = 5 * 60_000;

export function intervalCount({ from, to, stepMs }: Grid): number {
  return Math.max(0, Math.ceil((to - from) / stepMs));
}

/** The interval that a moment closes or falls into; -1 outside the grid. An interval holds its end and not its beginning. */
export function intervalOf(at: number, { from, to, stepMs }: Grid): number {
  return at > from && at <= to ? Math.ceil((at - from) / stepMs) - 1 : -1;
}

/** Usable samples in order of time, one per moment: the last that was said. */
export function orderly(samples: RawSeries["samples"]): [at: number, value: number][] {
  const byTime = new Map<number, number>();
  for (const [at, value] of samples) if (Number.isFinite(at) && Number.isFinite(value) && value >= 0) byTime.set(at, value);
  return [...byTime].sort((a, b) => a[0] - b[0]);
}

/** Moments at which anything of each pod was scraped. */
export function scrapesByPod(all: readonly RawSeries[]): Map<string, number[]> {
  const times = new Map<string, Set<number>>();
  for (const { pod, samples } of all) {
    const known = times.get(pod) ?? new Set();
    for (const [at] of samples) known.add(at);
    times.set(pod, known);
  }
  return new Map([...times].map(([pod, known]) => [pod, [...known].sort((a, b) => a - b)]));
}

/**
 * A fall is a restart, after which the counter began at 0. The first value of a series counts too when it surely began at 0 inside the window: its pod was
 * born there, or the pod was scraped shortly before without it, as with the first error of a pod that has long been running.
 */
export function increments(series: RawSeries, grid: Grid, podScrapes: readonly number[]): Increment[] {
  const born = series.podCreatedAt !== null && series.podCreatedAt >= grid.from - grid.stepMs;
  const out: Increment[] = [];
  let before: [number, number] | null = null;
  for (const [at, value] of orderly(series.samples)) {
    const goesOn = before !== null && at - before[0] <= staleMs;
    if (before !== null && goesOn) out.push({ at, by: value >= before[1] ? value - before[1] : value });
    else if ((before === null && born) || scrapedShortlyBefore(at, podScrapes)) out.push({ at, by: value });
    before = [at, value];
  }
  return out.filter(({ at, by }) => by > 0 && intervalOf(at, grid) >= 0);
}

function scrapedShortlyBefore(at: number, podScrapes: readonly number[]): boolean {
  return podScrapes.some((scrape) => scrape < at && at - scrape <= staleMs);
}
