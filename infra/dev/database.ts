// The console's database from outside: start the embedded one, migrate any, write the next migration, verify the record, back up and restore.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { readHead, verifyChain } from "./audit-chain.ts";
import { backUp, restore } from "./backup.ts";
import { home as ownHome } from "./checkout.ts";
import { consoleRole, grantConsole, urlFor } from "./console-role.ts";
import { passwordIn, runningUrl, startEmbeddedPostgres, type EmbeddedPostgres } from "./postgres.ts";
import { applyMigrations, migrationsFolder, scriptForChanges } from "./schema-engine.ts";

export { startEmbeddedPostgres, type EmbeddedPostgres } from "./postgres.ts";

/** Any number will do, as long as it stays: two consoles that start at once migrate one after the other. */
const migrationLock = 7_361_904_251;
const lockTimeoutMs = 60_000;

/** Applies the migrations that the database lacks; one at a time over all who start at once. */
export async function migrate(url: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  lock.on("error", () => undefined);
  try {
    await lock.connect();
  } catch (error) {
    throw new Error(`The database of DATABASE_URL does not answer (${error instanceof Error ? error.message : error}). Check the address and that it is up.`, { cause: error });
  }
  try {
    await lock.query(`SET lock_timeout = ${lockTimeoutMs}`);
    await lock.query("SELECT pg_advisory_lock($1)", [migrationLock]);
    return await applyMigrations(url);
  } finally {
    await lock.end();
  }
}

/** Migrates the embedded server as its owner, and answers with the address for the console, whose role may do less. */
export async function prepareEmbedded({ url }: Pick<EmbeddedPostgres, "url">, home: string): Promise<string> {
  await migrate(url);
  const password = passwordIn(home, "postgres.console.password");
  await grantConsole({ ownerUrl: url, role: consoleRole, password });
  return urlFor(url, consoleRole, password);
}

/** Migrates a given database; with an address for migrations, the console's role is granted only what it needs. Says whether it was. */
export async function prepareGiven(consoleUrl: string, migrationUrl: string | undefined): Promise<boolean> {
  await migrate(migrationUrl ?? consoleUrl);
  const role = decodeURIComponent(new URL(consoleUrl).username);
  const apart = migrationUrl !== undefined && decodeURIComponent(new URL(migrationUrl).username) !== role;
  if (apart) await grantConsole({ ownerUrl: migrationUrl, role });
  return apart;
}

async function withThrowaway<T>(act: (url: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(path.join(tmpdir(), "quarterdeck-db-"));
  const postgres = await startEmbeddedPostgres({ home, durable: false });
  try {
    return await act(postgres.url);
  } finally {
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function writeNext(name: string): Promise<string> {
  if (!/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name)) throw new Error("A migration's name is of lower-case words with _ between them, such as jobs_and_logs.");
  const sql = await withThrowaway(scriptForChanges);
  if (sql === "") return "The migrations already lead to the schema; there is nothing to write.";
  const number = readdirSync(migrationsFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).length + 1;
  const folder = path.join(migrationsFolder, `${String(number).padStart(4, "0")}_${name}`);
  mkdirSync(folder);
  writeFileSync(path.join(folder, "migration.sql"), sql);
  return `Written: ${path.relative(process.cwd(), path.join(folder, "migration.sql"))}. Read it before you commit it.`;
}

async function applyToGiven(): Promise<string> {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("Set DATABASE_URL to the database that is to be migrated; `npm start` migrates the embedded one by itself.");
  const apart = await prepareGiven(url, process.env.QUARTERDECK_MIGRATION_URL);
  return `The database is up to date. ${apart ? "The console's role may add to the record and not alter it." : "One role owns the tables and serves the console: the record is guarded by its trigger alone."}`;
}

/** The given database, the embedded one where it runs, or the embedded one started for as long as it takes. */
async function withConsoleDatabase<T>(act: (url: string) => Promise<T>): Promise<T> {
  const url = process.env.QUARTERDECK_MIGRATION_URL ?? process.env.DATABASE_URL ?? runningUrl(ownHome);
  if (url) return act(url);
  const postgres = await startEmbeddedPostgres({ home: ownHome });
  return act(postgres.url).finally(() => postgres.stop());
}

async function verifyRecord(noted: string): Promise<string> {
  const verdict = await withConsoleDatabase((url) => verifyChain(url, noted === "" ? undefined : readHead(noted)));
  if (!verdict.whole) throw new Error(`The record is NOT whole: ${verdict.say}.`);
  return `The record is whole: ${verdict.rows} rows in the chain, ${verdict.unchained} refusals beside it. Note the head elsewhere and verify against it later:\n${verdict.head.seq}:${verdict.head.hash}`;
}

async function checkHistory(): Promise<string> {
  const sql = await withThrowaway(scriptForChanges);
  if (sql !== "") throw new Error(`prisma/schema.prisma asks for what no migration makes:\n${sql}\nRun: npm run database -- new <name>`);
  return "The migrations lead to the schema.";
}

/** The SQL by which the schema is ahead of the migrations, "" when it is not. */
export const schemaDrift = scriptForChanges;

if (import.meta.main) {
  const [order, name = ""] = process.argv.slice(2);
  const orders: Record<string, () => Promise<string>> = { new: () => writeNext(name), apply: applyToGiven, check: checkHistory, "verify-audit": () => verifyRecord(name), backup: () => backUp(ownHome, name), restore: () => restore(ownHome, name) };
  const act = orders[order ?? ""];
  if (!act) console.error("Usage: npm run database -- new <name> | apply | check | verify-audit [<head>] | backup <file> | restore <file>");
  await (act?.() ?? Promise.reject(new Error("no such order"))).then(
    (text) => console.log(text),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
