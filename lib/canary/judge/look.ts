// One metric at one look: its state, which does not flap, and the reason a person reads.
import type { Latch, MetricDefinition, MetricLook, MetricState, Reason } from "../model";
import { ratioText, undecidedText } from "./words";
import type { MetricWeight } from "./weigh-metric";

export interface Standing { definition: MetricDefinition; margin: number; logFailLine: number; logPassLine: number; at: number; latch: Latch }

/** The margin that holds while the canary is wanted to have this share. */
export function marginAt({ margin, marginsByShare }: MetricDefinition, share: number | null): number {
  return (share === null ? undefined : marginsByShare.find(({ upToShare }) => share <= upToShare + 1e-9)?.margin) ?? margin;
}

export function lookAtMetric({ definition, margin, logFailLine, logPassLine, at, latch }: Standing, weight: MetricWeight): MetricLook {
  const { name, kind, critical, required, tolerated } = definition;
  const { state, since } = stateOf({ definition, margin, logFailLine, logPassLine, at, latch }, weight);
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const look: MetricLook = {
    name, kind, state, critical, required, weight: definition.weight, margin, tolerated,
    ratio: finite(weight.ratio), interval: { low: weight.interval[0], high: finite(weight.interval[1]) },
    difference: weight.difference && { low: weight.difference[0], high: weight.difference[1] },
    logFail: weight.logFail, logPass: weight.logPass, logFailLine, logPassLine,
    canary: weight.canary, baseline: weight.baseline, phi: weight.phi, since,
    expected: state === "undecided" ? weight.expected : null, reason: { code: "gathering", metric: name, say: "" },
  };
  return { ...look, reason: reasonOf(look, weight) };
}

function stateOf({ definition: { name }, margin, logFailLine, logPassLine, at, latch }: Standing, weight: MetricWeight): { state: MetricState; since: number | null } {
  const failedAt = latch.failedAt[name];
  if (failedAt !== undefined) return { state: "fail", since: failedAt };
  if (weight.logFail >= logFailLine && !weight.negligible) return { state: "fail", since: at };
  const passed = latch.passedAt[name];
  if (passed !== undefined && passed.margin <= margin) return { state: "pass", since: passed.at };
  if (weight.negligible || weight.logPass >= logPassLine) return { state: "pass", since: at };
  if (weight.missing === "no-data" || weight.missing === "no-events") return { state: weight.missing, since: null };
  return { state: "undecided", since: null };
}

function reasonOf(look: MetricLook, { note, missing, negligible }: MetricWeight): Reason {
  const metric = look.name;
  const named = note === "" ? metric : `${metric} (${note})`;
  if (look.state === "fail") return { code: "worse", metric, say: `Worse: ${named} is ${ratioText(look)} of the baseline` };
  if (look.state === "pass" && negligible) return { code: "negligible", metric, say: `${named} is surely below what matters` };
  if (look.state === "pass") return { code: "not-worse", metric, say: `${metric} is not worse than ${look.margin}× the baseline: ${ratioText(look)}` };
  if (look.state === "no-data") return { code: "no-data", metric, say: `No data for ${named}` };
  if (look.state === "no-events") return { code: "no-events", metric, say: `${metric}: not one event in either version, so there is nothing to compare` };
  if (missing === "few-batches") return { code: "few-batches", metric, say: `${metric}: not enough independent data yet, ${note}` };
  return { code: "gathering", metric, say: undecidedText(look) };
}
