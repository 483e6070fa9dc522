"use client";
// How earlier versions of this workload fared, each with the question of what became of it in truth.
import { NativeSelect } from "@mantine/core";
import Link from "next/link";
import { tagOf } from "@/components/overview/image-tag";
import { PodMark } from "@/components/placement/pod-mark";
import { useMay } from "@/components/shell/queries";
import { Panel } from "@/components/ui/panel";
import type { RunSummary } from "@/lib/canary/views";
import page from "../page.module.css";
import { canaryPage, useDeed, type Workload } from "../queries";
import { runMark, runWord } from "../words";

export function Earlier({ of, runs }: { of: Workload; runs: readonly RunSummary[] }) {
  if (runs.length === 0) return null;
  return (
    <Panel title="Earlier versions" aside="say what became of them, and backtests can tell right from wrong">
      <ul className={page.rows}>{runs.map((run) => <li key={run.id} className={page.row}><PodMark state={runMark(run)} label={runWord(run)} /><span className={page.name}><Link href={`${canaryPage(of)}?run=${run.id}`}>{tagOf(run.baselineImage)} → {tagOf(run.canaryImage)}</Link><span className={page.dim}>{runWord(run)}</span></span><span className={page.say}>{run.sentence}</span><Truth of={of} run={run} /></li>)}</ul>
    </Panel>
  );
}

export function Truth({ of, run }: { of: Workload; run: RunSummary }) {
  const may = useMay("canary.edit");
  const deed = useDeed(of, () => "Kept.");
  return <NativeSelect size="xs" disabled={!may || deed.isPending} aria-label={`What became of ${tagOf(run.canaryImage)} in truth`} value={run.truth} data={[{ value: "unknown", label: "in truth: unknown" }, { value: "good", label: "in truth: good" }, { value: "bad", label: "in truth: bad" }]} onChange={({ currentTarget }) => deed.mutate({ deed: "truth", body: { run: run.id, truth: currentTarget.value } })} />;
}
