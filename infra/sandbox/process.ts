// A supervised child process: its log file, its life by order, and its certain death with the parent.
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

export interface ChildSpec {
  name: string;
  command: string;
  args: readonly string[];
  logPath: string;
  env?: Record<string, string>;
  cwd?: string;
  /** Started again when it ends by itself, at most `limit` times within `withinMs`; none when absent. */
  restarts?: { limit: number; withinMs: number };
  stopSignal?: NodeJS.Signals;
  stopGraceMs?: number;
}

export interface Child {
  readonly name: string;
  readonly logPath: string;
  pid(): number | null;
  running(): boolean;
  paused(): boolean;
  start(): void;
  /** Asks it to end, waits, and kills what does not listen. Resolves when it is gone. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Called when it ended by itself and is not started again. */
  onFailure(listener: (say: string) => void): void;
  /** The last lines of its log. */
  tail(lines: number): string;
}

function onPath(program: string): string | null {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    if (folder !== "" && existsSync(join(folder, program))) return join(folder, program);
  }
  return null;
}

const setpriv = process.platform === "linux" ? onPath("setpriv") : null;

/** Where the kernel cannot be asked to kill the child with us, a shell waits for our end of its stdin to close. */
function watchdogFor(pid: number): ChildProcess {
  const script = 'while read -r _; do :; done; kill -KILL "$1" 2>/dev/null';
  const watchdog = spawn("/bin/sh", ["-c", script, "watchdog", String(pid)], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  watchdog.unref();
  return watchdog;
}

interface Running { process: ChildProcess; gone: Promise<void>; paused: boolean; wanted: boolean }

function launch(spec: ChildSpec): Running {
  mkdirSync(dirname(spec.logPath), { recursive: true });
  const log = openSync(spec.logPath, "a");
  const [command, args] = setpriv === null
    ? [spec.command, [...spec.args]]
    : [setpriv, ["--pdeathsig", "KILL", "--", spec.command, ...spec.args]];
  // A group of its own: Ctrl-C in the terminal reaches us alone, and we end the parts in order.
  const child = spawn(command, args, { stdio: ["ignore", log, log], detached: true, cwd: spec.cwd, env: { ...process.env, ...spec.env } });
  closeSync(log);
  const watchdog = setpriv === null && child.pid !== undefined ? watchdogFor(child.pid) : null;
  const gone = new Promise<void>((resolve) => {
    const end = (): void => { watchdog?.kill("SIGKILL"); resolve(); };
    child.once("exit", end);
    child.once("error", end);
  });
  return { process: child, gone, paused: false, wanted: true };
}

function lastLines(path: string, lines: number): string {
  if (!existsSync(path)) return "";
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}

async function within(gone: Promise<void>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => { timer = setTimeout(() => resolve(false), timeoutMs); });
  const ended = await Promise.race([gone.then(() => true as const), late]);
  clearTimeout(timer);
  return ended;
}

class Supervised implements Child {
  readonly name: string;
  readonly logPath: string;
  private readonly spec: ChildSpec;
  private current: Running | null = null;
  private readonly failures: ((say: string) => void)[] = [];
  private restartedAt: number[] = [];

  constructor(spec: ChildSpec) {
    this.spec = spec;
    this.name = spec.name;
    this.logPath = spec.logPath;
  }

  pid(): number | null { return this.current?.process.pid ?? null; }
  running(): boolean { return this.current !== null; }
  paused(): boolean { return this.current?.paused ?? false; }

  start(): void {
    if (this.current !== null) return;
    const started = launch(this.spec);
    this.current = started;
    void started.gone.then(() => this.ended(started));
  }

  private ended(was: Running): void {
    if (this.current === was) this.current = null;
    if (!was.wanted) return;
    const limits = this.spec.restarts;
    const now = Date.now();
    this.restartedAt = this.restartedAt.filter((at) => limits !== undefined && now - at < limits.withinMs);
    if (limits !== undefined && this.restartedAt.length < limits.limit) {
      this.restartedAt.push(now);
      this.start();
      return;
    }
    const how = was.process.exitCode === null ? `signal ${was.process.signalCode ?? "unknown"}` : `code ${was.process.exitCode}`;
    for (const listener of this.failures) listener(`${this.name} ended by itself with ${how}. ${lastLines(this.logPath, 3)}`);
  }

  async stop(): Promise<void> {
    const was = this.current;
    if (was === null) return;
    was.wanted = false;
    if (was.paused) this.resume();
    was.process.kill(this.spec.stopSignal ?? "SIGTERM");
    if (!(await within(was.gone, this.spec.stopGraceMs ?? 5_000))) await this.kill();
  }

  async kill(): Promise<void> {
    const was = this.current;
    if (was === null) return;
    was.wanted = false;
    was.process.kill("SIGKILL");
    await was.gone;
  }

  pause(): void {
    if (this.current === null) return;
    this.current.process.kill("SIGSTOP");
    this.current.paused = true;
  }

  resume(): void {
    if (this.current === null) return;
    this.current.process.kill("SIGCONT");
    this.current.paused = false;
  }

  onFailure(listener: (say: string) => void): void { this.failures.push(listener); }
  tail(lines: number): string { return lastLines(this.logPath, lines); }
}

/** Makes a child that is not started yet. */
export function supervise(spec: ChildSpec): Child {
  return new Supervised(spec);
}

/** Linux counts processor time in hundredths of a second. */
const msPerTick = 10;

/** Processor time of a process and its threads so far; 0 where there is none. */
export function cpuMsOf(pid: number | null): number {
  if (pid === null || !existsSync(`/proc/${pid}/stat`)) return 0;
  // The name before the last bracket may hold anything; user and system time are the 12th and 13th after it.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * msPerTick;
}
