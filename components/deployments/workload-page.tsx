"use client";
// One workload: what it runs, what may be done to it, every revision that was recorded, and the way back to those that the cluster still has.
import { Button, Group } from "@mantine/core";
import Link from "next/link";
import { useState } from "react";
import type { DeploymentRecord } from "@/lib/deployments/model";
import { useNow } from "../live/use-now";
import { TierBadge } from "../placement/tier-badge";
import { useMay } from "../shell/queries";
import { Panel } from "../ui/panel";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import { DeedDialog } from "./deed-dialog";
import { deedTitles, deedsOf, type DeedName } from "./deeds";
import { Trouble } from "../live/answer";
import { useWorkload, type WorkloadAnswer, type WorkloadName } from "./queries";
import { KindMark, RecordMark } from "./record-mark";
import page from "./record-page.module.css";
import { RollbackDialog } from "./rollback-dialog";
import { changeText, durationMs, knownBy, outcomeLook, recordPath, spanText, whenText } from "./words";
import css from "./workload-page.module.css";

export function WorkloadPage({ cluster, of }: { cluster: string; of: WorkloadName }) {
  const { data, error, refetch } = useWorkload(cluster, of);
  const now = useNow(1000);
  const [deed, setDeed] = useState<DeedName | null>(null);
  const [back, setBack] = useState<number | null>(null);
  if (!data) return <div className={page.page}>{error ? <Trouble page error={error} what="the workload" gone="No such workload" retry={() => void refetch()} /> : <LoadingRows rows={10} label="The workload is being fetched" />}</div>;
  const [newest] = data.records;
  return (
    <div className={page.page}>
      <header className={page.head}>
        <h1>{of.name}</h1>
        <TierBadge tier={newest?.tier ?? null} />
        <span className={page.none}>{of.kind} in {of.namespace}</span>
        {data.workload && <Deeds kind={of.kind} workload={data.workload} onDeed={setDeed} />}
      </header>
      {!data.workload && <p className={page.none}>It is not in the cluster any more. What was recorded stays.</p>}
      {data.freeze.verdict !== "free" && <p className={css.frozen} data-verdict={data.freeze.verdict} role="status">{data.freeze.verdict === "blocked" ? "Frozen: " : "Mind the freeze: "}{data.freeze.say}</p>}
      {data.owner?.application && <p className={page.none}>{data.owner.say}</p>}
      {data.workload && <Now workload={data.workload} />}
      <Panel title="Revisions" aside={data.records.length > 0 ? `${data.records.length} recorded, newest first` : ""}>
        {data.records.length === 0 ? <StatePicture kind="empty" title="None recorded yet" /> : <Revisions cluster={cluster} data={data} now={now || data.now} onBack={setBack} />}
      </Panel>
      {deed && <DeedDialog cluster={cluster} of={of} data={data} deed={deed} onClose={() => setDeed(null)} />}
      {back !== null && <RollbackDialog cluster={cluster} of={of} data={data} revision={back} onClose={() => setBack(null)} />}
    </div>
  );
}

function Deeds({ kind, workload, onDeed }: { kind: string; workload: NonNullable<WorkloadAnswer["workload"]>; onDeed: (deed: DeedName) => void }) {
  const may = { own: useMay("deployment.act"), rollout: useMay("rollout.act") };
  return (
    <Group gap={8} className={page.deem}>
      {deedsOf(kind, workload.paused).map((deed) => {
        const needs = kind === "Rollout" && deed !== "scale" ? "rollout.act" : "deployment.act";
        const allowed = needs === "rollout.act" ? may.rollout : may.own;
        return <Button key={deed} size="xs" variant="default" disabled={!allowed} title={allowed ? undefined : `Needs the permission ${needs}.`} onClick={() => onDeed(deed)}>{deedTitles[deed]}…</Button>;
      })}
    </Group>
  );
}

function Now({ workload }: { workload: NonNullable<WorkloadAnswer["workload"]> }) {
  return (
    <Panel title="Now" aside={workload.paused ? "held by hand" : ""} flush={false}>
      <dl className={page.facts}>
        <div><dt>Pods</dt><dd>{workload.ready} of {workload.replicas ?? "?"} ready, {workload.updated} of the newest revision, {workload.available} available</dd></div>
        {workload.autoscaler && <div><dt>Autoscaler</dt><dd>{workload.autoscaler.name}, {workload.autoscaler.min} to {workload.autoscaler.max}</dd></div>}
        <div><dt>Images</dt><dd><ul className={page.images}>{workload.containers.map(({ name, image }) => <li key={name}><b>{name}</b> {image}</li>)}</ul></dd></div>
      </dl>
    </Panel>
  );
}

function Revisions({ cluster, data, now, onBack }: { cluster: string; data: WorkloadAnswer; now: number; onBack: (revision: number) => void }) {
  const may = useMay("deployment.act");
  const live = new Set(data.live);
  const state = (record: DeploymentRecord): { why: string; word: string } => {
    if (record.revision === data.workload?.revision) return { word: "current", why: "It is the newest revision." };
    if (!live.has(record.revision)) return { word: "not kept", why: "The cluster no longer has it: deploy it by Git or CI." };
    return { word: "", why: may ? "" : "Rolling back needs the permission deployment.act." };
  };
  return (
    <ul className={css.revisions}>
      {data.records.map((record) => {
        const { words, tone } = outcomeLook(record);
        const { from, to } = changeText(record);
        const { why, word } = state(record);
        const took = durationMs(record, now);
        return (
          <li key={record.id}>
            <span className={css.number}>{record.revision}</span>
            <Link href={recordPath(cluster, record.id)} prefetch={false} className={css.change}><KindMark change={record.change} /> {record.change} <span>{from === "" ? "" : `${from} → `}<b>{to}</b></span></Link>
            <span className={css.outcome} data-tone={tone}><RecordMark outcome={record.outcome} size={9} /> {words}</span>
            <span className={css.who}>{record.actor ?? "unknown"} <small>{knownBy[record.actorSource]}</small></span>
            <span className={css.when}>{whenText(record.startedAt, now)}{took === null ? "" : `, ${spanText(took)}`}</span>
            <span className={css.back}>{word === "" ? <Button size="compact-xs" variant="default" disabled={why !== ""} title={why || undefined} onClick={() => onBack(record.revision)} aria-label={`Roll back to revision ${record.revision}`}>Roll back…</Button> : <small title={why}>{word}</small>}</span>
          </li>
        );
      })}
    </ul>
  );
}
