// `npm start` measured as a person waits for it: the first time in a copy of the checkout without a build, and again.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdtempSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort, root, withoutRealThings } from "../../infra/dev/checkout";
import type { Figures } from "./figures";
import { pauseMs } from "./placement-server";
import { aims } from "./placement-settings";

const answersWithinMs = 600_000;
const stopsWithinMs = 60_000;

/** The files under version control with the packages installed: what is there after `npm ci`. */
function copyCheckout(): string {
  const home = mkdtempSync(path.join(tmpdir(), "quarterdeck-start-"));
  // Started by root, PostgreSQL runs as somebody else, who has to get through to it.
  chmodSync(home, 0o755);
  const copy = path.join(home, "checkout");
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").filter((file) => file !== "" && statSync(path.join(root, file), { throwIfNoEntry: false }));
  for (const file of files) {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    cpSync(path.join(root, file), path.join(copy, file));
  }
  // Hard links where the file system allows: a copy of all packages would take longer than the start.
  const packages = [path.join(root, "node_modules"), path.join(copy, "node_modules")];
  try {
    execFileSync("cp", ["-al", ...packages], { stdio: "ignore" });
  } catch {
    rmSync(packages[1] ?? "", { recursive: true, force: true });
    execFileSync("cp", ["-a", ...packages], { stdio: "ignore" });
  }
  const now = new Date();
  utimesSync(path.join(copy, "package-lock.json"), now, statSync(path.join(copy, "node_modules/.package-lock.json")).mtime);
  return copy;
}

interface Times { answersMs: number; stop(): Promise<void> }

async function startOnce(copy: string): Promise<Times> {
  const port = await freePort();
  const log = path.join(copy, "start.log");
  const environment: NodeJS.ProcessEnv = { ...withoutRealThings(process.env), PORT: String(port), QUARTERDECK_HOME: path.join(copy, ".quarterdeck"), QUARTERDECK_BIN: process.env.QUARTERDECK_BIN ?? path.join(root, ".quarterdeck/bin") };
  for (const name of Object.keys(environment)) if (name === "NODE_ENV" || name.startsWith("VITEST") || name.startsWith("npm_")) delete environment[name];
  const output = openSync(log, "a");
  const begun = Date.now();
  const child = spawn("npm", ["start"], { cwd: copy, env: environment, detached: true, stdio: ["ignore", output, output] });
  const gone = once(child, "exit");
  const stop = async () => {
    if (child.pid === undefined || child.exitCode !== null) return;
    // As Ctrl-C does: to everyone in the terminal's group.
    process.kill(-child.pid, "SIGINT");
    if (await Promise.race([gone.then(() => true), pauseMs(stopsWithinMs).then(() => false)])) return;
    process.kill(-child.pid, "SIGKILL");
    throw new Error(`npm start did not end within ${stopsWithinMs / 1000} s of Ctrl-C`);
  };
  while (!(await fetch(`http://localhost:${port}/api/healthz`, { signal: AbortSignal.timeout(2000) }).then((answer) => answer.ok, () => false))) {
    if (child.exitCode !== null) throw new Error(`npm start ended: ${readFileSync(log, "utf8").trim().split("\n").slice(-6).join(" / ")}`);
    if (Date.now() - begun > answersWithinMs) await stop().then(() => Promise.reject(new Error("the console did not answer")));
    await pauseMs(50);
  }
  return { answersMs: Date.now() - begun, stop };
}

export async function measureFirstSecondStart(figures: Figures): Promise<void> {
  const copy = copyCheckout();
  try {
    const first = await startOnce(copy);
    figures.tell("placement.npm-start.first", first.answersMs, "ms");
    // Until the world has been up once, a second start would go on with the first one's work.
    await pauseMs(30_000);
    await first.stop();
    const second = await startOnce(copy);
    figures.tell("placement.npm-start.second", second.answersMs, "ms", aims.secondStartMs);
    await second.stop();
    figures.note("npm start: first is with packages installed and the sandbox's programs compiled; both until the console answers");
  } finally {
    rmSync(path.dirname(copy), { recursive: true, force: true });
  }
}
