// Where things lie in this checkout, and the small acts that every command shares.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const home = path.resolve(root, process.env.QUARTERDECK_HOME ?? ".quarterdeck");
export const bin = (name: string): string => path.join(root, "node_modules/.bin", name);

/** A port on loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("loopback gave no port");
  return address.port;
}

export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  const free = await Promise.race([once(server, "listening").then(() => true), once(server, "error").then(() => false)]);
  server.close();
  return free;
}

export interface RunOptions extends SpawnOptions {
  /** Where its output goes; without it, the terminal. */
  logFile?: string;
}

/** Runs to the end; rejects with the tail of the log when it fails. */
export async function run(command: string, args: string[], { logFile, ...options }: RunOptions = {}): Promise<void> {
  const child = spawn(command, args, { cwd: root, stdio: logFile ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"], ...options });
  if (logFile) pipeTo(child, logFile);
  const [code] = await once(child, "exit");
  if (code === 0) return;
  const tail = logFile && existsSync(logFile) ? `\n${readFileSync(logFile, "utf8").slice(-3000)}` : "";
  throw new Error(`${path.basename(command)} ${args.join(" ")} ended with ${code}${tail}`);
}

export function pipeTo(child: ChildProcess, logFile: string): void {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const file = createWriteStream(logFile, { flags: "a", mode: 0o600 });
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  child.on("close", () => file.end());
}

/** A digest over the names, sizes and contents of what is under `paths`. */
export function digestOf(paths: string[]): string {
  const hash = createHash("sha256");
  const walk = (file: string) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) for (const name of readdirSync(file).sort()) walk(path.join(file, name));
    else hash.update(path.relative(root, file)).update(readFileSync(file));
  };
  for (const one of paths) walk(path.resolve(root, one));
  return hash.digest("hex");
}

/** Does the work unless the stamp beside what it makes says that it was done for the same digest; says whether it did. */
export async function unlessDone(stamp: string, digest: string, work: () => Promise<void>): Promise<boolean> {
  const file = path.join(root, stamp);
  if (existsSync(file) && readFileSync(file, "utf8") === digest) return false;
  rmSync(file, { force: true });
  await work();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, digest);
  return true;
}

const real = /^(KUBECONFIG|KUBERNETES_SERVICE_HOST|DATABASE_URL|PROMETHEUS_URL|ALERTMANAGER_URL|AWS_.*|QUARTERDECK_(?!BIN$|HOME$).*)$/;

/** What a program is started with, without gaps. */
export type Environment = Record<string, string> & NodeJS.ProcessEnv;

/** Next declares that NODE_ENV is always there; a program that was told none makes do without. */
function asEnvironment(kept: Record<string, string>): Environment {
  return kept as Environment;
}

/** The environment without anything that names a real cluster, database, Prometheus or account. */
export function withoutRealThings(environment: NodeJS.ProcessEnv): Environment {
  const kept = Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined || real.test(name) ? [] : [[name, value]])));
  return asEnvironment({ ...kept, AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null", AWS_EC2_METADATA_DISABLED: "true" });
}
