// Starts the built console on loopback and waits until it answers.
import { createReadStream, rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { root } from "./checkout.ts";
import { supervise, type Child } from "../sandbox/process.ts";

export interface ConsoleOptions {
  port: number;
  environment: Record<string, string>;
  logFile: string;
  /** Serve from the sources instead of the build. */
  develop?: boolean;
  /** Called with each line of its log so far, once it answers. */
  onLine?: (line: string) => void;
}

const answerWithinMs = 60_000;

export async function startConsole({ port, environment, logFile, develop = false, onLine }: ConsoleOptions): Promise<Child> {
  rmSync(logFile, { force: true });
  const next = path.join(root, "node_modules/next/dist/bin/next");
  const child = supervise({ name: "console", command: process.execPath, args: [next, develop ? "dev" : "start", "-H", "127.0.0.1", "-p", String(port)], cwd: root, env: environment, logPath: logFile });
  const ended = new Promise<never>((_, reject) => child.onFailure((say) => reject(new Error(say))));
  child.start();
  await Promise.race([answers(`http://127.0.0.1:${port}/api/healthz`), ended]);
  if (onLine) for await (const line of createInterface({ input: createReadStream(logFile) })) onLine(line);
  return child;
}

async function answers(url: string): Promise<void> {
  const deadline = Date.now() + answerWithinMs;
  while (Date.now() < deadline) {
    const fine = await fetch(url, { signal: AbortSignal.timeout(2000) }).then((response) => response.ok, () => false);
    if (fine) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The console did not answer at ${url} within ${answerWithinMs / 1000} s`);
}
