"use client";
// The definition as it stands, tried on past rollouts of this workload: would it have caught it, and when.
import { Button } from "@mantine/core";
import Link from "next/link";
import { tagOf } from "@/components/overview/image-tag";
import { PodMark } from "@/components/placement/pod-mark";
import { Panel } from "@/components/ui/panel";
import { StatePicture } from "@/components/ui/state-picture";
import type { AnalysisDefinition } from "@/lib/canary/model";
import type { PodState } from "@/lib/placement/model";
import { Truth } from "../one/earlier";
import page from "../page.module.css";
import { canaryPage, useBacktest, type Workload } from "../queries";
import { runWord, wordMarks } from "../words";

const judgements: Record<string, { mark: PodState; word: string }> = {
  caught: { mark: "running", word: "caught" }, right: { mark: "running", word: "right" }, missed: { mark: "failed", word: "missed" }, "false-alarm": { mark: "failed", word: "false alarm" }, undecided: { mark: "pending", word: "undecided" }, unknown: { mark: "unknown", word: "truth unknown" },
};

export function BacktestPanel({ of, definition }: { of: Workload; definition: AnalysisDefinition | null }) {
  const trial = useBacktest(of);
  const rows = trial.data?.rows ?? [];
  return (
    <Panel title="Tried on the past" aside={<Button size="compact-xs" variant="default" disabled={definition === null} loading={trial.isPending} onClick={() => definition && trial.mutate(definition)}>Try it</Button>}>
      {trial.error ? <StatePicture kind="broken" title="It could not be tried" say={trial.error.message} /> : rows.length === 0 ? <StatePicture kind="empty" title={trial.data ? "No rollout of this workload was judged yet" : "Would this analysis have caught it, and when?"} say="Past rollouts are judged again from the evidence that was kept." /> : (
        <div className={page.scroll} role="region" aria-label="Past rollouts judged again" tabIndex={0}>
          <table className={page.table}>
            <thead><tr><th>Rollout</th><th>In truth</th><th>Would say</th><th data-num>After min</th><th>Said then</th><th>So it is</th><th>In words</th></tr></thead>
            <tbody>
              {rows.map(({ run, word, minutes, judgement, sentence }) => (
                <tr key={run.id}>
                  <td><Link href={`${canaryPage(of)}?run=${run.id}`} className={page.mono}>{tagOf(run.baselineImage)} → {tagOf(run.canaryImage)}</Link></td>
                  <td><Truth of={of} run={run} /></td>
                  <td><span className={page.mark}><PodMark state={wordMarks[word]} /> {word}</span></td>
                  <td data-num>{minutes === null ? "–" : minutes.toFixed(1)}</td>
                  <td>{runWord(run)}</td>
                  <td><span className={page.mark}><PodMark state={judgements[judgement]?.mark ?? "unknown"} /> {judgements[judgement]?.word ?? judgement}</span></td>
                  <td className={page.say}>{sentence}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
