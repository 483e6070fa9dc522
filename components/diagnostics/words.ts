// Marks, words and links of findings, the same wherever they stand.
import type { PodState } from "@/lib/placement/model";
import type { Finding, Severity, Subject } from "@/lib/diagnostics/model";
import { placementHref } from "../placement/address";

export const severityMarks: Record<Severity, PodState> = { critical: "failed", warning: "warning", info: "unknown" };

export function subjectHref(cluster: string, { kind, key }: Subject): string | null {
  if (kind === "node" || kind === "pod") return placementHref(cluster, "", { [kind]: key });
  if (kind === "workload") return placementHref(cluster, "", { filter: `workload:${key}` });
  if (kind === "ingress" || kind === "service" || kind === "balancer") return `/clusters/${encodeURIComponent(cluster)}/routes`;
  return kind === "job" ? `/jobs/${encodeURIComponent(key)}` : null;
}

export const subjectText = ({ subject: { kind, key } }: Pick<Finding, "subject">): string => (kind === "cluster" ? "the cluster" : kind === "node" || kind === "job" || kind === "queue" ? key : `${kind} ${key}`);

/** "12 min", "3 h", "2 d" */
export function lengthText(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`;
}
