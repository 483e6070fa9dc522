// The ledger as jobs write it: an intent before each create, its id in the statement that ends the call.
// Each write locks the job's row with the writer's fence, so that a process that was overtaken changes nothing.
import "server-only";
import { createHash } from "node:crypto";
import { z } from "zod";
import type { JobDatabase } from "@/lib/jobs/database";
import { LeaseLost } from "@/lib/jobs/store";
import type { ResourceKind } from "./graph/model";
import { ledgerStates, type LedgerState } from "./model";

const entry = z.object({
  intent: z.string(), resource: z.string(), kind: z.string(), awsId: z.string().nullable(), state: z.enum(ledgerStates), job: z.string(), fields: z.unknown(),
  /** Since the intent was written, and since the thing was known to be there; by the database's clock. */
  intentAgeMs: z.number(), createdAgeMs: z.number().nullable(),
});
export type Entry = z.infer<typeof entry>;

/** Whose hand writes. */
export interface Hand { job: string; fence: number; step: string }
export interface Intended { cluster: string; resource: string; kind: ResourceKind; fields: unknown }

export interface Ledger {
  /** What is meant to be there or to go: by resource. */
  living(cluster: string): Promise<Entry[]>;
  /** Lost without trace: made perhaps, and never seen. */
  suspects(cluster: string): Promise<Entry[]>;
  /** Throws when a living entry of the resource is there already. */
  intend(hand: Hand, intended: Intended): Promise<Entry>;
  /** A thing that is there and was not in the book. */
  adopt(hand: Hand, intended: Intended & { awsId: string }): Promise<void>;
  made(hand: Hand, intent: string, awsId: string): Promise<void>;
  move(hand: Hand, intent: string, to: { state: LedgerState; say: string }): Promise<void>;
  /** What is asked of it is something else now. */
  describe(hand: Hand, intent: string, fields: unknown): Promise<void>;
  /** Every entry of the cluster that names this id is over. */
  gone(hand: Hand, cluster: string, awsIds: readonly string[]): Promise<void>;
}

const living = ["INTENT", "CREATED", "READY", "DRIFTED", "DELETING"] as const satisfies readonly LedgerState[];
const ages = (column: string) => `extract(epoch from clock_timestamp() - "${column}")::float8 * 1000`;
const columns = `"intent", "resource", "kind", "awsId", "state", "job", "fields", ${ages("intentAt")} AS "intentAgeMs", ${ages("createdAt")} AS "createdAgeMs"`;
/** $1 job, $2 fence. */
const held = `WITH held AS (SELECT "id" FROM "Job" WHERE "id" = $1 AND "fence" = $2::bigint AND "owner" IS NOT NULL FOR SHARE)`;

/**
 * The name of an intent, also AWS' client token: at most 64 characters, the same for the same job, resource and try.
 * A process that wrote it and died is continued by one that finds it; it is never made up again.
 */
export function intentName(job: string, resource: string, generation: number): string {
  return `${job}.${createHash("sha256").update(`${job}/${resource}/${generation}`).digest("hex").slice(0, 32)}`;
}

export function openLedger(db: JobDatabase): Ledger {
  const write = async (hand: Hand, sql: string, values: readonly unknown[]): Promise<void> => {
    const rows = await db.query(`${held} ${sql}`, [hand.job, hand.fence, ...values]);
    if (rows.length === 0) throw new LeaseLost(hand.job);
  };
  const read = async (cluster: string, states: readonly LedgerState[]) =>
    z.array(entry).parse(await db.query(`SELECT ${columns} FROM "ledger_entries" WHERE "cluster" = $1 AND "state" = ANY($2::text[]) ORDER BY "intentAt"`, [cluster, states]));
  return {
    living: (cluster) => read(cluster, living),
    suspects: (cluster) => read(cluster, ["ORPHAN_SUSPECT"]),
    async intend(hand, { cluster, resource, kind, fields }) {
      const tried = z.array(z.object({ n: z.number() })).parse(await db.query(`SELECT count(*)::int AS "n" FROM "ledger_entries" WHERE "cluster" = $1 AND "resource" = $2 AND "job" = $3`, [cluster, resource, hand.job]));
      const intent = intentName(hand.job, resource, (tried[0]?.n ?? 0) + 1);
      const rows = await db.query(
        `${held} INSERT INTO "ledger_entries" ("intent", "cluster", "resource", "kind", "job", "step", "fence", "fields", "intentAt", "updatedAt")
         SELECT $3, $4, $5, $6, $1, $7, $2::bigint, $8::jsonb, clock_timestamp(), clock_timestamp() FROM held RETURNING ${columns}`,
        [hand.job, hand.fence, intent, cluster, resource, kind, hand.step, JSON.stringify(fields)],
      );
      const [made] = z.array(entry).parse(rows);
      if (!made) throw new LeaseLost(hand.job);
      return made;
    },
    async adopt(hand, { cluster, resource, kind, fields, awsId }) {
      const intent = intentName(hand.job, `${resource} is ${awsId}`, 0);
      await write(hand, `INSERT INTO "ledger_entries" ("intent", "cluster", "resource", "kind", "awsId", "state", "job", "step", "fence", "fields", "createdAt", "updatedAt", "say")
         SELECT $3, $4, $5, $6, $7, 'CREATED', $1, $8, $2::bigint, $9::jsonb, clock_timestamp(), clock_timestamp(), 'It was there.' FROM held
         ON CONFLICT ("intent") DO UPDATE SET "state" = 'CREATED', "deletedAt" = NULL, "fence" = $2::bigint, "updatedAt" = clock_timestamp() RETURNING 1`, [intent, cluster, resource, kind, awsId, hand.step, JSON.stringify(fields)]);
    },
    made: (hand, intent, awsId) => write(hand, `UPDATE "ledger_entries" e SET "awsId" = $4, "state" = 'CREATED', "createdAt" = clock_timestamp(), "updatedAt" = clock_timestamp(), "fence" = $2::bigint, "say" = '' FROM held WHERE e."intent" = $3 RETURNING 1`, [intent, awsId]),
    move: (hand, intent, { state, say }) => write(hand, `UPDATE "ledger_entries" e SET "state" = $4, "say" = $5, "updatedAt" = clock_timestamp(), "fence" = $2::bigint, "deletedAt" = CASE WHEN $4 = 'DELETED' THEN clock_timestamp() END FROM held WHERE e."intent" = $3 RETURNING 1`, [intent, state, say]),
    describe: (hand, intent, fields) => write(hand, `UPDATE "ledger_entries" e SET "fields" = $4::jsonb, "updatedAt" = clock_timestamp(), "fence" = $2::bigint FROM held WHERE e."intent" = $3 RETURNING 1`, [intent, JSON.stringify(fields)]),
    gone: (hand, cluster, awsIds) => write(hand, `, closed AS (UPDATE "ledger_entries" e SET "state" = 'DELETED', "deletedAt" = clock_timestamp(), "updatedAt" = clock_timestamp(), "fence" = $2::bigint FROM held WHERE e."cluster" = $3 AND e."awsId" = ANY($4::text[]) AND e."state" <> 'DELETED') SELECT 1 FROM held`, [cluster, awsIds]),
  };
}
