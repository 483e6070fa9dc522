"use client";
// One deployment whole: what it was and how it ended, who did it, what differed, pods and events of the moment, the figures around it, builds.
import { Button, Group } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import Link from "next/link";
import { isUnderWay, type DeploymentRecord } from "@/lib/deployments/model";
import { nothing, useAct } from "../access/use-act";
import { useNow } from "../live/use-now";
import { TierBadge } from "../placement/tier-badge";
import { useMay } from "../shell/queries";
import { Panel } from "../ui/panel";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import { CanaryVerdict } from "./canary-verdict";
import { Trouble } from "../live/answer";
import { DiffView } from "./diff-view";
import { EventsTable, PodsTable } from "./moment";
import { MetricsAround } from "./metrics-around";
import { api, deploymentsKey, useRecord, type RecordAnswer } from "./queries";
import { KindMark, RecordMark } from "./record-mark";
import css from "./record-page.module.css";
import { changeText, durationMs, knownBy, outcomeLook, recordPath, spanText, whenText, workloadPath } from "./words";

export function RecordPage({ cluster, id }: { cluster: string; id: string }) {
  const { data, error, refetch } = useRecord(cluster, id);
  const now = useNow(1000);
  if (!data) return <div className={css.page}>{error ? <Trouble page error={error} what="the deployment" gone="No such deployment" retry={() => void refetch()} /> : <LoadingRows rows={10} label="The deployment is being fetched" />}</div>;
  const { record } = data;
  const { words, tone } = outcomeLook(record);
  return (
    <div className={css.page}>
      <header className={css.head}>
        <RecordMark outcome={record.outcome} change={record.change} size={16} caused={record.rolledBackBy !== null} />
        <h1><Link href={workloadPath(cluster, record)}>{record.name}</Link> <span className={css.version}>{record.version}</span></h1>
        <TierBadge tier={record.tier} />
        <span className={css.words} data-tone={tone}>{words}</span>
        <Deem cluster={cluster} record={record} />
      </header>
      <div className={css.columns}>
        <Panel title="What happened" flush={false}><Facts cluster={cluster} data={data} now={now || data.now} /></Panel>
        <Panel title="Who and from where" flush={false}><Who cluster={cluster} data={data} /></Panel>
      </div>
      <Panel title="Pod template" aside={data.beforeId ? <Link href={recordPath(cluster, data.beforeId)} className={css.aside}>revision {record.fromRevision} before</Link> : "nothing known before it"}>
        {data.after ? <DiffView before={data.before ?? (record.isFirst ? {} : data.after)} after={data.after} /> : <StatePicture kind="empty" title="The template is not kept any more" />}
      </Panel>
      <Panel title="Metrics around it" aside="half an hour before and after" flush={false}><MetricsAround cluster={cluster} record={record} now={now || data.now} /></Panel>
      <div className={css.columns}>
        <Panel title="Pods" aside={data.momentAt === null ? (isUnderWay(record.outcome) ? "now" : "") : `as of ${whenText(data.momentAt, now)}`}><PodsTable pods={data.pods} /></Panel>
        <Panel title="Events" aside={data.events.length > 0 ? `${data.events.length}, newest first` : ""}><EventsTable events={data.events} now={now || data.now} /></Panel>
      </div>
    </div>
  );
}

