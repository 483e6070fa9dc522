"use client";
// What the lines are worth at the shared moment, in the head of each chart, so that nothing lies over the data.
import { useCursorAt } from "./use-cursor";
import { timeText } from "./figures";
import type { Line, Write } from "./lines";
import css from "./readout.module.css";
import { nearestIndex } from "./scale";

export function Readout({ times, lines, write }: { times: readonly number[]; lines: readonly Line[]; write: Write }) {
  const at = useCursorAt();
  const [start = 0, end = 0] = [times[0], times.at(-1)];
  if (at === null || at < start || at > end || times.length < 2) return null;
  const index = nearestIndex(times, at);
  const now = times[index] ?? at;
  return (
    <span className={css.readout}>
      <time dateTime={new Date(now).toISOString()}>{timeText(now, end - start)}</time>
      {lines.slice(0, 5).map(({ key, name, colour, values }) => (
        <span key={key}><i style={{ background: colour }} aria-hidden />{name} <b>{write(values[index])}</b></span>
      ))}
    </span>
  );
}
