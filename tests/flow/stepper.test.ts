// Guarantees of the stepper against a real control plane without Argo Rollouts: shares made of pods or weights, the judge obeyed, one version in the end, whatever kills the worker.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWorld, type World } from "@/infra/sandbox/world";
import { openCluster, type ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { connect, type Database } from "@/lib/adapters/database/client";
import { steppedCanaries } from "@/lib/canary/stepper/left-over";
import { stepperKindOver } from "@/lib/canary/steps/stepper";
import { jobDatabaseOver, type JobDatabase } from "@/lib/jobs/database";
import { hasEnded, type JobDetail } from "@/lib/jobs/model";
import { findJob } from "@/lib/jobs/queries";
import { enqueue } from "@/lib/jobs/store";
import { requestCancel, skipStep } from "@/lib/jobs/wishes";
import { startJobWorker, type Worker } from "@/lib/jobs/worker";
import { startTestServer, type TestServer } from "../fixtures/database";
import { newImage, oldImage, openShop, tell, toldAnalyst, type Shop } from "../fixtures/jobs/stepped";
import { outlive } from "../fixtures/jobs/outlive";
import { until } from "../fixtures/jobs/until";
import { plainApi, type PlainApi } from "../wire/kubernetes-api";

const leaseMs = 1000;
const before = { shop: `4 ${oldImage}` };
const after = { shop: `4 ${newImage}` };
let home: string;
let world: World;
let server: TestServer;
let api: PlainApi;
let handle: ClusterHandle;
let url: string;
let client: Database;
let db: JobDatabase;
let end: AbortController;
let workers: Worker[];
let asked: string[];
let verdict: string;

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "quarterdeck-stepper-"));
  [world, server] = await Promise.all([startWorld({ home: path.join(home, "world"), scenario: "without-rollouts", workloads: false, traffic: false, prometheus: false, aws: false, pace: "fast" }), startTestServer()]);
  api = plainApi(world.kubeconfigPath);
  handle = openCluster({ kubeconfig: readFileSync(world.kubeconfigPath, "utf8"), trusted: true });
  verdict = path.join(home, "verdict.json");
});
afterAll(async () => {
  await handle?.close();
  api?.close();
  await Promise.all([world?.stop(), server?.stop()]);
  rmSync(home, { recursive: true, force: true });
});
beforeEach(async () => {
  url = await server.fresh();
  client = connect(url);
  db = jobDatabaseOver(client, url);
  end = new AbortController();
  workers = [];
  asked = [];
  tell(verdict, {});
});
afterEach(async () => {
  end.abort();
  await Promise.all(workers.map(({ stopped }) => stopped));
  await client.$disconnect();
});

const kind = () => stepperKindOver({ open: () => handle, analyst: toldAnalyst(verdict, (what) => void asked.push(what)), pollMs: 150 });
const worker = () => workers.push(startJobWorker({ kinds: [kind()], signal: end.signal, leaseMs, owner: "here", db, leaseDb: db }));
const ask = async (input: object) => (await enqueue(db, { kind: kind().kind, prepared: kind().prepare(input), startedBy: "a test", exclusive: true })).id;
const subject = ({ namespace }: Shop) => ({ cluster: "sesac-plain", namespace, workload: "shop" });
const step = (shop: Shop, more: object = {}) => ask({ ...subject(shop), container: "main", image: newImage, startedBy: "a test", steps: [{ weight: 20, holdSeconds: 0 }, { weight: 50, holdSeconds: 0 }], ...more });
const settle = (shop: Shop, how: "promote" | "abort") => ask({ ...subject(shop), settle: how });
const reached = (id: string, what: string, is: (job: JobDetail) => boolean) =>
  until(`${id} ${what}`, async () => {
    const job = await findJob(db, id);
    if (hasEnded(job.status) && !is(job)) throw new Error(`${id} ended as ${job.status}: ${job.say}`);
    return is(job) ? job : null;
  });
const ended = (id: string) => reached(id, "to end", ({ status }) => hasEnded(status));
const atStep = (id: string, name: string, words: RegExp) => reached(id, `to be at ${name} with ${words}`, ({ steps }) => steps.some((one) => one.name === name && words.test(one.say)));
const found = async (shop: Shop, jobs: readonly JobDetail[]) => {
  const statusOf = new Map(jobs.map(({ id, status }) => [id, status]));
  const look = () => steppedCanaries({ deployments: handle.store("Deployment").values(), pods: () => [], statusOf }).filter(({ namespace }) => namespace === shop.namespace);
  return until("the canary to be seen", async () => look()[0] ?? null);
};
async function clean(shop: Shop, shape: object): Promise<void> {
  expect(await shop.shape()).toEqual(shape);
  expect(await shop.marked()).toBe(false);
  await until("one version's pods alone", async () => (await shop.images()).size === 1 || null);
}

