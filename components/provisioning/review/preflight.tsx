// The checks before a build: what warns with its fix, then what is well; and where each type of machine is offered.
import Link from "next/link";
import { machinesOf } from "@/lib/provisioning/machines";
import type { Blueprint } from "@/lib/provisioning/model";
import { PodMark } from "../../placement/pod-mark";
import { stepOfField } from "../field-step";
import { pagePath } from "../queries";
import type { PlanAnswer, WireCheck } from "../wire";
import css from "./review.module.css";

export function Preflight({ blueprint, checks, offerings }: Pick<PlanAnswer, "blueprint" | "checks" | "offerings">) {
  const of = (state: WireCheck["state"]) => checks.filter((check) => check.state === state);
  const [stops, warnings, fine] = [of("stop"), of("warn"), of("ok")];
  return (
    <section className={css.preflight} aria-label="Preflight">
      <h2 className={css.preflightHead}>Preflight<span>{fine.length} ok, <b data-some={warnings.length > 0 || undefined}>{warnings.length} {warnings.length === 1 ? "warning" : "warnings"}</b>, <b data-stop={stops.length > 0 || undefined}>{stops.length} blocking</b></span></h2>
      <ul className={css.checks}>
        {[...stops, ...warnings].map((check) => <Trouble key={check.id} check={check} blueprint={blueprint} />)}
        {fine.map(({ id, title, say }) => <li key={id} className={css.fine}><PodMark state="running" size={9} label="ok" /><span>{title}</span><span className={css.fineSay}>{say}</span></li>)}
      </ul>
      <Offers blueprint={blueprint} offerings={offerings} />
    </section>
  );
}

function Trouble({ check: { id, state, machine, say, fix, field, title }, blueprint }: { check: WireCheck; blueprint: Blueprint }) {
  return (
    <li id={`check-${id}`} className={css.trouble} data-state={state}>
      <PodMark state={state === "stop" ? "failed" : "warning"} size={12} label={state === "stop" ? "blocking" : "warning"} />
      <div>
        <p>{machine === "" ? <b>{title}: </b> : <code>{machine}: </code>}{say}</p>
        {fix !== "" && (field === "" ? <p className={css.dim}>{fix}</p> : <Link href={`${pagePath(blueprint.name)}/edit?step=${stepOfField(field)}&field=${encodeURIComponent(field)}`}>{fix}</Link>)}
      </div>
    </li>
  );
}

function Offers({ blueprint, offerings }: Pick<PlanAnswer, "blueprint" | "offerings">) {
  if (offerings.length === 0) return null;
  const machines = machinesOf(blueprint);
  const zones = blueprint.network.subnets.map(({ zone }) => zone);
  const types = [...new Set(machines.map(({ pool }) => pool.instanceType))];
  return (
    <table className={css.offers}>
      <caption>Types offered <small>filled: used</small></caption>
      <thead><tr><th scope="col"><span className={css.hidden}>Type</span></th>{zones.map((zone) => <th key={zone} scope="col">{zone.replace(/^.*-(\d[a-z])$/, "$1")}</th>)}</tr></thead>
      <tbody>
        {types.map((type) => (
          <tr key={type}>
            <th scope="row">{type}</th>
            {zones.map((zone) => {
              const used = machines.some(({ pool, zone: home }) => pool.instanceType === type && home === zone);
              const offered = offerings.some((offer) => offer.type === type && offer.zone === zone);
              const word = offered ? (used ? "offered and used" : "offered") : "not offered";
              return <td key={zone}><span className={css.offer} data-offered={offered} data-used={used || undefined} role="img" aria-label={word} title={word} /></td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
