// What was reported about an object, the newest first.
import { clockTime } from "@/components/placement/fresh-words";
import { PodMark } from "@/components/placement/pod-mark";
import { StatePicture } from "@/components/ui/state-picture";
import css from "./drawer.module.css";
import type { WireEvent } from "./wire";

export function EventsTab({ events }: { events: readonly WireEvent[] }) {
  if (events.length === 0) return <StatePicture kind="empty" title="No events" say="The API server keeps them for an hour." />;
  return (
    <div className={css.box}>
      {events.toSorted((a, b) => b.at - a.at).map((event) => (
        <div key={event.uid} className={css.boxRow}>
          <div className={css.rowHead}>
            <PodMark state={event.type === "Normal" ? "running" : "warning"} size={11} />
            <b>{event.reason}</b>
            <span className={css.push}>{event.count > 1 && `${event.count} times, last `}{clockTime(event.at)}</span>
          </div>
          <span className={css.sub}>{event.message}</span>
        </div>
      ))}
    </div>
  );
}
