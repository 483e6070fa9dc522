// How a job's and a step's status look and read: mark, word, and spans of time.
import type { PodState } from "@/lib/placement/model";
import type { Forecast } from "@/lib/jobs/forecast";
import type { Job, JobStatus, StepStatus } from "@/lib/jobs/model";

export interface Look { mark: PodState; word: string }

/** A job that waits between two looks is at work for whoever watches it. */
export const jobLooks: Record<JobStatus, Look> = {
  QUEUED: { mark: "pending", word: "queued" },
  RUNNING: { mark: "starting", word: "running" },
  RETRY_WAIT: { mark: "starting", word: "running" },
  NEEDS_ATTENTION: { mark: "warning", word: "needs you" },
  CANCELLING: { mark: "terminating", word: "stopping" },
  CANCELLED: { mark: "terminating", word: "cancelled" },
  SUCCEEDED: { mark: "running", word: "succeeded" },
  FAILED: { mark: "failed", word: "failed" },
};

export const stepLooks: Record<StepStatus, Look> = {
  todo: { mark: "pending", word: "to do" },
  running: { mark: "starting", word: "running" },
  waiting: { mark: "starting", word: "waiting" },
  retrying: { mark: "warning", word: "trying again" },
  done: { mark: "running", word: "done" },
  degraded: { mark: "warning", word: "degraded" },
  skipped: { mark: "done", word: "was done" },
  failed: { mark: "failed", word: "failed" },
  stopped: { mark: "terminating", word: "stopped" },
};

/** "0:07", "4:52", "1:02:03". */
export function span(fromMs: number, toMs: number): string {
  const seconds = Math.max(0, Math.floor((toMs - fromMs) / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Local time to the second; "" on the server, where nobody's zone is right. */
export function timeOfDay(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

/** Beside the link to the job that is waited for. */
export function queueSay({ title, ahead }: NonNullable<Job["behind"]>): string {
  return `${title}, which works on the same${ahead > 1 ? `; ${ahead - 1} more ${ahead === 2 ? "is" : "are"} before it` : ""}`;
}

/** A few seconds to either side are no news. */
const onTimeMs = 10_000;

/** The time that is left, and how sure that is: not known, at least so long, late, or over its time. */
export function sayLeft({ end, unknown, overdue, lateMs, done }: Forecast, now: number, asks: boolean): { head: string; value: string; note: string; late: boolean } {
  const head = `Left, ends ${timeOfDay(end)}`;
  if (done === null) return { head: "Left", value: "unknown", note: "no earlier run to go by", late: false };
  // Nobody knows how long a person takes.
  if (asks) return { head: "Left once it goes on", value: `≥ ${span(now, end)}`, note: "", late: false };
  const value = `${unknown > 0 || overdue ? "≥" : "≈"} ${span(now, end)}`;
  if (overdue) return { head: "Left at least", value, note: "a step takes longer than usual", late: true };
  if (unknown > 0) return { head: "Left at least", value, note: `${unknown} of unknown length`, late: false };
  return Math.abs(lateMs) < onTimeMs ? { head, value, note: "", late: false } : { head, value, note: `${lateMs > 0 ? "+" : "−"}${span(0, Math.abs(lateMs))} on plan`, late: lateMs > 0 };
}
