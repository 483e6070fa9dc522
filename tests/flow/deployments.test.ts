// Guarantees of the record of deployments against the real controllers: each revision once, of the right kind, ended as kubectl says.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "@/infra/sandbox/world";
import { openCluster, type ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { connect, type Database } from "@/lib/adapters/database/client";
import { systemClock } from "@/lib/base/clock";
import { createRecorder } from "@/lib/deployments/records/recorder";
import { listRecords } from "@/lib/deployments/records/query";
import type { DeploymentRecord } from "@/lib/deployments/model";
import { defaultTierPolicy } from "@/lib/placement/tier-policy";
import { startTestServer, type TestServer } from "../fixtures/database";
import { openDeploymentStage, type DeploymentStage, type StageKind } from "../fixtures/deployments/stage";
import { until } from "../fixtures/jobs/until";

let home: string;
let world: World;
let server: TestServer;
let stage: DeploymentStage;
let db: Database;

/** One console: a connection and a recorder of its own. */
interface Console { handle: ClusterHandle; isLive: Promise<unknown>; stop(): Promise<void> }
const consoles = new Set<Console>();

function startConsole(slug = "sesac-prod"): Console {
  const handle = openCluster({ kubeconfig: readFileSync(world.kubeconfigPath, "utf8"), trusted: true });
  const end = new AbortController();
  const recorder = createRecorder({ slug, handle, db, clock: systemClock, policy: async () => defaultTierPolicy });
  const running = recorder.run(end.signal);
  const one: Console = {
    handle,
    isLive: until("the recorder to be live", async () => (recorder.state().state === "live" ? true : null)),
    async stop() {
      consoles.delete(one);
      end.abort();
      await Promise.all([running, handle.close()]);
    },
  };
  consoles.add(one);
  return one;
}

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "quarterdeck-deployments-"));
  [world, server] = await Promise.all([startWorld({ home: path.join(home, "world"), scenario: "empty", pace: "fast", prometheus: false, traffic: false, aws: false }), startTestServer()]);
  stage = await openDeploymentStage(world.kubeconfigPath);
  db = connect(await server.fresh());
});
afterEach(async () => {
  await Promise.all([...consoles].map((one) => one.stop()));
});
afterAll(async () => {
  stage?.api.close();
  await db?.$disconnect();
  await Promise.all([world?.stop(), server?.stop()]);
  rmSync(home, { recursive: true, force: true });
});

const recordsOf = async (name: string, cluster = "sesac-prod"): Promise<DeploymentRecord[]> => (await listRecords(db, { cluster, name, limit: 1000 })).toSorted((a, b) => a.revision - b.revision);
const recorded = (name: string, revision: number, outcome: string) =>
  until(`revision ${revision} of ${name} to be recorded as ${outcome}`, async () => {
    const all = await recordsOf(name);
    const found = all.find((one) => one.revision === revision);
    return found?.outcome === outcome ? found : null;
  }, 45_000).catch(async (thrown: unknown) => {
    throw new Error(`${String(thrown)} Recorded: ${JSON.stringify((await recordsOf(name)).map(({ revision: at, outcome: is, change, say }) => ({ at, is, change, say })))}`);
  });
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

interface Told { kind: StageKind; name: string; uid: string; wanted: Map<number, { change: string; outcome: string }> }

/** Rollouts of all kinds and outcomes, while consoles come and go and watches are cut. Ten workloads, four revisions each. */
describe("forty rollouts", () => {
  const told: Told[] = [];
  const plan: { kind: StageKind; name: string; failing?: boolean }[] = [
    { kind: "Deployment", name: "forty-a" }, { kind: "Deployment", name: "forty-b", failing: true }, { kind: "Deployment", name: "forty-c" }, { kind: "Deployment", name: "forty-d", failing: true }, { kind: "StatefulSet", name: "forty-e" },
    { kind: "StatefulSet", name: "forty-f" }, { kind: "DaemonSet", name: "forty-g" }, { kind: "DaemonSet", name: "forty-h" }, { kind: "Rollout", name: "forty-i" }, { kind: "Rollout", name: "forty-j" },
  ];

  async function roll({ kind, name, failing }: (typeof plan)[number], restart: () => Promise<void>): Promise<void> {
    const uid = await stage.make(kind, name, { tag: "1.0.0", ...(kind === "Deployment" ? { progressDeadlineSeconds: failing ? 4 : 60 } : {}) });
    const wanted: Told["wanted"] = new Map([[1, { change: "release", outcome: "succeeded" }]]);
    told.push({ kind, name, uid, wanted });
    await recorded(name, 1, "succeeded");
    if (failing) {
      await stage.change(kind, name, { tag: "2.0.0", nowhere: true });
      await recorded(name, 2, "failed");
      wanted.set(2, { change: "release", outcome: "failed" });
    } else {
      await stage.change(kind, name, { tag: "2.0.0" });
      wanted.set(2, { change: "release", outcome: "succeeded" });
      await recorded(name, 2, "succeeded");
    }
    await restart();
    await stage.change(kind, name, { tag: "1.0.0" });
    wanted.set(3, { change: "rollback", outcome: "succeeded" });
    await recorded(name, 3, "succeeded");
    await stage.change(kind, name, { tag: "1.0.0", env: "safe" });
    wanted.set(4, { change: "config", outcome: "succeeded" });
    await recorded(name, 4, "succeeded");
  }

  it("of four kinds, over restarts of a console and with a second one beside it, are each recorded once, as the API server's own history has them and as kubectl said they ended", async () => {
    const steady = startConsole();
    let other = startConsole("the-same-by-another-name");
    await Promise.all([steady.isLive, other.isLive]);
    const restart = async () => {
      const leaving = other;
      other = startConsole("the-same-by-another-name");
      await leaving.stop();
    };
    const cut = async () => void (await world.order("cut-connections"));
    const amid: Record<string, () => Promise<void>> = { "forty-a": restart, "forty-c": cut, "forty-f": restart, "forty-i": cut };
    await Promise.all(plan.map((one) => roll(one, amid[one.name] ?? (async () => undefined))));
    let rollouts = 0;
    for (const { kind, name, uid, wanted } of told) {
      const all = await recordsOf(name);
      expect(all.map(({ revision, change, outcome }) => ({ name, revision, change, outcome }))).toEqual([...wanted].map(([revision, one]) => ({ name, revision, ...one })));
      const history = await stage.history(kind, uid);
      expect(all.map(({ revision }) => revision)).toEqual(expect.arrayContaining(history));
      const still = all.find(({ outcome }) => outcome === "failed");
      if (still) expect(still).toMatchObject({ reason: expect.stringContaining("Pending"), say: `deployment "${name}" exceeded its progress deadline`, rolledBackBy: 3, recoveredAt: expect.any(Number), failedAt: expect.any(Number) });
      rollouts += all.length;
    }
    expect(rollouts).toBe(40);
    expect(await recordsOf("forty-a", "the-same-by-another-name")).toEqual(await recordsOf("forty-a"));
  }, 300_000);
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
