"use client";
// One finding: what it is and about whom, since when; opened, its evidence, its cause, the fix in steps with buttons, and its silence.
import { Button } from "@mantine/core";
import Link from "next/link";
import type { ShownFinding } from "@/lib/diagnostics/model";
import { useNow } from "../live/use-now";
import { PodMark } from "../placement/pod-mark";
import { CopyButton } from "../ui/copy-button";
import css from "./finding-row.module.css";
import { SilenceForm } from "./silence-form";
import { lengthText, severityMarks, subjectHref, subjectText } from "./words";

export function FindingRow({ finding, cluster, maySilence, onChanged }: { finding: ShownFinding; cluster: string; maySilence: boolean; onChanged: () => void }) {
  const now = useNow(30_000);
  const { failure, severity, title, subject, since, more, silence } = finding;
  const href = subjectHref(cluster, subject);
  return (
    <li className={css.row} data-silenced={silence !== null || undefined}>
      <details>
        <summary>
          <PodMark state={severityMarks[severity]} size={11} label={severity} />
          <span className={css.title}>{title}</span>
          <span className={css.who}>{subjectText(finding)}{more > 0 ? ` and ${more} more` : ""}</span>
          <span className={css.say}>{silence ? `silenced: ${silence.reason}` : finding.evidence[0]}</span>
          <code className={css.id}>{failure}</code>
          <time className={css.since} dateTime={new Date(since).toISOString()} suppressHydrationWarning>{lengthText(now - since)}</time>
        </summary>
        <Detail finding={finding} />
        {href && <p className={css.line}><Link href={href} prefetch={false}>Open {subjectText(finding)}</Link></p>}
        {maySilence && <SilenceForm finding={finding} cluster={cluster} onChanged={onChanged} />}
      </details>
    </li>
  );
}

function Detail({ finding: { evidence, cause, fix, source } }: { finding: ShownFinding }) {
  return (
    <dl className={css.detail}>
      <dt>Evidence</dt><dd><ul className={css.evidence}>{evidence.map((one) => <li key={one}>{one}</li>)}</ul></dd>
      <dt>Cause</dt><dd>{cause}</dd>
      <dt>Fix</dt><dd><Fix steps={fix} /></dd>
      <dt>Source</dt><dd>{source}</dd>
    </dl>
  );
}

export function Fix({ steps }: { steps: readonly { say: string; command: string | null; button?: { label: string; href: string } | null }[] }) {
  return (
    <ol className={css.fix}>
      {steps.map(({ say, command, button }) => (
        <li key={say}>
          {say} {button && <Button component={Link} href={button.href} size="compact-xs" variant="default">{button.label}</Button>}
          {command && <span className={css.command}><code>{command}</code> <CopyButton text={command} what="the command" /></span>}
        </li>
      ))}
    </ol>
  );
}
