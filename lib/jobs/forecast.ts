// When each step and the whole job are expected to end, which chain of steps decides that, and how late it is against its plan.
import { inOrder } from "./graph";
import { stepIsOver, type Step } from "./model";

export interface Span {
  from: number;
  /** Expected while it is not over. */
  to: number;
  /** It runs longer than expected by so much; 0 while it does not. */
  overdueMs: number;
}

export interface Forecast {
  spans: ReadonlyMap<string, Span>;
  /** When the last step ends. */
  end: number;
  /** How much later that is than it was expected at the start; negative when earlier. */
  lateMs: number;
  /** Steps that decide when it ends, first to last. */
  path: readonly string[];
  /** Steps still to be done of which nobody knows how long they take; the end is then the earliest possible. */
  unknown: number;
  /** Some step runs longer than expected: the end moves on with time. */
  overdue: boolean;
  /** What share of the expected work is done, 0..1; null when nothing is known of any step. */
  done: number | null;
}

type Known = Pick<Step, "name" | "needs" | "status" | "startedAt" | "endedAt" | "expectMs">;

/** `from` is when the job began, or now for one in the queue. */
export function forecast(steps: readonly Known[], from: number, now: number): Forecast {
  const spans = new Map<string, Span>();
  const decides = new Map<string, string | null>();
  for (const step of inOrder(steps)) {
    const last = step.needs.reduce<string | null>((latest, need) => (latest === null || (spans.get(need)?.to ?? 0) > (spans.get(latest)?.to ?? 0) ? need : latest), null);
    decides.set(step.name, last);
    spans.set(step.name, spanOf(step, Math.max(from, last === null ? from : (spans.get(last)?.to ?? from)), now));
  }
  const end = Math.max(from, ...[...spans.values()].map(({ to }) => to));
  const open = steps.filter(({ status }) => !stepIsOver(status));
  return {
    spans, end, path: pathTo(spans, decides, end),
    lateMs: end - from - plannedMs(steps),
    unknown: open.filter(({ expectMs }) => expectMs === null).length,
    overdue: [...spans.values()].some(({ overdueMs }) => overdueMs > 0),
    done: doneShare(steps, now),
  };
}

function spanOf(step: Known, earliest: number, now: number): Span {
  const expectMs = step.expectMs ?? 0;
  if (step.startedAt === null) {
    const start = stepIsOver(step.status) ? (step.endedAt ?? earliest) : Math.max(earliest, now);
    return { from: start, to: stepIsOver(step.status) ? start : start + expectMs, overdueMs: 0 };
  }
  if (step.endedAt !== null) return { from: step.startedAt, to: Math.max(step.startedAt, step.endedAt), overdueMs: 0 };
  const expected = step.startedAt + expectMs;
  return { from: step.startedAt, to: Math.max(expected, now), overdueMs: step.expectMs === null ? 0 : Math.max(0, now - expected) };
}

function pathTo(spans: ReadonlyMap<string, Span>, decides: ReadonlyMap<string, string | null>, end: number): string[] {
  const path: string[] = [];
  let at = [...spans].find(([, { to }]) => to === end)?.[0] ?? null;
  for (; at !== null; at = decides.get(at) ?? null) path.unshift(at);
  return path;
}

/** The longest chain of expectations, as it stood at the start. */
function plannedMs(steps: readonly Known[]): number {
  const ends = new Map<string, number>();
  for (const { name, needs, expectMs } of inOrder(steps)) ends.set(name, Math.max(0, ...needs.map((need) => ends.get(need) ?? 0)) + (expectMs ?? 0));
  return Math.max(0, ...ends.values());
}

function doneShare(steps: readonly Known[], now: number): number | null {
  const known = steps.filter((step) => step.expectMs !== null);
  const total = known.reduce((sum, { expectMs }) => sum + (expectMs ?? 0), 0);
  if (total === 0) return null;
  // A running step counts up to nine tenths of itself: it is done only when it says so.
  const done = known.reduce((sum, { status, startedAt, expectMs }) => sum + (stepIsOver(status) ? (expectMs ?? 0) : startedAt === null ? 0 : Math.min(0.9 * (expectMs ?? 0), now - startedAt)), 0);
  return Math.max(0, Math.min(1, done / total));
}
