// The rows of jobs, written: claimed, leased and changed in single statements, by the database's clock alone.
// Invariant: whoever works on a job holds its fence; each of their writes first locks the job's row with that
// fence in its condition, so a writer that was overtaken changes nothing and learns it by LeaseLost.
import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/base/errors";
import type { JobDatabase } from "./database";
import { holdsSlot, jobStatus, mayPrecede, stepProgress, stepStatus, type JobStatus, type LogLevel, type StepProgress, type StepStatus } from "./model";
import type { PreparedJob } from "./step";

/** What a worker holds: the right to write for a job. */
export interface Mine { id: string; fence: number; owner: string }

const claimed = z.object({
  id: z.string(), kind: z.string(), key: z.string(), input: z.unknown(), fence: z.number(), ageMs: z.number(),
  status: z.enum(["RUNNING", "CANCELLING"]),
});
export type Claim = z.infer<typeof claimed>;

export class LeaseLost extends Error {
  override name = "LeaseLost";
  constructor(id: string) {
    super(`Another process works on ${id} now; this one's writes are refused.`);
  }
}

const ms = (column: string) => `extract(epoch from ${column})::float8 * 1000`;
const later = (parameter: string) => `clock_timestamp() + ${parameter}::float8 * interval '1 millisecond'`;
const slotList = holdsSlot.map((status) => `'${status}'`).join(", ");

export interface Enqueue { kind: string; prepared: PreparedJob; startedBy: string; exclusive: boolean }

/** A new job in the queue. An exclusive one is refused while another of its key waits or runs, and that one is named. */
export async function enqueue(db: JobDatabase, { kind, prepared, startedBy, exclusive }: Enqueue): Promise<{ started: boolean; id: string }> {
  const made = await db.query(
    `WITH next AS (SELECT nextval('"Job_number_seq"') AS number)
     INSERT INTO "Job" ("id", "number", "kind", "key", "cluster", "title", "input", "exclusive", "startedBy", "createdAt")
     SELECT 'job-' || lpad(number::text, greatest(4, length(number::text)), '0'), number, $1, $2, $3, $4, $5::jsonb, $6::boolean, $7, clock_timestamp() FROM next
     ON CONFLICT DO NOTHING RETURNING "id"`,
    [kind, prepared.key, prepared.cluster, prepared.title, JSON.stringify(prepared.input), exclusive, startedBy],
  );
  const [row] = z.array(z.object({ id: z.string() })).parse(made);
  if (row) return { started: true, id: row.id };
  const there = await db.query(`SELECT "id" FROM "Job" WHERE "key" = $1 AND "exclusive" AND "status" IN ('QUEUED', ${slotList}) LIMIT 1`, [prepared.key]);
  const [other] = z.array(z.object({ id: z.string() })).parse(there);
  return other ? { started: false, id: other.id } : enqueue(db, { kind, prepared, startedBy, exclusive });
}

const claimSql = `
  UPDATE "Job" SET "owner" = $1, "leaseUntil" = ${later("$2")}, "fence" = "fence" + 1, "wakeAt" = NULL, "revision" = "revision" + 1,
    "status" = CASE "status" WHEN 'CANCELLING' THEN 'CANCELLING' ELSE 'RUNNING' END, "startedAt" = coalesce("startedAt", clock_timestamp())
  WHERE "id" = (
    SELECT j."id" FROM "Job" j WHERE j."kind" = ANY($3::text[]) AND j."id" <> ALL($4::text[]) AND (
      (j."status" = 'QUEUED' AND NOT EXISTS (SELECT 1 FROM "Job" s WHERE s."key" = j."key" AND s."status" IN (${slotList})))
      OR (j."status" = 'RETRY_WAIT' AND j."wakeAt" <= clock_timestamp())
      OR (j."status" IN ('RUNNING', 'CANCELLING') AND (j."leaseUntil" IS NULL OR j."leaseUntil" < clock_timestamp())))
    ORDER BY j."number" FOR UPDATE SKIP LOCKED LIMIT 1)
  RETURNING "id", "kind", "key", "input", "fence"::float8 AS "fence", "status", ${ms(`(clock_timestamp() - "startedAt")`)} AS "ageMs"`;

