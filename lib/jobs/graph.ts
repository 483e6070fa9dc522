// Which steps may begin now, and what becomes of the job when none can: the one rule by which steps follow each other.
import { stepIsOver, type StepStatus } from "./model";

interface Named { name: string; needs: readonly string[] }

/** A step that does not say what it needs follows the one before it. */
export function settleNeeds<S extends { name: string; needs?: readonly string[] }>(steps: readonly S[]): (S & Named)[] {
  return steps.map((step, at) => ({ ...step, needs: step.needs ?? steps.slice(Math.max(0, at - 1), at).map(({ name }) => name) }));
}

/** Why these steps can never all be done; null when they can. */
export function orderTrouble(steps: readonly Named[]): string | null {
  const names = new Set(steps.map(({ name }) => name));
  if (names.size < steps.length) return `two steps are named ${steps.find(({ name }, at) => steps.findIndex((one) => one.name === name) < at)?.name}`;
  for (const { name, needs } of steps) {
    const unknown = needs.find((need) => !names.has(need));
    if (unknown !== undefined) return `${name} needs ${unknown}, which is no step of this job`;
  }
  const free = inOrder(steps);
  const caught = steps.filter((step) => !free.includes(step));
  return caught.length === 0 ? null : `these steps wait for each other: ${caught.map(({ name }) => name).join(", ")}`;
}

/** Steps such that each comes after all it needs; those in a circle are left out. */
export function inOrder<S extends Named>(steps: readonly S[]): S[] {
  const ordered: S[] = [];
  const placed = new Set<string>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const step of steps) {
      if (placed.has(step.name) || !step.needs.every((need) => placed.has(need))) continue;
      ordered.push(step);
      placed.add(step.name);
      grew = true;
    }
  }
  return ordered;
}

export interface Standing extends Named {
  status: StepStatus;
  /** When it may be looked at again, on the clock of `now`; 0 for at once. */
  dueAt: number;
}

export interface Moves {
  /** Begin these, in this order. */
  start: string[];
  /** What the job does besides: all is over; it only waits for time to pass; nothing can go on; or steps run. */
  stands: "over" | "waits" | "stuck" | "runs";
  /** When the next step that only waits is due; null when none is. */
  dueAt: number | null;
}

export interface Terms {
  now: number;
  /** Steps that run at this moment. */
  running: ReadonlySet<string>;
  /** At most so many at a time. */
  parallel: number;
}

export function movesOf(steps: readonly Standing[], { now, running, parallel }: Terms): Moves {
  const over = new Set(steps.filter(({ status }) => stepIsOver(status)).map(({ name }) => name));
  const open = steps.filter(({ name, status, needs }) => !over.has(name) && status !== "failed" && !running.has(name) && needs.every((need) => over.has(need)));
  const due = open.filter(({ dueAt }) => dueAt <= now);
  const start = due.slice(0, Math.max(0, parallel - running.size)).map(({ name }) => name);
  const later = open.filter(({ dueAt }) => dueAt > now).map(({ dueAt }) => dueAt);
  const stands = running.size > 0 || start.length > 0 ? "runs" : over.size === steps.length ? "over" : later.length > 0 ? "waits" : "stuck";
  return { start, stands, dueAt: later.length > 0 ? Math.min(...later) : null };
}
