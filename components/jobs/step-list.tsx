"use client";
// The steps of a job as a list: what the chart shows in time, in words and in order; each with its state, progress and needs.
import type { JobDetail } from "@/lib/jobs/model";
import { PodMark } from "../placement/pod-mark";
import { Elapsed } from "./job-list";
import { isTrouble, type RowFilter } from "./chart-layout";
import css from "./step-list.module.css";
import { StepProgressView } from "./step-progress";
import { stepLooks } from "./words";

interface StepListProps { job: JobDetail; path: readonly string[]; filter: RowFilter; selected: string; onSelect: (name: string) => void }

export function StepList({ job, path, filter, selected, onSelect }: StepListProps) {
  const steps = job.steps.filter((step) => filter === "all" || (filter === "path" ? path.includes(step.name) : isTrouble(step)));
  if (steps.length === 0) return <p className={css.none}>{filter === "trouble" ? "No step is in trouble." : "The steps are known when a worker has begun."}</p>;
  return (
    <ol className={css.list} aria-label="Steps">
      {steps.map((step) => (
        <li key={step.name}>
          <button type="button" className={css.step} aria-pressed={step.name === selected} onClick={() => onSelect(step.name)}>
            <span className={css.state} data-status={step.status}><PodMark state={stepLooks[step.status].mark} size={10} /> {stepLooks[step.status].word}</span>
            <span className={css.title}>{step.chain && step.chain !== step.title && <small className={css.chain}>{step.chain} </small>}{step.title}</span>
            <Elapsed job={step} />
          </button>
          <div className={css.body}>
            {step.say && (!step.progress || step.progress.items.length === 0 || step.endedAt !== null) && <p className={css.say} data-status={step.status}>{step.say}</p>}
            <StepProgressView step={step} />
          </div>
        </li>
      ))}
    </ol>
  );
}
