"use client";
// What the diagnosis found about one thing, where that thing is shown: nothing when there is nothing.
import Link from "next/link";
import type { Subject } from "@/lib/diagnostics/model";
import { PodMark } from "../placement/pod-mark";
import { useClusters } from "../shell/queries";
import css from "./findings-about.module.css";
import { useHealth } from "./queries";
import { severityMarks } from "./words";

interface About { cluster: string; /** The thing itself and what it stands for, such as a pod and its workload. */ subjects: readonly Subject[] }

/** A cluster that is not connected has no health; a job may well be about one. */
export function FindingsAbout({ cluster, subjects }: About) {
  const connected = useClusters().data?.clusters.some(({ slug }) => slug === cluster) ?? false;
  return connected ? <Found cluster={cluster} subjects={subjects} /> : null;
}

function Found({ cluster, subjects }: About) {
  const { data } = useHealth(cluster);
  const wanted = new Set(subjects.map(({ kind, key }) => `${kind}/${key}`));
  const found = (data?.findings ?? []).filter(({ subject, silence }) => silence === null && wanted.has(`${subject.kind}/${subject.key}`));
  if (found.length === 0) return null;
  const base = `/clusters/${encodeURIComponent(cluster)}/health`;
  return (
    <ul className={css.list} aria-label="What the diagnosis found">
      {found.map(({ key, failure, severity, title, cause }) => (
        <li key={key}><PodMark state={severityMarks[severity]} size={11} label={severity} /> <Link href={`${base}?filter=${encodeURIComponent(failure)}`} prefetch={false}>{title}</Link> <span>{cause}</span></li>
      ))}
    </ul>
  );
}
