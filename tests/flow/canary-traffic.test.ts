// What traffic, machines and Prometheus itself may do to a canary's analysis, on the real controller: slowness fails a version, silence and one ill machine do not, and a Prometheus that is away is waited for.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as analysisRoute from "@/app/api/clusters/[cluster]/canary/[namespace]/[workload]/analysis/route";
import * as promoteRoute from "@/app/api/clusters/[cluster]/canary/[namespace]/[workload]/promote/route";
import { startWorld, type World } from "@/infra/sandbox/world";
import { serverGround } from "@/lib/canary/service/ground";
import { looksOfRun } from "@/lib/canary/service/kept";
import { analysisDefinition } from "@/lib/canary/model";
import { startClusterLoops } from "@/lib/clusters/loops";
import { standingOf } from "@/lib/deployments/rollouts/standing";
import { canaryLoop, errorRate, guard, isThere, judged, params, post, reached, rollout, settings, slow, slowMs, versionsOn } from "../fixtures/canary/rollout-stage";
import { useFreshDatabase, type TestServer } from "../fixtures/database";
import { until } from "../fixtures/jobs/until";
import { openPrometheusFront, type PrometheusFront } from "../fixtures/prometheus-front";
import { plainApi } from "../wire/kubernetes-api";

const definition = analysisDefinition.parse({ version: 1, metrics: [errorRate, slow], guard, minutes: 30 });

let home: string;
let world: World;
let server: TestServer & { url: string };
let front: PrometheusFront;
let clusters: AbortController;
const loop = canaryLoop();
const { given, rolledOut } = versionsOn(() => world);
const analysed = async (how: object) => expect(await post(analysisRoute, { definition, settings: { ...settings, ...how } })).toMatchObject({ status: 200 });
const deedsFor = async (hash: string) => (await server.query(server.url, `SELECT action FROM audit_entries WHERE input->>'hash' = '${hash}' AND outcome = 'allowed' ORDER BY id`)).map(({ action }) => action);

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "quarterdeck-canary-traffic-"));
  [world, server] = await Promise.all([startWorld({ home: path.join(home, "world"), aws: false, pace: "fast", historyHours: 0, scrapeSeconds: 1 }), useFreshDatabase()]);
  front = await openPrometheusFront(world.prometheusUrl ?? "");
  process.env.KUBECONFIG = world.kubeconfigPath;
  process.env.PROMETHEUS_URL = front.url;
  clusters = new AbortController();
  startClusterLoops(clusters.signal);
  await isThere();
  await given("requests-per-second", "recycling-api", "5000");
  await analysed({});
  loop.start();
}, slowMs);
afterAll(async () => {
  await loop.stop();
  clusters.abort();
  await front?.close();
  await Promise.all([world?.stop(), server?.stop()]);
  rmSync(home, { recursive: true, force: true });
});

describe("a slow version", () => {
  it("is failed by its latency and aborted, though it errs no more than the one before", async () => {
    const hash = await rolledOut("slow-canary", "x4");
    const run = await judged(hash, "to have ended", ({ state }) => state === "ended");
    expect([run.word, run.outcome, run.verdict?.deciding]).toEqual(["fail", "aborted", "Slow"]);
    expect(run.verdict?.metrics.find(({ name }) => name === "Error rate")?.state).not.toBe("fail");
    expect(rollout().rollout).toMatchObject({ aborted: true, currentHash: hash });
  }, slowMs);
});

describe("a version that nobody asks", () => {
  it("is neither promoted nor aborted for it, says so, and is judged once it is asked", async () => {
    await given("no-traffic", "recycling-api");
    const hash = await rolledOut("good-canary");
    const silent = await judged(hash, "to be looked at for a minute", ({ startedAt, lastAt, verdict }) => verdict !== null && lastAt - startedAt >= 60_000);
    expect([silent.word, silent.state, silent.verdict?.metrics.map(({ canary }) => canary.events)]).toEqual(["undecided", "running", [0, 0]]);
    expect(silent.verdict?.sentence).toMatch(/traffic|requests|asked/i);
    expect((await deedsFor(hash)).filter((deed) => deed !== "rollout.pause")).toEqual([]);
    await given("requests-per-second", "recycling-api", "5000");
    const run = await judged(hash, "to have ended", ({ state }) => state === "ended");
    expect([run.word, run.outcome]).toEqual(["pass", "promoted"]);
  }, slowMs);
});

