// The log of a job as it is written: secrets struck out, lines cut to size, batched, numbered by the database.
import "server-only";
import type { LogLevel } from "./model";
import type { NewLine } from "./fenced";
import { strikeOut } from "./strike-out";

export interface JobLog {
  add(line: { step: string; attempt: number; level: LogLevel; text: string }): void;
  /** Resolves when all that was added is stored; rejects when the lease was lost. */
  flush(): Promise<void>;
}

const batchMs = 200;
const batchLines = 100;
const maxTextChars = 4000;

export interface LogTerms {
  /** Stores lines under the numbers after `after`. */
  append(lines: readonly NewLine[], after: number): Promise<void>;
  /** The number of the last line that is stored. */
  lastLine: number;
  now(): number;
}

export function jobLog({ append, lastLine, now }: LogTerms): JobLog {
  let stored = lastLine;
  let waiting: NewLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return writing;
    writing = writing.then(async () => {
      await append(batch, stored);
      stored += batch.length;
    });
    // Whoever flushes hears of a failure; a batch written by the timer must not end the process by it.
    writing.catch(() => undefined);
    return writing;
  };
  return {
    add({ step, attempt, level, text }) {
      const at = now();
      for (const line of splitLines(text)) waiting.push({ at, step, attempt, level, text: line });
      if (waiting.length >= batchLines) void write();
      else timer ??= setTimeout(() => void write(), batchMs);
    },
    flush: write,
  };
}

/** Struck out before the split, because a key may span lines. PostgreSQL takes no NUL in text. */
export function splitLines(text: string): string[] {
  const lines = strikeOut(text).replaceAll("\0", "").split(/\r\n|\r|\n/);
  return lines.map((line) => (line.length > maxTextChars ? `${line.slice(0, maxTextChars)} … (${line.length - maxTextChars} more characters)` : line));
}
