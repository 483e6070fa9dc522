// What jobs need of the database: statements, word of a duplicate, and notifications.
import "server-only";
import { z } from "zod";
import { connect, databaseUrl, type Database } from "@/lib/adapters/database/client";
import { listen } from "@/lib/adapters/database/listen";
import { database, keep } from "@/lib/runtime";

export interface JobDatabase {
  query(sql: string, values: readonly unknown[]): Promise<unknown[]>;
  isUniqueViolation(thrown: unknown): boolean;
  /** Calls `heard` with each payload, and `missed` when some may have been lost. */
  listen(channel: string, heard: (payload: string) => void, missed: () => void): () => Promise<void>;
}

/** Every change of a job; the payload is its id. Sent by the trigger of migration 0002. */
export const changedChannel = "quarterdeck_job";
/** A change that may give a worker something to do; the payload is the job's id. */
export const dueChannel = "quarterdeck_job_due";

const rows = z.array(z.unknown());

export function jobDatabaseOver(client: Database, url: string): JobDatabase {
  return {
    query: async (sql, values) => rows.parse(await client.$queryRawUnsafe(sql, ...values)),
    // A raw statement's error carries PostgreSQL's own code in its text: 23505, unique_violation.
    isUniqueViolation: (thrown) => thrown instanceof Error && /\b23505\b|UniqueConstraintViolation|P2002/.test(`${thrown.message} ${JSON.stringify(thrown)}`),
    listen: (channel, heard, missed) => listen(channel, heard, { url, onReady: missed }),
  };
}

/** The database of this process, as jobs see it. */
export function jobDatabase(): JobDatabase {
  return keep("jobs.database", () => jobDatabaseOver(database(), databaseUrl()));
}

/** A pool for leases alone, so that busy requests cannot keep a lease from being renewed. */
export function leaseDatabase(): JobDatabase {
  return keep("jobs.leases", () => jobDatabaseOver(connect(databaseUrl()), databaseUrl()));
}
