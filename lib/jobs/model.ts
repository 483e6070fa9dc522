// The nouns of jobs: a job, its steps, their attempts, its numbered log lines, and which status may follow which.
import { z } from "zod";

export const jobStatuses = ["QUEUED", "RUNNING", "RETRY_WAIT", "NEEDS_ATTENTION", "CANCELLING", "CANCELLED", "SUCCEEDED", "FAILED"] as const;
export const jobStatus = z.enum(jobStatuses);
export type JobStatus = z.infer<typeof jobStatus>;

const follows: Record<JobStatus, readonly JobStatus[]> = {
  QUEUED: ["RUNNING", "CANCELLED"],
  RUNNING: ["RETRY_WAIT", "NEEDS_ATTENTION", "CANCELLING", "SUCCEEDED", "FAILED"],
  RETRY_WAIT: ["RUNNING", "CANCELLING"],
  NEEDS_ATTENTION: ["RETRY_WAIT", "CANCELLING"],
  // A cancel that comes while the last step ends well comes too late, and the job says so by succeeding.
  CANCELLING: ["CANCELLED", "SUCCEEDED"],
  CANCELLED: [],
  // Only by a person who has a step tried again that it ended without: see retryStep.
  SUCCEEDED: ["RETRY_WAIT"],
  FAILED: [],
};

export function mayFollow(from: JobStatus, to: JobStatus): boolean {
  return follows[from].includes(to);
}

/** The statuses from which `to` may be reached; what a guarded write names in its condition. */
export function mayPrecede(to: JobStatus): JobStatus[] {
  return jobStatuses.filter((from) => mayFollow(from, to));
}

/** Holds the slot of its key. The same list stands in the partial unique index of migration 0002. */
export const holdsSlot: readonly JobStatus[] = ["RUNNING", "RETRY_WAIT", "NEEDS_ATTENTION", "CANCELLING"];

const ends: readonly JobStatus[] = ["CANCELLED", "SUCCEEDED", "FAILED"];

/** Nothing moves it any more by itself. */
export function hasEnded(status: JobStatus): boolean {
  return ends.includes(status);
}

export const stepStatuses = ["todo", "running", "waiting", "retrying", "done", "degraded", "skipped", "failed", "stopped"] as const;
export const stepStatus = z.enum(stepStatuses);
export type StepStatus = z.infer<typeof stepStatus>;

export function stepIsOver(status: StepStatus): boolean {
  return status === "done" || status === "degraded" || status === "skipped";
}

export const progressItem = z.object({
  name: z.string(),
  state: z.enum(["todo", "running", "waiting", "done", "skipped", "failed"]),
  /** What it waits for or why it was left alone; "" when its state says all. */
  say: z.string(),
});
/** What a step shows of itself while it runs, and what it remembers for its next run. */
export const stepProgress = z.object({
  done: z.number(),
  total: z.number(),
  items: z.array(progressItem),
  /** The step's own memory; only the step reads it. */
  memory: z.unknown().optional(),
});
export type ProgressItem = z.infer<typeof progressItem>;
export type StepProgress = z.infer<typeof stepProgress>;

const time = z.number();
export const step = z.object({
  name: z.string(),
  title: z.string(),
  position: z.number(),
  /** Names of the steps that must be over before it begins. */
  needs: z.array(z.string()),
  lane: z.string(),
  chain: z.string(),
  tier: z.number().nullable(),
  /** How long it is expected to take, as known when the job was asked for; null when nobody knows. */
  expectMs: z.number().nullable(),
  /** How many earlier successes that is the median of; 0 when it is the kind's own word. */
  expectFrom: z.number(),
  status: stepStatus,
  say: z.string(),
  code: z.string(),
  /** Its failure is for a person to mend; the console and the world work as they should. */
  userError: z.boolean(),
  /** The number of its latest attempt; 0 before the first. */
  attempt: z.number(),
  progress: stepProgress.nullable(),
  /** When it is looked at again; null when it waits for no time. */
  wakeAt: time.nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
});
export type Step = z.infer<typeof step>;

export const attempt = z.object({
  step: z.string(),
  number: z.number(),
  /** "running" while it is under way, "interrupted" when its owner died or lost the lease. */
  outcome: z.enum(["running", "done", "degraded", "skipped", "failed", "retrying", "stopped", "interrupted"]),
  say: z.string(),
  code: z.string(),
  owner: z.string(),
  startedAt: time,
  endedAt: time.nullable(),
});
export type Attempt = z.infer<typeof attempt>;

export const logLevels = ["info", "warn", "error"] as const;
export const logLine = z.object({
  n: z.number(),
  at: time,
  step: z.string(),
  attempt: z.number(),
  level: z.enum(logLevels),
  text: z.string(),
});
export type LogLevel = (typeof logLevels)[number];
export type LogLine = z.infer<typeof logLine>;

export const job = z.object({
  id: z.string(),
  kind: z.string(),
  /** At most one job per key runs at a time. */
  key: z.string(),
  /** The slug of the cluster it acts on; "" for none. */
  cluster: z.string(),
  title: z.string(),
  status: jobStatus,
  /** One sentence: how it stands, or how it ended. */
  say: z.string(),
  /** The process that works on it; null while nobody does. */
  owner: z.string().nullable(),
  leaseUntil: time.nullable(),
  /** When it will be looked at again; null when it waits for nothing. */
  wakeAt: time.nullable(),
  /** The job that it waits for in the queue, and how many are before it; null when none is. */
  behind: z.object({ id: z.string(), title: z.string(), ahead: z.number() }).nullable(),
  startedBy: z.string(),
  cancelledBy: z.string().nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  /** The number of its last log line; 0 before the first. */
  lastLine: z.number(),
  /** Rises with every change; of two pictures of a job the one with the higher is the newer. */
  revision: z.number(),
});
export type Job = z.infer<typeof job>;

export const jobDetail = job.extend({ input: z.unknown(), steps: z.array(step) });
export type JobDetail = z.infer<typeof jobDetail>;

/** What the live stream sends: the job as it stands now, without what never changes, and the log lines since the change before. */
export const jobChange = z.object({ job: jobDetail.omit({ input: true }), lines: z.array(logLine) });
export type JobChange = z.infer<typeof jobChange>;

/** A job's number is its id as people read it. */
export const jobId = z.string().regex(/^job-\d{4,12}$/, "A job is named like job-0042.");
