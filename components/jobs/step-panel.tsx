"use client";
// The chosen step: every attempt with its words, what it works on, what it follows and what follows it, and what may be done.
import { Button, Group, Modal, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { hasEnded, stepIsOver, type Attempt, type JobDetail, type Step } from "@/lib/jobs/model";
import { PodMark } from "../placement/pod-mark";
import { useMay } from "../shell/queries";
import { Panel } from "../ui/panel";
import { Elapsed } from "./job-list";
import { putJob, retryStep, skipStep } from "./queries";
import { StepProgressView } from "./step-progress";
import css from "./step-panel.module.css";
import { span, stepLooks, timeOfDay } from "./words";

interface PanelProps { job: JobDetail; step: Step; attempts: readonly Attempt[]; onSelect: (name: string) => void }

export function StepPanel({ job, step, attempts, onSelect }: PanelProps) {
  const { mark, word } = stepLooks[step.status];
  const named = (names: readonly string[]) => names.flatMap((name) => job.steps.find((one) => one.name === name) ?? []);
  return (
    <Panel title={<>{step.tier !== null && <i className={css.tier} style={{ background: `var(--tier-${step.tier})` }} />}{step.title}</>} aside={<span className={css.state} data-status={step.status}><PodMark state={mark} size={11} /> {word}</span>}>
      <div className={css.body}>
        {step.say && attempts.at(-1)?.say !== step.say && <p className={css.say} data-status={step.status}>{step.say}</p>}
        <ol className={css.attempts} aria-label={`Attempts of ${step.title}`}>
          {attempts.map((one) => <AttemptLine key={one.number} attempt={one} step={step} latest={one.number === step.attempt} />)}
          {attempts.length === 0 && <li className={css.none}>{step.status === "skipped" ? "It was not tried." : "It has not begun."}</li>}
        </ol>
        {step.status === "retrying" && step.wakeAt !== null && <p className={css.dim}>Next attempt at {timeOfDay(step.wakeAt)}.</p>}
        <StepProgressView step={step} />
        <p className={css.dim}>{expectation(step)}</p>
        <Edges head="After" steps={named(step.needs)} onSelect={onSelect} />
        <Edges head="Then" steps={job.steps.filter(({ needs }) => needs.includes(step.name))} onSelect={onSelect} />
      </div>
      <StepActions job={job} step={step} onAct={() => onSelect(step.name)} />
    </Panel>
  );
}

function expectation({ expectMs, expectFrom }: Step): string {
  if (expectMs === null) return "Nobody knows yet how long it takes.";
  const long = span(0, expectMs);
  return expectFrom === 0 ? `Expected to take ${long}; no earlier run tells.` : `Expected to take ${long}, the median of ${expectFrom} earlier ${expectFrom === 1 ? "run" : "runs"}.`;
}

function AttemptLine({ attempt, step, latest }: { attempt: Attempt; step: Step; latest: boolean }) {
  const bad = attempt.outcome === "failed" || attempt.outcome === "interrupted" || attempt.outcome === "retrying";
  return (
    <li className={css.attempt}>
      <p><b>Attempt {attempt.number}</b> <span data-outcome={attempt.outcome}>{attempt.outcome === "retrying" ? "failed, tried again" : latest && attempt.outcome === "running" && step.status === "waiting" ? "waiting" : attempt.outcome}</span>
        <time dateTime={new Date(attempt.startedAt).toISOString()} suppressHydrationWarning>{timeOfDay(attempt.startedAt)}{attempt.endedAt === null ? "" : ` – ${timeOfDay(attempt.endedAt)}`}</time> {attempt.endedAt === null && <Elapsed job={attempt} />}</p>
      {attempt.code && <code data-bad={bad || undefined}>{attempt.code}</code>}
      {attempt.say && <p className={css.dim}>{attempt.say}</p>}
      <p className={css.owner}>by {attempt.owner}</p>
    </li>
  );
}

function Edges({ head, steps, onSelect }: { head: string; steps: readonly Step[]; onSelect: (name: string) => void }) {
  if (steps.length === 0) return null;
  return (
    <div className={css.edges}>
      <span>{head}</span>
      <ul>{steps.map((one) => <li key={one.name}><button type="button" onClick={() => onSelect(one.name)}><PodMark state={stepLooks[one.status].mark} size={9} label={stepLooks[one.status].word} /> {one.title}</button></li>)}</ul>
    </div>
  );
}

/** Who acted on a step goes on looking at it, wherever trouble is next. */
function StepActions({ job, step, onAct }: { job: JobDetail; step: Step; onAct: () => void }) {
  const may = useMay("job.run");
  const cache = useQueryClient();
  const retry = useMutation({ mutationFn: () => retryStep(job.id, step.name), onMutate: onAct, onSuccess: ({ job: now }) => putJob(cache, now) });
  // What a job ended without can be tried again also after its end.
  const degraded = step.status === "degraded" && (job.status === "SUCCEEDED" || !hasEnded(job.status));
  if ((hasEnded(job.status) && !degraded) || job.status === "CANCELLING" || job.status === "QUEUED" || (stepIsOver(step.status) && !degraded) || step.status === "running") return null;
  const why = may ? undefined : "Needs the permission job.run.";
  return (
    <footer className={css.actions}>
      {step.status !== "todo" && <Button size="xs" variant="default" disabled={!may} title={why} loading={retry.isPending} onClick={() => retry.mutate()}>{step.status === "failed" || degraded ? "Retry this step" : "Look now"}</Button>}
      {!degraded && <SkipButton job={job} step={step} may={may} />}
      {retry.error && <Text size="xs" c="red" role="alert">{retry.error.message}</Text>}
    </footer>
  );
}

function SkipButton({ job, step, may }: { job: JobDetail; step: Step; may: boolean }) {
  const cache = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const skip = useMutation({ mutationFn: () => skipStep(job.id, step.name, reason), onSuccess: ({ job: now }) => { putJob(cache, now); setOpen(false); } });
  const after = job.steps.filter(({ needs }) => needs.includes(step.name));
  return (
    <>
      <Button size="xs" variant="default" disabled={!may} title={may ? undefined : "Needs the permission job.run."} onClick={() => setOpen(true)}>Skip…</Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Leave out “${step.title}”?`} centered>
        <Text size="sm">{after.length === 0 ? "No step follows it." : `${after.length === 1 ? `“${after[0]?.title}” goes` : `${after.length} steps go`} on as if it were done. If what it makes is missing, they fail.`}</Text>
        <Textarea mt="sm" label="Why it may be left out" description="Kept with the step and in the audit record." required minLength={3} maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
        {skip.error && <Text mt="sm" size="sm" c="red" role="alert">{skip.error.message}</Text>}
        <Group mt="md" justify="flex-end">
          <Button variant="default" size="xs" onClick={() => setOpen(false)}>Keep it</Button>
          <Button size="xs" disabled={reason.trim().length < 3} loading={skip.isPending} onClick={() => skip.mutate()}>Leave it out</Button>
        </Group>
      </Modal>
    </>
  );
}
