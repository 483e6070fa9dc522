// The nouns of metrics: a named question with its unit and meaning, and what machines and pods use.

export const units = ["millicores", "bytes", "per second", "seconds", "ratio", "count"] as const;
export type Unit = (typeof units)[number];

/** A question to Prometheus that people know by name. */
export interface NamedQuery {
  name: string;
  unit: Unit;
  /** One sentence: what the number means. */
  meaning: string;
  expression: string;
}

export interface Usage { cpuMillis: number; memoryBytes: number }

/** What is used now, as far as Prometheus knows: nodes by name, pods by "ns/name". A field that is not known is NaN. */
export interface ClusterUsage { nodes: Record<string, Usage>; pods: Record<string, Usage>; at: number }

/** Metrics may be away; that is an expected outcome and not an error. */
export type UsageAnswer = ClusterUsage | { unavailable: string };