function Facts({ cluster, data: { record }, now }: { cluster: string; data: RecordAnswer; now: number }) {
  const { from, to } = changeText(record);
  const took = durationMs(record, now);
  const exact = { cluster: "", watched: "", late: ` at the latest; last seen under way ${whenText(record.lastSeenAt, now)}`, "": "" }[record.finishedFrom];
  const rows: [string, React.ReactNode][] = [
    ["Change", <span key="change"><KindMark change={record.change} /> {record.change}{record.change === "rollback" && record.returnsTo !== null ? `, back to revision ${record.returnsTo}` : ""}{record.isFirst ? ", the first" : ""}</span>],
    ["From → to", <span key="to" className={css.mono}>{from === "" ? to : `${from} → ${to}`}</span>],
    ["Revision", `${record.revision}${record.fromRevision === null ? "" : `, after ${record.fromRevision}`} (${record.revisionName})`],
    ["Began", `${new Date(record.startedAt).toLocaleString("en-GB")}${record.startedFrom === "unknown" ? " at the earliest; when is not known" : ""}`],
    ["First pod ready", record.firstReadyAt === null ? "none seen" : `after ${spanText(record.firstReadyAt - record.startedAt)}`],
    ["Ended", record.finishedAt === null ? (took === null ? "unknown" : `not yet, ${spanText(took)} so far`) : `${new Date(record.finishedAt).toLocaleString("en-GB")}${exact}, after ${spanText(record.finishedAt - record.startedAt)}`],
    ["kubectl says", record.say || "–"],
    ...(record.reason === "" ? [] : [["Why", record.reason] satisfies [string, React.ReactNode]]),
    ...(record.recoveredAt === null ? [] : [["Restored", `${new Date(record.recoveredAt).toLocaleString("en-GB")}${record.failedAt === null ? "" : `, after ${spanText(record.recoveredAt - record.failedAt)}`}`] satisfies [string, React.ReactNode]]),
    ...(record.canary.length === 0 ? [] : [["Canary traffic", record.canary.map(({ at, share }) => `${Math.round(100 * share)} % from ${new Date(at).toLocaleTimeString("en-GB")}`).join(", ")] satisfies [string, React.ReactNode]]),
    ["Images", <ul key="images" className={css.images}>{record.images.map((one) => <li key={one.container}><b>{one.container}</b> {one.image}</li>)}</ul>],
    ["Seen", record.source === "watch" ? "as it came" : "afterwards: the console was not looking when it came"],
  ];
  return <><dl className={css.facts}>{rows.map(([term, value]) => <div key={term}><dt>{term}</dt><dd>{value}</dd></div>)}</dl><Link className={css.aside} href={workloadPath(cluster, record)}>All revisions of {record.name}, roll back</Link></>;
}

function Who({ cluster, data: { record, claims, builds, acts } }: { cluster: string; data: RecordAnswer }) {
  return (
    <>
      <dl className={css.facts}>
        <div><dt>Who</dt><dd>{record.actor ?? "unknown"} {record.actor && <small>by {knownBy[record.actorSource]}</small>}{record.note !== "" && <p className={css.note}>{record.note}</p>}</dd></div>
        {claims.filter(({ name }) => name !== "").map(({ source, name, detail }) => <div key={`${source} ${detail}`}><dt>{source}</dt><dd>{name} <small>{detail}</small></dd></div>)}
        {acts.map(({ at, action, actorName, note }) => <div key={`${at} ${action}`}><dt>{action}</dt><dd>{actorName} <small>{new Date(at).toLocaleString("en-GB")}</small>{note !== "" && <p className={css.note}>{note}</p>}</dd></div>)}
        <div><dt>Commit</dt><dd className={css.mono}>{record.commit ?? "unknown"}</dd></div>
        <div><dt>Lead time</dt><dd>{record.leadMs === null ? "unknown" : record.leadMs <= 0 ? "dropped: the clocks of CI and cluster differ" : spanText(record.leadMs)}</dd></div>
        <div><dt>Kept by</dt><dd>{record.application ? `Application ${record.application}` : (record.chart ?? "nobody that is known")}</dd></div>
        <div><dt>Canary</dt><dd><CanaryVerdict cluster={cluster} record={record} /></dd></div>
      </dl>
      <h3 className={css.sub}>Builds and deployments of CI</h3>
      {builds.length === 0 && <p className={css.none}>None that names its image or commit.</p>}
      <ul className={css.builds}>
        {builds.map((one) => (
          <li key={one.id}>{one.url ? <a href={one.url} target="_blank" rel="noreferrer noopener">{one.label} <IconExternalLink size={11} aria-label="opens in a new tab" /></a> : one.label} {one.state} <small>{one.source}{one.actor ? `, ${one.actor}` : ""}{one.repository ? `, ${one.repository}` : ""}, met by {one.by}</small></li>
        ))}
      </ul>
    </>
  );
}

/** What counts as failed is a person's to say, too. */
function Deem({ cluster, record }: { cluster: string; record: DeploymentRecord }) {
  const may = useMay("deployment.act");
  const deem = useAct(nothing.loose(), { reads: [deploymentsKey] });
  const say = (deemed: "failed" | "fine" | null) => deem.mutate({ url: `${api(cluster)}/deployments/${record.id}/deem`, body: { deemed }, done: "Noted." });
  if (isUnderWay(record.outcome)) return null;
  return (
    <Group gap={6} className={css.deem}>
      <span className={css.none}>For DORA: {record.deemed === null ? "by the rules" : `marked ${record.deemed}`}</span>
      {record.deemed === null && <Button size="compact-xs" variant="default" disabled={!may} onClick={() => say("failed")}>Mark as failed</Button>}
      {record.deemed === null && <Button size="compact-xs" variant="default" disabled={!may} onClick={() => say("fine")}>Mark as fine</Button>}
      {record.deemed !== null && <Button size="compact-xs" variant="default" disabled={!may} onClick={() => say(null)}>Take the mark away</Button>}
    </Group>
  );
}
