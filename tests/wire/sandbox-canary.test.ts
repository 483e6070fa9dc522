// The sandbox's canaries: orders start them, the real controller steps them and asks the real Prometheus, and each version's evidence is there within seconds.
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPrometheus } from "@/lib/adapters/prometheus/client";
import { at, listAt, numberAt, textAt, type Json } from "../../infra/sandbox/json";
import { ask, temporaryWorld, until } from "./sandbox-world";

const slowMs = 420_000;
let world: Awaited<ReturnType<typeof temporaryWorld>>;
const rollouts = "/apis/argoproj.io/v1alpha1/namespaces/recycling";
const rollout = async () => (await ask(world, `${rollouts}/rollouts/recycling-api`)).body;
const given = async (order: string, ...args: string[]) => {
  const { ok, say } = await world.order(order, args);
  if (!ok) throw new Error(say);
  return say;
};
const valueOf = async (expression: string): Promise<number> => (await openPrometheus(world.prometheusUrl ?? "").query(expression)).series[0]?.value ?? Number.NaN;
const errorShare = (hash: string) => valueOf(`sum(increase(http_requests_total{service="recycling-api",pod_template_hash="${hash}",status="500"}[5s])) / sum(increase(http_requests_total{service="recycling-api",pod_template_hash="${hash}"}[5s]))`);

beforeAll(async () => {
  world = await temporaryWorld({ scenario: "bad-canary", aws: false, pace: "fast", historyHours: 0, scrapeSeconds: 1 });
}, slowMs);
afterAll(() => world[Symbol.asyncDispose]());

async function analysed(name: string, provider: Json): Promise<Json> {
  const body = { apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun", metadata: { namespace: "recycling", name }, spec: { metrics: [{ name: "one", consecutiveErrorLimit: 0, provider }] } };
  expect((await ask(world, `${rollouts}/analysisruns`, { method: "POST", body })).status).toBe(201);
  const run = await until(async () => (await ask(world, `${rollouts}/analysisruns/${name}`)).body, (found) => ["Successful", "Failed", "Error"].includes(textAt(found, "status", "phase")));
  return at(run, "status", "metricResults", 0, "measurements", 0) ?? null;
}

describe("a scenario with a canary", () => {
  it("starts it by itself; the real controller steps it to its first pause, and its errors stand in Prometheus beside the stable version's within seconds", async () => {
    const paused = await until(rollout, (found) => textAt(found, "status", "phase") === "Paused");
    const [canary, stable] = [textAt(paused, "status", "currentPodHash"), textAt(paused, "status", "stableRS")];
    expect(canary).not.toBe(stable);
    expect(numberAt(paused, "status", "currentStepIndex")).toBe(1);
    await given("requests-per-second", "recycling-api", "2000");
    await until(async () => [await errorShare(canary), await errorShare(stable)], ([bad = 0, well = 1]) => bad > 0.007 && bad / well > 2.5);
    await until(() => valueOf('sum(rate(http_requests_total{service="recycling-api"}[5s]))'), (counted) => Math.abs(counted / 2000 - 1) < 0.1);
  }, slowMs);

  it("shares what is asked by pods that are ready: one of three is a third", async () => {
    const canary = textAt(await rollout(), "status", "currentPodHash");
    const share = `sum(rate(http_requests_total{service="recycling-api",pod_template_hash="${canary}"}[5s])) / sum(rate(http_requests_total{service="recycling-api"}[5s]))`;
    expect(await until(() => valueOf(share), (part) => Math.abs(part - 1 / 3) < 0.03)).toBeGreaterThan(0);
  });

  it("is given another behaviour by order, and its own again", async () => {
    const canary = textAt(await rollout(), "status", "currentPodHash");
    const tag = textAt(await rollout(), "spec", "template", "metadata", "labels", "version");
    await given("version-behaves", tag, "0.5");
    await until(() => errorShare(canary), (part) => part > 0.3);
    await given("version-behaves", tag, "well");
    await until(() => errorShare(canary), (part) => part < 0.01);
  });

  it("fails with all others in a shared incident, and no longer once it is ended", async () => {
    const stable = textAt(await rollout(), "status", "stableRS");
    await given("shared-incident", "x40", "recycling-api");
    await until(() => errorShare(stable), (part) => part > 0.06);
    await given("shared-incident", "end", "recycling-api");
    await until(() => errorShare(stable), (part) => part < 0.015);
  });

  it("is asked by nobody when it is so ordered", async () => {
    await given("no-traffic", "recycling-api");
    await until(() => valueOf('sum(increase(http_requests_total{service="recycling-api"}[5s]))'), (count) => count === 0);
    await given("requests-per-second", "recycling-api", "2000");
  });
});

describe("the controller's analyses", () => {
  it("ask the real Prometheus by the name of its Service", async () => {
    const measured = await analysed("by-prometheus", { prometheus: { address: "http://prometheus-kube-prometheus-prometheus.monitoring:9090", query: 'count(up{job="recycling-api"} == 1)' } });
    expect(measured).toMatchObject({ phase: "Successful", value: "[3]" });
  });

  it("ask a web address, or the name that was said to answer there", async () => {
    const judge = createServer((_, response) => void response.setHeader("content-type", "application/json").end('{"verdict":"pass"}'));
    await new Promise<void>((resolve) => judge.listen(0, "127.0.0.1", resolve));
    const address = judge.address();
    await given("answers-at", "console.quarterdeck", `http://127.0.0.1:${typeof address === "object" ? address?.port ?? 0 : 0}`);
    const measured = await analysed("by-web", { web: { url: "http://console.quarterdeck.svc/judge", jsonPath: "{$.verdict}" } });
    judge.close();
    expect(measured).toMatchObject({ phase: "Successful", value: '"pass"' });
  });

  it("fail with a reason where nothing answers to the name", async () => {
    const run = await analysed("by-nobody", { web: { url: "http://nobody.quarterdeck/", jsonPath: "{$.verdict}" } });
    expect(textAt(run, "phase")).toBe("Error");
    expect(textAt(run, "message")).toContain("502");
  }, slowMs);
});

describe("orders that cannot be carried out", () => {
  it("say what was wrong and what there is", async () => {
    expect(await world.order("requests-per-second", ["nobody", "5"])).toMatchObject({ ok: false, say: expect.stringContaining("There is no service nobody. There are auth-api") });
    expect(await world.order("requests-per-second", ["auth-api", "-1"])).toMatchObject({ ok: false, say: expect.stringContaining("between 0 and 5000") });
    expect(await world.order("one-bad-node", ["k9"])).toMatchObject({ ok: false, say: expect.stringContaining("There are k8s-master") });
    expect(await world.order("bad-canary", ["auth-api"])).toMatchObject({ ok: false, say: expect.stringContaining("is no Rollout in this world") });
    expect(await world.order("answers-at", ["console.quarterdeck", "there"])).toMatchObject({ ok: false, say: expect.stringContaining("is no address") });
    expect(listAt(await rollout(), "status", "conditions").length).toBeGreaterThan(0);
  });
});
