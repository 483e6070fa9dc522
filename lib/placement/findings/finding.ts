// What a check of the cluster's order says: what is so, why it matters, what to do.
import type { Picture } from "../picture";
import type { PlacementTables, TierPolicy } from "../model";

export type Severity = "critical" | "warning" | "info";
export interface Subject { kind: "node" | "pod" | "workload" | "ingress" | "service"; key: string }
export interface Finding {
  /** Stays the same while the finding does. */
  id: string;
  check: "off-tier" | "broken-spread" | "one-node" | "no-taint" | "memory-limit" | "memory-overcommit" | "alb-backend" | "no-toleration";
  severity: Severity;
  title: string;
  what: string;
  why: string;
  fix: string;
  subjects: readonly Subject[];
}

/** What a check looks at: the objects, and the rows that the screens show, so that both say the same. */
export interface Looked { picture: Picture; policy: TierPolicy; tables: PlacementTables }

export function list(names: readonly string[], most = 4): string {
  return names.length <= most ? names.join(", ") : `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
