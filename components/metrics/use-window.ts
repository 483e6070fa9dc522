"use client";
// The time that all charts of a page look at, in the address: the last so long, or from one moment to another.
import { parseAsBoolean, parseAsInteger, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useNow } from "@/components/live/use-now";
import { windowLengths, windowNames, type WindowName } from "@/lib/metrics/window";

const address = { range: parseAsStringLiteral(windowNames).withDefault("3h"), start: parseAsInteger, end: parseAsInteger, peaks: parseAsBoolean.withDefault(false) };

export interface Looking {
  start: number;
  end: number;
  /** It goes on with the clock. */
  live: boolean;
  range: WindowName;
  peaks: boolean;
}

export const refreshMs = 15_000;

/** Null until the browser's clock is known. */
export function useWindow(): { looking: Looking | null; last: (range: WindowName) => void; between: (span: { start: number; end: number }) => void; keepPeaks: (on: boolean) => void } {
  const [{ range, start, end, peaks }, set] = useQueryStates(address, { history: "push" });
  const now = useNow(refreshMs);
  const fixed = start !== null && end !== null && start < end;
  return {
    looking: now === 0 ? null : fixed ? { start, end, live: false, range, peaks } : { start: now - windowLengths[range], end: now, live: true, range, peaks },
    last: (name) => void set({ range: name, start: null, end: null }),
    between: (span) => void set({ start: Math.round(span.start), end: Math.round(span.end) }),
    keepPeaks: (on) => void set({ peaks: on || null }),
  };
}