export interface ClaimTerms {
  owner: string;
  leaseMs: number;
  kinds: readonly string[];
  /** Jobs this process still has a step of, even if their lease ran out: two turns of one job must not meet. */
  except: readonly string[];
}

/** The oldest job that may be worked on, now owned; null when there is none or another worker was faster. */
export async function claim(db: JobDatabase, { owner, leaseMs, kinds, except }: ClaimTerms): Promise<Claim | null> {
  const rows = await db.query(claimSql, [owner, leaseMs, kinds, except]).catch((thrown: unknown) => {
    if (db.isUniqueViolation(thrown)) return [];
    throw thrown;
  });
  return z.array(claimed).parse(rows)[0] ?? null;
}

/** How long until a job will be due by time alone (a wait that ends, a lease that runs out); null when none will. */
export async function dueInMs(db: JobDatabase, kinds: readonly string[]): Promise<number | null> {
  const rows = await db.query(
    `SELECT ${ms(`(min(CASE "status" WHEN 'RETRY_WAIT' THEN "wakeAt" ELSE "leaseUntil" END) - clock_timestamp())`)} AS "ms"
     FROM "Job" WHERE "kind" = ANY($1::text[]) AND "status" IN ('RETRY_WAIT', 'RUNNING', 'CANCELLING')`,
    [kinds],
  );
  return z.array(z.object({ ms: z.number().nullable() })).parse(rows)[0]?.ms ?? null;
}

/** Lengthens the lease; the answer says whether it was still ours, and whether somebody asked to cancel. */
export async function renew(db: JobDatabase, mine: Mine, leaseMs: number): Promise<"held" | "cancelling" | "lost"> {
  const rows = await db.query(`UPDATE "Job" SET "leaseUntil" = ${later("$3")} WHERE "id" = $1 AND "fence" = $2::bigint AND "owner" = $4 RETURNING "status"`, [mine.id, mine.fence, leaseMs, mine.owner]);
  const [row] = z.array(z.object({ status: jobStatus })).parse(rows);
  if (!row) return "lost";
  return row.status === "CANCELLING" ? "cancelling" : "held";
}

/** Starts a fenced statement: locks the job's row, or finds nothing. $1 id, $2 fence, $3 owner are taken. */
const held = (set = "") => `WITH held AS (UPDATE "Job" SET "revision" = "revision" + 1${set} WHERE "id" = $1 AND "fence" = $2::bigint AND "owner" = $3 RETURNING "id", "status", "lastLine")`;

async function fenced(db: JobDatabase, mine: Mine, { sql, values }: { sql: string; values: readonly unknown[] }): Promise<unknown[]> {
  const rows = await db.query(sql, [mine.id, mine.fence, mine.owner, ...values]);
  if (rows.length === 0) throw new LeaseLost(mine.id);
  return rows;
}

/** Gives the job back at a step boundary: the next worker may claim it at once. */
export async function release(db: JobDatabase, mine: Mine): Promise<void> {
  await fenced(db, mine, { sql: `${held(`, "owner" = NULL, "leaseUntil" = NULL`)} SELECT 1 FROM held`, values: [] });
}

const stepState = z.object({ name: z.string(), status: stepStatus, attempt: z.number(), progress: stepProgress.nullable() });
export type StepState = z.infer<typeof stepState>;

/** The steps as they stand, those that are not there yet added. */
export async function openSteps(db: JobDatabase, mine: Mine, steps: readonly { name: string; title: string }[]): Promise<StepState[]> {
  const values = [JSON.stringify(steps.map(({ name, title }, position) => ({ name, title, position })))];
  await fenced(db, mine, {
    sql: `${held()}, made AS (INSERT INTO "JobStep" ("jobId", "name", "title", "position")
            SELECT held."id", s."name", s."title", s."position" FROM held, jsonb_to_recordset($4::jsonb) AS s("name" text, "title" text, "position" int) ON CONFLICT DO NOTHING)
          SELECT 1 FROM held`,
    values,
  });
  const rows = await db.query(`SELECT "name", "status", "attempt", "progress" FROM "JobStep" WHERE "jobId" = $1 ORDER BY "position"`, [mine.id]);
  return z.array(stepState).parse(rows);
}

