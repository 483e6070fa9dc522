// Pods and events as they were when a deployment ended, or are while it is under way.
import { podStates } from "@/lib/placement/model";
import { PodMark } from "../placement/pod-mark";
import { StatePicture } from "../ui/state-picture";
import css from "./record-page.module.css";
import type { RecordAnswer } from "./queries";
import { whenText } from "./words";

export function PodsTable({ pods }: { pods: RecordAnswer["pods"] }) {
  if (pods.length === 0) return <StatePicture kind="empty" title="No pods are kept of it" say="It ended before the console looked, or has none." />;
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label="Pods">
      <table className={css.table}>
        <thead><tr><th scope="col">Pod</th><th scope="col">State</th><th scope="col">Node</th><th scope="col" className={css.right}>Restarts</th></tr></thead>
        <tbody>
          {pods.map(({ name, state, word, node, restarts, isNew }) => (
            <tr key={name} data-old={!isNew}>
              <td className={css.mono}>{name}{!isNew && <small> before</small>}</td>
              <td><PodMark state={podStates.find((one) => one === state) ?? "unknown"} size={9} /> {word || state}</td><td>{node || "–"}</td><td className={css.right}>{restarts}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function EventsTable({ events, now }: { events: RecordAnswer["events"]; now: number }) {
  if (events.length === 0) return <StatePicture kind="empty" title="No events are kept of it" />;
  return (
    <ul className={css.events} tabIndex={0} aria-label="Events of the moment">
      {events.map(({ at, type, reason, message, count, about }) => (
        <li key={`${at} ${reason} ${about} ${message}`} data-warning={type === "Warning"}>
          <time dateTime={new Date(at).toISOString()}>{whenText(at, now)}</time> <b>{type === "Warning" ? "Warning, " : ""}{reason}</b>{count > 1 && ` ×${count}`} <small>{about}</small><p>{message}</p>
        </li>
      ))}
    </ul>
  );
}
