// One queue as the page tells it: how many wait against the warning level, where it goes, who takes from it.
import type { QueueLine } from "./model";

export interface QueueFacts { name: string; waiting: number; consumers: number | null; warnAt: number | null; points: readonly number[]; stepMs: number }

const trendPoints = 4;

export function queueLine({ name, waiting, consumers, warnAt, points, stepMs }: QueueFacts): QueueLine {
  const lastHour = points.slice(-Math.max(1, Math.round(3_600_000 / stepMs)));
  const state = warnAt === null ? "fine" : waiting > warnAt ? "over" : lastHour.some((point) => point > warnAt) ? "was-over" : "fine";
  return { name, waiting, warnAt, state, say: trendOf(waiting, points, stepMs), consumers, points: points.map(Math.round) };
}

/** Falling or rising is said only where it is more than the noise of a queue. */
function trendOf(waiting: number, points: readonly number[], stepMs: number): string {
  const before = points.at(-1 - trendPoints);
  if (before === undefined) return "";
  const perMs = (waiting - before) / (trendPoints * stepMs);
  if (Math.abs(waiting - before) < Math.max(10, before * 0.1)) return "steady";
  if (perMs > 0) return `rising, ${Math.round(perMs * 60_000)} a minute`;
  const minutes = Math.ceil(waiting / -perMs / 60_000);
  return waiting === 0 ? "empty" : `falling, empty in about ${minutes} min`;
}
