// The exporter on a loopback port: pages to scrape, health answers of the services, and the list of what there is to scrape.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createExporter, type Exporter } from "./exporter.ts";
import { toText, type Labels } from "./exposition.ts";
import { historyOf, type HistorySpan } from "./history.ts";
import { httpProfiles } from "./profiles.ts";
import { noTurns, type Turns } from "./turns.ts";
import { followCluster, type Reader } from "./watch.ts";

export interface TrafficOptions {
  /** The API server as the sandbox's administrator sees it. */
  api: Reader;
  /** 0 or absent: any that is free. */
  port?: number;
}

export interface ScrapeTarget { path: string; labels: Labels }

export interface Traffic {
  url: string;
  /** What there is to scrape now. */
  targets(): ScrapeTarget[];
  /** Called, at most once a second, when that may have changed. */
  onTargets(listener: () => void): () => void;
  /** From now on it goes differently: what was up to now is counted as it was. */
  turn(change: (turns: Turns) => void): void;
  turns(): Readonly<Turns>;
  /** The same pods under the same rhythm in another time. */
  history(span: HistorySpan): AsyncIterable<{ atMs: number; text: string }>;
  /** True when most pods are ready and it has been a while since one became so: the world has come to rest. */
  settled(): boolean;
  stop(): Promise<void>;
}

const announceAfterMs = 1000;
const restMs = 8_000;

export async function startTraffic({ api, port = 0 }: TrafficOptions): Promise<Traffic> {
  const ending = new AbortController();
  const listeners = new Set<() => void>();
  const turns = noTurns();
  const rest = { ready: 0, sinceMs: Date.now() };
  let announcing: NodeJS.Timeout | null = null;
  const announce = (): void => {
    announcing ??= setTimeout(() => {
      announcing = null;
      exporter?.advance(Date.now());
      const ready = [...picture.pods.values()].filter((pod) => pod.ready).length;
      if (ready !== rest.ready) Object.assign(rest, { ready, sinceMs: Date.now() });
      for (const listener of listeners) listener();
    }, announceAfterMs).unref();
  };
  let exporter: Exporter | null = null;
  const { picture, synced } = followCluster(api, { signal: ending.signal, onChange: announce });
  await synced;
  const current = (exporter = createExporter(picture, { startMs: Date.now(), turns }));
  current.advance(Date.now());
  const server = createServer((request, response) => answer(request, response, current));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    targets: () => current.targets().map(({ path, labels }) => ({ path, labels })),
    onTargets(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    turn(change) {
      current.advance(Date.now());
      change(turns);
    },
    turns: () => turns,
    history: (span) => historyOf(picture, span),
    settled: () => rest.ready > picture.pods.size / 2 && Date.now() - rest.sinceMs > restMs,
    stop: () => {
      ending.abort();
      if (announcing) clearTimeout(announcing);
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

function answer(request: IncomingMessage, response: ServerResponse, exporter: Exporter): void {
  const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
  exporter.advance(Date.now());
  const health = /^\/health\/([^/]+)$/.exec(path)?.[1];
  if (health !== undefined) return answerHealth(response, { app: health, exporter });
  if (path === "/targets") return send(response, { status: 200, type: "application/json", body: JSON.stringify(exporter.targets().map(({ path: at, labels }) => ({ path: at, labels }))) });
  const target = exporter.target(path);
  if (!target) return send(response, { status: 404, type: "text/plain", body: "There is nothing to scrape here.\n" });
  const families = target.page();
  // A machine that is off does not answer at all.
  if (families === null) return void request.socket.destroy();
  send(response, { status: 200, type: "text/plain; version=0.0.4; charset=utf-8", body: toText(families) });
}

/** What a service's own /health would say, reached through its Service: no ready pod, no answer from it. */
function answerHealth(response: ServerResponse, { app, exporter }: { app: string; exporter: Exporter }): void {
  if (!(app in httpProfiles)) return send(response, { status: 404, type: "application/json", body: JSON.stringify({ detail: "Not Found" }) });
  const [pod] = exporter.serving(app);
  const body = pod ? { status: "ok", service: app, version: pod.version, pod: pod.name } : { status: "unavailable", service: app };
  send(response, { status: pod ? 200 : 503, type: "application/json", body: JSON.stringify(body) });
}

function send(response: ServerResponse, { status, type, body }: { status: number; type: string; body: string }): void {
  response.writeHead(status, { "content-type": type });
  response.end(body);
}
