"use client";
// One job: how it stands, its steps in time or as a list, its log, the chosen step, and what may be done about it.
import { FindingsAbout } from "../diagnostics/findings-about";
import { SegmentedControl } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useRouter } from "next/navigation";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { forecast } from "@/lib/jobs/forecast";
import { type JobDetail, type StepStatus } from "@/lib/jobs/model";
import { useNow } from "../live/use-now";
import { PodMark } from "../placement/pod-mark";
import { Panel } from "../ui/panel";
import { LoadingRows } from "../ui/state-picture";
import { isTrouble } from "./chart-layout";
import { placementOf } from "./job-actions";
import { JobHead } from "./job-head";
import { Trouble } from "../live/answer";
import { JobLog } from "./job-log";
import css from "./job-page.module.css";
import type { JobLogStore } from "./log-store";
import { type JobAnswer, useJob } from "./queries";
import { StepChart } from "./step-chart";
import { StepList } from "./step-list";
import { StepPanel } from "./step-panel";
import { stepLooks } from "./words";

const address = { step: parseAsString.withDefault(""), view: parseAsStringLiteral(["chart", "list"]), rows: parseAsStringLiteral(["all", "path", "trouble"]).withDefault("all") };

export function JobPage({ id }: { id: string }) {
  const router = useRouter();
  const { query, log } = useJob(id, ({ kind, cluster }) => { if (kind === "cluster.build") router.push(placementOf(cluster)); });
  if (query.data) return <Shown answer={query.data} log={log} />;
  return <div className={css.page}>{query.error ? <Trouble page error={query.error} what="the job" gone="No such job" retry={() => void query.refetch()} /> : <LoadingRows rows={10} label={`${id} is being fetched`} />}</div>;
}

function Shown({ answer: { job, attempts, levels }, log }: { answer: JobAnswer; log: JobLogStore }) {
  const [at, set] = useQueryStates(address);
  const clock = useNow(1000);
  const now = Math.max(clock, job.startedAt ?? 0, job.createdAt);
  const seen = forecast(job.steps, job.startedAt ?? now, job.endedAt ?? now);
  const view = at.view ?? (job.steps.some(({ lane }) => lane !== "") ? "chart" : "list");
  const chosen = job.steps.find(({ name }) => name === at.step) ?? byItself(job);
  const select = (name: string) => void set({ step: name });
  useHotkeys([["l", () => void set({ rows: at.rows === "path" ? "all" : "path" })], ["t", () => void set({ rows: at.rows === "trouble" ? "all" : "trouble" })]]);
  const tools = (
    <div className={css.tools}>
      <Legend job={job} />
      <SegmentedControl size="xs" aria-label="Which steps" value={at.rows} onChange={(rows) => void set({ rows: rows === "path" || rows === "trouble" ? rows : "all" })} data={[{ value: "all", label: "All" }, { value: "path", label: "Longest path" }, { value: "trouble", label: `Trouble ${job.steps.filter(isTrouble).length}` }]} />
      <SegmentedControl size="xs" aria-label="Chart or list" value={view} onChange={(to) => void set({ view: to === "list" ? "list" : "chart" })} data={[{ value: "chart", label: "Chart" }, { value: "list", label: "List" }]} />
    </div>
  );
  return (
    <div className={css.page}>
      <JobHead job={job} forecast={seen} now={now} selected={chosen?.name ?? ""} onSelect={select} />
      {job.cluster && <FindingsAbout cluster={job.cluster} subjects={[{ kind: "job", key: job.id }]} />}
      <Panel title="Steps" aside={tools}>
        {view === "chart"
          ? <StepChart job={job} attempts={attempts} forecast={seen} now={now} filter={at.rows} selected={chosen?.name ?? ""} onSelect={select} />
          : <StepList job={job} path={seen.path} filter={at.rows} selected={chosen?.name ?? ""} onSelect={select} />}
      </Panel>
      <div className={css.parts}>
        <JobLog log={log} levels={levels} chosen={chosen?.name ?? ""} ended={job.endedAt !== null} steps={job.steps} />
        {chosen && <StepPanel key={chosen.name} job={job} step={chosen} attempts={attempts.filter(({ step }) => step === chosen.name)} onSelect={select} />}
      </div>
    </div>
  );
}

/** Where nobody chose: what needs a look first. */
function byItself({ steps }: JobDetail) {
  const rank: readonly StepStatus[] = ["failed", "retrying", "running", "waiting", "degraded"];
  return rank.map((status) => steps.find((step) => step.status === status)).find((step) => step !== undefined) ?? (steps.every(({ status }) => status === "todo") ? steps[0] : steps.at(-1));
}

const legend: readonly StepStatus[] = ["done", "running", "waiting", "retrying", "degraded", "failed", "todo"];

function Legend({ job }: { job: JobDetail }) {
  return (
    <div className={css.legend}>
      {legend.map((status) => {
        const count = job.steps.filter((step) => step.status === status || (status === "done" && step.status === "skipped")).length;
        return count > 0 && <span key={status}><PodMark state={stepLooks[status].mark} size={10} /> <b>{count}</b> {stepLooks[status].word}</span>;
      })}
    </div>
  );
}
