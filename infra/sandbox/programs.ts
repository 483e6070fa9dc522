// Which real programs the sandbox is made of, in which version, and where they are found or made.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildProgram, findGo, withBuildLock, type Go } from "./programs-build.ts";

export type ProgramName =
  | "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kubeadm" | "kwok"
  | "prometheus" | "promtool" | "alertmanager" | "kubectl" | "rollouts-controller";

export interface Program {
  name: ProgramName;
  /** What `go install` calls it, after the last folder of its package. */
  binary: string;
  package: string;
  module: string;
  version: string;
  /** How it tells its version; null where it does not. */
  versionArgs: readonly string[] | null;
  /** Roughly how many packages a cold build compiles for it, the earlier ones in the list being done. */
  packages: number;
  /** A file of its module that its code embeds and that was not published with it, such as a built page; an empty one takes its place. */
  embeds?: string;
}

/** `progress` from 0 to 1, and the time left, are of all the programs that were missing. */
export interface BuildProgress { name: ProgramName; say: string; progress: number; etaMs: number | null }
export interface EnsureOptions {
  names: readonly ProgramName[];
  onProgress?: (progress: BuildProgress) => void;
  signal?: AbortSignal;
  /** Until it aborts, keep to one core and step aside for others. */
  gentleUntil?: AbortSignal;
}
export type Programs = Record<ProgramName, string>;

export const kubernetesVersion = "v1.36.3";
const here = dirname(fileURLToPath(import.meta.url));
export const checkoutRoot = join(here, "..", "..");
export const binDir = join(checkoutRoot, ".quarterdeck", "bin");
const kubernetes = (name: "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kubeadm" | "kubectl", versionArgs: readonly string[], packages: number): Program =>
  ({ name, binary: name, package: `k8s.io/kubernetes/cmd/${name}`, module: "k8s.io/kubernetes", version: "1.36.3", versionArgs, packages });

/** In the order in which they are wanted: a cluster first, what looks at it later. */
export const programs: readonly Program[] = [
  { name: "etcd", binary: "server", package: "go.etcd.io/etcd/server/v3", module: "go.etcd.io/etcd/server/v3", version: "3.6.8", versionArgs: ["--version"], packages: 560 },
  kubernetes("kube-apiserver", ["--version"], 1150),
  kubernetes("kube-controller-manager", ["--version"], 560),
  kubernetes("kube-scheduler", ["--version"], 90),
  kubernetes("kubeadm", ["version", "-o", "short"], 170),
  { name: "kwok", binary: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok", module: "sigs.k8s.io/kwok", version: "0.8.0", versionArgs: ["--version"], packages: 160 },
  { name: "prometheus", binary: "prometheus", package: "github.com/prometheus/prometheus/cmd/prometheus", module: "github.com/prometheus/prometheus", version: "3.13.5", versionArgs: ["--version"], packages: 330 },
  { name: "promtool", binary: "promtool", package: "github.com/prometheus/prometheus/cmd/promtool", module: "github.com/prometheus/prometheus", version: "3.13.5", versionArgs: ["--version"], packages: 40 },
  { name: "alertmanager", binary: "alertmanager", package: "github.com/prometheus/alertmanager/cmd/alertmanager", module: "github.com/prometheus/alertmanager", version: "0.33.0", versionArgs: ["--version"], packages: 120, embeds: "ui/app/dist/index.html" },
  kubernetes("kubectl", ["version", "--client"], 180),
  { name: "rollouts-controller", binary: "rollouts-controller", package: "github.com/argoproj/argo-rollouts/cmd/rollouts-controller", module: "github.com/argoproj/argo-rollouts", version: "1.9.2", versionArgs: null, packages: 620 },
];

export function programOf(name: ProgramName): Program {
  const found = programs.find((program) => program.name === name);
  if (found === undefined) throw new Error(`There is no program called ${name}.`);
  return found;
}

function runText(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: 20_000 }, (error, stdout, stderr) => resolve(error === null ? `${stdout}\n${stderr}` : ""));
  });
}

async function tellsItsVersion(program: Program, path: string): Promise<boolean> {
  if (program.versionArgs === null) return false;
  const text = await runText(path, program.versionArgs);
  return new RegExp(`\\bv?${program.version.replaceAll(".", "\\.")}\\b`).test(text);
}

function sumsDigest(): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(here, file)));
  return hash.digest("hex").slice(0, 16);
}

function stampPath(program: Program): string { return join(binDir, `.${program.binary}.stamp`); }

function stamp(program: Program): void {
  writeFileSync(stampPath(program), `${program.version} ${sumsDigest()}\n`);
}

