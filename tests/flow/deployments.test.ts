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
