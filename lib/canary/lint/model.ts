// What a lint says: how bad, where, and what to do.

export const severities = ["error", "warning", "note"] as const;
export interface Finding {
  code: string;
  severity: (typeof severities)[number];
  /** Name of the metric; null: the whole template. */
  metric: string | null;
  say: string;
}
