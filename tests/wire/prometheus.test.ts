// The real Prometheus scrapes the world and has a past; the console's client asks it, in time or not at all.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPrometheus, type PrometheusClient } from "@/lib/adapters/prometheus/client";
import { readUsage } from "@/lib/metrics/usage";
import { ensurePrograms } from "../../infra/sandbox/programs";
import { startPrometheus, type Prometheus } from "../../infra/sandbox/prometheus/server";
import { startTraffic, type Traffic } from "../../infra/sandbox/traffic/server";
import { makeApi, node, pod, type StandIn } from "../fixtures/api-reader";

const doomed = pod({ namespace: "auth", name: "auth-api-2", app: "auth-api", node: "k8s-worker-1", image: "auth:two" });
let home: string;
let api: StandIn;
let traffic: Traffic;
let start: () => Promise<Prometheus>;
let prometheus: Prometheus;
let client: PrometheusClient;
let restartedAt = 0;

beforeAll(async () => {
  const programs = await ensurePrograms({ names: ["prometheus", "promtool"] });
  home = mkdtempSync(join(tmpdir(), "quarterdeck-prometheus-"));
  api = makeApi({
    nodes: [node("k8s-worker-1", "10.0.2.20"), node("k8s-postgresql", "10.0.2.60")],
    pods: [
      pod({ namespace: "auth", name: "auth-api-1", app: "auth-api", node: "k8s-worker-1", image: "auth:one" }), doomed,
      pod({ namespace: "default", name: "postgres-0", app: "postgres", node: "k8s-postgresql", image: "postgres:16" }),
    ],
  });
  traffic = await startTraffic({ api });
  start = () => startPrometheus({ prometheus: programs.prometheus ?? "", promtool: programs.promtool ?? "", home, port: 0, traffic });
  prometheus = await start();
  client = openPrometheus(prometheus.url);
});
afterAll(async () => {
  await prometheus.stop();
  await traffic.stop();
  rmSync(home, { recursive: true, force: true });
});

