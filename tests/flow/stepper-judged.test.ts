// Stepped canaries judged for real: a cluster without Argo Rollouts, real counters in a real Prometheus, the console's own loops and worker, asked through its routes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as steppedRoute from "@/app/api/clusters/[cluster]/canary/stepped/route";
import { startWorld, type World } from "@/infra/sandbox/world";
import { startCanaryLoops } from "@/lib/canary/loops";
import { analysisDefinition } from "@/lib/canary/model";
import { serverGround } from "@/lib/canary/service/ground";
import { stepAnalyst } from "@/lib/canary/service/step-analyst";
import { stepperKind } from "@/lib/canary/steps/stepper";
import { startClusterLoops } from "@/lib/clusters/loops";
import { jobDatabase } from "@/lib/jobs/database";
import { hasEnded, type JobDetail } from "@/lib/jobs/model";
import { findJob } from "@/lib/jobs/queries";
import { startJobWorker } from "@/lib/jobs/worker";
import { useFreshDatabase, type TestServer } from "../fixtures/database";
import { until } from "../fixtures/jobs/until";
import { signedIn } from "../fixtures/people";

const slowMs = 300_000;
const params = { cluster: "sesac-plain" };
const repository = "ghcr.io/sesacthon/sesacthon-backend/recycling-service";
const errors = [{ label: "status", op: "=~" as const, value: "5.." }];
const requests = { series: "http_requests_total", matchers: [] };
const definition = analysisDefinition.parse({
  version: 1, minutes: 30,
  metrics: [{ kind: "ratio", name: "Error rate", critical: true, margin: 1.5, events: { series: "http_requests_total", matchers: errors }, exposure: requests }],
  guard: { name: "errors", events: { series: "http_requests_total", matchers: errors }, exposure: requests, objective: 0.05, windowMinutes: 1, clearMinutes: 0 },
});
let home: string;
let world: World;
let server: TestServer & { url: string };
const end = new AbortController();
const ended: Promise<unknown>[] = [];

const given = async (order: string, ...args: string[]) => {
  const { ok, say } = await world.order(order, args);
  if (!ok) throw new Error(say);
};
const deployments = () => [...serverGround().handleOf(params.cluster).store("Deployment").values()].filter(({ namespace }) => namespace === "recycling");

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "quarterdeck-stepped-"));
  [world, server] = await Promise.all([startWorld({ home: path.join(home, "world"), scenario: "without-rollouts", aws: false, pace: "fast", historyHours: 0, scrapeSeconds: 1 }), useFreshDatabase()]);
  process.env.KUBECONFIG = world.kubeconfigPath;
  process.env.PROMETHEUS_URL = world.prometheusUrl ?? "";
  startClusterLoops(end.signal);
  await until("the service", async () => {
    try {
      return deployments().some(({ availableReplicas }) => availableReplicas === 2) || null;
    } catch {
      return null;
    }
  }, slowMs);
  await given("requests-per-second", "recycling-api", "2000");
  await serverGround().db.canaryAnalysis.create({ data: { ...params, namespace: "recycling", kind: "Deployment", workload: "recycling-api", definition, settings: { automatic: true, everySeconds: 5, abortOnFail: false, promoteOnPass: false, holdWhileIll: false }, savedBy: "a test" } });
  ended.push(startCanaryLoops(end.signal), startJobWorker({ kinds: [stepperKind(stepAnalyst())], signal: end.signal }).stopped);
}, slowMs);
afterAll(async () => {
  end.abort();
  await Promise.all(ended);
  await Promise.all([world?.stop(), server?.stop()]);
  rmSync(home, { recursive: true, force: true });
});

async function stepped(tag: string): Promise<JobDetail> {
  const input = { namespace: "recycling", workload: "recycling-api", container: "api", image: `${repository}:${tag}`, steps: [{ weight: 33, holdSeconds: 5 }, { weight: 50, holdSeconds: 5 }] };
  const answer = await (await signedIn("operator")).who.call(steppedRoute.POST, input, { params });
  expect(answer.status).toBe(200);
  const { job } = z.object({ job: z.string() }).parse(answer.body);
  return until(`${job} to end`, async () => {
    const found = await findJob(jobDatabase(), job);
    if (found.status === "NEEDS_ATTENTION") throw new Error(found.say);
    return hasEnded(found.status) ? found : null;
  }, slowMs);
}
const runs = () => serverGround().db.canaryRun.findMany({ where: { kind: "Deployment" }, orderBy: { startedAt: "asc" } });
const shape = () => deployments().map(({ name, replicas, images }) => [name, replicas, ...images]);

describe("a canary of a plain Deployment", () => {
  it("that fails is rolled back with the evidence kept", async () => {
    await given("version-behaves", "bad0001", "x8");
    const job = await stepped("bad0001");
    expect([job.status, job.steps.at(-1)?.code]).toEqual(["FAILED", "rolled-back"]);
    expect(job.say).toMatch(/Rolled back to .*1a6d3fe: .*Error rate/);
    const [run] = await runs();
    expect(run).toMatchObject({ word: "fail", state: "ended", outcome: "aborted" });
    expect(await serverGround().db.canaryLook.count({ where: { runId: run?.id ?? "" } })).toBeGreaterThan(0);
    await until("one version", async () => (JSON.stringify(shape()) === JSON.stringify([["recycling-api", 2, `${repository}:1a6d3fe`]]) ? true : null));
  }, slowMs);

  it("that is as good is promoted once that is proven", async () => {
    const job = await stepped("900d001");
    expect([job.status, job.say]).toEqual(["SUCCEEDED", expect.stringContaining(`Promoted to ${repository}:900d001`)]);
    expect((await runs()).at(-1)).toMatchObject({ word: "pass", state: "ended", outcome: "promoted" });
    await until("one version", async () => (JSON.stringify(shape()) === JSON.stringify([["recycling-api", 2, `${repository}:900d001`]]) ? true : null));
  }, slowMs);

  it("is not begun by who may only look", async () => {
    const answer = await (await signedIn("viewer")).who.call(steppedRoute.POST, { namespace: "recycling", workload: "recycling-api", container: "api", image: "x:1" }, { params });
    expect(answer.status).toBe(403);
    expect((await (await signedIn("viewer")).who.call(steppedRoute.GET, undefined, { params })).body).toMatchObject({ canaries: [], steppable: expect.arrayContaining([expect.objectContaining({ name: "recycling-api", replicas: 2 })]) });
  });
});
