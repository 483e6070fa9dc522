// The exporter follows what is there: pages per machine and pod, counters that rise by the rhythm, nothing from the dead.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Json } from "../../infra/sandbox/json";
import { startTraffic, type Traffic } from "../../infra/sandbox/traffic/server";
import { eventsBetween, rateAt } from "../../infra/sandbox/traffic/rhythm";
import { createSimulation } from "../../infra/sandbox/traffic/simulation";
import { toPod } from "../../infra/sandbox/traffic/seen";
import { noTurns, type Turns } from "../../infra/sandbox/traffic/turns";
import { answeredBy } from "../fixtures/answered";
import { makeApi, node, pod, type StandIn } from "../fixtures/api-reader";

let api: StandIn;
let traffic: Traffic;

beforeAll(async () => {
  api = makeApi({
    nodes: [node("k8s-worker-1", "10.0.2.20"), node("k8s-rabbitmq", "10.0.1.50")],
    pods: [
      pod({ namespace: "auth", name: "auth-api-1", app: "auth-api", node: "k8s-worker-1", image: "auth:one" }),
      pod({ namespace: "auth", name: "auth-api-2", app: "auth-api", node: "k8s-worker-1", image: "auth:two" }),
      pod({ namespace: "messaging", name: "rabbitmq-0", app: "rabbitmq", node: "k8s-rabbitmq", image: "rabbitmq:3.13" }),
    ],
  });
  traffic = await startTraffic({ api });
});
afterAll(() => traffic.stop());

const page = async (path: string): Promise<string> => (await fetch(traffic.url + path)).text();
const valueOf = (text: string, pattern: RegExp): number => text.split("\n").filter((line) => pattern.test(line)).reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
async function until(check: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error("it did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("the rhythm", () => {
  it("counts between two moments exactly what the rate adds up to", () => {
    const rhythm = { perSecond: 10, seed: "auth-api" };
    const [from, to, steps] = [1_800_000_000_000, 1_800_086_400_000, 20_000];
    let sum = 0;
    for (let step = 0; step < steps; step += 1) sum += rateAt(rhythm, from + ((step + 0.5) * (to - from)) / steps) * ((to - from) / steps / 1000);
    expect(eventsBetween(rhythm, from, to) / sum).toBeCloseTo(1, 4);
    expect(eventsBetween(rhythm, from, from + 7_000) + eventsBetween(rhythm, from + 7_000, to)).toBeCloseTo(eventsBetween(rhythm, from, to), 3);
  });
});

describe("the simulation", () => {
  const start = 1_800_000_000_000;
  const seen = (name: string, image: string) => toPod(pod({ namespace: "auth", name, app: "auth-api", node: "n", image }));
  const there = new Map([["n", 64]]);
  const front = { services: new Map([["auth/auth-api", { namespace: "auth", name: "auth-api", selector: { app: "auth-api" } }]]), ingresses: new Map() };
  const simulate = (turns: Partial<Turns> = {}) => createSimulation(start, { turns: { ...noTurns(), ...turns }, front });

  it("shares requests over the pods that are there; one that comes late begins at nothing, one that goes is forgotten", () => {
    const simulation = simulate();
    simulation.adopt([seen("a", "x:1")], there);
    simulation.advance(start + 60_000);
    const alone = simulation.lives.get("uid-a")?.requests ?? 0;
    simulation.adopt([seen("a", "x:1"), seen("b", "x:1")], there);
    expect(simulation.lives.get("uid-b")?.requests).toBe(0);
    simulation.advance(start + 120_000);
    const late = simulation.lives.get("uid-b")?.requests ?? 0;
    expect(late).toBeGreaterThan(0.4 * alone);
    expect(simulation.lives.get("uid-a")?.requests).toBeCloseTo(alone + late, 6);
    simulation.adopt([seen("b", "x:1")], there);
    expect([...simulation.lives.keys()]).toEqual(["uid-b"]);
  });

  it("gives a version the errors and the slowness that were ordered for it, and no other", () => {
    const simulation = simulate({ versions: new Map([["2", { errorRate: 0.3, latencyFactor: 4 }]]) });
    simulation.adopt([seen("a", "x:1"), seen("b", "x:2")], there);
    simulation.advance(start + 600_000);
    const [a, b] = ["uid-a", "uid-b"].map((uid) => simulation.lives.get(uid) ?? { requests: Number.NaN, answered: [] });
    if (!a || !b) throw new Error("two pods have two lives");
    expect(answeredBy(b, "serverErrors") / b.requests).toBeGreaterThan(0.15);
    expect(answeredBy(a, "serverErrors") / a.requests).toBeLessThan(0.01);
    expect(answeredBy(b, "seconds") / answeredBy(a, "seconds")).toBeCloseTo(4, 0);
  });

  it("fills a queue while nobody takes from it, and empties it when somebody does", () => {
    const simulation = simulate();
    const one = (name: string, app: string) => toPod(pod({ namespace: "w", name, app, node: "n", image: "w:1" }));
    const producers = [one("r", "rabbitmq"), one("w", "waste-api")];
    const ready = () => simulation.queues.find(({ profile }) => profile.name === "q.ai")?.ready ?? Number.NaN;
    simulation.adopt(producers, there);
    simulation.advance(start + 120_000);
    const full = ready();
    expect(full).toBeGreaterThan(50);
    simulation.adopt([...producers, ...["1", "2", "3"].map((n) => one(n, "ai-worker"))], there);
    simulation.advance(start + 600_000);
    expect(ready()).toBeLessThan(full / 10);
  });
});

