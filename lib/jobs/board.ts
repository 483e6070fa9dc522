// How the steps of a job stand as its worker knows it: the graph of its kind, and what the database said last.
import type { Standing } from "./graph";
import { stepIsOver, type StepProgress, type StepStatus } from "./model";

export interface Read { name: string; status: StepStatus; say: string; userError: boolean; progress: StepProgress | null; dueInMs: number }
export interface Entry extends Standing { title: string; say: string; userError: boolean }

export interface Board {
  standings(): readonly Entry[];
  /** What steps saved, by name. */
  readonly progress: Map<string, StepProgress>;
  /** Takes what was read, except of steps that run: those know better themselves. */
  take(read: readonly Read[], except: ReadonlySet<string>, now: number): void;
  /** A step has returned and what became of it is written down. */
  settle(name: string, to: Pick<Entry, "status" | "say" | "userError" | "dueAt">): void;
}

export function openBoard(steps: readonly { name: string; title: string; needs: readonly string[] }[]): Board {
  const entries = new Map<string, Entry>(steps.map(({ name, title, needs }) => [name, { name, title, needs, status: "todo", dueAt: 0, say: "", userError: false }]));
  const progress = new Map<string, StepProgress>();
  return {
    standings: () => [...entries.values()],
    progress,
    take(read, except, now) {
      for (const { name, status, say, userError, progress: saved, dueInMs } of read) {
        const entry = entries.get(name);
        if (!entry || except.has(name)) continue;
        Object.assign(entry, { status, say, userError, dueAt: dueInMs > 0 ? now + dueInMs : 0 } satisfies Partial<Entry>);
        if (saved) progress.set(name, saved);
      }
    },
    settle(name, to) {
      const entry = entries.get(name);
      if (entry) Object.assign(entry, to satisfies Partial<Entry>);
    },
  };
}

/** What a person has to know of a job that cannot go on. */
export function sayStuck(entries: readonly Entry[]): string {
  const failed = entries.filter(({ status }) => status === "failed");
  const [first] = failed;
  if (!first) return "No step can go on.";
  return failed.length === 1 ? first.say : `${failed.length} steps failed. ${failed.slice(0, 3).map(({ title, say }) => `${title}: ${say}`).join(" ")}${failed.length > 3 ? ` And ${failed.length - 3} more.` : ""}`;
}

/** The same after all is over: what is not as it should be. */
export function sayDegraded(entries: readonly Entry[]): string {
  const degraded = entries.filter(({ status }) => status === "degraded");
  return degraded.map(({ title, say }) => ` Degraded: ${title}: ${say}`).join("");
}

/** What a job that only waits is waiting for. */
export function sayWaiting(entries: readonly Entry[]): string {
  const waits = entries.filter(({ status }) => status === "waiting" || status === "retrying");
  return waits.slice(0, 3).map(({ title, say }) => (waits.length === 1 ? say : `${title}: ${say}`)).join(" ");
}

/** All failures are for the user to mend. */
export function isUserError(entries: readonly Entry[]): boolean {
  const failed = entries.filter(({ status }) => status === "failed");
  return failed.length > 0 && failed.every(({ userError }) => userError);
}

export const allOver = (entries: readonly Entry[]): boolean => entries.every(({ status }) => stepIsOver(status));
