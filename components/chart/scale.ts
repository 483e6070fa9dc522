// Where a value stands on a chart: the axis' domain and ticks, linear or log(n+1) so that 0 can be drawn, and lines' ends moved apart.

export type ScaleKind = "linear" | "log";
export interface Axis {
  kind: ScaleKind;
  min: number;
  max: number;
  ticks: readonly number[];
  /** Of a log axis: what a value is multiplied with before the 1 is added, so that three decades are spread whatever their size. */
  gain: number;
}

/** Where a value stands on the axis' own measure. */
export function toAxis({ kind, gain }: Pick<Axis, "kind" | "gain">, value: number): number {
  return kind === "log" ? Math.log10(Math.max(0, value) * gain + 1) : value;
}

/** An axis that starts at 0 and holds every value and limit; it widens in round steps, so that it does not move with each new point. `binary`: round as bytes are, in powers of two. */
export function axisFor(values: readonly number[], { kind, binary = false }: { kind: ScaleKind; binary?: boolean }): Axis {
  const top = values.reduce((most, value) => Math.max(most, value), 0);
  const bottom = values.reduce((least, value) => Math.min(least, value), 0);
  if (kind === "log") return logAxis(top);
  const span = top - bottom;
  const least = (span > nothing ? span : 1) / 4;
  const step = binary ? 2 ** Math.ceil(Math.log2(least) - 1e-9) : niceStep(least);
  const [max, min] = [Math.max(step, Math.ceil(top / step - 1e-9) * step), Math.floor(bottom / step + 1e-9) * step];
  const ticks = Array.from({ length: Math.round((max - min) / step) + 1 }, (_, index) => Number((min + index * step).toPrecision(12)));
  return { kind, min, max, ticks, gain: 1 };
}

/** Less than this is a rounding error and no value that anybody measures. */
const nothing = 1e-12;

/** 1, 2, 2.5 or 5 times a power of ten, not less than `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10;
  return Number((factor * power).toPrecision(12));
}

function logAxis(top: number): Axis {
  const exponent = Math.ceil(Math.log10(Math.max(top, 0.001)) - 1e-9);
  const decades = Array.from({ length: 4 }, (_, index) => 10 ** (exponent - 3 + index));
  return { kind: "log", min: 0, max: 10 ** exponent, gain: 10 ** (3 - exponent), ticks: [0, ...decades.map((tick) => Number(tick.toPrecision(3)))] };
}

/** From 0 at the bottom to 1 at the top. */
export function heightOf(axis: Axis, value: number): number {
  const [low, high] = [toAxis(axis, axis.min), toAxis(axis, axis.max)];
  return high === low ? 0 : (toAxis(axis, value) - low) / (high - low);
}

/** Index of the time nearest to `at` among rising times, which need not be evenly spaced; -1 of none. */
export function nearestIndex(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return at - (times[low] ?? 0) <= (times[high] ?? 0) - at ? Math.min(low, high) : high;
}

/** Places labels, given where each would stand, so that neighbours are at least `gap` apart and all lie within 0…`length`; order stays. */
export function movedApart(wanted: readonly number[], gap: number, length: number): number[] {
  const order = wanted.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at);
  const room = Math.max(0, length - gap * (order.length - 1));
  let least = 0;
  const placed = new Array<number>(wanted.length).fill(0);
  order.forEach(({ at, index }, rank) => {
    const place = Math.max(least, Math.min(at, room + gap * rank));
    placed[index] = place;
    least = place + gap;
  });
  return placed;
}

/** Whole hours, minutes or days in the reader's zone, about `count` of them. */
export function timeTicks({ start, end }: { start: number; end: number }, count = 5): number[] {
  const stepMs = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800].map((seconds) => seconds * 1000).find((step) => (end - start) / step <= count) ?? 2_592_000_000;
  const zone = new Date(start).getTimezoneOffset() * 60_000;
  const first = Math.ceil((start - zone) / stepMs) * stepMs + zone;
  const ticks: number[] = [];
  for (let at = first; at <= end; at += stepMs) ticks.push(at);
  return ticks;
}
