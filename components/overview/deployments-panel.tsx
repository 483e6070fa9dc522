"use client";
// The last deployments of the cluster: when, how it ended, what, which version, who.
import Link from "next/link";
import { changeText, outcomeLook, recordPath, whenText } from "../deployments/words";
import { RecordMark } from "../deployments/record-mark";
import { useRecords } from "../deployments/queries";
import { useNow } from "../live/use-now";
import { TierBadge } from "../placement/tier-badge";
import { Panel } from "../ui/panel";
import { LoadingRows } from "../ui/state-picture";
import css from "./deployments-panel.module.css";

const shown = 9;
const dayMs = 86_400_000;

export function DeploymentsPanel({ cluster }: { cluster: string }) {
  const { data, error } = useRecords(cluster, { lengthMs: dayMs, tier: null, change: null, outcome: null });
  const now = useNow(15_000);
  const base = `/clusters/${encodeURIComponent(cluster)}/deployments`;
  return (
    <Panel title="Last deployments" aside={data && <Link className={css.all} href={base}>{data.records.length} in 24 h</Link>}>
      {!data && (error ? <p className={css.none}>{error.message}</p> : <LoadingRows rows={4} label="Deployments are being fetched" />)}
      {data?.records.length === 0 && <p className={css.none}>No deployments in 24 h.</p>}
      <ul className={css.list}>
        {data?.records.slice(0, shown).map((record) => (
          <li key={record.id} className={css.line}>
            <time dateTime={new Date(record.startedAt).toISOString()}>{whenText(record.startedAt, now || data.now)}</time>
            <RecordMark outcome={record.outcome} change={record.change} size={10} label={outcomeLook(record).words} />
            <Link className={css.name} href={recordPath(cluster, record.id)} prefetch={false}>{record.name}</Link>
            <TierBadge tier={record.tier} size={14} />
            <span className={css.version} title={record.version}>{changeText(record).to}</span>
            <span className={css.kind}>{record.change}</span>
            <span className={css.who}>{record.actor ?? "unknown"}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
