"use client";
// One job: how it stands, its steps with progress and attempts, its log, and what may be done about it.
import { useState } from "react";
import type { JobDetail } from "@/lib/jobs/model";
import { PodMark } from "../placement/pod-mark";
import { LoadingRows } from "../ui/state-picture";
import { JobActions } from "./job-actions";
import { Elapsed, Trouble } from "./job-list";
import { JobLog } from "./job-log";
import css from "./job-page.module.css";
import { StepList } from "./step-list";
import { useJob } from "./queries";
import { jobLooks, timeOfDay } from "./words";

export function JobPage({ id }: { id: string }) {
  const { query, log } = useJob(id);
  const [step, setStep] = useState("");
  if (query.data) {
    const { job, attempts } = query.data;
    return (
      <div className={css.page}>
        <JobHead job={job} />
        <div className={css.parts}>
          <StepList job={job} attempts={attempts} selected={step} onSelect={(name) => setStep(name === step ? "" : name)} />
          <JobLog log={log} step={step} ended={job.endedAt !== null} steps={job.steps} />
        </div>
      </div>
    );
  }
  return <div className={css.page}>{query.error ? <Trouble error={query.error} /> : <LoadingRows rows={10} label={`${id} is being fetched`} />}</div>;
}

function JobHead({ job }: { job: JobDetail }) {
  const { mark, word } = jobLooks[job.status];
  const done = job.steps.filter(({ status }) => ["done", "skipped", "degraded"].includes(status)).length;
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
        <div><dt>Elapsed</dt><dd><Elapsed job={job} /></dd></div>
        <div><dt>Steps done</dt><dd>{done} <small>of {job.steps.length}</small></dd></div>
      </dl>
      <JobActions job={job} />
      <p className={css.say} data-status={job.status} role="status">{job.say || (job.status === "QUEUED" ? "Waits in the queue for a worker, or for another job of the same key." : "No action needed.")}</p>
    </header>
  );
}
