// What people ask of a job that is there: stop, go on, try a step again, leave a step out. Each is one statement that locks
// the job's row first, as its worker does; the worker hears of it by the count of wishes.
import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/base/errors";
import type { JobDatabase } from "./database";
import { jobStatus, mayPrecede, stepStatus, type JobStatus } from "./model";

/** Asks a job to stop. What has not begun is cancelled at once; what works is cancelled when its steps have returned. */
export async function requestCancel(db: JobDatabase, id: string, by: string): Promise<void> {
  const rows = await db.query(
    `UPDATE "Job" SET "status" = CASE "status" WHEN 'QUEUED' THEN 'CANCELLED' ELSE 'CANCELLING' END, "cancelledBy" = $2, "wakeAt" = NULL, "revision" = "revision" + 1,
       "say" = CASE "status" WHEN 'QUEUED' THEN 'Cancelled before it began; nothing was done.' ELSE 'Stopping.' END,
       "endedAt" = CASE "status" WHEN 'QUEUED' THEN clock_timestamp() END
     WHERE "id" = $1 AND "status" = ANY($3::text[]) RETURNING "id"`,
    [id, by, [...mayPrecede("CANCELLING"), "QUEUED"]],
  );
  if (rows.length === 0) await refuse(db, id, "cancelled");
}

/** Wakes the job for its steps' sake, from whatever it stands in. */
const wake = `"wishes" = "wishes" + 1, "revision" = "revision" + 1,
  "say" = CASE WHEN "status" IN ('NEEDS_ATTENTION', 'RETRY_WAIT', 'SUCCEEDED') THEN '' ELSE "say" END, "endedAt" = NULL,
  "wakeAt" = CASE WHEN "status" IN ('NEEDS_ATTENTION', 'RETRY_WAIT', 'SUCCEEDED') THEN clock_timestamp() ELSE "wakeAt" END,
  "status" = CASE WHEN "status" IN ('NEEDS_ATTENTION', 'SUCCEEDED') THEN 'RETRY_WAIT' ELSE "status" END`;
const stepIs = (statuses: string) => `EXISTS (SELECT 1 FROM "JobStep" s WHERE s."jobId" = "Job"."id" AND s."name" = $2 AND s."status" IN (${statuses}))`;
/** A cancelled job starts nothing more, and one in the queue has nothing to move yet. */
const movable: readonly JobStatus[] = ["RUNNING", "RETRY_WAIT", "NEEDS_ATTENTION"];

/** Lets a job that stands until a person looked go on: every failed step is tried again. */
export async function resume(db: JobDatabase, id: string): Promise<void> {
  const rows = await db.query(
    `WITH held AS (UPDATE "Job" SET ${wake} WHERE "id" = $1 AND "status" = 'NEEDS_ATTENTION' RETURNING "id"),
     again AS (UPDATE "JobStep" s SET "status" = 'retrying', "wakeAt" = clock_timestamp(), "endedAt" = NULL FROM held WHERE s."jobId" = held."id" AND s."status" = 'failed')
     SELECT "id" FROM held`,
    [id],
  );
  if (rows.length === 0) await refuse(db, id, "resumed");
}

export interface StepWish { id: string; step: string }

const again = "'failed', 'retrying', 'waiting', 'degraded'";
/** A job that ended without what one of its steps was to bring goes on for that step's sake, unless a later job has acted on the same since. */
const healable = `("status" = 'SUCCEEDED' AND ${stepIs("'degraded'")} AND NOT EXISTS (SELECT 1 FROM "Job" l WHERE l."key" = "Job"."key" AND l."number" > "Job"."number"))`;

/** Tries a step again that failed or ended degraded, or one that waits for a time now. */
export async function retryStep(db: JobDatabase, { id, step }: StepWish): Promise<void> {
  const rows = await db.query(
    `WITH held AS (UPDATE "Job" SET ${wake} WHERE "id" = $1 AND (("status" = ANY($3::text[]) AND ${stepIs(again)}) OR ${healable}) RETURNING "id"),
     again AS (UPDATE "JobStep" s SET "status" = CASE s."status" WHEN 'waiting' THEN 'waiting' ELSE 'retrying' END, "wakeAt" = clock_timestamp(), "endedAt" = NULL
       FROM held WHERE s."jobId" = held."id" AND s."name" = $2 AND s."status" IN (${again}) RETURNING s."name")
     SELECT "name" FROM again`,
    [id, step, movable],
  );
  if (rows.length === 0) await refuseStep(db, { id, step }, "tried again: only one that failed, waits or ended degraded can be");
}

/** Leaves a step out, as if it were over: the steps after it go on without it. */
export async function skipStep(db: JobDatabase, { id, step, by, reason }: StepWish & { by: string; reason: string }): Promise<void> {
  const rows = await db.query(
    `WITH held AS (UPDATE "Job" SET ${wake} WHERE "id" = $1 AND "status" = ANY($3::text[]) AND ${stepIs("'todo', 'failed', 'retrying', 'waiting'")} RETURNING "id"),
     left_out AS (UPDATE "JobStep" s SET "status" = 'skipped', "say" = $4, "wakeAt" = NULL, "endedAt" = clock_timestamp()
       FROM held WHERE s."jobId" = held."id" AND s."name" = $2 AND s."status" IN ('todo', 'failed', 'retrying', 'waiting') RETURNING s."name"),
     tried AS (UPDATE "JobAttempt" a SET "outcome" = 'stopped', "say" = $4, "endedAt" = clock_timestamp() FROM left_out WHERE a."jobId" = $1 AND a."step" = left_out."name" AND a."outcome" = 'running')
     SELECT "name" FROM left_out`,
    [id, step, movable, `Left out by ${by}: ${reason}`],
  );
  if (rows.length === 0) await refuseStep(db, { id, step }, "left out: only one that does not run and is not over can be");
}

const inWords = (status: string) => status.toLowerCase().replace("_", " ");

async function refuse(db: JobDatabase, id: string, wish: string): Promise<never> {
  const [row] = z.array(z.object({ status: jobStatus })).parse(await db.query(`SELECT "status" FROM "Job" WHERE "id" = $1`, [id]));
  if (!row) throw new AppError("not-found", `There is no job ${id}.`);
  throw new AppError("conflict", `${id} is ${inWords(row.status)} and cannot be ${wish}.`);
}

async function refuseStep(db: JobDatabase, { id, step }: StepWish, wish: string): Promise<never> {
  const rows = await db.query(`SELECT j."status" AS "job", s."status" AS "step" FROM "Job" j LEFT JOIN "JobStep" s ON s."jobId" = j."id" AND s."name" = $2 WHERE j."id" = $1`, [id, step]);
  const [row] = z.array(z.object({ job: jobStatus, step: stepStatus.nullable() })).parse(rows);
  if (!row) throw new AppError("not-found", `There is no job ${id}.`);
  if (!row.step) throw new AppError("not-found", `${id} has no step ${step}.`);
  if (row.job === "SUCCEEDED" && row.step === "degraded") throw new AppError("conflict", `Another job has acted on the same since ${id} ended; its steps cannot be tried again.`);
  if (!movable.includes(row.job)) throw new AppError("conflict", `${id} is ${inWords(row.job)}; its steps cannot be moved.`);
  throw new AppError("conflict", `Step ${step} is ${row.step} and cannot be ${wish}.`);
}
