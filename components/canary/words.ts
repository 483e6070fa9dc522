// How canaries are told: marks and words for verdicts and outcomes, figures of evidence, times of day.
import type { MetricLook } from "@/lib/canary/model";
import type { RunSummary } from "@/lib/canary/views";
import type { PodState } from "@/lib/placement/model";

export const wordMarks: Record<RunSummary["word"], PodState> = { pass: "running", fail: "failed", undecided: "starting" };

/** An analysis as it stands: its end where it has one, else its verdict. */
export function runMark({ word, state, outcome, trouble, held }: RunSummary): PodState {
  if (trouble !== "" && state === "running") return "unknown";
  if (word === "undecided" && state === "running") return held ? "warning" : "starting";
  if (word === "undecided") return outcome === "aborted" ? "failed" : "done";
  return wordMarks[word];
}

export function runWord({ word, state, outcome, ended }: RunSummary): string {
  if (state === "running" || outcome === "") return word === "undecided" && ended ? "a person must decide" : word;
  return word === "undecided" ? outcome : `${word}, ${outcome}`;
}

export type Side = "worse" | "not worse" | "none";

/** The side that more speaks for, and how much, as an e-value's logarithm with its own line. */
export function evidenceOf({ logFail, logPass, logFailLine, logPassLine }: Pick<MetricLook, "logFail" | "logPass" | "logFailLine" | "logPassLine">): { side: Side; log: number; line: number } {
  if (logFail <= 0 && logPass <= 0) return { side: "none", log: 0, line: logPassLine };
  return logFail > logPass ? { side: "worse", log: logFail, line: logFailLine } : { side: "not worse", log: logPass, line: logPassLine };
}

/** 7.2, 340, >10⁶. */
export function evidenceText(log: number): string {
  if (log > Math.log(1e6)) return ">10⁶";
  const value = Math.exp(log);
  return value >= 100 ? String(Math.round(value)) : value >= 10 ? value.toFixed(0) : value.toFixed(1);
}

/** State of a metric as mark and word; leaning is said where it leans worse. */
export function metricMark({ state, ratio, logFail, logPass }: MetricLook): { mark: PodState; word: string } {
  if (state === "pass") return { mark: "running", word: "pass" };
  if (state === "fail") return { mark: "failed", word: "fail" };
  if (state === "no-events") return { mark: "pending", word: "no events" };
  if (state === "no-data") return { mark: "unknown", word: "no data" };
  return logFail > logPass && logFail > 0 && (ratio ?? 1) > 1 ? { mark: "warning", word: "leaning worse" } : { mark: "starting", word: "undecided" };
}

export const colourOf: Record<PodState, string> = {
  running: "var(--state-running)", failed: "var(--state-failed)", pending: "var(--mut)", unknown: "var(--mut)", warning: "var(--word-amber)", starting: "var(--state-starting)", terminating: "var(--mut)", done: "var(--mut)",
};

export function clockText(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** 0.21 %, 24.0; a share of requests, a rate per pod and hour, or the level itself. */
export function levelText(kind: MetricLook["kind"], level: number | null | undefined): string {
  if (level === null || level === undefined) return "–";
  if (kind === "gauge") return shortLevel(level);
  return kind === "rate" ? `${Number((3600 * level).toPrecision(3))}/h` : `${Number((100 * level).toPrecision(3))} %`;
}

function shortLevel(value: number): string {
  const steps = [[2 ** 30, "Gi"], [2 ** 20, "Mi"], [1000, "k"]] as const;
  const [size, unit] = steps.find(([least]) => Math.abs(value) >= least) ?? [1, ""];
  return `${Number((value / size).toPrecision(3))}${unit === "" ? "" : ` ${unit}`}`;
}
