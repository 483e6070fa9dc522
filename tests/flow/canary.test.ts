// Canaries end to end on the real Argo Rollouts controller and the real Prometheus: a bad version is aborted with evidence, a good one promoted, an incident of both is waited out; what dies in the middle goes on; no version is touched that was not judged.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as canaryRoute from "@/app/api/clusters/[cluster]/canary/[namespace]/[workload]/route";
import * as analysisRoute from "@/app/api/clusters/[cluster]/canary/[namespace]/[workload]/analysis/route";
import * as backtestRoute from "@/app/api/clusters/[cluster]/canary/[namespace]/[workload]/backtest/route";
import * as judgeRoute from "@/app/api/clusters/[cluster]/canary/[namespace]/[workload]/judge/route";
import * as promoteRoute from "@/app/api/clusters/[cluster]/canary/[namespace]/[workload]/promote/route";
import * as promoteFullRoute from "@/app/api/clusters/[cluster]/canary/[namespace]/[workload]/promote-full/route";
import * as truthRoute from "@/app/api/clusters/[cluster]/canary/[namespace]/[workload]/truth/route";
import * as abortRoute from "@/app/api/clusters/[cluster]/rollouts/[namespace]/[name]/abort/route";
import * as pauseRoute from "@/app/api/clusters/[cluster]/rollouts/[namespace]/[name]/pause/route";
import * as restartRoute from "@/app/api/clusters/[cluster]/rollouts/[namespace]/[name]/restart/route";
import * as resumeRoute from "@/app/api/clusters/[cluster]/rollouts/[namespace]/[name]/resume/route";
import * as retryRoute from "@/app/api/clusters/[cluster]/rollouts/[namespace]/[name]/retry/route";
import * as imageRoute from "@/app/api/clusters/[cluster]/rollouts/[namespace]/[name]/set-image/route";
import * as undoRoute from "@/app/api/clusters/[cluster]/rollouts/[namespace]/[name]/undo/route";
import * as keysRoute from "@/app/api/access/keys/route";
import { startWorld, type World } from "@/infra/sandbox/world";
import { replay } from "@/lib/canary/replay";
import { act } from "@/lib/canary/service/acting";
import { serverGround } from "@/lib/canary/service/ground";
import { evidenceOf, looksOfRun } from "@/lib/canary/service/kept";
import { analysisDefinition } from "@/lib/canary/model";
import { startClusterLoops } from "@/lib/clusters/loops";
import { standingOf } from "@/lib/deployments/rollouts/standing";
import { canaryLoop, errorRate, guard, isThere, judged, params, post, reached, rollout, runOf, settings, slow, slowMs, versionsOn } from "../fixtures/canary/rollout-stage";
import { sayOf } from "../fixtures/callers";
import { useFreshDatabase, type TestServer } from "../fixtures/database";
import { until } from "../fixtures/jobs/until";
import { signedIn } from "../fixtures/people";

const definition = analysisDefinition.parse({
  version: 1,
  metrics: [
    errorRate,
    slow,
    { kind: "rate", name: "Restarts", required: false, events: { series: "kube_pod_container_status_restarts_total", matchers: [] } },
  ],
  guard,
  minutes: 30,
});

let home: string;
let world: World;
let server: TestServer & { url: string };
let door: Server;
let clusters: AbortController;
const loop = canaryLoop();
const { given, rolledOut } = versionsOn(() => world);

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "quarterdeck-canary-"));
  [world, server] = await Promise.all([startWorld({ home: path.join(home, "world"), aws: false, pace: "fast", historyHours: 0, scrapeSeconds: 1 }), useFreshDatabase()]);
  process.env.KUBECONFIG = world.kubeconfigPath;
  process.env.PROMETHEUS_URL = world.prometheusUrl ?? "";
  clusters = new AbortController();
  startClusterLoops(clusters.signal);
  await isThere();
  await given("requests-per-second", "recycling-api", "5000");
  loop.start();
}, slowMs);
afterAll(async () => {
  await loop.stop();
  clusters.abort();
  door?.close();
  await Promise.all([world?.stop(), server?.stop()]);
  rmSync(home, { recursive: true, force: true });
});

