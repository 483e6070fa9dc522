"use client";
// The head of a job's page: how it stands, how long it took and takes, one cell per step, and first of all whether a person is needed.
import Link from "next/link";
import type { Forecast } from "@/lib/jobs/forecast";
import { hasEnded, stepIsOver, type JobDetail } from "@/lib/jobs/model";
import { PodMark } from "../placement/pod-mark";
import { JobActions } from "./job-actions";
import css from "./job-head.module.css";
import { Elapsed } from "./job-list";
import { isTrouble } from "./chart-layout";
import { jobLooks, queueSay, sayLeft, stepLooks, timeOfDay } from "./words";

interface HeadProps { job: JobDetail; forecast: Forecast; now: number; selected: string; onSelect: (name: string) => void }

export function JobHead({ job, forecast, now, selected, onSelect }: HeadProps) {
  const { mark, word } = jobLooks[job.status];
  const done = job.steps.filter(({ status }) => stepIsOver(status)).length;
  const left = hasEnded(job.status) || job.startedAt === null ? null : sayLeft(forecast, now, job.status === "NEEDS_ATTENTION");
  return (
    <header className={css.head}>
      <div className={css.what}>
        <h1>{job.title} <span className={css.state} data-status={job.status}><PodMark state={mark} size={12} /> {word}</span></h1>
        <p className={css.facts}>
          <code>{job.id}</code> · asked for by {job.startedBy} at <time dateTime={new Date(job.createdAt).toISOString()} suppressHydrationWarning>{timeOfDay(job.createdAt)}</time>
          {job.owner && <> · worked on by <code>{job.owner}</code></>}
          {job.cancelledBy && <> · stopped by {job.cancelledBy}</>}
        </p>
      </div>
      <dl className={css.stats}>
        <div><dt>{job.endedAt === null ? "Elapsed" : "Took"}</dt><dd><Elapsed job={job} /></dd></div>
        {left && <div><dt>{left.head}</dt><dd suppressHydrationWarning>{left.value} {left.note && <small data-late={left.late || undefined}>{left.note}</small>}</dd></div>}
        <div><dt>Steps done</dt><dd>{done} <small>of {job.steps.length}</small></dd></div>
      </dl>
      <JobActions job={job} />
      {job.steps.length > 3 && (
        <ol className={css.strip} aria-label="Steps, one cell each">
          {job.steps.map((step, at) => (
            <li key={step.name} data-gap={(at > 0 && job.steps[at - 1]?.lane !== step.lane) || undefined}>
              <button type="button" tabIndex={-1} data-status={step.status} aria-pressed={step.name === selected} aria-label={`${step.title}, ${stepLooks[step.status].word}`} title={`${step.title}: ${stepLooks[step.status].word}`} onClick={() => onSelect(step.name)} />
            </li>
          ))}
        </ol>
      )}
      <Attention job={job} onSelect={onSelect} />
    </header>
  );
}

/** Whether a person is needed, then what is wrong, a sentence each. */
function Attention({ job, onSelect }: { job: JobDetail; onSelect: (name: string) => void }) {
  const trouble = job.steps.filter(isTrouble);
  const asks = job.status === "NEEDS_ATTENTION";
  return (
    <div className={css.attention} data-status={job.status} role="status">
      <p className={css.need}>
        {asks ? <b>Needs you: {job.say}</b> : job.behind ? <>Waits for <Link href={`/jobs/${job.behind.id}`} prefetch={false}>{job.behind.id}</Link>, {queueSay(job.behind)}.</> : job.say || (job.status === "QUEUED" ? "Waits for a worker." : "No action needed.")}
      </p>
      {!hasEnded(job.status) && trouble.slice(0, 3).map((step) => (
        <button key={step.name} type="button" className={css.trouble} onClick={() => onSelect(step.name)}>
          <PodMark state={stepLooks[step.status].mark} size={11} /> <b>{step.title}</b>: {step.say || stepLooks[step.status].word}
        </button>
      ))}
      {trouble.length > 3 && !hasEnded(job.status) && <span className={css.more}>and {trouble.length - 3} more</span>}
    </div>
  );
}