describe("a Prometheus that is away", () => {
  it("is told of, cut off or silent; nothing is decided without it, and every look that was missed is made good once it answers", async () => {
    front.turn("cut");
    const hash = await rolledOut("good-canary");
    const cut = await judged(hash, "to miss Prometheus", ({ trouble }) => trouble !== "");
    expect([cut.trouble, cut.word, cut.verdict]).toEqual([expect.stringMatching(/Prometheus.* cannot be reached/), "undecided", null]);
    await reached("its first pause", (found) => standingOf(found).heldBy === "step");
    front.turn("silent");
    await judged(hash, "to wait for Prometheus", ({ trouble }) => /did not answer/.test(trouble));
    expect(await deedsFor(hash)).toEqual([]);
    front.turn("open");
    const run = await judged(hash, "to have ended", ({ state }) => state === "ended");
    expect([run.id, run.word, run.outcome, run.trouble]).toEqual([cut.id, "pass", "promoted", ""]);
    const { path: points } = await looksOfRun(serverGround().db, run.id);
    expect(new Set(points.slice(1).map(({ at }, i) => at - (points[i]?.at ?? 0)))).toEqual(new Set([5000]));
  }, slowMs);
});

describe("one bad machine", () => {
  it("whose pod alone speaks against a version holds it for a person and does not abort it", async () => {
    const api = plainApi(world.kubeconfigPath, { server: world.apiServerDirectUrl });
    const cordon = (node: string, unschedulable: boolean) => api.must("PATCH", `/api/v1/nodes/${node}`, { spec: { unschedulable } });
    const canaryNodes = (hash: string) => [...serverGround().handleOf(params.cluster).store("Pod").values()].flatMap(({ namespace, name, nodeName, ready }) => (namespace === params.namespace && name.includes(hash) && ready ? [nodeName] : [])).toSorted();
    await analysed({ promoteOnPass: false, holdWhileIll: false });
    await given("no-traffic", "recycling-api");
    await api.must("PATCH", `/apis/argoproj.io/v1alpha1/namespaces/${params.namespace}/rollouts/${params.workload}`, { spec: { replicas: 4 } });
    // The service's pods stand on one machine, the canary's first on another, its second beside the service's.
    await reached("four pods", (found) => standingOf(found).phase === "healthy" && found.replicas === 4);
    await api.must("PATCH", "/api/v1/nodes/k8s-worker-2", { metadata: { labels: { workload: "application" } } });
    await cordon("k8s-worker-1", true);
    const hash = await rolledOut("good-canary");
    await reached("its first pause", (found) => standingOf(found).heldBy === "step");
    await cordon("k8s-worker-1", false);
    await cordon("k8s-worker-2", true);
    expect(await post(promoteRoute, { hash, typed: params.workload })).toMatchObject({ status: 200 });
    // A promotion leaves no generation by which it could be told that the controller missed it.
    await reached("its second pause", (found) => standingOf(found).heldBy === "step" && found.rollout.stepIndex === 3, () => true);
    await until("a pod on either machine", async () => (canaryNodes(hash).join() === "k8s-worker-1,k8s-worker-2" ? true : null));
    await given("one-bad-node", "k8s-worker-2", "x20");
    await given("requests-per-second", "recycling-api", "5000");
    const run = await judged(hash, "to be held", ({ held }) => held);
    expect([run.word, run.state, run.verdict?.deciding]).toEqual(["fail", "running", "Error rate"]);
    await reached("the hold", (found) => standingOf(found).heldBy === "hand");
    const [held] = await server.query(server.url, `SELECT reason FROM audit_entries WHERE input->>'hash' = '${hash}' AND action = 'rollout.pause'`);
    expect(held?.reason).toMatch(/^\d+ % of the canary's events come from one pod, recycling-api-\S+ on k8s-worker-2; without it nothing speaks against the version/);
    expect(await deedsFor(hash)).not.toContain("rollout.abort");
    api.close();
  }, slowMs);
});
