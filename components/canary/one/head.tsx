"use client";
// Who is judged, the verdict in one sentence, and what may be done; every deed is about the version that is shown.
import { Button } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import Link from "next/link";
import { useState } from "react";
import { useMay } from "@/components/shell/queries";
import { CopyButton } from "@/components/ui/copy-button";
import { TierBadge } from "@/components/placement/tier-badge";
import { tagOf } from "@/components/overview/image-tag";
import { PodMark } from "@/components/placement/pod-mark";
import { tiers } from "@/lib/placement/model";
import type { CanaryAnswer, RolloutView, RunDetail } from "@/lib/canary/views";
import { canaryPage, type Deed, type Workload } from "../queries";
import { evidenceOf, evidenceText, runMark, runWord } from "../words";
import css from "./canary-page.module.css";
import { DeedSheet } from "./deed-sheet";

export function Head({ of, answer: { rollout, run }, isPast }: { of: Workload; answer: CanaryAnswer; isPast: boolean }) {
  const inProgress = rollout?.inProgress ?? run?.state === "running";
  const title = run ? (run.trouble || run.sentence) : (rollout?.say ?? "Nobody judges this version.");
  const [from, to] = run ? [run.baselineImage, run.canaryImage] : [rollout?.stableImage ?? "", rollout?.currentImage ?? ""];
  const tier = tiers.find((one) => one === rollout?.tier);
  return (
    <header className={css.head}>
      <div>
        <p className={css.who} style={{ margin: 0 }}>
          {tier && <TierBadge tier={tier} look="fill" />} <b>{of.workload}</b>
          <code>{inProgress || run ? `${tagOf(from)} → ${tagOf(to)}` : tagOf(to)}</code>
          <span>{rollout ? "Argo Rollouts" : "plain Deployment"}</span><span>namespace {of.namespace}</span>{rollout && <span>revision {rollout.revision}</span>}
          {run && <span>begun by {run.startedBy}</span>}
          <Link href={`${canaryPage(of)}/analysis`}>analysis</Link>
        </p>
        <h1 className={css.verdict}><PodMark state={run ? runMark(run) : rollout?.aborted ? "failed" : inProgress ? "starting" : "running"} size={14} label={run ? runWord(run) : (rollout?.phase ?? "")} /> {title}</h1>
        {run && <Deciding run={run} />}
        {run?.onePod && <p className={css.why}><b>One pod.</b> {run.onePod}.</p>}
        {rollout && run && <p className={css.why}>{rollout.say}</p>}
      </div>
      {rollout && !isPast && <Acts of={of} rollout={rollout} run={run} />}
    </header>
  );
}

function Deciding({ run: { verdict, definition } }: { run: RunDetail }) {
  const metric = verdict?.metrics.find(({ name }) => name === verdict.deciding) ?? verdict?.metrics.find(({ required }) => required);
  if (!metric) return null;
  const { side, log } = evidenceOf(metric);
  const needed = side === "worse" ? metric.logFailLine : metric.logPassLine;
  return (
    <p className={css.why}>
      <b>{metric.name} decides.</b> {metric.reason.say}. Evidence {side === "none" ? "is" : `that it is ${side} is`} <code>{evidenceText(log)}</code>, and <code>{evidenceText(needed)}</code> is needed. {definition.judge === "kayenta" ? "Kayenta’s judge gives the word, at the end." : ""}
    </p>
  );
}

const deedsOf = ({ aborted, inProgress, paused }: RolloutView): readonly { deed: Deed; label: string; red?: boolean; off?: boolean }[] => [
  ...(paused ? [{ deed: "resume" as const, label: "Let go" }] : [{ deed: "pause" as const, label: "Hold", off: !inProgress }]),
  ...(aborted ? [{ deed: "retry" as const, label: "Retry" }] : [{ deed: "promote" as const, label: "Promote", off: !inProgress }]),
  { deed: "promote-full", label: "Promote fully", off: !inProgress },
  { deed: "abort", label: "Abort", red: true, off: !inProgress || aborted },
];

function Acts({ of, rollout, run }: { of: Workload; rollout: RolloutView; run: RunDetail | null }) {
  const [open, setOpen] = useState<Deed | null>(null);
  const may = useMay("rollout.act");
  return (
    <div className={css.acts}>
      <div className={css.buttons}>
        {deedsOf(rollout).map(({ deed, label, red, off }) => (
          <Button key={deed} size="xs" variant={red ? "outline" : "default"} {...(red ? { color: "red" } : {})} disabled={!may || off} title={may ? (off ? "No other version is on its way." : undefined) : "Needs the permission rollout.act, which operators have."} onClick={() => setOpen(deed)}>{label}</Button>
        ))}
      </div>
      <span className={css.lock}><IconLock size={14} aria-hidden /> acts only on hash <code>{rollout.currentHash}</code> <CopyButton text={rollout.currentHash} what="the hash" /></span>
      {!may && <span className={css.lock}>You may look; an operator may act.</span>}
      {open && <DeedSheet of={of} deed={open} rollout={rollout} run={run} onClose={() => setOpen(null)} />}
    </div>
  );
}
