"use client";
// The steps of a job in their order: state, progress, what each thing waits for, and every attempt that was made.
import type { Attempt, JobDetail, ProgressItem, Step } from "@/lib/jobs/model";
import type { PodState } from "@/lib/placement/model";
import { PodMark } from "../placement/pod-mark";
import { Bar } from "../ui/bar";
import { Panel } from "../ui/panel";
import { Elapsed } from "./job-list";
import css from "./step-list.module.css";
import { stepLooks, timeOfDay } from "./words";

interface StepListProps { job: JobDetail; attempts: readonly Attempt[]; selected: string; onSelect: (name: string) => void }

export function StepList({ job, attempts, selected, onSelect }: StepListProps) {
  return (
    <Panel title="Steps" aside="choose one to read its lines alone">
      {job.steps.length === 0 && <p className={css.none}>The steps are known when a worker has begun.</p>}
      <ol className={css.list}>
        {job.steps.map((step) => (
          <li key={step.name}>
            <button type="button" className={css.step} aria-pressed={step.name === selected} onClick={() => onSelect(step.name)}>
              <span className={css.state} data-status={step.status}><PodMark state={stepLooks[step.status].mark} size={10} /> {stepLooks[step.status].word}</span>
              <span className={css.title}>{step.title}</span>
              <Elapsed job={step} />
            </button>
            <StepBody step={step} attempts={attempts.filter((one) => one.step === step.name)} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function StepBody({ step, attempts }: { step: Step; attempts: readonly Attempt[] }) {
  const { progress } = step;
  return (
    <div className={css.body}>
      {step.say && (!progress || progress.items.length === 0 || step.endedAt !== null) && <p className={css.say} data-status={step.status}>{step.say}</p>}
      {progress && progress.items.length > 0 && (
        <>
          <p className={css.count}><Bar value={progress.total === 0 ? 0 : progress.done / progress.total} height={6} colour="var(--state-running)" label={`${progress.done} of ${progress.total} done`} /> <b>{progress.done}</b> of {progress.total}</p>
          <ul className={css.items} tabIndex={0} aria-label={`What ${step.title} works on`}>{progress.items.map((item) => <Item key={item.name} item={item} />)}</ul>
        </>
      )}
      {attempts.length > 1 && <ul className={css.attempts} tabIndex={0} aria-label={`Attempts of ${step.title}`}>{attempts.map((one) => <AttemptLine key={one.number} attempt={one} />)}</ul>}
    </div>
  );
}

const itemMarks: Record<ProgressItem["state"], PodState> = { todo: "pending", running: "terminating", waiting: "warning", done: "done", skipped: "done", failed: "failed" };
const itemWords: Record<ProgressItem["state"], string> = { todo: "to do", running: "stopping", waiting: "waits", done: "gone", skipped: "left alone", failed: "failed" };

function Item({ item }: { item: ProgressItem }) {
  return (
    <li className={css.item} data-state={item.state}>
      <span className={css.itemState}><PodMark state={itemMarks[item.state]} size={10} /> {itemWords[item.state]}</span>
      <span className={css.name}>{item.name}</span>
      {item.say && <span className={css.why}>{item.say}</span>}
    </li>
  );
}

function AttemptLine({ attempt }: { attempt: Attempt }) {
  return (
    <li className={css.attempt}>
      <span>Attempt {attempt.number}</span> <b data-outcome={attempt.outcome}>{attempt.outcome}</b>
      <time dateTime={new Date(attempt.startedAt).toISOString()} suppressHydrationWarning>{timeOfDay(attempt.startedAt)}{attempt.endedAt === null ? "" : ` – ${timeOfDay(attempt.endedAt)}`}</time>
      {attempt.say && <span className={css.why}>{attempt.say}</span>}
    </li>
  );
}
