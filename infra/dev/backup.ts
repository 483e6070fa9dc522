// Backup and restore of the console's database: the embedded server's folder copied while it serves, a given one by PostgreSQL's own programs.
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { accountForServer, ownerPasswordFile, runningUrl } from "./postgres.ts";

const consolePasswordFile = "postgres.console.password";

/** What PostgreSQL makes anew at its start, and what must not be taken along. */
const leftOut = ["postmaster.pid", "postmaster.opts", "pg_wal/*", "pg_replslot/*", "pg_dynshmem/*", "pg_notify/*", "pg_serial/*", "pg_snapshots/*", "pg_stat_tmp/*", "pg_subtrans/*", "pgsql_tmp*"];

function program(name: string, args: string[], environment: Record<string, string> = {}): void {
  const { status, stderr, error } = spawnSync(name, args, { encoding: "utf8", env: { ...process.env, ...environment } });
  if (error) throw new Error(`${name} is not on this machine. Install PostgreSQL's client programs of the server's version.`, { cause: error });
  if (status !== 0) throw new Error(`${name} did not finish: ${stderr.trim()}`);
}

/** tar says 1 when a file changed under it, which the log of the server makes good; anything more is a fault. */
function tar(args: string[]): void {
  const { status, stderr, error } = spawnSync("tar", args, { encoding: "utf8" });
  if (error || status === null || status > 1) throw new Error(`tar did not finish: ${error?.message ?? stderr.trim()}`);
}

const givenUrl = (): string | undefined => process.env.QUARTERDECK_MIGRATION_URL ?? process.env.DATABASE_URL;

export async function backUp(home: string, file: string): Promise<string> {
  if (file === "") throw new Error("Name the file: npm run database -- backup <file>");
  if (existsSync(file)) throw new Error(`${file} is there already. Name another file, or remove it first.`);
  const given = givenUrl();
  if (given) program("pg_dump", ["--format=custom", "--file", file, given]);
  else if (!existsSync(path.join(home, "postgres/PG_VERSION"))) throw new Error(`There is no embedded database in ${home}.`);
  else await copyFolder(home, path.resolve(file));
  chmodSync(file, 0o600);
  return `Backed up to ${file}. Keep ${path.join(home, "secret")} too, in another place: without it the stored kubeconfigs cannot be opened.`;
}

const passwordFiles = (home: string): string[] => [ownerPasswordFile, consolePasswordFile].filter((name) => existsSync(path.join(home, name)));

/** PostgreSQL's low-level backup: told before, the folder copied, told after, and last the log that was written meanwhile. */
async function copyFolder(home: string, file: string): Promise<void> {
  const url = runningUrl(home);
  if (url === null) return tar(["-cf", file, "-C", home, "--exclude=postgres/postmaster.pid", "postgres", ...passwordFiles(home)]);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  const labels = mkdtempSync(path.join(tmpdir(), "quarterdeck-backup-"));
  await client.connect();
  try {
    // Holds the log back until this session ends.
    await client.query("SELECT pg_create_physical_replication_slot('quarterdeck_backup', true, true)");
    await client.query("SELECT pg_backup_start('quarterdeck', true)");
    tar(["-cf", file, "-C", home, ...leftOut.map((one) => `--exclude=postgres/${one}`), "postgres", ...passwordFiles(home)]);
    const { rows: [stopped] } = await client.query<{ labelfile: string; spcmapfile: string }>("SELECT labelfile, spcmapfile FROM pg_backup_stop(false)");
    mkdirSync(path.join(labels, "postgres"));
    writeFileSync(path.join(labels, "postgres/backup_label"), stopped?.labelfile ?? "");
    tar(["-rf", file, "-C", labels, "postgres/backup_label"]);
    tar(["-rf", file, "-C", home, "postgres/pg_wal"]);
  } finally {
    await client.end();
    rmSync(labels, { recursive: true, force: true });
  }
}

export async function restore(home: string, file: string): Promise<string> {
  if (!existsSync(file)) throw new Error(`There is no file ${file === "" ? "named: npm run database -- restore <file>" : file}.`);
  const given = givenUrl();
  if (given) {
    program("pg_restore", ["--clean", "--if-exists", "--exit-on-error", "--single-transaction", "--dbname", given, file]);
    return `Restored into the database of ${process.env.QUARTERDECK_MIGRATION_URL ? "QUARTERDECK_MIGRATION_URL" : "DATABASE_URL"}.`;
  }
  if (runningUrl(home) !== null) throw new Error(`The database in ${home} is in use. Stop the console first.`);
  return unpack(home, path.resolve(file));
}

/** What was there is moved aside, never removed. */
function unpack(home: string, file: string): string {
  const fresh = path.join(home, "restore.new");
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  tar(["-xpf", file, "-C", fresh]);
  if (!existsSync(path.join(fresh, "postgres/PG_VERSION"))) throw new Error(`${file} holds no backup of an embedded database.`);
  for (const folder of [".", "pg_wal"]) chmodSync(path.join(fresh, "postgres", folder), 0o700);
  const account = accountForServer();
  if (account) program("chown", ["-R", `${account.uid}:${account.gid}`, path.join(fresh, "postgres")]);
  const aside = `before-restore-${new Date().toISOString().replaceAll(":", "-")}`;
  for (const name of readdirSync(fresh)) {
    if (existsSync(path.join(home, name))) {
      mkdirSync(path.join(home, aside), { recursive: true, mode: 0o700 });
      renameSync(path.join(home, name), path.join(home, aside, name));
    }
    renameSync(path.join(fresh, name), path.join(home, name));
  }
  rmSync(fresh, { recursive: true, force: true });
  if (account) for (const name of passwordFiles(home)) chownSync(path.join(home, name), 0, 0);
  return `Restored into ${home}${existsSync(path.join(home, aside)) ? `; what was there is in ${path.join(home, aside)}` : ""}. The next start brings it up.`;
}
