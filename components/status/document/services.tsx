// The services of a status document by tier: state, version, last deployment, ninety days and what of them was up.
import type { ServiceLine, StatusDocument, TierLines } from "@/lib/status/model";
import { Days, Mark, markOf } from "./marks";
import { age, clock, percent } from "./times";

export interface Choice { mine: ReadonlySet<string>; onlyMine: boolean; words: string }

export function chosen({ tiers }: StatusDocument, { mine, onlyMine, words }: Choice): TierLines[] {
  const wanted = words.trim().toLowerCase();
  return tiers.flatMap((tier) => {
    const services = tier.services.filter(({ id, name }) => (!onlyMine || mine.has(id)) && (wanted === "" || name.toLowerCase().includes(wanted) || id.includes(wanted)));
    return services.length === 0 ? [] : [{ ...tier, services }];
  });
}

const monthOf = (day: string): string => new Date(day).toLocaleDateString("en-GB", { month: "short", timeZone: "UTC" });
const dayOf = (day: string): string => new Date(day).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

export function Services({ document, choice, now }: { document: StatusDocument; choice: Choice; now: number }) {
  const tiers = chosen(document, choice);
  const middle = new Date((Date.parse(document.from) + Date.parse(document.to)) / 2).toISOString().slice(0, 10);
  if (tiers.length === 0) return <p className="empty">{choice.onlyMine && choice.mine.size === 0 ? "Star a service to keep it here." : "No service of that kind. Widen the filter."}</p>;
  return (
    <table className="services">
      <thead>
        <tr><th className="star"><span className="hidden">Mine</span></th><th>State</th><th>Service</th><th>Version</th><th>Deployed</th><th className="span"><span>{dayOf(document.from)}</span><span>{monthOf(middle)}</span><span>today</span></th><th className="num">Up, %</th></tr>
      </thead>
      {tiers.map(({ tier, name, say, services }) => (
        <tbody key={tier} data-tier={tier}>
          <tr className="tier"><th colSpan={7} scope="rowgroup"><span className="chip">{tier}</span> {name} <span className="dim">{tier === 1 ? `platform, ${say}` : say}</span></th></tr>
          {services.map((service) => <Service key={service.id} service={service} document={document} mine={choice.mine.has(service.id)} now={now} />)}
        </tbody>
      ))}
    </table>
  );
}

function Service({ service, document, mine, now }: { service: ServiceLine; document: StatusDocument; mine: boolean; now: number }) {
  const { id, name, state, word, reason, version, deployedAt, deployedAs, rollout, days, marks, uptime, coverage } = service;
  const rolling = state === "operational" && rollout !== null;
  return (
    <tr className="service" data-service={id} data-state={rolling ? "rolling" : state}>
      <td className="star"><button type="button" data-star={id} aria-pressed={mine} aria-label={`${name} is one of mine`} hidden>{mine ? "★" : "☆"}</button></td>
      <td className="state" title={reason || undefined}><Mark name={rolling ? "starting" : markOf[state]} /> <span className="word">{word}</span></td>
      <th scope="row" className="name"><a href={`#${id}`} id={id}>{name}</a>{reason !== "" && <span className="reason">{reason}</span>}</th>
      <td className="mono version">{rollout !== null && rollout.from !== "" && rollout.from !== rollout.to ? `${rollout.from} → ${rollout.to}` : version || "unknown"}</td>
      <td className="mono deployed">{rollout === null ? <Deployed at={deployedAt} as={deployedAs} now={now} /> : <span className="progress">{rollout.ready} of {rollout.of} <span className="dim">{rollout.since === null ? "" : age(now - rollout.since)}</span></span>}</td>
      <td className="history">
        <details><summary><Days days={days} marks={marks} from={document.from} name={name} /></summary>
          <ul>{marks.length === 0 ? <li>Nothing was amiss in the days that are shown.</li> : marks.map(({ day, say }) => <li key={day}><span className="mono">{day}</span> {say}</li>)}</ul>
          <p className="dim">Watched {coverage === null ? "not yet" : `${coverage} % of the time`}.</p>
        </details>
      </td>
      <td className="mono num">{percent(uptime)}</td>
    </tr>
  );
}

function Deployed({ at, as, now }: { at: number | null; as: string; now: number }) {
  if (at === null) return <span className="dim">unknown</span>;
  return <><span className="clock">{clock(at, now)} </span><span className="dim">{as === "" ? "" : `${as} `}{age(now - at)}</span></>;
}
