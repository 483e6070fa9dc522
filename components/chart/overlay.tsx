"use client";
// What lies over a plot: the shared cursor with its dots, a range that is being selected, and where data stopped. Pointer and keys act here.
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { useCursor, useCursorAt } from "./use-cursor";
import { timeText } from "./figures";
import { drawnAtMost, type Line, type Write } from "./lines";
import css from "./overlay.module.css";
import { room } from "./plot";
import { heightOf, nearestIndex, type Axis } from "./scale";

interface OverlayProps {
  title: string;
  times: readonly number[];
  lines: readonly Line[];
  axis: Axis;
  write: Write;
  right: number;
  /** What the plot spans, where that is more than its times. */
  span?: { start: number; end: number };
  /** A range was dragged over. */
  onRange?: ((range: { start: number; end: number }) => void) | undefined;
}

export function Overlay({ title, times, lines, axis, write, right, span, onRange }: OverlayProps) {
  const cursor = useCursor();
  const at = useCursorAt();
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const { start, end } = span ?? { start: times[0] ?? 0, end: times.at(-1) ?? 1 };
  const index = at === null || times.length < 2 ? -1 : nearestIndex(times, at);
  const left = (time: number) => `${((time - start) / (end - start)) * 100}%`;
  const timeUnder = ({ clientX, currentTarget }: PointerEvent<HTMLElement>) => {
    const { left: edge, width } = currentTarget.getBoundingClientRect();
    return times[nearestIndex(times, start + (Math.min(Math.max(0, clientX - edge), width) / width) * (end - start))] ?? start;
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const time = timeUnder(event);
    cursor.point(time);
    if (drag) setDrag({ ...drag, to: time });
  };
  const release = (event: PointerEvent<HTMLElement>) => {
    const time = timeUnder(event);
    const [from, to] = drag ? [Math.min(drag.from, time), Math.max(drag.from, time)] : [time, time];
    setDrag(null);
    if (to > from && onRange) onRange({ start: from, end: to });
    else cursor.pin(cursor.pinned() ? null : time);
  };
  const now = times[index];
  return (
    <div
      className={css.area} style={{ left: room.left, right, top: room.top, bottom: room.bottom }} role="slider" tabIndex={0}
      aria-label={`${title}: a moment in time. Left and right move it, Shift by ten, Escape frees it.`} aria-valuemin={start} aria-valuemax={end} aria-valuenow={now ?? end} aria-valuetext={now === undefined ? "no moment chosen" : spoken(now, lines, { index, write, spanMs: end - start })}
      onPointerMove={move} onPointerLeave={() => { cursor.point(null); setDrag(null); }} onPointerDown={(event) => event.button === 0 && setDrag({ from: timeUnder(event), to: timeUnder(event) })} onPointerUp={release}
      onKeyDown={(event) => onKey(event, { times, index, pin: cursor.pin })}
    >
      {!span && <Silence times={times} lines={lines} />}
      {drag && drag.from !== drag.to && <span className={css.range} style={{ left: left(Math.min(drag.from, drag.to)), width: `${(Math.abs(drag.to - drag.from) / (end - start)) * 100}%` }} />}
      {now !== undefined && (
        <span className={css.cursor} style={{ left: left(now) }}>
          {lines.slice(0, drawnAtMost).map(({ key, values, colour }) => {
            const value = values[index];
            return value !== null && value !== undefined && <i key={key} style={{ bottom: `${Math.min(1, Math.max(0, heightOf(axis, value))) * 100}%`, background: colour }} />;
          })}
        </span>
      )}
    </div>
  );
}

function spoken(now: number, lines: readonly Line[], { index, write, spanMs }: { index: number; write: Write; spanMs: number }): string {
  return [timeText(now, spanMs), ...lines.slice(0, 6).map(({ name, values }) => `${name} ${write(values[index])}`)].join(", ");
}

function onKey(event: KeyboardEvent, { times, index, pin }: { times: readonly number[]; index: number; pin: (at: number | null) => void }): void {
  const step = event.shiftKey ? 10 : 1;
  const from = index < 0 ? times.length - 1 : index;
  const moves: Record<string, () => number | null> = {
    ArrowLeft: () => times[Math.max(0, from - step)] ?? null, ArrowRight: () => times[Math.min(times.length - 1, from + step)] ?? null,
    Home: () => times[0] ?? null, End: () => times.at(-1) ?? null, Escape: () => null,
  };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  pin(move());
}

/** Hatched from where the last line ended, when that is more than a couple of steps ago: nothing is known, which is not zero. */
function Silence({ times, lines }: { times: readonly number[]; lines: readonly Line[] }) {
  const last = Math.max(-1, ...lines.map(({ values }) => values.findLastIndex((value) => value !== null)));
  if (last < 0 || times.length - 1 - last <= 2) return null;
  return <span className={css.silence} style={{ left: `${(last / (times.length - 1)) * 100}%` }} title="No data since" />;
}
