// What a step's answer, or what it threw, means for the attempt and the step.
import { backoffMs } from "@/lib/base/backoff";
import { AppError, causeText, type ErrorCode } from "@/lib/base/errors";
import type { Attempt, StepStatus } from "./model";
import type { Outcome } from "./step";

export interface Reaction {
  step: StepStatus;
  /** How the attempt ends; null while it goes on waiting. */
  attempt: Exclude<Attempt["outcome"], "running" | "interrupted"> | null;
  say: string;
  code: string;
  userError: boolean;
  /** When the step is looked at again; null when time alone moves nothing. */
  afterMs: number | null;
}

export function reactTo(outcome: Outcome): Reaction {
  const plain = { code: "", userError: false, afterMs: null };
  switch (outcome.is) {
    case "done":
      return { ...plain, step: "done", attempt: "done", say: outcome.say ?? "" };
    case "degraded":
    case "skipped":
      return { ...plain, step: outcome.is, attempt: outcome.is, say: outcome.say };
    case "waiting":
      return { ...plain, step: "waiting", attempt: null, say: outcome.say, afterMs: outcome.afterMs };
    case "try-again":
      return { ...plain, step: "retrying", attempt: "retrying", say: outcome.say, code: outcome.code ?? "", afterMs: outcome.afterMs };
    case "failed":
      return { ...plain, step: "failed", attempt: "failed", say: outcome.say, code: outcome.code, userError: outcome.userError };
  }
}

/** A step that only waits, past its patience, is over: what it says now, and that it waited too long. */
export function losePatience(outcome: Outcome, patience: { ms: number; then: "failed" | "degraded" } | null, attemptMs: number): Outcome {
  if (outcome.is !== "waiting" || !patience || attemptMs < patience.ms) return outcome;
  const minutes = Math.round(patience.ms / 60_000);
  const say = `${outcome.say} That took longer than ${minutes > 0 ? `${minutes} min` : `${Math.round(patience.ms / 1000)} s`}.`;
  return patience.then === "degraded" ? { is: "degraded", say } : { is: "failed", say, code: "timeout", userError: false };
}

/** After so many attempts that threw, a person has to look; and again after as many more. */
export const maxThrown = 6;

/** Errors that the same call will give again until a person changed something. */
const lasting: readonly ErrorCode[] = ["invalid", "signed-out", "forbidden", "not-found", "conflict", "gone"];

export function reactToThrown(thrown: unknown, attempt: number, random: number): Reaction {
  const say = thrown instanceof AppError ? thrown.say : `The step broke off: ${causeText(thrown)}.`;
  const code = thrown instanceof AppError ? thrown.code : "internal";
  if (thrown instanceof AppError && lasting.includes(thrown.code)) return { step: "failed", attempt: "failed", say, code, userError: true, afterMs: null };
  if (attempt % maxThrown === 0) {
    return { step: "failed", attempt: "failed", code, userError: false, afterMs: null, say: `${say} It was tried ${attempt} times; look at the log, then retry it, skip it or cancel the job.` };
  }
  return { step: "retrying", attempt: "retrying", say, code, userError: false, afterMs: backoffMs({ baseMs: 1000, capMs: 30_000 }, (attempt % maxThrown) - 1, random) };
}
