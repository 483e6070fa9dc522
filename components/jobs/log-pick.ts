// Which lines of a job's log are shown, which of them match, how many of each level there are, and which error came first in its attempt.
import type { LogLevel, LogLine } from "@/lib/jobs/model";

export interface Wanted { step: string; search: string; level: LogLevel }

const fits = (line: LogLine, { step, level }: Pick<Wanted, "step" | "level">): boolean => (!step || line.step === step) && (level === "info" || line.level === level || line.level === "error");

/** `search` in lower case; "" for all. */
export function pickLines(lines: readonly LogLine[], wanted: Wanted): readonly LogLine[] {
  return lines.filter((line) => fits(line, wanted) && (!wanted.search || line.text.toLowerCase().includes(wanted.search)));
}

/** The match after or before a number, around the end; null when nothing matches. */
export function matchBeside(matches: readonly LogLine[], n: number, forward: boolean): LogLine | null {
  const beside = forward ? matches.find((line) => line.n > n) : matches.findLast((line) => line.n < n);
  return beside ?? (forward ? matches[0] : matches.at(-1)) ?? null;
}

export function countLevels(lines: readonly LogLine[]): Record<LogLevel, number> {
  const counts = { info: 0, warn: 0, error: 0 };
  for (const { level } of lines) counts[level] += 1;
  return counts;
}

/** The numbers of the lines that are the first error of their attempt: where to begin to read. */
export function firstErrors(lines: readonly LogLine[]): ReadonlySet<number> {
  const attempts = new Set<string>();
  const first = new Set<number>();
  for (const { n, step, attempt, level } of lines) {
    if (level !== "error" || attempts.has(`${step} ${attempt}`)) continue;
    attempts.add(`${step} ${attempt}`);
    first.add(n);
  }
  return first;
}
