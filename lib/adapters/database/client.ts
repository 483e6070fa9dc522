// The one door to PostgreSQL: Prisma's client over a bounded pool, built by the runtime once per process.
import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { AppError, causeText } from "@/lib/base/errors";
import { env } from "@/lib/base/env";
import { log } from "@/lib/base/log";
import { Prisma, PrismaClient } from "@/prisma/generated/client";

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;

/** Waiting for ever is the driver's default; each of these ends it with an error instead. */
const pool = { max: 12, connectionTimeoutMillis: 5000, idleTimeoutMillis: 30_000, statement_timeout: 30_000, query_timeout: 35_000, idle_in_transaction_session_timeout: 30_000 };

/** The address of the database; a console without one cannot do anything. */
export function databaseUrl(): string {
  const url = env().DATABASE_URL;
  if (!url) throw new AppError("unavailable", "The console has no database. Start it with `npm start`, or set DATABASE_URL.");
  return url;
}

export function connect(url: string): Database {
  const adapter = new PrismaPg({ connectionString: url, application_name: "quarterdeck", ...pool }, { onPoolError: (error) => log.warn({ cause: causeText(error) }, "a database connection broke") });
  return new PrismaClient({ adapter });
}

/** Whether the database refused because a row with the same unique value exists. */
export function isDuplicate(thrown: unknown): boolean {
  return thrown instanceof Prisma.PrismaClientKnownRequestError && thrown.code === "P2002";
}

/** Whether the row to be changed was not there. */
export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Prisma.PrismaClientKnownRequestError && thrown.code === "P2025";
}
