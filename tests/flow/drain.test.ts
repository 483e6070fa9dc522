// Guarantees of the drain against a real control plane: by eviction, each pod once, budgets respected, stoppable, whatever kills the worker.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWorld, type World } from "@/infra/sandbox/world";
import { openCluster, type ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { connect, type Database } from "@/lib/adapters/database/client";
import { jobDatabaseOver, type JobDatabase } from "@/lib/jobs/database";
import { hasEnded, type JobDetail } from "@/lib/jobs/model";
import { findJob, readLines } from "@/lib/jobs/queries";
import { enqueue } from "@/lib/jobs/store";
import { requestCancel } from "@/lib/jobs/wishes";
import { startJobWorker, type Worker } from "@/lib/jobs/worker";
import { drainKindOver } from "@/lib/placement/steps/drain";
import { startTestServer, type TestServer } from "../fixtures/database";
import { startChild } from "../fixtures/jobs/child";
import { barePod, budget, daemonSet, deployment, openStage, type Stage } from "../fixtures/jobs/drain-world";
import { until } from "../fixtures/jobs/until";

const node = "k8s-worker-2";
const leaseMs = 1000;
let home: string;
let world: World;
let server: TestServer;
let stage: Stage;
let handle: ClusterHandle;
let url: string;
let client: Database;
let db: JobDatabase;
let end: AbortController;
let workers: Worker[];

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "quarterdeck-drain-"));
  [world, server] = await Promise.all([startWorld({ home: path.join(home, "world"), workloads: false, pace: "fast" }), startTestServer()]);
  stage = openStage(world.kubeconfigPath);
  handle = openCluster({ kubeconfig: readFileSync(world.kubeconfigPath, "utf8"), trusted: true });
});
afterAll(async () => {
  await handle?.close();
  stage?.api.close();
  await Promise.all([world?.stop(), server?.stop()]);
  rmSync(home, { recursive: true, force: true });
});
beforeEach(async () => {
  url = await server.fresh();
  client = connect(url);
  db = jobDatabaseOver(client, url);
  end = new AbortController();
  workers = [];
});
afterEach(async () => {
  end.abort();
  await Promise.all(workers.map(({ stopped }) => stopped));
  await client.$disconnect();
});

const kind = () => drainKindOver(() => handle);
const worker = () => workers.push(startJobWorker({ kinds: [kind()], signal: end.signal, leaseMs, owner: "here", db, leaseDb: db }));
const drain = async (consent = { emptyDir: false, bare: false }) => {
  const prepared = kind().prepare({ cluster: "sesac-prod", node, consent });
  return (await enqueue(db, { kind: "node.drain", prepared, startedBy: "a test", exclusive: true })).id;
};
const reached = (id: string, what: string, is: (job: JobDetail) => boolean) =>
  until(`${id} ${what}`, async () => {
    const job = await findJob(db, id);
    return is(job) ? job : null;
  });
const ended = (id: string) => reached(id, "to end", ({ status }) => hasEnded(status));
const movable = async (namespace: string) => (await stage.pods(namespace)).filter((pod) => pod.node === node && pod.owner !== "DaemonSet");
const uids = (pods: readonly { uid: string }[]) => pods.map(({ uid }) => uid).sort();

