// What jobs need of the database: statements, word of a duplicate, and notifications.
import "server-only";
import { z } from "zod";
import { connect, databaseUrl, type Database } from "@/lib/adapters/database/client";
import { listen } from "@/lib/adapters/database/listen";
import { database, keep } from "@/lib/runtime";

export interface JobDatabase {
  query(sql: string, values: readonly unknown[]): Promise<unknown[]>;
  isUniqueViolation(thrown: unknown): boolean;
  /** The statement may not have been heard, or its reply was lost; the next may be heard. */
  isUnreachable(thrown: unknown): boolean;
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
    isUniqueViolation: (thrown) => /\b23505\b|UniqueConstraintViolation|P2002/.test(textOf(thrown)),
    // 57P0x: it shuts down or starts up; 08xxx: connection; P1001, P1017, P2024: Prisma's words for unreachable, closed, no connection in time.
    isUnreachable: (thrown) => /\b(57P0[123]|08\d{3}|P1001|P1002|P1008|P1017|P2024|ECONN\w+|EPIPE|ETIMEDOUT|ENOENT)\b|ConnectionClosed|DatabaseNotReachable|SocketTimeout|Can't reach database|Connection terminated|closed the connection|shutting down|starting up/i.test(textOf(thrown)),
    listen: (channel, heard, missed) => listen(channel, heard, { url, onReady: missed }),
  };
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.message} ${JSON.stringify(thrown)} ${textOf(thrown.cause)}` : "";
}

/** The database of this process, as jobs see it. */
export function jobDatabase(): JobDatabase {
  return keep("jobs.database", () => jobDatabaseOver(database(), databaseUrl()));
}

/** A pool for leases alone, so that busy requests cannot keep a lease from being renewed. */
export function leaseDatabase(): JobDatabase {
  return keep("jobs.leases", () => jobDatabaseOver(connect(databaseUrl()), databaseUrl()));
}