/** Opens the next attempt of a step, or goes on with one that only waited. An attempt whose owner vanished is closed as interrupted. */
export async function beginAttempt(db: JobDatabase, mine: Mine, step: string): Promise<{ attempt: number; goesOn: boolean }> {
  const rows = await fenced(db, mine, {
    sql: `${held()}, was AS (SELECT s."status" FROM "JobStep" s, held WHERE s."jobId" = held."id" AND s."name" = $4),
          cut AS (UPDATE "JobAttempt" a SET "outcome" = 'interrupted', "say" = 'Its process ended, or lost the lease.', "endedAt" = clock_timestamp()
            FROM held, was WHERE a."jobId" = held."id" AND a."outcome" = 'running' AND NOT (a."step" = $4 AND was."status" = 'waiting')),
          begun AS (UPDATE "JobStep" s SET "status" = 'running', "startedAt" = coalesce(s."startedAt", clock_timestamp()), "attempt" = s."attempt" + CASE was."status" WHEN 'waiting' THEN 0 ELSE 1 END
            FROM held, was WHERE s."jobId" = held."id" AND s."name" = $4 RETURNING s."attempt"),
          opened AS (INSERT INTO "JobAttempt" ("jobId", "step", "number", "owner", "fence", "startedAt")
            SELECT $1, $4, begun."attempt", $3, $2::bigint, clock_timestamp() FROM begun ON CONFLICT DO NOTHING)
          SELECT begun."attempt", was."status" = 'waiting' AS "goesOn" FROM begun, was`,
    values: [step],
  });
  return z.tuple([z.object({ attempt: z.number(), goesOn: z.boolean() })]).parse(rows)[0];
}

export async function saveProgress(db: JobDatabase, mine: Mine, { step, progress }: { step: string; progress: StepProgress }): Promise<void> {
  await fenced(db, mine, {
    sql: `${held()}, saved AS (UPDATE "JobStep" s SET "progress" = $5::jsonb FROM held WHERE s."jobId" = held."id" AND s."name" = $4) SELECT 1 FROM held`,
    values: [step, JSON.stringify(progress)],
  });
}

export interface Settlement {
  step: string;
  status: StepStatus;
  /** How the attempt ended; null while it only waits. */
  attempt: string | null;
  say: string;
  code: string;
  /** Where the job goes; a job that is being cancelled stays so. */
  to: "RUNNING" | "RETRY_WAIT" | "NEEDS_ATTENTION" | "FAILED";
  afterMs: number;
}

/** Writes what a step answered, and where the job goes. The answer is the job's status afterwards. */
export async function settle(db: JobDatabase, mine: Mine, settlement: Settlement): Promise<JobStatus> {
  const { step, status, attempt, say, code, to, afterMs } = settlement;
  const stays = `("status" = 'CANCELLING' OR $8 = 'RUNNING')`;
  const rows = await fenced(db, mine, {
    sql: `${held(`, "status" = CASE WHEN ${stays} THEN "status" ELSE $8 END, "owner" = CASE WHEN ${stays} THEN "owner" END, "leaseUntil" = CASE WHEN ${stays} THEN "leaseUntil" END,
            "wakeAt" = CASE WHEN "status" <> 'CANCELLING' AND $8 = 'RETRY_WAIT' THEN ${later("$9")} END, "say" = CASE WHEN $8 = 'RUNNING' THEN "say" ELSE $6 END,
            "endedAt" = CASE WHEN "status" <> 'CANCELLING' AND $8 = 'FAILED' THEN clock_timestamp() END`)},
          stepped AS (UPDATE "JobStep" s SET "status" = $5, "say" = $6, "code" = $7, "endedAt" = CASE WHEN $5 IN ('done', 'degraded', 'skipped', 'failed') THEN clock_timestamp() END
            FROM held WHERE s."jobId" = held."id" AND s."name" = $4),
          tried AS (UPDATE "JobAttempt" a SET "outcome" = coalesce($10, 'running'), "say" = $6, "code" = $7, "endedAt" = CASE WHEN $10::text IS NOT NULL THEN clock_timestamp() END
            FROM held WHERE a."jobId" = held."id" AND a."step" = $4 AND a."outcome" = 'running')
          SELECT "status" FROM held`,
    values: [step, status, say, code, to, afterMs, attempt],
  });
  return z.array(z.object({ status: jobStatus })).parse(rows)[0]?.status ?? to;
}

