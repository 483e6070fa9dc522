// How much of an endless kind is kept: of events the newest, and none older than an hour.
import type { EventObject } from "./objects";
import { keyOf } from "./store";

/** Keys to let go of, of all that is kept now. */
export type Retention<T> = (all: Iterable<T>, size: number, now: number) => string[];

const keptEvents = 2_000;
/** Cut only when this much over, so that a cut is paid once for many events. */
const slack = 400;
const maxAgeMs = 3_600_000;

export const newestEvents: Retention<EventObject> = (all, size, now) => {
  if (size <= keptEvents + slack && size % slack !== 0) return [];
  const newestFirst = [...all].sort((a, b) => b.lastAt - a.lastAt);
  return newestFirst.filter((event, place) => (size > keptEvents + slack && place >= keptEvents) || now - event.lastAt > maxAgeMs).map(keyOf);
};
