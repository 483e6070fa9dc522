// What was done with a blueprint: its revisions and the jobs that built or took down, newest first.
import Link from "next/link";
import type { ReactNode } from "react";
import type { Job } from "@/lib/jobs/model";
import { Panel } from "../../ui/panel";
import { StatePicture } from "../../ui/state-picture";
import css from "./cluster-page.module.css";

interface Entry { at: number; key: string; what: ReactNode; who: string }

export function History({ revisions, jobs }: { revisions: readonly { revision: number; savedBy: string; savedAt: number }[]; jobs: readonly Job[] }) {
  const entries: Entry[] = [
    ...revisions.map(({ revision, savedBy, savedAt }) => ({ at: savedAt, key: `revision ${revision}`, what: `revision ${revision} saved`, who: savedBy })),
    ...jobs.map((job) => ({ at: job.createdAt, key: job.id, what: <><Link href={`/jobs/${encodeURIComponent(job.id)}`}>{job.title}</Link> <span title={job.say}>{job.say}</span></>, who: job.startedBy })),
  ].toSorted((a, b) => b.at - a.at);
  return (
    <Panel title="History">
      {entries.length === 0 ? <StatePicture kind="empty" title="Nothing yet" /> : (
        <ul className={css.history}>{entries.map(({ at, key, what, who }) => <li key={key}><time dateTime={new Date(at).toISOString()} suppressHydrationWarning>{new Date(at).toLocaleString("en-GB", { dateStyle: "short", timeStyle: "short" })}</time><span className={css.dim}>{who}</span><p>{what}</p></li>)}</ul>
      )}
    </Panel>
  );
}
