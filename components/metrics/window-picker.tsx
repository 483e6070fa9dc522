"use client";
// Chooses the time that is looked at: the last so long, steps back and forth, and out again.
import { ActionIcon, SegmentedControl, Switch } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconZoomOut } from "@tabler/icons-react";
import { timeText } from "@/components/chart/figures";
import { windowNames, windowOf } from "@/lib/metrics/window";
import { useWindow } from "./use-window";
import css from "./window-picker.module.css";

export function WindowPicker() {
  const { looking, last, between, keepPeaks } = useWindow();
  if (!looking) return <div className={css.picker} />;
  const { start, end, live, range, peaks } = looking;
  const length = end - start;
  const shift = (by: number) => (end + by >= Date.now() ? last(range) : between({ start: start + by, end: end + by }));
  return (
    <div className={css.picker}>
      <Switch size="xs" label="Keep peaks" checked={peaks} onChange={({ currentTarget }) => keepPeaks(currentTarget.checked)} title="Each point is the highest value since the point before" />
      <SegmentedControl size="xs" aria-label="Time" value={live ? range : ""} onChange={(value) => last(windowOf(value))} data={windowNames.map((value) => ({ value, label: value }))} />
      <div className={css.span} role="group" aria-label="From and to">
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Earlier" onClick={() => shift(-length / 2)}><IconChevronLeft size={15} /></ActionIcon>
        <span className={css.times} suppressHydrationWarning>{timeText(start, length)} → {live ? "now" : timeText(end, length)}</span>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Later" disabled={live} onClick={() => shift(length / 2)}><IconChevronRight size={15} /></ActionIcon>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Twice as long" onClick={() => between({ start: start - length, end })}><IconZoomOut size={15} /></ActionIcon>
      </div>
    </div>
  );
}
