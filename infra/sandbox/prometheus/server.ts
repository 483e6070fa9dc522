// The real Prometheus of the sandbox: on loopback, its data in the home, scraping the exporter and the control plane, with a day's past.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { supervise } from "../process.ts";
import type { Traffic } from "../traffic/server.ts";
import { backfill, historyWasMade, rememberHistory } from "./backfill.ts";
import { freePort, untilReady } from "./ready.ts";
import { settingsText, writeTargets, type ControlPlanePart } from "./settings.ts";

export interface PrometheusOptions {
  /** Paths of the programs. */
  prometheus: string;
  promtool: string;
  /** The world's folder; everything is kept in `prometheus` below it. */
  home: string;
  /** 0: any that is free. */
  port: number;
  traffic: Traffic;
  controlPlane?: readonly ControlPlanePart[];
  /** Address of the Alertmanager that is told of alerts. */
  alertmanagerUrl?: string;
  /** How often the services are looked at; 10 when absent. */
  scrapeSeconds?: number;
  /** The folder in `home` where its data is; `prometheus` when absent. */
  folder?: string;
  /** How long a past to make where none was made yet; 0 for none. 24 when absent. */
  historyHours?: number;
  onHistory?: (progress: number) => void;
}

export interface Prometheus {
  url: string;
  /** Resolves when the past is written (Prometheus shows it within a minute after), or was there before; rejects when it could not be made. */
  history: Promise<void>;
  stop(): Promise<void>;
}

/** The alerts that the product ships for every cluster. */
export const rulesPath = fileURLToPath(new URL("../../kubernetes/alert-rules.yaml", import.meta.url));
/** The past is made of the pods that are there once the world has come to rest, or after this long. */
const restWithinMs = 90_000;

export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { traffic, home } = options;
  const dir = join(home, options.folder ?? "prometheus");
  const dataDir = join(dir, "data");
  const targetsPath = join(dir, "targets.json");
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(join(dir, "prometheus.yaml"), settingsText({ targetsPath, rulesPath, controlPlane: options.controlPlane ?? [], scrapeSeconds: options.scrapeSeconds ?? 10, alertmanagerUrl: options.alertmanagerUrl ?? null }), { mode: 0o600 });
  const writeNow = (): void => writeTargets(targetsPath, traffic.url, traffic.targets());
  writeNow();
  const unlisten = traffic.onTargets(writeNow);
  const port = options.port === 0 ? await freePort() : options.port;
  const url = `http://127.0.0.1:${port}`;
  const child = supervise({
    name: "prometheus", command: options.prometheus, logPath: join(dir, "prometheus.log"), restarts: { limit: 3, withinMs: 60_000 }, stopGraceMs: 8_000,
    args: [
      "--config.file", join(dir, "prometheus.yaml"), "--storage.tsdb.path", dataDir, "--storage.tsdb.retention.time", "7d",
      "--web.listen-address", `127.0.0.1:${port}`, "--log.level", "warn",
    ],
    env: { GOGC: "60", GOMAXPROCS: "2" },
  });
  const startedMs = Date.now();
  const ending = new AbortController();
  child.start();
  await untilReady("Prometheus", url, () => child.tail(3));
  const history = makeHistory({ options, dir, dataDir, startedMs, signal: ending.signal });
  // A caller that does not care must not be brought down by it.
  history.catch(() => undefined);
  return {
    url,
    history,
    async stop() {
      unlisten();
      ending.abort();
      await history.catch(() => undefined);
      await child.stop();
    },
  };
}

interface HistoryInput { options: PrometheusOptions; dir: string; dataDir: string; startedMs: number; signal: AbortSignal }

async function makeHistory({ options, dir, dataDir, startedMs, signal }: HistoryInput): Promise<void> {
  const hours = options.historyHours ?? 24;
  if (hours === 0 || historyWasMade(dir)) return;
  const deadline = startedMs + restWithinMs;
  while (!options.traffic.settled() && Date.now() < deadline && !signal.aborted) await sleep(1_000, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) return;
  const { onHistory: onProgress } = options;
  await backfill({ promtool: options.promtool, dataDir, workDir: join(dir, "history"), traffic: options.traffic, untilMs: startedMs, hours, signal, ...(onProgress ? { onProgress } : {}) });
  if (!signal.aborted) rememberHistory(dir, startedMs);
  onProgress?.(1);
}
