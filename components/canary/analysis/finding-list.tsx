// What a lint found, the worst first.
import { PodMark } from "@/components/placement/pod-mark";
import type { Finding } from "@/lib/canary/lint/model";
import page from "../page.module.css";

const marks = { error: "failed", warning: "warning", note: "pending" } as const;
const order = ["error", "warning", "note"];

export function FindingList({ findings, none }: { findings: readonly Finding[]; none: string }) {
  if (findings.length === 0) return <div className={page.finding}><PodMark state="running" /> {none}</div>;
  return (
    <ul className={page.rows}>
      {[...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)).map(({ code, severity, metric, say }, index) => (
        <li key={`${code}${metric ?? ""}${index}`} className={page.finding}><PodMark state={marks[severity]} label={severity} /> <span>{metric !== null && <b>{metric}: </b>}{say}</span></li>
      ))}
    </ul>
  );
}
