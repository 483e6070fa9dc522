// How much of an endless kind is kept: of events the newest, and none older than an hour.
import type { EventObject } from "./objects";
import { keyOf } from "./store";

export interface Retention<T> {
  /** Whether so many are worth a cut now; without it a cut would be paid with every event. */
  isDue(size: number): boolean;
  /** Keys to let go of, of all that is kept now. */
  surplus(all: Iterable<T>, now: number): string[];
}

const keptEvents = 2_000;
const slack = 400;
const maxAgeMs = 3_600_000;

export const newestEvents: Retention<EventObject> = {
  isDue: (size) => size > keptEvents + slack,
  surplus: (all, now) => [...all].sort((a, b) => b.lastAt - a.lastAt).filter((event, place) => place >= keptEvents || now - event.lastAt > maxAgeMs).map(keyOf),
};
