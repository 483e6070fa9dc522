"use client";
// The Drift tab: what is not as declared or meant, the gravest first, each with why it matters and how to fix it.
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { z } from "zod";
import { fetchJson } from "@/components/live/fetch-json";
import { placementHref } from "@/components/placement/address";
import { Answer } from "@/components/live/answer";
import { clusterPath } from "@/components/placement/drawer/queries";
import { PodMark } from "@/components/placement/pod-mark";
import { CopyButton } from "@/components/ui/copy-button";
import { StatePicture } from "@/components/ui/state-picture";
import css from "./drift-page.module.css";

const finding = z.object({
  id: z.string(), check: z.string(), severity: z.enum(["critical", "warning", "info"]), title: z.string(), what: z.string(), why: z.string(), fix: z.string(),
  subjects: z.array(z.object({ kind: z.enum(["node", "pod", "workload", "ingress", "service"]), key: z.string() })),
});
type Finding = z.infer<typeof finding>;
const answer = z.object({ findings: z.array(finding) });

const groups = [
  { severity: "critical", title: "Breaks something now", mark: "failed" },
  { severity: "warning", title: "Will break something", mark: "warning" },
  { severity: "info", title: "Worth knowing", mark: "unknown" },
] as const;

export function DriftPage({ cluster }: { cluster: string }) {
  const query = useQuery({ queryKey: ["placement", cluster, "drift"], queryFn: ({ signal }) => fetchJson(`${clusterPath(cluster)}/drift`, answer, { signal }), refetchInterval: 10_000 });
  return (
    <div className={css.page}>
      <Answer query={query} what="the findings">
        {({ findings }) => (
          <>
            <p className={css.sum}>
              {findings.length === 0 ? "Nothing strays." : groups.map(({ severity, mark }) => <span key={severity}><PodMark state={mark} size={11} /> {findings.filter((one) => one.severity === severity).length} {severity}</span>)}
              <Link href={`/clusters/${encodeURIComponent(cluster)}/placement/policy`}>Tier policy</Link>
            </p>
            {findings.length === 0 && <StatePicture kind="empty" title="Everything stands where it was declared" say="Tiers, spread, taints, memory limits and load balancer backends were checked." />}
            {groups.map(({ severity, title, mark }) => {
              const members = findings.filter((one) => one.severity === severity);
              return members.length > 0 && (
                <section key={severity} className={css.group}>
                  <h2><PodMark state={mark} size={12} /> {title} <small>{members.length}</small></h2>
                  {members.map((one) => <Row key={one.id} cluster={cluster} finding={one} />)}
                </section>
              );
            })}
          </>
        )}
      </Answer>
    </div>
  );
}

const subjectsMax = 12;

function Row({ cluster, finding }: { cluster: string; finding: Finding }) {
  const command = /^(kubectl|helm|aws) /.test(finding.fix);
  return (
    <details className={css.finding}>
      <summary>
        <span className={css.title}>{finding.title}</span>
        <span className={css.what}>{finding.what}</span>
      </summary>
      <dl className={css.more}>
        <dt>Why it matters</dt><dd>{finding.why}</dd>
        <dt>How to fix it</dt><dd>{command ? <code className={css.command}>{finding.fix} <CopyButton text={finding.fix} what="the command" /></code> : finding.fix}</dd>
        <dt>Where</dt>
        <dd className={css.subjects}>
          {finding.subjects.slice(0, subjectsMax).map((subject) => <Subject key={`${subject.kind} ${subject.key}`} cluster={cluster} subject={subject} />)}
          {finding.subjects.length > subjectsMax && <span>and {finding.subjects.length - subjectsMax} more</span>}
        </dd>
      </dl>
    </details>
  );
}

/** Nodes, pods and workloads stand on the map; the others are only named. */
function Subject({ cluster, subject: { kind, key } }: { cluster: string; subject: Finding["subjects"][number] }) {
  if (kind === "ingress" || kind === "service") return <span>{kind} {key}</span>;
  return <Link href={placementHref(cluster, "", kind === "workload" ? { filter: `workload:${key}` } : { [kind]: key })}>{key}</Link>;
}