describe("an analysis", () => {
  it("is kept by an operator, refused with what is wrong with it, and not by a viewer", async () => {
    const refused = await post(analysisRoute, { definition: { ...definition, metrics: definition.metrics.map((metric) => ({ ...metric, required: false })) }, settings });
    expect(sayOf(refused, 400)).toContain("nothing can pass");
    expect((await (await signedIn("viewer")).who.call(analysisRoute.POST, { definition, settings }, { params })).status).toBe(403);
    expect(await post(analysisRoute, { definition, settings })).toMatchObject({ status: 200, body: { revision: 1 } });
  });
});

describe("a bad version", () => {
  it("is failed by its errors and aborted with the evidence kept, which gives the same verdict when it is judged again", async () => {
    const hash = await rolledOut("bad-canary", "x8");
    const run = await judged(hash, "to have ended", ({ state }) => state === "ended", slowMs);
    expect([run.word, run.outcome, run.verdict?.deciding]).toEqual(["fail", "aborted", "Error rate"]);
    expect(rollout().rollout).toMatchObject({ aborted: true, currentHash: hash });
    const { final, decidedAt } = replay(run.definition, await evidenceOf(serverGround().db, run));
    expect([final?.word, decidedAt]).toEqual(["fail", run.verdict?.at]);
    const deciding = run.verdict?.metrics.find(({ name }) => name === "Error rate");
    expect(deciding?.logFail).toBeGreaterThanOrEqual(deciding?.logFailLine ?? Infinity);
    expect(deciding?.ratio).toBeGreaterThan(3);
    const audit = await server.query(server.url, `SELECT outcome, input FROM audit_entries WHERE action = 'rollout.abort' ORDER BY id`);
    expect(audit.map(({ outcome }) => outcome)).toEqual(["allowed", "succeeded"]);
    expect(audit[0]?.input).toMatchObject({ hash });
  }, slowMs);

  it("would have been caught by the analysis that is tried on the past, and when", async () => {
    const run = await runOf(rollout().rollout.currentHash);
    expect((await post(truthRoute, { run: run?.id, truth: "bad" })).status).toBe(200);
    const blind = { ...definition, metrics: [{ ...definition.metrics[2], required: true }] };
    const [caught, missed] = await Promise.all([post(backtestRoute, { definition }), post(backtestRoute, { definition: blind })]);
    expect(caught.body).toMatchObject({ rows: [{ word: "fail", judgement: "caught", minutes: expect.any(Number) }] });
    expect(missed.body).toMatchObject({ rows: [{ word: "undecided" }] });
  });
});

describe("a good version", () => {
  it("is promoted step by step, though the console dies in the middle and comes back: no look is lost and none is made twice", async () => {
    const hash = await rolledOut("good-canary");
    await judged(hash, "to be looked at", ({ verdict }) => (verdict?.metrics[0]?.baseline.events ?? 0) > 0);
    await loop.stop();
    const dead = await judged(hash, "to be there", () => true);
    expect(dead.state).toBe("running");
    await until("what was missed", async () => (Date.now() > dead.lastAt + 14_000 ? true : null));
    loop.start();
    const run = await judged(hash, "to have ended", ({ state }) => state === "ended", slowMs);
    expect([run.id, run.word, run.outcome]).toEqual([dead.id, "pass", "promoted"]);
    expect(rollout().rollout.stableHash).toBe(hash);
    const { path: points } = await looksOfRun(serverGround().db, run.id);
    const apart = points.slice(1).map(({ at }, i) => at - (points[i]?.at ?? 0));
    expect(new Set(apart)).toEqual(new Set([5000]));
    const { body } = await (await signedIn("viewer")).who.call(canaryRoute.GET, undefined, { params });
    expect(body).toMatchObject({ rollout: { inProgress: false }, run: { word: "pass", lines: expect.arrayContaining([expect.objectContaining({ say: expect.stringContaining("Promoted one step") })]) } });
  }, slowMs);
});