describe("a drain", () => {
  it("cordons, evicts every pod once, leaves DaemonSet pods, and ends when the node is empty", async () => {
    const ns = "plain";
    const before = await stage.settleOn(node, ns, [deployment(ns, "web", { replicas: 3 }), deployment(ns, "queue", { replicas: 2 }), daemonSet(ns, "agent")]);
    const agent = await until("the agent's pod", async () => (await stage.pods(ns)).find((pod) => pod.owner === "DaemonSet" && pod.node === node) ?? null);
    const granted = await stage.evictionsGranted();
    worker();
    const done = await ended(await drain());
    expect([done.status, done.steps.map(({ status }) => status)]).toEqual(["SUCCEEDED", ["done", "done", "done"]]);
    expect(done.say).toContain("5 pods moved");
    expect(done.steps[2]?.progress).toMatchObject({ done: 5, total: 5 });
    expect(await stage.cordoned()).toEqual([node]);
    expect(await movable(ns)).toEqual([]);
    expect(await stage.evictionsGranted() - granted).toBe(before.length);
    expect((await stage.pods(ns)).some(({ uid, leaving }) => uid === agent.uid && !leaving)).toBe(true);
    await until("five pods elsewhere", async () => (await stage.pods(ns)).filter((pod) => pod.ready && pod.owner !== "DaemonSet").length === 5 || null);
  });

  it("changes nothing without consent to lose emptyDir data or bare pods, and names them; with consent it goes on", async () => {
    const ns = "consent";
    await stage.settleOn(node, ns, [deployment(ns, "cache", { replicas: 1, emptyDir: true }), barePod(ns, "lonely")]);
    worker();
    const refused = await ended(await drain());
    expect([refused.status, refused.steps[0]?.code]).toEqual(["FAILED", "consent"]);
    expect(refused.say).toMatch(/consent\/cache-\S+ would lose the data .* consent\/lonely would not be made again/);
    expect(await stage.cordoned()).toEqual([]);
    expect(await movable(ns)).toHaveLength(2);
    const done = await ended(await drain({ emptyDir: true, bare: true }));
    expect(done.status).toBe("SUCCEEDED");
    expect(await movable(ns)).toEqual([]);
  });

  it("waits for a budget and names it, evicts nothing against it, and goes on when the budget allows", async () => {
    const ns = "guarded";
    const before = await stage.settleOn(node, ns, [deployment(ns, "db", { replicas: 2 }), budget(ns, "db", 2)]);
    worker();
    const id = await drain();
    const waiting = await reached(id, "to name the budget", ({ say }) => say.includes("db-budget"));
    expect(waiting.status).toMatch(/RETRY_WAIT|RUNNING/);
    expect(waiting.steps[2]?.progress?.items.every(({ say }) => say.includes("guarded/db-budget allows no disruption now: 2 healthy, 2 wanted"))).toBe(true);
    const firstLook = waiting.revision;
    await until("more looks", async () => (await findJob(db, id)).revision > firstLook + 12 || null);
    const later = await findJob(db, id);
    expect(later.steps[2]?.progress, "a look that finds nothing new writes no progress").toEqual(waiting.steps[2]?.progress);
    expect((await readLines(db, id, { after: 0, limit: 100 })).filter(({ text }) => text.includes("db-budget"))).toHaveLength(before.length);
    expect(uids((await movable(ns)).filter(({ leaving }) => !leaving))).toEqual(uids(before));
    await stage.api.must("PATCH", `/apis/apps/v1/namespaces/${ns}/deployments/db`, { spec: { replicas: 3 } });
    expect((await ended(id)).status).toBe("SUCCEEDED");
    expect(await movable(ns)).toEqual([]);
  });

  it("stopped while it waits: CANCELLED, the node stays cordoned and the job says so, the pods stay where they are", async () => {
    const ns = "stopped";
    const before = await stage.settleOn(node, ns, [deployment(ns, "db", { replicas: 2 }), budget(ns, "db", 2)]);
    worker();
    const id = await drain();
    await reached(id, "to wait", ({ say }) => say.includes("db-budget"));
    await requestCancel(db, id, "a test");
    const stopped = await ended(id);
    expect(stopped.status).toBe("CANCELLED");
    expect(stopped.say).toContain(`${node} stays cordoned; uncordon it`);
    expect(await stage.cordoned()).toEqual([node]);
    expect(uids((await movable(ns)).filter(({ leaving }) => !leaving))).toEqual(uids(before));
    await stage.api.must("DELETE", `/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets/db-budget`);
  });

  it("ends with a reason when somebody uncordons the node meanwhile", async () => {
    const ns = "uncordoned";
    await stage.settleOn(node, ns, [deployment(ns, "db", { replicas: 1 }), budget(ns, "db", 1)]);
    worker();
    const id = await drain();
    await reached(id, "to wait", ({ say }) => say.includes("db-budget"));
    await stage.cordon(node, false);
    const failed = await ended(id);
    expect([failed.status, failed.steps[2]?.code]).toEqual(["FAILED", "uncordoned"]);
    await stage.api.must("DELETE", `/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets/db-budget`);
  });

  it("is the only one of its cluster: a second node waits for a person, a node of another cluster does not", async () => {
    const start = (input: { cluster: string; node: string }) => enqueue(db, { kind: "node.drain", prepared: kind().prepare(input), startedBy: "a test", exclusive: true });
    const first = await start({ cluster: "sesac-prod", node });
    expect(first.started).toBe(true);
    expect(await start({ cluster: "sesac-prod", node: "k8s-worker-1" })).toEqual({ started: false, id: first.id });
    expect((await start({ cluster: "elsewhere", node })).started).toBe(true);
  });

  it("of a node that does not exist fails in words and changes nothing", async () => {
    worker();
    const prepared = kind().prepare({ cluster: "sesac-prod", node: "no-such-node" });
    const { id } = await enqueue(db, { kind: "node.drain", prepared, startedBy: "a test", exclusive: true });
    expect((await ended(id)).say).toContain("has no node no-such-node");
  });
});

describe("a drain whose worker is killed with -9", () => {
  it("before and after every call to the cluster, one worker after the other: the result is the same, and each pod is evicted exactly once", async () => {
    const ns = "killed";
    const before = await stage.settleOn(node, ns, [deployment(ns, "web", { replicas: 3 }), deployment(ns, "db", { replicas: 2 }), budget(ns, "db", 1)]);
    const granted = await stage.evictionsGranted();
    const witness = path.join(home, "killed.witness");
    const id = await drain();
    const deaths: string[] = [];
    // The n-th worker dies at its n-th edge, so that deaths lie before and after the first calls of each step and ever deeper in the pods.
    for (let edge = 1; !hasEnded((await findJob(db, id)).status); edge++) {
      expect(edge, "a drain of five pods ends within forty workers").toBeLessThan(40);
      const child = await startChild("drain-worker.ts", [String(leaseMs), `w${edge}`, String(edge), witness], { DATABASE_URL: url, DRAIN_KUBECONFIG: world.kubeconfigPath });
      const over = await Promise.race([child.ended, ended(id).then(() => "job ended")]);
      if (over === "job ended") child.process.kill("SIGTERM");
      else deaths.push(`${edge}: ${existsSync(witness) ? readFileSync(witness, "utf8").trim().split("\n").at(-1) : "before the first call"}`);
      await child.ended;
    }
    const done = await findJob(db, id);
    expect(done.status, done.say).toBe("SUCCEEDED");
    expect(deaths.length, deaths.join("\n")).toBeGreaterThanOrEqual(6);
    expect(await stage.cordoned()).toEqual([node]);
    expect(await movable(ns)).toEqual([]);
    expect(done.steps[2]?.progress).toMatchObject({ done: 5, total: 5 });
    expect((await stage.evictionsGranted()) - granted, "granted by the API server's own count").toBe(before.length);
    const lines = await readLines(db, id, { after: 0, limit: 1000 });
    lines.forEach(({ n }, at) => expect(n).toBe(at + 1));
    await until("five pods elsewhere", async () => (await stage.pods(ns)).filter((pod) => pod.ready).length === 5 || null);
  });
});