async function inOwnFolder(program: Program): Promise<string | null> {
  const path = join(binDir, program.binary);
  if (!existsSync(path)) return null;
  const written = existsSync(stampPath(program)) ? readFileSync(stampPath(program), "utf8").trim() : null;
  if (written === `${program.version} ${sumsDigest()}`) return path;
  // Made before there were stamps, or the checksums changed: what it says of itself decides.
  const right = program.versionArgs === null ? written === null || written.startsWith(`${program.version} `) : await tellsItsVersion(program, path);
  if (!right) return null;
  stamp(program);
  return path;
}

async function elsewhere(program: Program): Promise<string | null> {
  const given = process.env.QUARTERDECK_BIN;
  const names = program.name === program.binary ? [program.binary] : [program.name, program.binary];
  for (const name of names) {
    const path = given === undefined || given === "" ? null : join(given, name);
    if (path !== null && existsSync(path) && (program.versionArgs === null || await tellsItsVersion(program, path))) return path;
  }
  // On PATH only under its own name: `server` may be anything.
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, program.name);
    if (folder !== "" && existsSync(path) && await tellsItsVersion(program, path)) return path;
  }
  return null;
}

/** Where the program stands ready to run, or null. */
export async function findProgram(name: ProgramName): Promise<string | null> {
  const program = programOf(name);
  return await inOwnFolder(program) ?? await elsewhere(program);
}

async function moduleFolder(go: Go, module: string): Promise<string> {
  const text = await new Promise<string>((resolve, reject) => {
    execFile(go.path, ["list", "-m", "-f", "{{.Dir}}", module], { cwd: here, env: { ...process.env, ...go.env } },
      (error, stdout) => error === null ? resolve(stdout.trim()) : reject(new Error(`The module ${module} could not be located: ${error.message}`)));
  });
  return text;
}

/** The definitions of Argo Rollouts' kinds, kept beside the binaries, since a machine may have those without the modules. */
async function keepDefinitions(go: Go): Promise<void> {
  const from = join(await moduleFolder(go, "github.com/argoproj/argo-rollouts"), "manifests", "crds");
  const to = join(binDir, "crds");
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from)) {
    if (file.endsWith("-crd.yaml")) copyFileSync(join(from, file), join(to, file));
  }
}

/** The folder with the definitions of Argo Rollouts' kinds, or null where they were not kept. */
export function definitionsFolder(): string | null {
  for (const folder of [process.env.QUARTERDECK_BIN, binDir]) {
    if (folder !== undefined && folder !== "" && existsSync(join(folder, "crds", "rollout-crd.yaml"))) return join(folder, "crds");
  }
  return null;
}

async function requireGo(signal: AbortSignal | undefined): Promise<Go> {
  const go = await findGo(binDir, signal);
  if (go.found) return go.go;
  throw new Error(go.say);
}

async function makeMissing(options: EnsureOptions, missing: readonly Program[]): Promise<void> {
  const go = await requireGo(options.signal);
  const tell = teller(options, missing);
  await withBuildLock(binDir, options.signal, async () => {
    for (const program of missing) {
      if (await inOwnFolder(program) === null) {
        await buildProgram({ go, program, binDir, moduleDir: here, gentleUntil: options.gentleUntil, signal: options.signal, onStep: (say, packages) => tell(program, packages, say) });
        stamp(program);
      }
      tell(program, program.packages, `${program.name} ${program.version} is built`);
    }
  });
}

/** Says how far all of them are, by packages: counted where a program is compiled, as estimated for those to come. */
function teller({ onProgress }: EnsureOptions, missing: readonly Program[]): (program: Program, packages: number, say: string) => void {
  const startedAt = Date.now();
  const sum = (some: readonly Program[]) => some.reduce((packages, program) => packages + program.packages, 0);
  return (program, packages, say) => {
    const before = sum(missing.slice(0, missing.indexOf(program)));
    const progress = (before + Math.min(packages, program.packages)) / sum(missing);
    const etaMs = progress < 0.03 || progress === 1 ? null : Math.round((Date.now() - startedAt) * (1 - progress) / progress);
    onProgress?.({ name: program.name, say, progress, etaMs });
  };
}

/** Finds the programs, and makes those that are nowhere. */
export async function ensurePrograms(options: EnsureOptions): Promise<Partial<Programs>> {
  const wanted = programs.filter((program) => options.names.includes(program.name));
  const missing: Program[] = [];
  for (const program of wanted) {
    if (await findProgram(program.name) === null) missing.push(program);
  }
  if (missing.length > 0) await makeMissing(options, missing);
  if (options.names.includes("rollouts-controller") && definitionsFolder() === null) await keepDefinitions(await requireGo(options.signal));
  const found: Partial<Programs> = {};
  for (const program of wanted) {
    const path = await findProgram(program.name);
    if (path === null) throw new Error(`${program.name} ${program.version} was built but cannot be found in ${binDir}.`);
    found[program.name] = path;
  }
  return found;
}
