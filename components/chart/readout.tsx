"use client";
// What the lines are worth at the shared moment, in the head of each chart, so that nothing lies over the data.
import { useCursorAt } from "./use-cursor";
import { figure, timeText } from "./figures";
import type { Line } from "./lines";
import css from "./readout.module.css";
import type { Unit } from "@/lib/metrics/model";

export function Readout({ times, lines, unit }: { times: readonly number[]; lines: readonly Line[]; unit: Unit }) {
  const at = useCursorAt();
  const [start = 0, end = 0] = [times[0], times.at(-1)];
  if (at === null || at < start || at > end || times.length < 2) return null;
  const index = Math.round(((at - start) / (end - start)) * (times.length - 1));
  const now = times[index] ?? at;
  return (
    <span className={css.readout}>
      <time dateTime={new Date(now).toISOString()}>{timeText(now, end - start)}</time>
      {lines.slice(0, 5).map(({ key, name, colour, values }) => (
        <span key={key}><i style={{ background: colour }} aria-hidden />{name} <b>{figure(values[index], unit)}</b></span>
      ))}
    </span>
  );
}