describe("a canary on plain Deployments", () => {
  it("gets its share by pods, tells the real one, waits for the judge's proof before it is promoted, and leaves one version", async () => {
    const shop = await openShop(api, "promoted");
    worker();
    const id = await step(shop);
    const last = await atStep(id, "weight-2", /Gathering/);
    expect(last.steps.find(({ name }) => name === "weight-1")?.say).toContain("wanted 20 %, really 20 %: 1 of 5 pods");
    expect(last.steps.find(({ name }) => name === "weight-2")?.say).toContain("wanted 50 %, really 50 %: 2 of 4 pods");
    expect(await shop.shape()).toEqual({ shop: `2 ${oldImage}`, "shop-canary": `2 ${newImage}` });
    expect((await found(shop, [last])).leftOver).toBe(false);
    tell(verdict, { word: "pass", sentence: "Not worse." });
    const done = await ended(id);
    expect([done.status, done.say]).toEqual(["SUCCEEDED", expect.stringContaining(`Promoted to ${newImage}`)]);
    await clean(shop, after);
    expect(asked).toHaveLength(3);
    expect(asked[0]).toMatch(new RegExp(`^begin ${id} ${oldImage} ${newImage} shop-\\w+ shop-canary-\\w+$`));
    expect(asked[1]).toBe(asked[0]);
    expect(asked[2]).toBe(`end ${id} promoted`);
  });

  it("goes back to the stable version when the judge says fail, with all of its pods, and says why", async () => {
    const shop = await openShop(api, "aborted");
    worker();
    const id = await step(shop);
    await atStep(id, "weight-2", /Gathering/);
    tell(verdict, { word: "fail", sentence: "Errors are 5 times as many." });
    const done = await ended(id);
    expect([done.status, done.steps.at(-1)?.code]).toEqual(["FAILED", "rolled-back"]);
    expect(done.say).toContain(`Rolled back to ${oldImage}: Errors are 5 times as many.`);
    await clean(shop, before);
    expect(asked.at(-1)).toBe(`end ${id} aborted`);
  });

  it("gives the canary no more while the service is ill or the judge sees nothing, and goes on afterwards", async () => {
    const shop = await openShop(api, "ill");
    tell(verdict, { ill: true, sentence: "The service burns." });
    worker();
    const id = await step(shop);
    await atStep(id, "weight-1", /The service burns/);
    tell(verdict, { trouble: "Prometheus is away" });
    await atStep(id, "weight-1", /sees nothing: Prometheus is away/);
    expect(await shop.shape()).toEqual({ shop: `4 ${oldImage}`, "shop-canary": `1 ${newImage}` });
    tell(verdict, { word: "pass", sentence: "Not worse." });
    expect((await ended(id)).status).toBe("SUCCEEDED");
    await clean(shop, after);
  });

  it("asks a person when the time is up without a verdict, and goes on when the step is left out with a reason", async () => {
    const shop = await openShop(api, "undecided");
    tell(verdict, { ended: true, sentence: "Undecided after 60 min." });
    worker();
    const id = await step(shop, { steps: [{ weight: 50, holdSeconds: 0 }] });
    const asks = await reached(id, "to ask", ({ status }) => status === "NEEDS_ATTENTION");
    expect(asks.say).toMatch(/Undecided after 60 min.*with a reason to let it go on/);
    await skipStep(db, { id, step: "weight-1", by: "a person", reason: "seen enough" });
    expect((await ended(id)).status).toBe("SUCCEEDED");
    await clean(shop, after);
  });

  it("is not promoted over a stable version that somebody changed meanwhile: what was judged is gone", async () => {
    const shop = await openShop(api, "changed");
    worker();
    const id = await step(shop);
    await atStep(id, "weight-2", /Gathering/);
    await api.must("PATCH", `/apis/apps/v1/namespaces/${shop.namespace}/deployments/shop`, { spec: { template: { metadata: { annotations: { changed: "yes" } } } } });
    const done = await ended(id);
    expect(done.say).toContain("The stable version was changed while its canary was judged");
    await clean(shop, before);
  });

  it("refuses before anything is changed: the same image, an unknown container, no such Deployment", async () => {
    const shop = await openShop(api, "refused");
    worker();
    for (const [more, words] of [[{ image: oldImage }, "runs registry.example/shop:1 already"], [{ container: "other" }, "has no container other. It has main"], [{ workload: "nothing" }, "There is no Deployment refused/nothing"]] as const) {
      const done = await ended(await step(shop, more));
      expect([done.status, done.say]).toEqual(["FAILED", expect.stringContaining(words)]);
    }
    await clean(shop, before);
  });
});

