"use client";
// Canaries in flight with their verdicts, the Rollouts at rest, and how the last ones ended.
import Link from "next/link";
import type { Card, RolloutView, RunSummary } from "@/lib/canary/views";
import { tagOf } from "../overview/image-tag";
import { useNow } from "../live/use-now";
import { ageText } from "../placement/map/amounts";
import { PodMark } from "../placement/pod-mark";
import { Panel } from "../ui/panel";
import { Trouble } from "../live/answer";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import css from "./page.module.css";
import { canaryPage, useCanaries } from "./queries";
import { SteppedPanel } from "./stepped-panel";
import { runMark, runWord } from "./words";

export function CanariesPage({ cluster }: { cluster: string }) {
  const { data, error, refetch } = useCanaries(cluster);
  if (!data) return <div className={css.page}><h1 className={css.title}>Canary</h1>{error ? <Trouble error={error} what="the canaries" retry={() => void refetch()} /> : <LoadingRows />}</div>;
  const { inFlight, settled, stepped, recent, rolloutsKnown } = data;
  const count = inFlight.length + stepped.length;
  return (
    <div className={css.page}>
      <h1 className={css.title}>{count === 0 ? "No canary in flight" : count === 1 ? "One canary in flight" : `${count} canaries in flight`}</h1>
      {count > 0 && (
        <Panel title="In flight" aside={`${count}`}>
          <ul className={css.rows}>
            {inFlight.map((card) => <Flight key={`${card.rollout.namespace}/${card.rollout.name}`} cluster={cluster} card={card} />)}
            {stepped.map((run) => <RunRow key={run.id} run={run} />)}
          </ul>
        </Panel>
      )}
      <SteppedPanel cluster={cluster} />
      <Panel title="Rollouts at rest" aside={rolloutsKnown || `${settled.length}`}>
        {settled.length === 0 ? <StatePicture kind="empty" title={rolloutsKnown || "No Rollout is at rest"} say={rolloutsKnown ? "Plain Deployments are stepped by the console itself." : "Every Rollout has another version on its way."} /> : <ul className={css.rows}>{settled.map((card) => <Rest key={`${card.rollout.namespace}/${card.rollout.name}`} cluster={cluster} card={card} />)}</ul>}
      </Panel>
      <Panel title="How the last ended" aside={<Link href={`/clusters/${encodeURIComponent(cluster)}/canary/history`}>history</Link>}>
        {recent.length === 0 ? <StatePicture kind="empty" title="No canary was judged yet" say="Define an analysis for a Rollout; its next version is judged by it." /> : <ul className={css.rows}>{recent.map((run) => <RunRow key={run.id} run={run} />)}</ul>}
      </Panel>
    </div>
  );
}

const phaseMark = { healthy: "running", progressing: "starting", paused: "pending", aborted: "failed", degraded: "failed" } as const;

function Name({ cluster, rollout }: { cluster: string; rollout: RolloutView }) {
  const { namespace, name, currentImage, stableImage, inProgress } = rollout;
  return (
    <span className={css.name}>
      <Link href={canaryPage({ cluster, namespace, workload: name })}>{name}</Link>
      <span className={css.mono}>{inProgress ? `${tagOf(stableImage)} → ${tagOf(currentImage)}` : tagOf(currentImage)}</span>
    </span>
  );
}

function Flight({ cluster, card: { rollout, run, hasAnalysis } }: { cluster: string; card: Card }) {
  const now = useNow(1000);
  const judged = run ? (run.trouble || run.sentence) : hasAnalysis ? "Its analysis has not begun." : "No analysis is defined: nobody judges this version.";
  return (
    <li className={css.row}>
      <PodMark state={run ? runMark(run) : phaseMark[rollout.phase]} label={run ? runWord(run) : rollout.phase} />
      <Name cluster={cluster} rollout={rollout} />
      <span className={css.say}>{judged}</span>
      <span className={css.right} suppressHydrationWarning>
        step {Math.min(rollout.steps.length, (rollout.stepIndex ?? 0) + 1)} of {rollout.steps.length}, {rollout.phase}{run && now > 0 ? `, ${ageText(now - run.startedAt)}` : ""}
        <span className={css.bar} aria-hidden>{rollout.steps.map((step, index) => <i key={index} data-state={step.state} />)}</span>
      </span>
    </li>
  );
}

function Rest({ cluster, card: { rollout, hasAnalysis } }: { cluster: string; card: Card }) {
  return (
    <li className={css.row}>
      <PodMark state={phaseMark[rollout.phase]} label={rollout.phase} />
      <Name cluster={cluster} rollout={rollout} />
      <span className={css.say}>{rollout.phase === "healthy" ? `${rollout.replicas.stableReady} of ${rollout.replicas.wanted} ready` : rollout.say}</span>
      <span className={css.right}><Link href={`${canaryPage({ cluster, namespace: rollout.namespace, workload: rollout.name })}/analysis`}>{hasAnalysis ? "analysis" : "define an analysis"}</Link></span>
    </li>
  );
}

function RunRow({ run }: { run: RunSummary }) {
  const now = useNow();
  return (
    <li className={css.row}>
      <PodMark state={runMark(run)} label={runWord(run)} />
      <span className={css.name}><Link href={`${canaryPage(run)}?run=${run.id}`}>{run.workload}</Link><span className={css.mono}>{tagOf(run.baselineImage)} → {tagOf(run.canaryImage)}</span></span>
      <span className={css.say}>{run.sentence}</span>
      <span className={css.right} suppressHydrationWarning>{runWord(run)}{now > 0 ? `, ${ageText(now - (run.endedAt ?? run.startedAt))} ago` : ""}</span>
    </li>
  );
}
