// Beside the services: open incidents with their updates, what changed in the last hour, freezes and maintenance, what was resolved.
import type { IncidentTold, StatusDocument } from "@/lib/status/model";
import { Mark, type MarkName } from "./marks";
import { age, clock } from "./times";

export function Incidents({ incidents, now }: { incidents: readonly IncidentTold[]; now: number }) {
  return incidents.map((one) => (
    <section key={one.id} className="incidents" id={`incident-${one.number}`}>
      <h2>Open incident <span className="aside">opened {clock(one.startedAt, now)}, {age(now - one.startedAt)} ago</span></h2>
      <article className={`incident ${one.impact}`}>
        <h3><Mark name={one.impact === "critical" || one.impact === "major" ? "failed" : "warning"} /> {one.title}</h3>
        <p className="dim">{one.impact === "none" ? "No impact" : `${one.impact[0]?.toUpperCase() ?? ""}${one.impact.slice(1)}`}.{one.services.length > 0 && ` Affects ${one.services.map(nameOf).join(", ")}.`}</p>
        <Updates incident={one} now={now} />
      </article>
    </section>
  ));
}

const nameOf = (service: string): string => service.split("/")[1] ?? service;

function Updates({ incident: { updates }, now }: { incident: IncidentTold; now: number }) {
  return <dl className="timed">{updates.map(({ id, at, status, body }) => <div key={id}><dt className="mono">{clock(at, now)}</dt><dd><strong>{status[0]?.toUpperCase()}{status.slice(1)}.</strong> {body}</dd></div>)}</dl>;
}

const marks: Record<string, MarkName> = { plain: "plain", good: "running", running: "starting", warning: "warning", bad: "failed" };

export function Side({ document, now }: { document: StatusDocument; now: number }) {
  const { changes, maintenance, freezes, resolved } = document;
  return (
    <>
      <section>
        <h2>Changed in the last hour <span className="aside mono">{clock(now - 3_600_000, now)} to now</span></h2>
        {changes.length === 0 ? <p className="dim">Nothing.</p> : <dl className="timed">{changes.map((one, index) => <div key={index}><dt className="mono">{clock(one.at, now)} <Mark name={marks[one.mark] ?? "plain"} /></dt><dd><strong>{one.what}</strong> <span className="dim">{one.say}</span></dd></div>)}</dl>}
      </section>
      <section>
        <h2>Freeze and maintenance</h2>
        <dl className="timed">
          {freezes.length === 0 && <div><dt className="mono">now</dt><dd>No freeze. You can deploy.</dd></div>}
          {freezes.map(({ say, until }) => <div key={say}><dt className="mono">{until === null ? "now" : `to ${clock(until, now)}`}</dt><dd>{say}</dd></div>)}
          {maintenance.map((one) => <div key={one.id}><dt className="mono">{one.startsAt <= now ? "now" : clock(one.startsAt, now)}</dt><dd><strong>{one.title}</strong> <span className="dim">until {clock(one.endsAt, now)}{one.services.length > 0 && `, ${one.services.map(nameOf).join(", ")}`}. {one.body}</span></dd></div>)}
        </dl>
      </section>
      <section>
        <h2>Resolved, last 14 days</h2>
        {resolved.length === 0 ? <p className="dim">None.</p> : resolved.map((one) => (
          <details key={one.id} className="resolved" id={`incident-${one.number}`}>
            <summary><span className="mono">{clock(one.startedAt, now)}</span> <strong>{one.title}</strong> <span className="dim">{one.resolvedAt === null ? "" : age(one.resolvedAt - one.startedAt)}</span></summary>
            <Updates incident={one} now={now} />
            {one.postMortem !== "" && <div className="post-mortem"><h3>Post-mortem</h3>{one.postMortem.split(/\n{2,}/).map((part) => <p key={part}>{part}</p>)}</div>}
          </details>
        ))}
      </section>
    </>
  );
}
