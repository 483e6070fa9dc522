// The mark of a deployment: its shape is the outcome, its body the kind of change; a tail to the left went back.
import type { ChangeKind, Outcome } from "@/lib/deployments/model";
import css from "./record-mark.module.css";

const shapes: Record<Outcome, { path: string; tone: string; isLine?: boolean }> = {
  succeeded: { path: "M2 2h12v12H2Z", tone: "running" },
  running: { path: "M8 2.4a5.6 5.6 0 1 1 0 11.2A5.6 5.6 0 0 1 8 2.4Z", tone: "starting", isLine: true },
  paused: { path: "M3 2h3.4v12H3ZM9.6 2H13v12H9.6Z", tone: "warning" },
  failed: { path: "M8 .6 15.4 8 8 15.4.6 8Z", tone: "failed" },
  aborted: { path: "m3 3 10 10M13 3 3 13", tone: "failed", isLine: true },
  "rolled-back": { path: "M8 .6 15.4 8 8 15.4.6 8Z", tone: "failed" },
  superseded: { path: "M2 2h12v12H2ZM2 8.4h12", tone: "done", isLine: true },
  cancelled: { path: "M2 2h12v12H2ZM4 8h8", tone: "done", isLine: true },
  unknown: { path: "M2 2h12v12H2ZM2 7l5-5M2 12 12 2M4 14 14 4M9 14l5-5", tone: "unknown", isLine: true },
};

/** `label` speaks it where no word stands beside. */
export function RecordMark({ outcome, change = "release", size = 12, caused = false, label }: { outcome: Outcome; change?: ChangeKind; size?: number; caused?: boolean; label?: string }) {
  const shape = caused && outcome === "succeeded" ? { path: "M8 1.4 15.2 14H.8Z", tone: "warning" } : shapes[outcome];
  const outlined = "isLine" in shape || change === "config";
  const isBar = change === "restart" && outcome === "succeeded";
  return (
    <svg className={css.mark} data-tone={shape.tone} width={size} height={size} viewBox="0 0 16 16" role={label ? "img" : undefined} aria-label={label} aria-hidden={label ? undefined : true}>
      <path className={outlined && !isBar ? css.line : undefined} d={isBar ? "M6.4 1h3.2v14H6.4Z" : shape.path} />
      {change === "rollback" && <path className={css.tail} d="M-7 8H2M-3.5 4.5-7 8l3.5 3.5" />}
    </svg>
  );
}

/** The kind alone, without an outcome, for a table. */
export function KindMark({ change }: { change: ChangeKind }) {
  return (
    <svg className={css.mark} data-tone="kind" width={9} height={9} viewBox="0 0 16 16" aria-hidden>
      <path className={change === "config" ? css.line : undefined} d={change === "restart" ? "M6 0h4v16H6Z" : "M1.5 1.5h13v13h-13Z"} />
      {change === "rollback" && <path className={css.tail} d="M-6 8H2M-3 5-6 8l3 3" />}
    </svg>
  );
}
