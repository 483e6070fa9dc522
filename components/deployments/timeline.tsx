"use client";
// All deployments of the window by tier, one thread per workload: marks, the version that runs, trouble until it was restored, freezes.
import Link from "next/link";
import { isUnderWay, type DeploymentRecord } from "@/lib/deployments/model";
import type { FreezeWindow } from "@/lib/deployments/rules/freeze";
import { tierNames, tiers } from "@/lib/placement/model";
import { freezesOf, incidentsOf, lanesOf, ticksOf, type Thread, type TierLane, type TimeSpan } from "./layout";
import type { Incident } from "./queries";
import { RecordMark } from "./record-mark";
import css from "./timeline.module.css";
import { canaryText, outcomeLook, spanText, whenText, workloadPath } from "./words";

export interface TimelineProps { cluster: string; records: readonly DeploymentRecord[]; freezes: readonly FreezeWindow[]; incidents: readonly Incident[]; span: TimeSpan; selected: string; onSelect: (id: string) => void }

export function Timeline(props: TimelineProps) {
  const { records, freezes, incidents, cluster, span } = props;
  const lanes = lanesOf(records, span);
  return (
    <div className={css.timeline}>
      <div className={css.axis} aria-hidden>
        <div className={css.area}>
          {ticksOf(span).map(({ at, label, isDay }) => <span key={at} className={css.tick} data-day={isDay} style={{ left: `${((at - span.start) / (span.end - span.start)) * 100}%` }}>{label}</span>)}
          <span className={css.now}>{whenText(span.end, span.end)}</span>
        </div>
      </div>
      <Calendar brackets={freezesOf(freezes, "all", span).map(({ id, from, to, why, by, mode }) => ({ id, from, to, say: `${mode === "block" ? "freeze" : "freeze, warns"}: ${why}`, tip: `${mode === "block" ? "Freeze" : "Warning"} by ${by}: ${why}` }))} />
      <Calendar href={`/clusters/${encodeURIComponent(cluster)}/status`} brackets={incidentsOf(incidents, span).map((one) => ({ ...one, tip: one.say }))} />
      {lanes.length === 0 && (
        <div className={css.lane}><div className={css.gutter} /><div className={css.threads}><div className={css.thread}><div className={css.area} /></div></div></div>
      )}
      {lanes.map((lane) => <Lane key={lane.tier ?? "none"} lane={lane} {...props} />)}
    </div>
  );
}

interface Bracket { id: string; from: number; to: number; say: string; tip: string }

/** A lane over all tiers; with `href`, its brackets are incidents and lead there. */
function Calendar({ brackets, href }: { brackets: readonly Bracket[]; href?: string }) {
  if (brackets.length === 0) return null;
  return (
    <div className={css.calendar}>
      <div className={css.area}>
        {brackets.map(({ id, from, to, say, tip }) => {
          const place = { className: css.bracket, style: { left: `${from}%`, width: `${Math.max(0.4, to - from)}%` }, title: tip };
          return href === undefined ? <span key={id} {...place}><span>{say}</span></span> : <Link key={id} href={href} prefetch={false} aria-label={`Incident: ${tip}`} {...place}><span>{say}</span></Link>;
        })}
      </div>
    </div>
  );
}

function Lane({ lane, ...props }: TimelineProps & { lane: TierLane }) {
  const tier = tiers.find((one) => one === lane.tier);
  const frozen = freezesOf(props.freezes, lane.tier, props.span);
  return (
    <section className={css.lane} data-tier={lane.tier ?? "none"} aria-label={tier ? `Tier ${tier}, ${tierNames[tier]}` : "No tier"}>
      <div className={css.gutter}>
        <strong>{tier ? <><span className={css.digit}>{tier}</span> <span className={css.tierName}>{tierNames[tier]}</span></> : "No tier"}</strong>
        <small>{lane.count} shown</small>
      </div>
      <div className={css.threads}>
        {frozen.length > 0 && <div className={css.hatches} aria-hidden><div className={css.area}>{frozen.map(({ id, from, to }) => <span key={id} className={css.hatch} style={{ left: `${from}%`, width: `${to - from}%` }} />)}</div></div>}
        {lane.threads.map((thread) => <Line key={thread.key} thread={thread} {...props} />)}
      </div>
    </section>
  );
}

function Line({ thread, cluster, span, selected, onSelect }: TimelineProps & { thread: Thread }) {
  return (
    <div className={css.thread}>
      <Link href={workloadPath(cluster, thread)} className={css.name} title={`${thread.kind} ${thread.namespace}/${thread.name}`} prefetch={false}>{thread.name}</Link>
      <div className={css.area}>
        <span className={css.wire} aria-hidden />
        {thread.before !== "" && (thread.marks[0]?.at ?? 0) > 9 && <span className={css.before} aria-hidden>{thread.before}</span>}
        {thread.shares.map(({ from, to, share }) => <span key={from} className={css.share} style={{ left: `${from}%`, width: `${Math.max(0.2, to - from)}%`, height: `${50 * share}%` }} aria-hidden />)}
        {thread.trouble.map(({ from, to, isRestored }) => <span key={from} className={css.trouble} style={{ left: `${from}%`, width: `${Math.max(0.3, to - from)}%` }} title={isRestored ? "Failed until it was restored" : "Failed, not restored"} aria-hidden />)}
        {thread.marks.map(({ record, at, label }) => (
          <span key={record.id} className={css.at} style={{ left: `${isUnderWay(record.outcome) ? Math.min(at, 100) : at}%` }}>
            <button type="button" className={css.mark} data-selected={record.id === selected} aria-pressed={record.id === selected} onClick={() => onSelect(record.id)} title={tipOf(record, span.end)} aria-label={tipOf(record, span.end)}>
              <RecordMark outcome={record.outcome} change={record.change} size={11} caused={record.incident !== null || record.rolledBackBy !== null} />
            </button>
            {label !== "" && <span className={css.label} data-tone={outcomeLook(record).tone} aria-hidden>{label}</span>}
          </span>
        ))}
      </div>
    </div>
  );
}

function tipOf(record: DeploymentRecord, now: number): string {
  const { words } = outcomeLook(record);
  const took = record.finishedAt === null ? "" : `, took ${spanText(record.finishedAt - record.startedAt)}`;
  const canary = canaryText(record) === "" || record.outcome === "succeeded" ? "" : `, canary at ${canaryText(record)} %`;
  return `${whenText(record.startedAt, now)} ${record.name}: ${record.change} ${record.fromVersion === "" ? "" : `${record.fromVersion} to `}${record.version}, ${words}${canary}${took}${record.actor ? `, by ${record.actor}` : ""}`;
}
