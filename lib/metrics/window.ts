// How much time a chart looks at and how finely: a step that draws at most so many points, and windows for rates that leave no gaps.

export const windowLengths = { "15m": 900_000, "1h": 3_600_000, "3h": 10_800_000, "12h": 43_200_000, "2d": 172_800_000 } as const;
export type WindowName = keyof typeof windowLengths;

/** The window of the name, the default where there is none of it. */
export function windowOf(name: string): WindowName {
  return windowNames.find((one) => one === name) ?? "3h";
}
export const windowNames: readonly WindowName[] = ["15m", "1h", "3h", "12h", "2d"];

/** What a line of a chart has at most; more than this many points cannot be told apart on a screen. */
export const drawnPoints = 300;
const niceStepsSeconds = [5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];
/** The longest scrape interval that is usual (kube-prometheus-stack): a rate needs at least four scrapes. */
const scrapeMs = 30_000;

/** The shortest nice step, in ms, with which `rangeMs` takes at most `points` points. Beyond a day's step whole days. */
export function stepFor(rangeMs: number, points = drawnPoints): number {
  const least = rangeMs / points / 1000;
  const nice = niceStepsSeconds.find((seconds) => seconds >= least);
  return (nice ?? Math.ceil(least / 86_400) * 86_400) * 1000;
}

/** A time as PromQL writes it; whole seconds. */
export function promDuration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds % 86_400 === 0) return `${seconds / 86_400}d`;
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** The window of a rate drawn with this step: no increase falls between two points, and four scrapes lie in it. */
export function rateWindowMs(stepMs: number): number {
  return Math.max(4 * scrapeMs, stepMs + scrapeMs);
}

/** Puts the window of rates in the place of `$rate`. */
export function withRate(expression: string, stepMs: number): string {
  return expression.replaceAll("$rate", promDuration(rateWindowMs(stepMs)));
}

/** The expression whose every point is the highest value since the point before: short peaks stay visible however long the step is. */
export function keepingPeaks(expression: string, stepMs: number): string {
  const inner = Math.max(15_000, Math.round(stepMs / 10_000) * 1000);
  return `max_over_time((${expression})[${promDuration(stepMs)}:${promDuration(inner)}])`;
}

/** Start and end on whole steps, so that a chart asked again a moment later has the same points and does not wobble. */
export function onSteps({ start, end }: { start: number; end: number }, stepMs: number): { start: number; end: number } {
  return { start: Math.floor(start / stepMs) * stepMs, end: Math.floor(end / stepMs) * stepMs };
}
