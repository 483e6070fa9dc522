// The queue of jobs: asked for, claimed and leased in single statements, by the database's clock alone.
import "server-only";
import { z } from "zod";
import type { JobDatabase } from "./database";
import { holdsSlot, jobStatus } from "./model";
import type { PreparedJob, PreparedStep } from "./step";

/** What a worker holds: the right to write for a job. */
export interface Mine { id: string; fence: number; owner: string }

const claimed = z.object({
  id: z.string(), kind: z.string(), key: z.string(), input: z.unknown(), fence: z.number(), ageMs: z.number(), lastLine: z.number(), wishes: z.number(),
  status: z.enum(["RUNNING", "CANCELLING"]),
});
export type Claim = z.infer<typeof claimed>;

export class LeaseLost extends Error {
  override name = "LeaseLost";
  constructor(id: string) {
    super(`Another process works on ${id} now; this one's writes are refused.`);
  }
}

export const ms = (column: string) => `extract(epoch from ${column})::float8 * 1000`;
export const later = (parameter: string) => `clock_timestamp() + ${parameter}::float8 * interval '1 millisecond'`;
const slotList = holdsSlot.map((status) => `'${status}'`).join(", ");

/** How many of the latest successes tell how long a step is going to take. */
const historyOf = 20;

/**
 * The steps of the job in `job`, as rows. How long each is expected to take is the median of what steps of the same kind
 * took before; where none was done yet, the kind's own word. A step that is there already only learns its place anew.
 */
export const insertSteps = (job: string, kind: string, steps: string) => `
  INSERT INTO "JobStep" ("jobId", "name", "title", "position", "needs", "lane", "chain", "tier", "alike", "expectMs", "expectFrom")
  SELECT ${job}."id", s."name", s."title", s."position", s."needs", s."lane", s."chain", s."tier", s."alike", coalesce(past."ms", s."expectMs"), past."times"
  FROM ${job}, jsonb_to_recordset(${steps}::jsonb) AS s("name" text, "title" text, "position" int, "needs" jsonb, "lane" text, "chain" text, "tier" int, "alike" text, "expectMs" float8)
  CROSS JOIN LATERAL (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY took."ms") AS "ms", count(*)::int AS "times" FROM (
    SELECT ${ms(`(a."endedAt" - a."startedAt")`)} AS "ms" FROM "JobStep" p JOIN "Job" j ON j."id" = p."jobId" AND j."kind" = ${kind}
    JOIN "JobAttempt" a ON a."jobId" = p."jobId" AND a."step" = p."name" AND a."outcome" = 'done'
    WHERE p."alike" = s."alike" AND p."status" = 'done' ORDER BY a."endedAt" DESC LIMIT ${historyOf}) took) past
  ON CONFLICT ("jobId", "name") DO UPDATE SET "title" = excluded."title", "position" = excluded."position", "needs" = excluded."needs", "lane" = excluded."lane", "chain" = excluded."chain", "tier" = excluded."tier"`;

export function stepRows(steps: readonly PreparedStep[]): string {
  return JSON.stringify(steps.map(({ name, title, needs, lane, chain, tier, alike, expectMs }, position) => ({ name, title, position, needs, lane, chain, tier, alike, expectMs })));
}

export interface Enqueue { kind: string; prepared: PreparedJob; startedBy: string; exclusive: boolean }

/** A new job in the queue. An exclusive one is refused while another of its key waits or runs, and that one is named. */
export async function enqueue(db: JobDatabase, { kind, prepared, startedBy, exclusive }: Enqueue): Promise<{ started: boolean; id: string }> {
  const made = await db.query(
    `WITH next AS (SELECT nextval('"Job_number_seq"') AS number),
     made AS (INSERT INTO "Job" ("id", "number", "kind", "key", "cluster", "title", "input", "exclusive", "startedBy", "createdAt")
       SELECT 'job-' || lpad(number::text, greatest(4, length(number::text)), '0'), number, $1, $2, $3, $4, $5::jsonb, $6::boolean, $7, clock_timestamp() FROM next
       ON CONFLICT DO NOTHING RETURNING "id"),
     steps AS (${insertSteps("made", "$1", "$8")})
     SELECT "id" FROM made`,
    [kind, prepared.key, prepared.cluster, prepared.title, JSON.stringify(prepared.input), exclusive, startedBy, stepRows(prepared.steps)],
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
      (j."status" = 'QUEUED' AND NOT EXISTS (SELECT 1 FROM "Job" s WHERE s."key" = j."key" AND (s."status" IN (${slotList}) OR (s."status" = 'QUEUED' AND s."number" < j."number"))))
      OR (j."status" = 'RETRY_WAIT' AND j."wakeAt" <= clock_timestamp())
      OR (j."status" IN ('RUNNING', 'CANCELLING') AND (j."leaseUntil" IS NULL OR j."leaseUntil" < clock_timestamp())))
    ORDER BY j."number" FOR UPDATE SKIP LOCKED LIMIT 1)
  RETURNING "id", "kind", "key", "input", "fence"::float8 AS "fence", "status", ${ms(`(clock_timestamp() - "startedAt")`)} AS "ageMs", "lastLine", "wishes"`;

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

export type Renewal = { is: "held" | "cancelling"; wishes: number } | { is: "lost" };

/** Lengthens the lease; the answer says whether it was still ours, whether somebody asked to cancel, and how often somebody wished something of its steps. */
export async function renew(db: JobDatabase, mine: Mine, leaseMs: number): Promise<Renewal> {
  const rows = await db.query(`UPDATE "Job" SET "leaseUntil" = ${later("$3")} WHERE "id" = $1 AND "fence" = $2::bigint AND "owner" = $4 RETURNING "status", "wishes"`, [mine.id, mine.fence, leaseMs, mine.owner]);
  const [row] = z.array(z.object({ status: jobStatus, wishes: z.number() })).parse(rows);
  if (!row) return { is: "lost" };
  return { is: row.status === "CANCELLING" ? "cancelling" : "held", wishes: row.wishes };
}
