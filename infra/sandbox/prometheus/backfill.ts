// Gives Prometheus a past: OpenMetrics in files of two hours, made into blocks by promtool, put beside its own.
import { execFile } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Traffic } from "../traffic/server.ts";

export interface BackfillInput {
  promtool: string;
  /** Prometheus' own folder of blocks. */
  dataDir: string;
  workDir: string;
  traffic: Pick<Traffic, "history">;
  /** No later than the first scrape: blocks that reach into the head would cut it off at the next start. */
  untilMs: number;
  hours: number;
  signal: AbortSignal;
  onProgress?: (progress: number) => void;
}

/** Prometheus' blocks are cut at multiples of two hours; one file per block, so that promtool reads each only once. */
const blockMs = 2 * 3_600_000;
export const historyStepMs = 60_000;

export async function backfill(input: BackfillInput): Promise<void> {
  const { traffic, untilMs, hours, workDir, signal } = input;
  rmSync(workDir, { recursive: true, force: true });
  mkdirSync(workDir, { recursive: true });
  const toMs = Math.floor(untilMs / historyStepMs) * historyStepMs;
  const fromMs = toMs - hours * 3_600_000;
  const file = join(workDir, "history.txt");
  let block = -1;
  let stream = createWriteStream(file);
  const closeBlock = async (): Promise<void> => {
    stream.end("# EOF\n");
    await once(stream, "finish");
    if (block >= 0) await makeBlock(input, file);
  };
  for await (const { atMs, text } of traffic.history({ fromMs, toMs, stepMs: historyStepMs })) {
    if (signal.aborted) break;
    if (Math.floor(atMs / blockMs) !== block) {
      await closeBlock();
      block = Math.floor(atMs / blockMs);
      stream = createWriteStream(file);
      input.onProgress?.((atMs - fromMs) / (toMs - fromMs));
    }
    if (!stream.write(text)) await once(stream, "drain");
  }
  if (signal.aborted) stream.destroy();
  else await closeBlock();
  rmSync(workDir, { recursive: true, force: true });
}

async function makeBlock({ promtool, dataDir, workDir, signal }: BackfillInput, file: string): Promise<void> {
  const made = join(workDir, "blocks");
  await promisify(execFile)(promtool, ["tsdb", "create-blocks-from", "openmetrics", "--quiet", file, made], { signal, maxBuffer: 16 * 1024 * 1024 });
  for (const name of existsSync(made) ? readdirSync(made) : []) {
    if (existsSync(join(made, name, "meta.json"))) renameSync(join(made, name), join(dataDir, name));
  }
}

export function historyWasMade(dir: string): boolean {
  return existsSync(join(dir, "history-made"));
}

export function rememberHistory(dir: string, untilMs: number): void {
  writeFileSync(join(dir, "history-made"), `${new Date(untilMs).toISOString()}\n`);
}