describe("an incident of both versions", () => {
  it("holds the promotion while it burns, is no reason to abort, and lets the version go on when it is over", async () => {
    await given("shared-incident", "x60", "recycling-api");
    const hash = await rolledOut("good-canary");
    const held = await judged(hash, "to be held", (run) => run.held && run.verdict?.guard.state === "burning");
    expect(held.word).not.toBe("fail");
    await reached("to be held", ({ paused }) => paused);
    await given("shared-incident", "end", "recycling-api");
    const run = await judged(hash, "to have ended", ({ state }) => state === "ended", slowMs);
    expect(run.outcome).toBe("promoted");
    expect(await server.query(server.url, `SELECT 1 FROM audit_entries WHERE action = 'rollout.abort' AND input->>'hash' = '${hash}'`)).toEqual([]);
  }, slowMs);
});

describe("a version that was not judged", () => {
  it("is not touched: a deed about the one before is refused by the rules, and by the API server itself", async () => {
    await post(analysisRoute, { definition, settings: { ...settings, automatic: true, abortOnFail: false, promoteOnPass: false, holdWhileIll: false } });
    const first = await rolledOut("good-canary");
    const run = await judged(first, "to run", ({ state }) => state === "running");
    const stale = rollout();
    expect((await post(imageRoute, { hash: first, container: "api", image: "ghcr.io/sesacthon/sesacthon-backend/recycling-service:second" })).status).toBe(200);
    const second = (await reached("the second version", (found) => found.rollout.currentHash !== first && standingOf(found).inProgress)).rollout.currentHash;
    await judged(first, "to be superseded", ({ outcome }) => outcome === "superseded");
    expect(await act(serverGround(), run, { deed: "abort", why: "a test" })).toBe(false);
    const { client } = serverGround().handleOf(params.cluster);
    const ref = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", namespace: params.namespace, name: params.name };
    expect(await client.patch({ ref, subresource: "status", operations: [{ op: "test", path: "/status/currentPodHash", value: stale.rollout.currentHash }, { op: "add", path: "/status/abort", value: true }] })).toMatchObject({ outcome: "moved" });
    expect(sayOf(await post(abortRoute, { hash: first }), 409)).toContain(`the canary is now ${second}`);
    expect(rollout().rollout).toMatchObject({ aborted: false, currentHash: second });
  }, slowMs);
});

describe("people's deeds on the real controller", () => {
  it("hold, let go, promote with the name typed, abort, retry, promote fully, restart, set an image and undo it", async () => {
    const hash = rollout().rollout.currentHash;
    await reached("its first pause", (found) => standingOf(found).heldBy === "step");
    expect((await post(pauseRoute, { hash })).status).toBe(200);
    await reached("a hold by hand", (found) => standingOf(found).heldBy === "hand");
    expect((await post(resumeRoute, { hash })).status).toBe(200);
    const paused = await reached("the pause of the step again", (found) => standingOf(found).heldBy === "step");
    const run = await runOf(hash);
    if (run?.word !== "pass") expect(sayOf(await post(promoteRoute, { hash }), 400)).toContain("type its name");
    expect((await post(promoteRoute, { hash, typed: params.workload })).status).toBe(200);
    await reached("the next step", (found) => (found.rollout.stepIndex ?? 0) > (paused.rollout.stepIndex ?? 0));
    expect((await post(abortRoute, { hash })).status).toBe(200);
    await reached("the abort", (found) => standingOf(found).phase === "aborted");
    expect((await post(retryRoute, { hash })).status).toBe(200);
    await reached("the retry", (found) => !found.rollout.aborted && standingOf(found).inProgress);
    expect((await post(promoteFullRoute, { hash, typed: params.workload })).status).toBe(200);
    const whole = await reached("the whole", (found) => found.rollout.stableHash === hash && standingOf(found).phase === "healthy");
    expect((await post(restartRoute, { hash })).status).toBe(200);
    expect((await post(imageRoute, { hash, container: "nobody", image: "x:1" })).status).toBe(404);
    expect((await post(imageRoute, { hash, container: "api", image: "ghcr.io/sesacthon/sesacthon-backend/recycling-service:by-hand" })).status).toBe(200);
    const other = await reached("the image", (found) => found.rollout.currentHash !== hash && found.images.some((image) => image.endsWith(":by-hand")));
    expect((await post(undoRoute, { hash: other.rollout.currentHash, revision: whole.rollout.revision })).status).toBe(200);
    await reached("the old version", (found) => found.rollout.currentHash === hash && standingOf(found).phase === "healthy");
  }, slowMs);
});

