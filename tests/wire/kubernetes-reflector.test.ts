// The reflector against the real API server: whatever is done to the wire, the stores end up equal to the server's lists.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "@/infra/sandbox/world";
import { openCluster, type ClusterHandle, type Touched } from "@/lib/adapters/kubernetes/cluster";
import { keyOf } from "@/lib/adapters/kubernetes/store";
import { plainApi, podObject, until, type PlainApi } from "./kubernetes-api";

let home: string;
let world: World;
let api: PlainApi;
let cluster: ClusterHandle;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "reflector-"));
  world = await startWorld({ home, scenario: "empty", prometheus: false, traffic: false, aws: false, rollouts: false, kwok: false, workloads: false, scheduler: false, controllers: false });
  api = plainApi(world.kubeconfigPath);
  await api.call("POST", "/api/v1/namespaces/default/serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "default" } });
  cluster = openCluster({ kubeconfig: readFileSync(world.kubeconfigPath, "utf8"), trusted: true });
  await isLive();
});

afterAll(async () => {
  await cluster?.close();
  api?.close();
  await world?.stop();
  rmSync(home, { recursive: true, force: true });
});

const isLive = () => until(() => cluster.freshness().state === "live", { withinMs: 60_000, tell: () => [cluster.freshness(), cluster.kinds()] });

/** The API answers again; a server that has just come back refuses for a moment. */
const answers = () => until(() => api.call("GET", "/readyz").then((one) => one.status === 200, () => false), { withinMs: 60_000, tell: () => "API not ready" });

async function order(name: string, ...args: string[]): Promise<void> {
  const outcome = await world.order(name, args);
  if (!outcome.ok) throw new Error(outcome.say);
}

const podsPath = "/api/v1/namespaces/default/pods";

/** The pods that the store holds and those the server lists, until they are the same. */
async function sameAsServer(): Promise<void> {
  let difference: unknown = null;
  await until(async () => {
    const truth = await api.versions("/api/v1/pods").catch(() => null);
    if (!truth) return false;
    const mine = new Map([...cluster.store("Pod").values()].map((pod) => [keyOf(pod), pod.resourceVersion]));
    difference = [...new Set([...truth.keys(), ...mine.keys()])].filter((key) => truth.get(key) !== mine.get(key)).slice(0, 5).map((key) => [key, truth.get(key), mine.get(key)]);
    return truth.size === mine.size && [...truth].every(([key, version]) => mine.get(key) === version);
  }, { withinMs: 40_000, tell: () => ({ difference, pods: cluster.kinds().find((one) => one.kind === "Pod") }) });
  const indexed = cluster.store("Pod").by("namespace", "default").length;
  expect(indexed).toBe([...cluster.store("Pod").values()].filter((pod) => pod.namespace === "default").length);
}

/** Makes, changes and deletes pods until stopped; what fails on a broken wire is tried no second time. */
function churn(prefix: string): { stop(): Promise<void> } {
  let going = true;
  const work = (async () => {
    for (let n = 0; going; n++) {
      const name = `${prefix}-${n % 25}`;
      const known = cluster.store("Pod").get(`default/${name}`);
      const call = !known ? api.call("POST", podsPath, podObject(name)) : n % 3 === 0 ? api.call("DELETE", `${podsPath}/${name}?gracePeriodSeconds=0`) : api.call("PATCH", `${podsPath}/${name}`, { metadata: { labels: { turn: String(n) } } });
      await call.catch(() => pause(50));
      await pause(5);
    }
  })();
  return {
    async stop() {
      going = false;
      await work;
    },
  };
}

