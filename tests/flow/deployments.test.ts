// Guarantees of the record of deployments against the real controllers: each revision once, of the right kind, ended as kubectl says.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "@/infra/sandbox/world";
import { connect, type Database } from "@/lib/adapters/database/client";
import { startTestServer, type TestServer } from "../fixtures/database";
import { consolesOver, type Consoles } from "../fixtures/deployments/consoles";
import { hoard } from "../fixtures/deployments/hoard";
import { rollMany } from "../fixtures/deployments/many-rollouts";
import { namespace, openDeploymentStage, type DeploymentStage, type StageKind } from "../fixtures/deployments/stage";
import { until } from "../fixtures/jobs/until";

let home: string;
let world: World;
let server: TestServer;
let stage: DeploymentStage;
let db: Database;
let consoles: Consoles;

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "quarterdeck-deployments-"));
  [world, server] = await Promise.all([startWorld({ home: path.join(home, "world"), scenario: "empty", pace: "fast", prometheus: false, traffic: false, aws: false }), startTestServer()]);
  stage = await openDeploymentStage(world.kubeconfigPath, { server: world.apiServerDirectUrl });
  db = connect(await server.fresh());
  consoles = consolesOver({ world, db });
});
afterEach(async () => {
  await consoles.stopAll();
});
afterAll(async () => {
  stage?.api.close();
  await db?.$disconnect();
  await Promise.all([world?.stop(), server?.stop()]);
  rmSync(home, { recursive: true, force: true });
});

const startConsole = (slug?: string) => consoles.start(slug);
const recordsOf = (name: string, cluster?: string) => consoles.recordsOf(name, cluster);
const recorded = (name: string, revision: number, outcome: string) => consoles.recorded(name, revision, outcome);
const kinds: StageKind[] = ["Deployment", "StatefulSet", "DaemonSet", "Rollout"];

describe("a rollout", () => {
  it.each(kinds)("of a %s is recorded from its first revision on, as a release, a change of configuration, a restart and a rollback, by two consoles once each", async (kind) => {
    const name = `each-${kind.toLowerCase()}`;
    await Promise.all([startConsole().isLive, startConsole().isLive]);
    const uid = await stage.make(kind, name, { tag: "1.0.0" });
    const first = await recorded(name, 1, "succeeded");
    expect(first).toMatchObject({ change: "release", isFirst: true, version: "1.0.0", fromRevision: null });
    await stage.change(kind, name, { tag: "1.1.0" });
    expect(await recorded(name, 2, "succeeded")).toMatchObject({ change: "release", fromVersion: "1.0.0", version: "1.1.0", fromRevision: 1, images: [{ repository: `registry.example/shop/${name}`, tag: "1.1.0" }] });
    await stage.change(kind, name, { tag: "1.1.0", env: "fast" });
    expect(await recorded(name, 3, "succeeded")).toMatchObject({ change: "config", version: "1.1.0", differences: [{ path: `spec.containers[${name}].env[MODE].value`, before: "", after: "fast" }] });
    await stage.change(kind, name, { tag: "1.1.0", env: "fast", restartedAt: "2026-11-26T07:00:00Z" });
    expect(await recorded(name, 4, "succeeded")).toMatchObject({ change: "restart" });
    await stage.patch(kind, name, kind === "DaemonSet" ? { metadata: { labels: { touched: "yes" } } } : { spec: { replicas: 3 } });
    await stage.change(kind, name, { tag: "1.0.0" });
    const back = await recorded(name, 5, "succeeded");
    expect(back).toMatchObject({ change: "rollback", returnsTo: 1, version: "1.0.0", fromVersion: "1.1.0", isUnplanned: true });
    const all = await recordsOf(name);
    expect(all.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5]);
    expect(all.find(({ revision }) => revision === 4)).toMatchObject({ outcome: "succeeded", rolledBackBy: 5 });
    const history = await stage.history(kind, uid);
    expect(all.map(({ revision }) => revision)).toEqual(expect.arrayContaining(history));
    for (const { startedAt, firstReadyAt, finishedAt, source } of all) {
      expect(source).toBe("watch");
      expect(firstReadyAt).toBeGreaterThanOrEqual(startedAt);
      expect(finishedAt).toBeGreaterThanOrEqual(startedAt);
    }
  });
});

