// Which lines of a job's log are shown, how many of each level there are, and which error came first in its attempt.
import type { LogLevel, LogLine } from "@/lib/jobs/model";

export interface Wanted { step: string; search: string; level: LogLevel }

/** `search` in lower case; "" for all. */
export function pickLines(lines: readonly LogLine[], { step, search, level }: Wanted): readonly LogLine[] {
  if (!step && !search && level === "info") return lines;
  return lines.filter((line) => (!step || line.step === step) && (level === "info" || line.level === level || line.level === "error") && (!search || line.text.toLowerCase().includes(search)));
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
