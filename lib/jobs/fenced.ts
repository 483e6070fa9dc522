// What whoever works on a job writes, in single statements.
// Invariant: a worker holds the job's fence; each of its writes first locks the job's row with that fence in its
// condition, so a writer that was overtaken changes nothing and learns it by LeaseLost. Each may be repeated when its
// reply was lost: a second time it changes nothing more.
import "server-only";
import { z } from "zod";
import type { JobDatabase } from "./database";
import { mayPrecede, stepProgress, stepStatus, type LogLevel, type StepProgress } from "./model";
import type { Reaction } from "./react";
import type { PreparedStep } from "./step";
import { insertSteps, later, LeaseLost, ms, stepRows, type Mine } from "./store";

/** Starts a fenced statement: locks the job's row, or finds nothing. $1 id, $2 fence, $3 owner are taken. */
const held = (set = "", and = "") =>
  `WITH held AS (UPDATE "Job" SET "revision" = "revision" + 1${set} WHERE "id" = $1 AND "fence" = $2::bigint AND "owner" = $3${and} RETURNING "id", "kind", "status", "lastLine", "wishes", "title", "say")`;

async function fenced(db: JobDatabase, mine: Mine, { sql, values }: { sql: string; values: readonly unknown[] }): Promise<unknown[]> {
  const rows = await db.query(sql, [mine.id, mine.fence, mine.owner, ...values]);
  if (rows.length === 0) throw new LeaseLost(mine.id);
  return rows;
}

/** Gives the job back when none of its steps runs: the next worker may claim it at once. */
export async function release(db: JobDatabase, mine: Mine): Promise<void> {
  await fenced(db, mine, { sql: `${held(`, "owner" = NULL, "leaseUntil" = NULL`)} SELECT 1 FROM held`, values: [] });
}

/** The steps as this worker finds them, those that are not there yet added. What an owner before left running was interrupted. */
export async function openSteps(db: JobDatabase, mine: Mine, steps: readonly PreparedStep[]): Promise<void> {
  await fenced(db, mine, {
    sql: `${held()}, cut AS (UPDATE "JobAttempt" a SET "outcome" = 'interrupted', "say" = 'Its process ended, or lost the lease.', "endedAt" = clock_timestamp()
            FROM held, "JobStep" s WHERE a."jobId" = held."id" AND s."jobId" = held."id" AND s."name" = a."step" AND s."status" = 'running' AND a."outcome" = 'running'),
          freed AS (UPDATE "JobStep" s SET "status" = 'retrying', "wakeAt" = NULL FROM held WHERE s."jobId" = held."id" AND s."status" = 'running')
          SELECT 1 FROM held`,
    values: [],
  });
  await fenced(db, mine, { sql: `${held()}, made AS (${insertSteps("held", `held."kind"`, "$4")}) SELECT 1 FROM held`, values: [stepRows(steps)] });
}

const stepState = z.object({ name: z.string(), status: stepStatus, say: z.string(), userError: z.boolean(), progress: stepProgress.nullable(), dueInMs: z.number() });
export type StepState = z.infer<typeof stepState>;

/** How the steps stand, and how many wishes that answers. */
export async function readSteps(db: JobDatabase, { id }: Mine): Promise<{ wishes: number; steps: StepState[] }> {
  const rows = await db.query(
    `SELECT "wishes", (SELECT coalesce(jsonb_agg(jsonb_build_object('name', s."name", 'status', s."status", 'say', s."say", 'userError', s."userError", 'progress', s."progress",
       'dueInMs', coalesce(greatest(0, ${ms(`(s."wakeAt" - clock_timestamp())`)}), 0)) ORDER BY s."position"), '[]'::jsonb) FROM "JobStep" s WHERE s."jobId" = "Job"."id") AS "steps"
     FROM "Job" WHERE "id" = $1`,
    [id],
  );
  return z.tuple([z.object({ wishes: z.number(), steps: z.array(stepState) })]).parse(rows)[0];
}

const begun = z.object({ attempt: z.number(), goesOn: z.boolean(), attemptMs: z.number() });

/** Opens the next attempt of a step, or goes on with one that only waited. */
export async function beginAttempt(db: JobDatabase, mine: Mine, step: string): Promise<z.infer<typeof begun>> {
  const rows = await fenced(db, mine, {
    sql: `${held()}, was AS (SELECT s."status" IN ('waiting', 'running') AS "goesOn" FROM "JobStep" s, held WHERE s."jobId" = held."id" AND s."name" = $4),
          begun AS (UPDATE "JobStep" s SET "status" = 'running', "wakeAt" = NULL, "endedAt" = NULL, "startedAt" = coalesce(s."startedAt", clock_timestamp()), "attempt" = s."attempt" + CASE WHEN was."goesOn" THEN 0 ELSE 1 END
            FROM held, was WHERE s."jobId" = held."id" AND s."name" = $4 RETURNING s."attempt"),
          opened AS (INSERT INTO "JobAttempt" ("jobId", "step", "number", "owner", "fence", "startedAt")
            SELECT $1, $4, begun."attempt", $3, $2::bigint, clock_timestamp() FROM begun ON CONFLICT DO NOTHING)
          SELECT begun."attempt", was."goesOn", coalesce((SELECT ${ms(`(clock_timestamp() - a."startedAt")`)} FROM "JobAttempt" a WHERE a."jobId" = $1 AND a."step" = $4 AND a."number" = begun."attempt"), 0) AS "attemptMs" FROM begun, was`,
    values: [step],
  });
  return z.tuple([begun]).parse(rows)[0];
}