describe("the exporter", () => {
  it("has a page per machine, per kubelet, for the cluster, and per pod that has metrics of its own", () => {
    expect(traffic.targets().map(({ path }) => path).sort()).toEqual([
      "/metrics/cluster", "/metrics/kubelet/k8s-rabbitmq", "/metrics/kubelet/k8s-worker-1", "/metrics/node/k8s-rabbitmq", "/metrics/node/k8s-worker-1",
      "/metrics/pod/auth/auth-api-1", "/metrics/pod/auth/auth-api-2", "/metrics/pod/messaging/rabbitmq-0",
    ]);
  });

  it("counts on: a counter never falls while its pod lives, and every bucket is within the count", async () => {
    const read = async (): Promise<number> => valueOf(await page("/metrics/pod/auth/auth-api-1"), /^http_requests_total\{/);
    const before = await read();
    await until(async () => (await read()) > before);
    const text = await page("/metrics/pod/auth/auth-api-1");
    expect(valueOf(text, /^http_request_duration_seconds_bucket.*le="\+Inf"/)).toBe(valueOf(text, /^http_request_duration_seconds_count/));
    expect(text).toContain('le="1.0"');
    const sum = (of: RegExp) => [...text.matchAll(of)].reduce((all, [, value]) => all + Number(value), 0);
    expect(sum(/^http_request_duration_seconds_count\{.*\} (\d+)$/gm)).toBe(sum(/^http_requests_total\{.*\} (\d+)$/gm));
  });

  it("shapes its pages as the exporters do", async () => {
    expect(await page("/metrics/node/k8s-worker-1")).toMatch(/# TYPE node_cpu_seconds_total counter\nnode_cpu_seconds_total\{cpu="0",mode="idle"\} /);
    expect(await page("/metrics/kubelet/k8s-worker-1")).toMatch(/container_memory_working_set_bytes\{namespace="auth",pod="auth-api-1",container="main",image="auth:one"\} \d+/);
    expect(await page("/metrics/cluster")).toMatch(/kube_pod_status_phase\{namespace="auth",pod="auth-api-1",uid="uid-auth-api-1",phase="Running"\} 1/);
    expect((await page("/metrics/pod/messaging/rabbitmq-0")).match(/^rabbitmq_queue_messages_ready\{.*/gm)).toHaveLength(5);
  });

  it("answers for a service while a pod of it is ready, and says so when none is", async () => {
    expect((await fetch(`${traffic.url}/health/auth-api`)).status).toBe(200);
    expect((await fetch(`${traffic.url}/health/waste-api`)).status).toBe(503);
    expect((await fetch(`${traffic.url}/health/nobody`)).status).toBe(404);
  });

  it("forgets a pod that died, and does not answer for a machine that is off", async () => {
    api.send("/api/v1/pods", "DELETED", pod({ namespace: "auth", name: "auth-api-2", app: "auth-api", node: "k8s-worker-1", image: "auth:two" }));
    await until(async () => (await fetch(`${traffic.url}/metrics/pod/auth/auth-api-2`)).status === 404);
    expect(await page("/metrics/kubelet/k8s-worker-1")).not.toContain("auth-api-2");
    api.send("/api/v1/nodes", "MODIFIED", node("k8s-worker-1", "10.0.2.20", "Unknown"));
    await until(() => page("/metrics/node/k8s-worker-1").then(() => false, () => true));
    await expect(fetch(`${traffic.url}/metrics/kubelet/k8s-worker-1`)).rejects.toThrow();
    expect((await fetch(`${traffic.url}/health/auth-api`)).status).toBe(503);
  });

  it("lists again after a watch that ends with an error", async () => {
    api.replace("/api/v1/pods", [pod({ namespace: "messaging", name: "rabbitmq-0", app: "rabbitmq", node: "k8s-rabbitmq", image: "rabbitmq:3.13" })] satisfies Json[]);
    api.send("/api/v1/pods", "ERROR", { kind: "Status", code: 410 });
    await until(() => traffic.targets().every(({ path }) => !path.startsWith("/metrics/pod/auth/")));
  });
});