describe("a canary", () => {
  it("is recorded with what its steps asked for of the traffic, each from when it was asked, and with none of it once it is aborted", async () => {
    const name = "stepped";
    const steps = [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }];
    const isAt = (index: number) => ({ status: { currentStepIndex, pauseConditions } }: { status: Record<string, unknown> }) => currentStepIndex === index && Array.isArray(pauseConditions);
    const atStep = (index: number) => stage.until("Rollout", name, `wait at step ${index}`, isAt(index));
    let touches = 0;
    /** Touched until it is so: the controller puts what it wrote into its own picture, over what came in the same moment, and then waits for the next change. */
    const told = async (change: object, what: string, is: (object: { status: Record<string, unknown> }) => boolean) => {
      await stage.api.must("PATCH", `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts/${name}/status`, { status: change });
      await until(`${name} to ${what}`, async () => {
        if (is(await stage.read("Rollout", name))) return true;
        await stage.patch("Rollout", name, { metadata: { annotations: { touched: String(++touches) } } });
        return null;
      });
    };
    const sharesOf = (revision: number, count: number) => until(`${count} steps of revision ${revision}`, async () => {
      const one = (await recordsOf(name)).find((record) => record.revision === revision);
      return one && one.canary.length >= count ? one.canary.map(({ share }) => share) : null;
    });
    await startConsole().isLive;
    await stage.make("Rollout", name, { tag: "1.0.0", replicas: 4, steps });
    expect(await recorded(name, 1, "succeeded")).toMatchObject({ canary: [] });
    await stage.change("Rollout", name, { tag: "2.0.0" });
    await atStep(1);
    expect(await sharesOf(2, 1)).toEqual([0.25]);
    await told({ pauseConditions: null }, "wait at step 3", isAt(3));
    expect(await sharesOf(2, 2)).toEqual([0.25, 0.5]);
    await told({ pauseConditions: null }, "be promoted", ({ status }) => status["stableRS"] === status["currentPodHash"]);
    const promoted = await recorded(name, 2, "succeeded");
    expect(promoted.canary.map(({ share }) => share)).toEqual([0.25, 0.5, 1]);
    const times = [promoted.startedAt, ...promoted.canary.map(({ at }) => at), promoted.finishedAt ?? 0];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    await stage.change("Rollout", name, { tag: "3.0.0" });
    await atStep(1);
    await sharesOf(3, 1);
    await told({ abort: true }, "be aborted", ({ status }) => status["phase"] === "Degraded");
    expect((await recorded(name, 3, "aborted")).canary.map(({ share }) => share)).toEqual([0.25, 0]);
  });
});

describe("forty rollouts", () => {
  it("of four kinds, over restarts of a console, cut connections and a second console beside it under another name, are each recorded once, as the API server's own history has them and as kubectl said they ended", async () => {
    expect(await rollMany({ stage, consoles, world, workloads: 10, prefix: "forty", atOnce: 10 })).toBe(40);
  });
});

describe("a workload", () => {
  it("with hundreds of revisions is recorded by its newest hundred, and keeps no other from being recorded", async () => {
    await hoard(stage, "hoarder", 400);
    startConsole();
    await stage.make("Deployment", "beside-hoarder", { tag: "1.0.0" });
    await recorded("beside-hoarder", 1, "succeeded");
    const known = await until("a hundred records of it", async () => {
      const all = await recordsOf("hoarder");
      return all.length >= 100 ? all : null;
    });
    expect(known.length).toBeLessThanOrEqual(101);
    expect(Math.min(...known.map(({ revision }) => revision))).toBeGreaterThan(300);
    expect(new Set(known.map(({ revision }) => revision)).size).toBe(known.length);
  });
});