describe("the judge as Argo Rollouts' web metric", () => {
  it("answers the real controller by an API key, for the versions that stand against each other; without a key it does not", async () => {
    const { who } = await signedIn("admin");
    const made = z.object({ key: z.string() }).parse((await who.call(keysRoute.POST, { name: "argo", role: "viewer", expiresInDays: 1 })).body);
    door = createServer((incoming, response) => {
      const found = /^\/api\/clusters\/([^/]+)\/canary\/([^/]+)\/([^/]+)\/judge/.exec(incoming.url ?? "");
      const [, cluster = "", namespace = "", workload = ""] = found ?? [];
      const headers = new Headers(incoming.headers.authorization === undefined ? {} : { authorization: incoming.headers.authorization });
      void judgeRoute.GET(new Request(`http://localhost:3000${incoming.url ?? ""}`, { headers }), { params: Promise.resolve({ cluster, namespace, workload }) }).then(async (answer) => {
        response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
      });
    });
    await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
    await given("answers-at", "console.quarterdeck", `http://127.0.0.1:${portOf(door)}`);
    const hash = await rolledOut("bad-canary", "x8");
    const stable = rollout().rollout.stableHash;
    const measure = async (name: string, authorization: string) => {
      const { client } = serverGround().handleOf(params.cluster);
      const url = `http://console.quarterdeck/api/clusters/${params.cluster}/canary/${params.namespace}/${params.workload}/judge?canary=${hash}&stable=${stable}`;
      const metric = { name: "judge", interval: "5s", count: 60, failureLimit: 0, inconclusiveLimit: 60, consecutiveSuccessLimit: 1, consecutiveErrorLimit: 0, successCondition: 'result.verdict == "pass"', failureCondition: 'result.verdict == "fail"', provider: { web: { url, headers: [{ key: "Authorization", value: authorization }], jsonPath: "{$}" } } };
      await client.apply({ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun", metadata: { name, namespace: params.namespace }, ...{ spec: { metrics: [metric] } } });
      return until(`${name} to end`, async () => {
        const read = z.looseObject({ status: z.looseObject({ phase: z.string(), metricResults: z.array(z.looseObject({ measurements: z.array(z.looseObject({ value: z.string().default("") })).default([]) })).default([]) }).optional() }).parse(await client.find({ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun", namespace: params.namespace, name }));
        return read.status && ["Failed", "Successful", "Error", "Inconclusive"].includes(read.status.phase) ? read.status : null;
      }, slowMs);
    };
    expect((await measure("no-key", "Bearer nothing")).phase).toBe("Error");
    const failed = await measure("by-key", `Bearer ${made.key}`);
    expect(failed.phase).toBe("Failed");
    expect(failed.metricResults[0]?.measurements.at(-1)?.value).toContain(hash);
    const { status } = await who.call(judgeRoute.GET, undefined, { params, path: `/api/x?canary=nothing&stable=${stable}` });
    expect(status).toBe(409);
  }, slowMs);
});

function portOf(of: Server): number {
  const address: AddressInfo | string | null = of.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
