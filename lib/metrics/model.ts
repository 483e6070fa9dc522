// The nouns of metrics: named questions with unit and meaning, panels and dashboards, answers on a grid, alerts and targets.
import { z } from "zod";

export const units = ["millicores", "bytes", "per second", "per minute", "seconds", "ratio", "count"] as const;
export type Unit = (typeof units)[number];

/** A question to Prometheus that people know by name. */
export interface NamedQuery {
  name: string;
  unit: Unit;
  /** One sentence: what the number means. */
  meaning: string;
  /** `$rate` stands for the window of rates that fits the step it is drawn with. */
  expression: string;
}

export interface Usage { cpuMillis: number; memoryBytes: number }

/** What is used now, as far as Prometheus knows: nodes by name, pods by "ns/name". A field that is not known is NaN. */
export interface ClusterUsage { nodes: Record<string, Usage>; pods: Record<string, Usage>; at: number }

/** Metrics may be away; that is an expected outcome and not an error. */
export type UsageAnswer = ClusterUsage | { unavailable: string };

export interface PanelLine {
  query: NamedQuery;
  /** The labels whose values name a line; none: the question's own word does. */
  by: readonly string[];
  /** Stands before the labels' values, or alone. */
  word?: string;
}

export interface Limit { value: number; say: string; level: "warning" | "failed" }

export interface Panel {
  id: string;
  title: string;
  /** What the axis counts, for a person. */
  note: string;
  unit: Unit;
  scale: "linear" | "log";
  lines: readonly PanelLine[];
  limits: readonly Limit[];
  /** Takes two columns. */
  wide?: boolean;
}

const series = z.object({ name: z.string(), labels: z.record(z.string(), z.string()), values: z.array(z.number().nullable()) });
export type ChartSeries = z.infer<typeof series>;

/** Answers of one or more questions on one grid. `of` is how many series there were before the cap. */
export const chartAnswer = z.object({
  start: z.number(), end: z.number(), stepMs: z.number(),
  series: z.array(series), of: z.number(),
  /** How long Prometheus took. */
  tookMs: z.number(),
  remarks: z.array(z.string()),
});
export type ChartAnswer = z.infer<typeof chartAnswer>;

export const alertStates = ["firing", "pending", "inactive"] as const;
export type AlertState = (typeof alertStates)[number];

export const alert = z.object({
  name: z.string(), state: z.enum(alertStates), severity: z.string(),
  summary: z.string(), runbook: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  since: z.number().nullable(), value: z.number().nullable(),
  /** 0 where it belongs to no tier. */
  tier: z.number(),
});
export type Alert = z.infer<typeof alert>;

export const alertRule = z.object({
  name: z.string(), group: z.string(), expression: z.string(), forMs: z.number(), severity: z.string(), state: z.enum(alertStates),
  /** What went wrong when it was last evaluated; "" when nothing did. */
  fault: z.string(), tookMs: z.number(), everyMs: z.number(),
});
export type AlertRule = z.infer<typeof alertRule>;

export const target = z.object({ job: z.string(), address: z.string(), health: z.enum(["up", "down", "unknown"]), fault: z.string(), scrapedAt: z.number().nullable(), tookMs: z.number(), labels: z.record(z.string(), z.string()) });
export type Target = z.infer<typeof target>;
