"use client";
// All jobs, newest first, each with how it stands in a word and a sentence.
import Link from "next/link";
import { hasEnded, type Job } from "@/lib/jobs/model";
import { Trouble } from "../live/answer";
import { useNow } from "../live/use-now";
import { PodMark } from "../placement/pod-mark";
import { Panel } from "../ui/panel";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import css from "./job-list.module.css";
import { useJobs } from "./queries";
import { jobLooks, queueSay, span, timeOfDay } from "./words";

export function JobList() {
  const { data: jobs, error, refetch } = useJobs();
  const open = jobs?.filter(({ status }) => !hasEnded(status)) ?? [];
  const queue = jobs?.filter(({ status }) => status === "QUEUED").reverse() ?? [];
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>Jobs</h1>
        {jobs && <p>{open.length === 0 ? "Nothing runs now." : `${open.length - queue.length} under way${queue.length > 0 ? `, ${queue.length} in the queue` : ""}.`}</p>}
      </header>
      {queue.length > 0 && <Panel title="Queue" aside={`${queue.length} waiting`}><ol className={css.list}>{queue.map((job) => <JobLine key={job.id} job={job} />)}</ol></Panel>}
      <Panel title="Newest first" aside={jobs && jobs.length > 0 ? `${jobs.length - queue.length} shown` : undefined}>
        {!jobs && !error && <LoadingRows rows={8} label="Jobs are being fetched" />}
        {!jobs && error && <Trouble error={error} what="the jobs" retry={() => void refetch()} />}
        {jobs?.length === 0 && <StatePicture kind="empty" title="No job yet" say="Long work, such as draining a node, runs as a job and is kept here with its log." />}
        {jobs && jobs.length > 0 && <ul className={css.list}>{jobs.filter(({ status }) => status !== "QUEUED").map((job) => <JobLine key={job.id} job={job} />)}</ul>}
      </Panel>
    </div>
  );
}

function JobLine({ job }: { job: Job }) {
  const { mark, word } = jobLooks[job.status];
  return (
    <li className={css.line} data-status={job.status}>
      <span className={css.state}><PodMark state={mark} size={10} /> {word}</span>
      <Link href={`/jobs/${job.id}`} className={css.title} prefetch={false}>{job.title}</Link>
      <span className={css.say} title={job.say}>{job.behind ? <>waits for <Link href={`/jobs/${job.behind.id}`} prefetch={false}>{job.behind.id}</Link>, {queueSay(job.behind)}</> : job.status === "QUEUED" ? "waits for a worker" : job.say}</span>
      <span className={css.id}>{job.id}</span>
      <span className={css.who}>{job.startedBy}</span>
      <time className={css.time} dateTime={new Date(job.createdAt).toISOString()} suppressHydrationWarning>{timeOfDay(job.createdAt)}</time>
      <Elapsed job={job} />
    </li>
  );
}

export function Elapsed({ job }: { job: Pick<Job, "startedAt" | "endedAt"> }) {
  const now = useNow(1000);
  if (job.startedAt === null) return <span className={css.time}>–</span>;
  const to = job.endedAt ?? Math.max(now, job.startedAt);
  return <span className={css.time} title="Time since it began">{span(job.startedAt, to)}</span>;
}