describe("the stores against a real API server", () => {
  it("know nodes, namespaces and pods soon after opening, and say which kinds the cluster does not have", async () => {
    await sameAsServer();
    expect([...cluster.store("Node").values()].length).toBe((await api.versions("/api/v1/nodes")).size);
    await until(() => cluster.kinds().every((one) => one.state !== "loading"), { withinMs: 20_000, tell: () => cluster.kinds() });
    expect(cluster.kinds().filter((one) => one.state !== "live").map((one) => [one.kind, one.state])).toEqual([["Rollout", "absent"]]);
    expect(cluster.version()).toMatch(/^v1\./);
  });

  it("follow changes, and tell each as before and after", async () => {
    const seen: Touched[] = [];
    const stop = cluster.onChange((touched) => seen.push(...touched.filter((one) => one.key === "default/told")));
    await api.must("POST", podsPath, podObject("told", { labels: { app: "a" } }));
    await until(() => seen.length >= 1, { withinMs: 10_000, tell: () => seen });
    await api.must("PATCH", `${podsPath}/told`, { metadata: { labels: { app: "b" } } });
    await until(() => seen.length >= 2, { withinMs: 10_000, tell: () => seen });
    await api.must("DELETE", `${podsPath}/told?gracePeriodSeconds=0`);
    await until(() => seen.at(-1)?.after === null, { withinMs: 10_000, tell: () => seen });
    stop();
    expect(seen[0]?.before).toBeNull();
    expect(seen[1]?.before?.labels["app"]).toBe("a");
    expect(seen[1]?.after?.labels["app"]).toBe("b");
    expect(cluster.store("Pod").get("default/told")).toBeUndefined();
  });

  it.each([
    ["all connections are cut again and again", async () => {
      for (let n = 0; n < 8; n++) {
        await order("cut-connections");
        await pause(150);
      }
    }],
    ["nobody gets through for a while", async () => {
      await order("refuse-connections");
      await until(() => cluster.freshness().state === "stale", { withinMs: 10_000, tell: () => cluster.freshness() });
      await order("heal-network");
    }],
    ["nothing passes on open connections", async () => {
      await order("stall-network");
      await until(() => cluster.freshness().state === "stale", { withinMs: 10_000, tell: () => cluster.freshness() });
      await order("heal-network");
    }],
    ["the API server stands still", async () => {
      await order("pause-api", "4s");
      await until(() => cluster.freshness().state === "stale", { withinMs: 10_000, tell: () => cluster.freshness() });
    }],
    ["the API server is killed and comes back", () => order("restart-api")],
    ["history is compacted, so that watches are answered with 410", () => order("compact")],
  ])("equal the server's list after %s, with pods changing all the while", async (_what, fault) => {
    const pods = churn("fault");
    await pause(200);
    await fault();
    await answers();
    await pods.stop();
    await isLive();
    await sameAsServer();
  });

  it("drop what vanished while nothing could be heard, and keep the identity of what did not change", async () => {
    await api.must("POST", podsPath, podObject("stays"));
    await api.must("POST", podsPath, podObject("vanishes"));
    await sameAsServer();
    const stays = cluster.store("Pod").get("default/stays");
    await api.must("DELETE", `${podsPath}/vanishes?gracePeriodSeconds=0`);
    await order("compact");
    await answers();
    await isLive();
    await sameAsServer();
    expect(cluster.store("Pod").get("default/vanishes")).toBeUndefined();
    expect(cluster.store("Pod").get("default/stays")).toBe(stays);
  });

  it("say since when the picture is old while the server is silent, keep it, and are live again without help", async () => {
    await sameAsServer();
    const before = cluster.store("Node").size;
    await order("stall-network");
    const pods = () => cluster.kinds().find((one) => one.kind === "Pod")?.state;
    await until(() => cluster.freshness().state === "stale" && pods() === "stale", { withinMs: 10_000, tell: () => [cluster.freshness(), pods()] });
    const { staleSince, say } = cluster.freshness();
    expect(staleSince).not.toBeNull();
    expect(say).not.toBe("");
    expect(cluster.store("Node").size).toBe(before);
    await order("heal-network");
    await isLive();
    expect(cluster.freshness().staleSince).toBeNull();
  });
});
