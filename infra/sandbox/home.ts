// The world's folder: what must be the same at the next start, and that only one world uses it at a time.
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface Home {
  dir: string;
  /** First two numbers after 127: all addresses of this world begin with it. */
  block: string;
  /** Orders are taken from who can read this. */
  token: string;
  clusters: string[];
}

function stateFile(dir: string): string { return join(dir, "world.json"); }

/** The file is written by this module alone; what does not look like it is treated as not there. */
function readState(dir: string): Omit<Home, "dir"> | null {
  if (!existsSync(stateFile(dir))) return null;
  const state: unknown = JSON.parse(readFileSync(stateFile(dir), "utf8"));
  if (typeof state !== "object" || state === null || !("block" in state) || !("token" in state) || !("clusters" in state)) return null;
  const { block, token, clusters } = state;
  if (typeof block !== "string" || typeof token !== "string" || !Array.isArray(clusters)) return null;
  return { block, token, clusters: clusters.filter((name) => typeof name === "string") };
}

export function portIsFree(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(true)));
  });
}

async function blockIsFree(block: string): Promise<boolean> {
  const probes = [portIsFree(`${block}.1`, 2379), portIsFree(`${block}.11`, 6443), portIsFree(`${block}.12`, 6443)];
  return (await Promise.all(probes)).every((free) => free);
}

async function freeBlock(): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const [a = 0, b = 0] = randomBytes(2);
    const block = `127.${20 + (a % 200)}.${b}`;
    if (await blockIsFree(block)) return block;
  }
  throw new Error("No free block of loopback addresses was found on this machine.");
}

function pidFile(dir: string): string { return join(dir, "pid"); }

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function claim(dir: string): void {
  const holder = existsSync(pidFile(dir)) ? Number(readFileSync(pidFile(dir), "utf8")) : 0;
  if (holder > 0 && holder !== process.pid && alive(holder)) {
    throw new Error(`A sandbox already runs in ${dir} (process ${holder}). Stop it, or name another folder with --home.`);
  }
  writeFileSync(pidFile(dir), String(process.pid));
}

/** Opens the folder, or makes it, and takes addresses that nobody else uses. */
export async function openHome(path: string): Promise<Home> {
  const dir = resolve(path);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  claim(dir);
  const before = readState(dir);
  const home = before === null || !(await blockIsFree(before.block))
    ? { dir, block: await freeBlock(), token: before?.token ?? randomBytes(24).toString("hex"), clusters: before?.clusters ?? [] }
    : { dir, ...before };
  saveHome(home);
  return home;
}

export function saveHome(home: Home): void {
  const { block, token, clusters } = home;
  writeFileSync(stateFile(home.dir), JSON.stringify({ block, token, clusters }, null, 2), { mode: 0o600 });
}

export function leaveHome(home: Home): void {
  rmSync(pidFile(home.dir), { force: true });
}

/** A path for a unix socket: in the home where it is short enough for the kernel, else in the machine's temporary folder. */
export function socketPath(home: Home, name: string): string {
  const inHome = join(home.dir, `${name}.sock`);
  if (Buffer.byteLength(inHome) < 100) return inHome;
  const folder = join(tmpdir(), `quarterdeck-${createHash("sha256").update(home.dir).digest("hex").slice(0, 12)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${name}.sock`);
}
