"use client";
// Deployments and canaries as lines over a plot, each with a shape at its head that tells on hover, and as a list for who does not see them.
import { VisuallyHidden } from "@mantine/core";
import { timeText } from "./figures";
import css from "./mark-lines.module.css";
import { markGroups, type ChartMark } from "./marks";
import { room } from "./plot";

export function MarkLines({ marks, start, end, right }: { marks: readonly ChartMark[]; start: number; end: number; right: number }) {
  const groups = markGroups(marks, { start, end });
  if (groups.length === 0) return null;
  return (
    <>
      <div className={css.area} style={{ left: room.left, right, top: room.top, bottom: room.bottom }} aria-hidden>
        {groups.map(({ at, kind, mood, say }) => (
          <span key={at} className={css.mark} data-kind={kind} data-mood={mood} style={{ left: `${((at - start) / (end - start)) * 100}%` }}>
            <i title={[timeText(at, end - start), ...say].join("\n")}>{say.length > 1 ? say.length : ""}</i>
          </span>
        ))}
      </div>
      <VisuallyHidden><ul aria-label="Deployments and canaries in this time">{groups.map(({ at, say }) => <li key={at}>{timeText(at, end - start)}: {say.join("; ")}</li>)}</ul></VisuallyHidden>
    </>
  );
}
