// What a step's answer, or what it threw, means for the attempt, the step and the job.
import { backoffMs } from "@/lib/base/backoff";
import { AppError, causeText, type ErrorCode } from "@/lib/base/errors";
import type { Attempt, StepStatus } from "./model";
import type { Outcome } from "./step";

export interface Reaction {
  step: StepStatus;
  /** How the attempt ends; null while it goes on waiting. */
  attempt: Exclude<Attempt["outcome"], "running" | "interrupted" | "stopped"> | null;
  say: string;
  code: string;
  to: "RUNNING" | "RETRY_WAIT" | "NEEDS_ATTENTION" | "FAILED";
  afterMs: number;
}

export function reactTo(outcome: Outcome): Reaction {
  const plain = { code: "", afterMs: 0 };
  switch (outcome.is) {
    case "done":
      return { ...plain, step: "done", attempt: "done", say: outcome.say ?? "", to: "RUNNING" };
    case "degraded":
      return { ...plain, step: "degraded", attempt: "degraded", say: outcome.say, to: "RUNNING" };
    case "skipped":
      return { ...plain, step: "skipped", attempt: "skipped", say: outcome.say, to: "RUNNING" };
    case "waiting":
      return { ...plain, step: "waiting", attempt: null, say: outcome.say, to: "RETRY_WAIT", afterMs: outcome.afterMs };
    case "try-again":
      return { step: "retrying", attempt: "retrying", say: outcome.say, code: outcome.code ?? "", to: "RETRY_WAIT", afterMs: outcome.afterMs };
    case "failed":
      return { step: "failed", attempt: "failed", say: outcome.say, code: outcome.code, to: "FAILED", afterMs: 0 };
  }
}

/** After so many attempts that threw, a person has to look. */
export const maxThrown = 6;

/** Errors that the same call will give again until a person changed something. */
const lasting: readonly ErrorCode[] = ["invalid", "signed-out", "forbidden", "not-found", "conflict", "gone"];

export function reactToThrown(thrown: unknown, attempt: number, random: number): Reaction {
  const say = thrown instanceof AppError ? thrown.say : `The step broke off: ${causeText(thrown)}.`;
  const code = thrown instanceof AppError ? thrown.code : "internal";
  if (thrown instanceof AppError && lasting.includes(thrown.code)) return { step: "failed", attempt: "failed", say, code, to: "FAILED", afterMs: 0 };
  if (attempt >= maxThrown) {
    return { step: "retrying", attempt: "retrying", code, to: "NEEDS_ATTENTION", afterMs: 0, say: `${say} It was tried ${attempt} times; look at the log, then resume or cancel.` };
  }
  return { step: "retrying", attempt: "retrying", say, code, to: "RETRY_WAIT", afterMs: backoffMs({ baseMs: 1000, capMs: 30_000 }, attempt - 1, random) };
}
