"use client";
// The latest events of the cluster, newest first; warnings carry their mark.
import Link from "next/link";
import type { EventRow } from "@/lib/placement/model";
import { clockTime } from "../placement/fresh-words";
import { PodMark } from "../placement/pod-mark";
import { type PlacementStore, sameMembers, useDerived } from "../placement/queries";
import { Panel } from "../ui/panel";
import css from "./events-panel.module.css";

const shown = 12;

const latest = (store: PlacementStore): EventRow[] => {
  const top: EventRow[] = [];
  for (const event of store.tables.events.values()) {
    const last = top.at(-1);
    if (top.length === shown && last && event.at <= last.at) continue;
    const place = top.findIndex(({ at }) => at < event.at);
    top.splice(place < 0 ? top.length : place, 0, event);
    if (top.length > shown) top.pop();
  }
  return top;
};
const howMany = (store: PlacementStore) => store.tables.events.size;

export function EventsPanel({ store, cluster }: { store: PlacementStore; cluster: string }) {
  const events = useDerived(store, latest, sameMembers);
  const total = useDerived(store, howMany);
  const base = `/clusters/${encodeURIComponent(cluster)}/placement`;
  return (
    <Panel title="Recent events" aside={total > 0 && <Link className={css.all} href={`${base}/table?view=events`}>all {total.toLocaleString("en")}</Link>}>
      {events.length === 0 && <p className={css.none}>No events in the time that the cluster keeps them.</p>}
      <ul className={css.list}>
        {events.map((event) => (
          <li key={event.uid} className={css.line}>
            <time dateTime={new Date(event.at).toISOString()}>{clockTime(event.at)}</time>
            <span className={css.reason} data-type={event.type}>
              {event.type === "Warning" ? <PodMark state="warning" size={10} label="warning" /> : <span className={css.gap} />} <span>{event.reason}</span>
            </span>
            <span className={css.object} title={`${event.kind} ${event.namespace}/${event.name}`}>{event.kind === "Pod" ? <Link href={`${base}?pod=${encodeURIComponent(`${event.namespace}/${event.name}`)}`} prefetch={false}>{event.name}</Link> : event.name}</span>
            <span className={css.message} title={event.message}>{event.message}</span>
            <span className={css.count}>{event.count > 1 ? `×${event.count}` : ""}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