/** The end of a job whose steps are over, or that was told to stop and now stands still. */
export async function finish(db: JobDatabase, mine: Mine, { to, say }: { to: "SUCCEEDED" | "CANCELLED"; say: string }): Promise<void> {
  await fenced(db, mine, {
    sql: `WITH held AS (UPDATE "Job" SET "revision" = "revision" + 1, "status" = $4, "say" = $5, "owner" = NULL, "leaseUntil" = NULL, "wakeAt" = NULL, "endedAt" = clock_timestamp()
            WHERE "id" = $1 AND "fence" = $2::bigint AND "owner" = $3 AND "status" = ANY($6::text[]) RETURNING "id"),
          stepped AS (UPDATE "JobStep" s SET "status" = 'stopped', "endedAt" = clock_timestamp() FROM held WHERE s."jobId" = held."id" AND s."status" IN ('running', 'waiting', 'retrying')),
          tried AS (UPDATE "JobAttempt" a SET "outcome" = CASE $4 WHEN 'CANCELLED' THEN 'stopped' ELSE 'interrupted' END, "endedAt" = clock_timestamp() FROM held WHERE a."jobId" = held."id" AND a."outcome" = 'running')
          SELECT 1 FROM held`,
    values: [to, say, mayPrecede(to)],
  });
}

export interface NewLine { at: number; step: string; attempt: number; level: LogLevel; text: string }

/** Adds log lines under the next numbers; numbers have no gaps and become visible in their order. */
export async function appendLines(db: JobDatabase, mine: Mine, lines: readonly NewLine[]): Promise<void> {
  await fenced(db, mine, {
    sql: `${held(`, "lastLine" = "lastLine" + $5::int`)}, made AS (INSERT INTO "JobLine" ("jobId", "n", "at", "step", "attempt", "level", "text")
            SELECT held."id", held."lastLine" - $5::int + l."i", to_timestamp(l."at" / 1000), l."step", l."attempt", l."level", l."text"
            FROM held, jsonb_to_recordset($4::jsonb) AS l("i" int, "at" float8, "step" text, "attempt" int, "level" text, "text" text))
          SELECT 1 FROM held`,
    values: [JSON.stringify(lines.map((line, at) => ({ ...line, i: at + 1 }))), lines.length],
  });
}

/** Asks a job to stop. What has not begun is cancelled at once; what works is cancelled when its step has returned. */
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

/** Lets a job that stands until a person looked go on from the step where it stands. */
export async function resume(db: JobDatabase, id: string): Promise<void> {
  const rows = await db.query(
    `UPDATE "Job" SET "status" = 'RETRY_WAIT', "wakeAt" = clock_timestamp(), "revision" = "revision" + 1, "say" = 'Resumed.' WHERE "id" = $1 AND "status" = 'NEEDS_ATTENTION' RETURNING "id"`,
    [id],
  );
  if (rows.length === 0) await refuse(db, id, "resumed");
}

async function refuse(db: JobDatabase, id: string, wish: string): Promise<never> {
  const [row] = z.array(z.object({ status: jobStatus })).parse(await db.query(`SELECT "status" FROM "Job" WHERE "id" = $1`, [id]));
  if (!row) throw new AppError("not-found", `There is no job ${id}.`);
  throw new AppError("conflict", `${id} is ${row.status.toLowerCase().replace("_", " ")} and cannot be ${wish}.`);
}