describe("while the console is down", () => {
  it("a rollout that began before and ended meanwhile has its end by the cluster's clock; one that came and went is told as unknown; the newest is right", async () => {
    const name = "down";
    const before = startConsole();
    await before.isLive;
    await stage.make("Deployment", name, { tag: "1.0.0" });
    await recorded(name, 1, "succeeded");
    await stage.change("Deployment", name, { tag: "2.0.0", nowhere: true });
    await recorded(name, 2, "running");
    await before.stop();
    await stage.change("Deployment", name, { tag: "3.0.0" });
    await stage.until("Deployment", name, "be at revision 3", ({ metadata, status }) => metadata.annotations["deployment.kubernetes.io/revision"] === "3" && status["availableReplicas"] === 2 && status["updatedReplicas"] === 2);
    await stage.change("Deployment", name, { tag: "4.0.0" });
    await stage.until("Deployment", name, "be at revision 4", ({ metadata, status }) => metadata.annotations["deployment.kubernetes.io/revision"] === "4" && status["availableReplicas"] === 2 && status["updatedReplicas"] === 2 && status["replicas"] === 2);
    startConsole();
    expect(await recorded(name, 4, "succeeded")).toMatchObject({ source: "backfill", startedFrom: "cluster", finishedFrom: "cluster" });
    const all = await recordsOf(name);
    expect(all.map(({ revision, outcome, source }) => ({ revision, outcome, source }))).toEqual([
      { revision: 1, outcome: "succeeded", source: "watch" }, { revision: 2, outcome: "superseded", source: "watch" }, { revision: 3, outcome: "unknown", source: "backfill" }, { revision: 4, outcome: "succeeded", source: "backfill" },
    ]);
    expect(all[2]).toMatchObject({ say: "It was over before the console looked.", finishedAt: null, version: "3.0.0" });
  });

  it("a workload that is removed under way is recorded as cancelled, one that is made anew under its name begins at one again", async () => {
    const one = startConsole();
    await one.isLive;
    await stage.make("Deployment", "removed", { tag: "1.0.0", nowhere: true });
    await recorded("removed", 1, "running");
    await stage.remove("Deployment", "removed");
    expect(await recorded("removed", 1, "cancelled")).toMatchObject({ say: "The workload was removed while it was rolled out." });
    await stage.make("Deployment", "removed", { tag: "2.0.0" });
    await until("the new one to be recorded", async () => ((await recordsOf("removed")).filter(({ revision, outcome }) => revision === 1 && outcome === "succeeded").length === 1 ? true : null));
    expect(new Set((await recordsOf("removed")).map(({ workloadUid }) => workloadUid)).size).toBe(2);
  });

  it("or the database is away, nothing is lost that the cluster still knows", async () => {
    const one = startConsole();
    await one.isLive;
    await stage.make("Deployment", "away", { tag: "1.0.0" });
    await recorded("away", 1, "succeeded");
    const back = server.restart();
    await stage.change("Deployment", "away", { tag: "2.0.0" });
    await back;
    await recorded("away", 2, "succeeded");
    expect((await recordsOf("away")).map(({ revision }) => revision)).toEqual([1, 2]);
  });

  it("a watch is cut, revisions are recorded once when it stands again", async () => {
    const one = startConsole();
    await one.isLive;
    await stage.make("Deployment", "cut", { tag: "1.0.0" });
    await recorded("cut", 1, "succeeded");
    expect((await world.order("cut-connections")).ok).toBe(true);
    await stage.change("Deployment", "cut", { tag: "2.0.0" });
    await recorded("cut", 2, "succeeded");
    expect(await recordsOf("cut")).toHaveLength(2);
  });
});