const one = async (expression: string, time?: number): Promise<number> => {
  const { series } = await client.query(expression, time === undefined ? {} : { time });
  return series[0]?.value ?? Number.NaN;
};
async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 100_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`in vain awaited: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

describe("the sandbox's Prometheus", () => {
  it("scrapes every page that there is, under the labels of what it stands for", async () => {
    await until("all targets up", async () => (await one("count(up == 1)")) === traffic.targets().length);
    expect(await one('count(up{job="auth-api",namespace="auth",node="k8s-worker-1"})')).toBe(2);
    expect(await one("count(up == 0) or vector(0)")).toBe(0);
  });

  it("has a day's past, in which the day rises and falls, and finds it again after a restart", async () => {
    await prometheus.history;
    await prometheus.stop();
    prometheus = await start();
    restartedAt = Date.now();
    client = openPrometheus(prometheus.url);
    const hoursAgo = (hours: number): number => Date.now() - hours * 3_600_000;
    expect(await one("count(up)", hoursAgo(12))).toBe(traffic.targets().length);
    const past = await client.queryRange('sum(rate(http_requests_total{service="auth-api"}[10m]))', { start: hoursAgo(23), end: hoursAgo(1), stepMs: 600_000 });
    const values = past.series[0]?.points.map(([, value]) => value) ?? [];
    expect(values.length).toBeGreaterThan(125);
    expect(Math.max(...values) / Math.min(...values)).toBeGreaterThan(2);
    const slow = 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{service="auth-api"}[5m])))';
    expect((await one(slow, hoursAgo(3))) / (await one(slow))).toBeCloseTo(1, 0);
  });

  it("tells what machines and pods use, in millicores and bytes", async () => {
    // What was scraped before the restart alone would linger when it ends: only who saw a series can mark its end.
    await until("two scrapes since the restart", async () => (await one("min(timestamp(up))")) * 1000 > restartedAt && (await one("min(count_over_time(container_cpu_usage_seconds_total[25s]))")) >= 2);
    const usage = await readUsage(client);
    expect(usage.pods["default/postgres-0"]?.cpuMillis).toBeGreaterThan(20);
    expect(usage.pods["default/postgres-0"]?.memoryBytes).toBeGreaterThan(100 * 2 ** 20);
    expect(usage.nodes["k8s-postgresql"]?.cpuMillis).toBeGreaterThan(usage.pods["default/postgres-0"]?.cpuMillis ?? Infinity);
    expect(usage.nodes["k8s-worker-1"]?.memoryBytes).toBeLessThan(3888 * 2 ** 20);
  });

  it("a pod that died stops counting, and the others take its share", async () => {
    api.send("/api/v1/pods", "DELETED", doomed);
    await until("its series to end", async () => Number.isNaN(await one('http_requests_total{pod="auth-api-2",status="200"}')));
    await until("its target to be gone", async () => (await one('count(up{job="auth-api"})')) === 1);
  });
});

describe("the client", () => {
  it("knows the server's version, and that it is ready", async () => {
    expect(await client.ready()).toBe(true);
    expect((await client.buildInfo()).version).toMatch(/^3\./);
  });

  it("says what is wrong with a question, in Prometheus' own words", async () => {
    await expect(client.query("sum(rate(up[)")).rejects.toMatchObject({ name: "AppError", code: "invalid", say: expect.stringContaining("parse error") });
  });

  it("gives up on an answer that does not come, and when nobody waits for it any more", async () => {
    const silent = await listening(() => undefined);
    const waiting = openPrometheus(silent.url);
    await expect(waiting.query("up", { timeoutMs: 200 })).rejects.toMatchObject({ code: "unavailable", say: expect.stringContaining("0.2 s") });
    const gone = new AbortController();
    const asked = waiting.query("up", { signal: gone.signal });
    gone.abort();
    await expect(asked).rejects.toMatchObject({ code: "gone" });
    expect(await openPrometheus(silent.url).ready(200)).toBe(false);
    silent.close();
  });

  it("reads the words of a server that is starting, that is none, and that talks too much", async () => {
    const starting = await listening((_, response) => response.writeHead(503, { "content-type": "text/plain" }).end("Service Unavailable"));
    await expect(openPrometheus(starting.url).query("up")).rejects.toMatchObject({ code: "unavailable", say: expect.stringContaining("still starting") });
    starting.close();
    const page = await listening((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"));
    await expect(openPrometheus(page.url).query("up")).rejects.toMatchObject({ code: "unavailable", say: expect.stringContaining("does not answer as Prometheus") });
    page.close();
    const endless = await listening((_, response) => response.writeHead(200, { "content-type": "application/json" }).end("x".repeat(5_000)));
    await expect(openPrometheus(endless.url, { maxBytes: 1_000 }).query("up")).rejects.toMatchObject({ code: "too-many" });
    endless.close();
    await expect(openPrometheus("http://127.0.0.1:9").query("up")).rejects.toMatchObject({ code: "unavailable", say: expect.stringContaining("cannot be reached") });
  });
});

async function listening(handler: Parameters<typeof createServer>[1]): Promise<{ url: string; close: () => void }> {
  const server: Server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}`, close: () => { server.close(); server.closeAllConnections(); } };
}

describe("what Prometheus knows beside values", () => {
  it("names, values, series and meanings come cut to what was asked for, whatever the server's version makes of the limit", async () => {
    expect(await client.labelNames({ limit: 2 })).toHaveLength(2);
    expect(await client.labelValues("job", { match: "up", limit: 100 })).toContain("auth-api");
    expect(await client.labelValues("__name__", { limit: 3 })).toHaveLength(3);
    const [first] = await client.series('http_requests_total{service="auth-api"}', { limit: 1 });
    expect(first).toMatchObject({ __name__: "http_requests_total", service: "auth-api" });
    expect((await client.meanings("http_requests_total", { limit: 5 })).http_requests_total).toMatchObject({ type: "counter" });
  });

  it("the alert rules that the product ships are taken and evaluated without a fault", async () => {
    await until("every rule evaluated", async () => (await client.rules()).every(({ tookMs, fault, state }) => fault === "" && state !== "" && tookMs >= 0));
    const rules = await client.rules();
    expect(rules.map(({ name }) => name)).toEqual(expect.arrayContaining(["HighErrorRate", "NodeNotReady", "DeadLetters", "QueueWithoutConsumer", "TargetDown"]));
    expect(rules.every(({ labels, group }) => labels.severity !== undefined && group.startsWith("quarterdeck-"))).toBe(true);
  });

  it("an expression is laid out as Prometheus does it, and a wrong one is told with its place", async () => {
    expect(await client.format("sum(rate(up[5m]))by(job)")).toBe("sum by (job) (rate(up[5m]))");
    await expect(client.format("sum(")).rejects.toMatchObject({ code: "invalid", say: expect.stringMatching(/1:5/) });
  });

  it("targets tell what is up, and when they were scraped", async () => {
    const targets = await client.targets();
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.every(({ labels, health, scrapedAt }) => labels.job !== undefined && health !== "" && (scrapedAt === null || scrapedAt > restartedAt - 3_600_000))).toBe(true);
  });
});