export async function saveProgress(db: JobDatabase, mine: Mine, { step, progress }: { step: string; progress: StepProgress }): Promise<void> {
  await fenced(db, mine, {
    sql: `${held()}, saved AS (UPDATE "JobStep" s SET "progress" = $5::jsonb FROM held WHERE s."jobId" = held."id" AND s."name" = $4) SELECT 1 FROM held`,
    values: [step, JSON.stringify(progress)],
  });
}

/** Writes what a step answered. */
export async function settle(db: JobDatabase, mine: Mine, { name, reaction }: { name: string; reaction: Reaction }): Promise<void> {
  const { step, attempt, say, code, userError, afterMs } = reaction;
  await fenced(db, mine, {
    sql: `${held()},
          stepped AS (UPDATE "JobStep" s SET "status" = $5, "say" = $6, "code" = $7, "userError" = $8::boolean, "wakeAt" = ${later("$9")}, "endedAt" = CASE WHEN $5 IN ('done', 'degraded', 'skipped', 'failed') THEN clock_timestamp() END
            FROM held WHERE s."jobId" = held."id" AND s."name" = $4),
          tried AS (UPDATE "JobAttempt" a SET "outcome" = coalesce($10, 'running'), "say" = $6, "code" = $7, "endedAt" = CASE WHEN $10::text IS NOT NULL THEN clock_timestamp() END
            FROM held WHERE a."jobId" = held."id" AND a."step" = $4 AND a."outcome" = 'running')
          SELECT 1 FROM held`,
    values: [name, step, say, code, userError, afterMs, attempt],
  });
}

export interface Conclusion {
  to: "RETRY_WAIT" | "NEEDS_ATTENTION" | "FAILED" | "SUCCEEDED" | "CANCELLED";
  say: string;
  /** For RETRY_WAIT: when it is looked at again. */
  afterMs: number | null;
  /** The wishes that were heard; a conclusion that overlooks one is refused. */
  wishes: number;
}

/**
 * Lets go of a job none of whose steps runs: ended, stopped, or until time or a person moves it. People are told of an end
 * in the same statement. False when meanwhile somebody asked to cancel or wished something; then nothing was changed.
 */
export async function conclude(db: JobDatabase, mine: Mine, { to, say, afterMs, wishes }: Conclusion): Promise<boolean> {
  const rows = await db.query(
    `${held(`, "status" = $4, "say" = $5, "owner" = NULL, "leaseUntil" = NULL, "wakeAt" = ${later("$6")}, "endedAt" = CASE WHEN $4 IN ('FAILED', 'SUCCEEDED', 'CANCELLED') THEN clock_timestamp() END`, ` AND "status" = ANY($7::text[]) AND "wishes" = $8::int`)},
     stepped AS (UPDATE "JobStep" s SET "status" = 'stopped', "wakeAt" = NULL, "endedAt" = clock_timestamp() FROM held WHERE $4 = 'CANCELLED' AND s."jobId" = held."id" AND s."status" IN ('running', 'waiting', 'retrying')),
     tried AS (UPDATE "JobAttempt" a SET "outcome" = 'stopped', "endedAt" = clock_timestamp() FROM held WHERE $4 = 'CANCELLED' AND a."jobId" = held."id" AND a."outcome" = 'running'),
     told AS (INSERT INTO "Notice" ("at", "mood", "title", "say", "href", "source")
       SELECT clock_timestamp(), CASE $4 WHEN 'SUCCEEDED' THEN 'good' WHEN 'CANCELLED' THEN 'plain' WHEN 'NEEDS_ATTENTION' THEN 'ask' ELSE 'bad' END, held."title", held."say", '/jobs/' || held."id", held."id" FROM held WHERE $4 <> 'RETRY_WAIT')
     SELECT 1 FROM held`,
    [mine.id, mine.fence, mine.owner, to, say, afterMs, mayPrecede(to), wishes],
  );
  return rows.length > 0;
}

export interface NewLine { at: number; step: string; attempt: number; level: LogLevel; text: string }

/** Adds log lines under the numbers after `after`, the last that this worker knows; numbers have no gaps and become visible in their order. */
export async function appendLines(db: JobDatabase, mine: Mine, { lines, after }: { lines: readonly NewLine[]; after: number }): Promise<void> {
  const rows = await db.query(
    `${held(`, "lastLine" = "lastLine" + $5::int`, ` AND "lastLine" = $6::int`)}, made AS (INSERT INTO "JobLine" ("jobId", "n", "at", "step", "attempt", "level", "text")
            SELECT held."id", $6::int + l."i", to_timestamp(l."at" / 1000), l."step", l."attempt", l."level", l."text"
            FROM held, jsonb_to_recordset($4::jsonb) AS l("i" int, "at" float8, "step" text, "attempt" int, "level" text, "text" text))
          SELECT 1 FROM held`,
    [mine.id, mine.fence, mine.owner, JSON.stringify(lines.map((line, at) => ({ ...line, i: at + 1 }))), lines.length, after],
  );
  if (rows.length > 0) return;
  // Stored already, when only the reply was lost; otherwise somebody else writes this log now.
  await fenced(db, mine, { sql: `SELECT 1 FROM "Job" WHERE "id" = $1 AND "fence" = $2::bigint AND "owner" = $3 AND "lastLine" = $4::int`, values: [after + lines.length] });
}
