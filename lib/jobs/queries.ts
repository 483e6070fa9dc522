// The rows of jobs, read: for lists, a job's page, and whoever follows a log from a number.
import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/base/errors";
import type { JobDatabase } from "./database";
import { attempt, holdsSlot, job, jobDetail, logLine, type Attempt, type Job, type JobDetail, type JobStatus, type LogLine } from "./model";

const time = (column: string, table = "") => `extract(epoch from ${table}"${column}")::float8 * 1000 AS "${column}"`;
const jobColumns = `"id", "kind", "key", "cluster", "title", "status", "say", "owner", ${time("leaseUntil")}, ${time("wakeAt")},
  CASE WHEN "status" = 'QUEUED' THEN (SELECT jsonb_build_object('id', (array_agg(b."id" ORDER BY b."status" = 'QUEUED', b."number"))[1], 'title', (array_agg(b."title" ORDER BY b."status" = 'QUEUED', b."number"))[1], 'ahead', count(*))
    FROM "Job" b WHERE b."key" = "Job"."key" AND (b."status" = ANY(ARRAY[${holdsSlot.map((status) => `'${status}'`).join(", ")}]) OR (b."status" = 'QUEUED' AND b."number" < "Job"."number")) HAVING count(*) > 0) END AS "behind",
  "startedBy", "cancelledBy", ${time("createdAt")}, ${time("startedAt")}, ${time("endedAt")}, "lastLine", "revision"`;

export interface JobFilter {
  cluster?: string | undefined;
  key?: string | undefined;
  statuses?: readonly JobStatus[] | undefined;
  limit: number;
}

/** Newest first. */
export async function listJobs(db: JobDatabase, { cluster, key, statuses, limit }: JobFilter): Promise<Job[]> {
  const rows = await db.query(
    `SELECT ${jobColumns} FROM "Job" WHERE ($1::text IS NULL OR "cluster" = $1) AND ($2::text IS NULL OR "key" = $2) AND ($3::text[] IS NULL OR "status" = ANY($3)) ORDER BY "number" DESC LIMIT $4::int`,
    [cluster ?? null, key ?? null, statuses ?? null, limit],
  );
  return z.array(job).parse(rows);
}

/** The job and its steps as of one moment. */
export async function findJob(db: JobDatabase, id: string): Promise<JobDetail> {
  const rows = await db.query(
    `SELECT ${jobColumns}, "input", coalesce((SELECT jsonb_agg(jsonb_build_object('name', s."name", 'title', s."title", 'position', s."position", 'needs', s."needs", 'lane', s."lane", 'chain', s."chain", 'tier', s."tier", 'expectMs', s."expectMs", 'expectFrom', s."expectFrom", 'userError', s."userError", 'status', s."status", 'say', s."say", 'code', s."code",
       'attempt', s."attempt", 'progress', s."progress" - 'memory', 'wakeAt', extract(epoch from s."wakeAt") * 1000, 'startedAt', extract(epoch from s."startedAt") * 1000, 'endedAt', extract(epoch from s."endedAt") * 1000) ORDER BY s."position")
       FROM "JobStep" s WHERE s."jobId" = "Job"."id"), '[]'::jsonb) AS "steps" FROM "Job" WHERE "id" = $1`,
    [id],
  );
  const [row] = z.array(jobDetail).parse(rows);
  if (!row) throw new AppError("not-found", `There is no job ${id}.`);
  return row;
}

export async function listAttempts(db: JobDatabase, id: string): Promise<Attempt[]> {
  const rows = await db.query(
    `SELECT a."step", a."number", a."outcome", a."say", a."code", a."owner", ${time("startedAt", "a.")}, ${time("endedAt", "a.")}
     FROM "JobAttempt" a JOIN "JobStep" s ON s."jobId" = a."jobId" AND s."name" = a."step" WHERE a."jobId" = $1 ORDER BY s."position", a."number"`,
    [id],
  );
  return z.array(attempt).parse(rows);
}

/** `after` below 0: so many from the end. */
export interface LinePage { after: number; limit: number }

/** Log lines numbered above `after`, in order. */
export async function readLines(db: JobDatabase, id: string, { after, limit }: LinePage): Promise<LogLine[]> {
  const rows = await db.query(`SELECT "n", ${time("at")}, "step", "attempt", "level", "text" FROM "JobLine" WHERE "jobId" = $1 AND "n" > CASE WHEN $2::int < 0 THEN (SELECT max("n") FROM "JobLine" WHERE "jobId" = $1) + $2::int ELSE $2::int END ORDER BY "n" LIMIT $3::int`, [id, after, limit]);
  return z.array(logLine).parse(rows);
}

/** How many lines of its log warn and how many are errors. */
export async function countLevels(db: JobDatabase, id: string): Promise<{ warn: number; error: number }> {
  const rows = await db.query(`SELECT count(*) FILTER (WHERE "level" = 'warn')::int AS "warn", count(*) FILTER (WHERE "level" = 'error')::int AS "error" FROM "JobLine" WHERE "jobId" = $1`, [id]);
  return z.object({ warn: z.number(), error: z.number() }).parse(rows[0]);
}
