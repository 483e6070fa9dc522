"use client";
// DORA's five measures per service, with what they mean, how much is known, and what counts. Not goals, no bands, no league.
import { SegmentedControl, Switch } from "@mantine/core";
import { parseAsBoolean, parseAsInteger, useQueryStates } from "nuqs";
import { fewest } from "@/lib/deployments/rules/dora";
import { tiers } from "@/lib/placement/model";
import { TierBadge } from "../placement/tier-badge";
import { Panel } from "../ui/panel";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import { Trouble } from "../live/answer";
import { coverage, figureOrder, figureText, figureTitles } from "./dora-strip";
import { useDora, type DoraAnswer } from "./queries";
import css from "./record-page.module.css";

const address = { days: parseAsInteger.withDefault(28), tier: parseAsInteger, unfinished: parseAsBoolean.withDefault(true), config: parseAsBoolean.withDefault(true) };

export function DoraPage({ cluster }: { cluster: string }) {
  const [asked, ask] = useQueryStates(address);
  const { data, error, refetch } = useDora(cluster, asked);
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>DORA</h1>
        <SegmentedControl size="xs" aria-label="Days" value={String(asked.days)} onChange={(value) => void ask({ days: Number(value) })} data={["7", "28", "90", "365"].map((value) => ({ value, label: `${value} d` }))} />
        <SegmentedControl size="xs" aria-label="Tier" value={String(asked.tier ?? 0)} onChange={(value) => void ask({ tier: value === "0" ? null : Number(value) })} data={[{ value: "0", label: "All tiers" }, ...tiers.map((tier) => ({ value: String(tier), label: String(tier) }))]} />
        <Switch size="xs" label="Unfinished rollouts count as failed" checked={asked.unfinished} onChange={({ currentTarget }) => void ask({ unfinished: currentTarget.checked })} />
        <Switch size="xs" label="Configuration counts" checked={asked.config} onChange={({ currentTarget }) => void ask({ config: currentTarget.checked })} />
      </header>
      {!data && (error ? <Trouble error={error} what="the figures" retry={() => void refetch()} /> : <LoadingRows rows={8} label="The figures are being fetched" />)}
      {data && <Meanings data={data} />}
      {data && <Panel title="Services" aside={`${data.services.length} with a change in ${data.days} days`}><Services data={data} /></Panel>}
    </div>
  );
}

function Meanings({ data }: { data: DoraAnswer }) {
  return (
    <Panel title="Median of the services" aside={`${data.totals.groups} deployments of ${data.totals.deployments} changes`} flush={false}>
      <dl className={css.facts}>
        {figureOrder.map((figure) => {
          const { median, was, dots, means } = data.figures[figure];
          return <div key={figure}><dt>{figureTitles[figure]}</dt><dd><b className={css.mono}>{figureText(figure, median)}</b> <small>{was === null ? "" : `was ${figureText(figure, was)} · `}{coverage(figure, data)}{median === null && dots.length > 0 ? ` · fewer than ${fewest} services: no median` : ""}</small><p className={css.note}>{means}</p></dd></div>;
        })}
      </dl>
      <p className={css.none}>Only production counts; which namespaces are not is read from their labels and names. These are not goals, and unlike services are not to be compared.</p>
    </Panel>
  );
}

function Services({ data }: { data: DoraAnswer }) {
  if (data.services.length === 0) return <StatePicture kind="empty" title={`No deployments in ${data.days} days`} say="Nothing is shown as 0 that there was none of." />;
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label="Figures per service">
      <table className={css.table}>
        <thead><tr><th scope="col">Service</th><th scope="col">Tier</th>{figureOrder.map((figure) => <th key={figure} scope="col" className={css.right}>{figureTitles[figure]}</th>)}<th scope="col" className={css.right}>Changes</th><th scope="col" className={css.right}>Failed</th></tr></thead>
        <tbody>
          {data.services.map((one) => (
            <tr key={`${one.namespace}/${one.name}`}>
              <td>{one.name} <small>{one.namespace}</small></td><td><TierBadge tier={tiers.find((tier) => tier === one.tier) ?? null} /></td>
              {figureOrder.map((figure) => <td key={figure} className={css.right}>{figureText(figure, one[figure])}</td>)}
              <td className={css.right}>{one.deployments}</td><td className={css.right}>{one.failed}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
