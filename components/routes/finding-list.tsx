"use client";
// What the checks found: a line each that opens to why it matters, how to mend it, and where it is.
import Link from "next/link";
import type { RouteFinding } from "@/lib/routes/model";
import type { PodState } from "@/lib/placement/model";
import { placementHref } from "../placement/address";
import { PodMark } from "../placement/pod-mark";
import { CopyButton } from "../ui/copy-button";
import css from "./finding-list.module.css";

const marks: Record<RouteFinding["severity"], PodState> = { critical: "failed", warning: "warning", info: "unknown" };
const shown = 12;

export function FindingList({ findings, cluster }: { findings: readonly RouteFinding[]; cluster: string }) {
  return (
    <ul className={css.list}>
      {findings.map(({ id, severity, title, what, why, fix, subjects }) => (
        <li key={id}>
          <details>
            <summary><PodMark state={marks[severity]} size={11} label={severity} /> <span className={css.title}>{title}</span> <span className={css.what}>{what}</span></summary>
            <dl className={css.more}>
              <dt>Why it matters</dt><dd>{why}</dd>
              <dt>How to mend it</dt><dd>{/^(kubectl|aws) /.test(fix) ? <code className={css.command}>{fix} <CopyButton text={fix} what="the command" /></code> : fix}</dd>
              <dt>Where</dt>
              <dd className={css.where}>
                {subjects.slice(0, shown).map(({ kind, key }) => (kind === "node" || kind === "pod" ? <Link key={`${kind}${key}`} href={placementHref(cluster, "", { [kind]: key })} prefetch={false}>{key}</Link> : <span key={`${kind}${key}`}>{kind} {key}</span>))}
                {subjects.length > shown && <span>and {subjects.length - shown} more</span>}
              </dd>
            </dl>
          </details>
        </li>
      ))}
    </ul>
  );
}