describe("a canary behind a load balancer", () => {
  const weights = (ingress: unknown) => JSON.stringify(ingress).match(/weight\\*":(\d+)/g)?.map((text) => Number(text.replace(/\D/g, "")));

  it("gets its share by the weights of target groups, each version behind a Service of its own, and all is as before afterwards", async () => {
    const shop = await openShop(api, "balanced", { alb: true });
    const [ingress, service] = [await shop.ingress(), await shop.service()];
    worker();
    const id = await step(shop, { steps: [{ weight: 5, holdSeconds: 0 }, { weight: 30, holdSeconds: 0 }] });
    const last = await atStep(id, "weight-2", /Gathering/);
    expect(last.steps.find(({ name }) => name === "weight-1")?.say).toContain("wanted 5 %, by the load balancer's weights 5 %");
    expect(weights(await shop.ingress())).toEqual([30, 70]);
    expect(JSON.stringify(await shop.ingress())).toContain('"port":{"name":"use-annotation"}');
    expect(JSON.stringify(await shop.service())).toMatch(/"selector":\{"app":"shop","pod-template-hash":"\w+"\}/);
    expect(await shop.shape()).toEqual({ shop: `4 ${oldImage}`, "shop-canary": `2 ${newImage}` });
    tell(verdict, { word: "pass" });
    expect((await ended(id)).status).toBe("SUCCEEDED");
    await clean(shop, after);
    expect([await shop.ingress(), await shop.service()]).toEqual([ingress, service]);
    expect((await api.call("GET", `/api/v1/namespaces/${shop.namespace}/services/shop-canary`)).status).toBe(404);
  });
});

describe("two versions", () => {
  it("are never left silently: a cancelled job says so, the canary is found as left over, and is settled", async () => {
    const shop = await openShop(api, "cancelled", { alb: true });
    const ingress = await shop.ingress();
    worker();
    const id = await step(shop);
    await atStep(id, "weight-2", /Gathering/);
    await requestCancel(db, id, "a person");
    const stopped = await ended(id);
    expect([stopped.status, stopped.say]).toEqual(["CANCELLED", "Stopped with two versions side by side: shop-canary still stands beside cancelled/shop and gets requests. Roll it back or promote it."]);
    const left = await found(shop, [stopped]);
    expect([left.leftOver, left.say]).toEqual([true, expect.stringContaining(`nobody decides about it, for ${id} was cancelled`)]);
    expect((await found(shop, [])).say).toContain(`no job ${id} is known`);
    const refused = await ended(await step(shop));
    expect(refused.say).toContain(`${id} has a canary of cancelled/shop already`);
    expect((await ended(await settle(shop, "abort"))).say).toContain(`Rolled back to ${oldImage}`);
    await clean(shop, before);
    expect(await shop.ingress()).toEqual(ingress);
  });
});

describe("a worker that is killed", () => {
  const survive = (shop: Shop, deadly: RegExp, then: Parameters<typeof tell>[1]) =>
    outlive({ db, url, kubeconfig: world.kubeconfigPath, home, verdict, name: shop.namespace, deadly, start: () => step(shop), onTheWay: () => tell(verdict, then) });

  it("after the canary was made, at its promotion and before it is removed, goes on where it was and promotes once", async () => {
    const shop = await openShop(api, "killed-promoted");
    const { job, deaths } = await survive(shop, /^(after apply Deployment|after patch Deployment shop .*image|before remove Deployment)/, { word: "pass" });
    expect([job.status, job.say]).toEqual(["SUCCEEDED", expect.stringContaining("Promoted")]);
    await clean(shop, after);
    expect(deaths).toHaveLength(3);
  });

  it("between its narrowed Service and its weights, and half way back, goes on where it was and leaves all as before", async () => {
    const shop = await openShop(api, "killed-aborted", { alb: true });
    const [ingress, service] = [await shop.ingress(), await shop.service()];
    const { job, deaths } = await survive(shop, /^(after patch Service shop .*selector.*=.*"|after patch Ingress shop .*actions.*":50|after patch Ingress shop .*number)/, { word: "fail", sentence: "Worse." });
    expect([job.status, job.steps.at(-1)?.code]).toEqual(["FAILED", "rolled-back"]);
    await clean(shop, before);
    expect([await shop.ingress(), await shop.service()]).toEqual([ingress, service]);
    expect(deaths.length).toBeGreaterThanOrEqual(2);
  });
});
