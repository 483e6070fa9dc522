// The sandbox's scenarios do what they are called: a node that is lost, a large cluster that is restless, a world that begins anew.
import { describe, expect, it } from "vitest";
import { listAt, textAt, type Json } from "../../infra/sandbox/json";
import { startWorld, type World } from "../../infra/sandbox/world";
import { ask, bare, temporaryHome, temporaryWorld, until, withPods } from "./sandbox-world";

/** A minute's toleration, twenty seconds' grace, and several control planes: slow machines get the time they need. */
const slowMs = 480_000;
const nothingElse = { ...bare, controllers: false, scheduler: false };
const pods = async (world: World, query = "") => listAt((await ask(world, `/api/v1/pods?limit=2000${query}`, { timeoutMs: 60_000 })).body, "items");
const named = (pod: Json) => `${textAt(pod, "metadata", "namespace")}/${textAt(pod, "metadata", "name")}`;
const versions = async (world: World) => new Map((await pods(world)).map((pod) => [named(pod), textAt(pod, "metadata", "resourceVersion")]));

describe("node-lost", () => {
  it("loses k8s-worker-2 by itself: it is not answering, tainted, and its pods are being replaced elsewhere", async () => {
    await using world = await temporaryWorld({ ...withPods, scenario: "node-lost" });
    const lost = async () => (await ask(world, "/api/v1/nodes/k8s-worker-2")).body;
    await until(lost, (node) => listAt(node, "status", "conditions").some((one) => textAt(one, "type") === "Ready" && textAt(one, "status") === "Unknown"));
    await until(lost, (node) => listAt(node, "spec", "taints").some((taint) => textAt(taint, "key") === "node.kubernetes.io/unreachable"));
    const others = listAt((await ask(world, "/api/v1/nodes")).body, "items").filter((node) => textAt(node, "metadata", "name") !== "k8s-worker-2");
    expect(others.map((node) => textAt(listAt(node, "status", "conditions").find((one) => textAt(one, "type") === "Ready"), "status"))).toEqual(others.map(() => "True"));
    await until(() => pods(world, "&fieldSelector=spec.nodeName=k8s-worker-2"), (here) => here.some((pod) => textAt(pod, "metadata", "deletionTimestamp") !== ""));
  }, slowMs);
});

describe("pending", () => {
  it("has PostgreSQL and Prometheus without a place, for the reasons that the scheduler gave there", async () => {
    await using world = await temporaryWorld({ ...withPods, scenario: "pending" });
    const why = async () => {
      const waiting = await pods(world, "&fieldSelector=spec.nodeName=");
      return Object.fromEntries(waiting.map((pod) => [textAt(pod, "metadata", "name"), textAt(listAt(pod, "status", "conditions").find((one) => textAt(one, "type") === "PodScheduled"), "message")]));
    };
    const told = await until(why, (now) => Object.values(now).filter((message) => /Insufficient cpu/.test(message)).length >= 2);
    expect(told["postgres-0"]).toMatch(/^0\/7 nodes are available: .*1 Insufficient cpu/);
    expect(told["prometheus-prometheus-kube-prometheus-prometheus-0"]).toMatch(/^0\/7 nodes are available: .*1 Insufficient cpu/);
  }, slowMs);
});

describe("scale", () => {
  it("is put into etcd before the API server starts, whole, and changes all the time until it is told to rest", async () => {
    await using world = await temporaryWorld({ ...nothingElse, scenario: "scale", nodes: 40, pods: 600 });
    const first = await versions(world);
    expect(first.size).toBe(600);
    expect(listAt((await ask(world, "/api/v1/nodes")).body, "items")).toHaveLength(40);
    expect(world.loaded?.tookMs).toBeGreaterThan(0);
    expect(world.loaded?.ownCpuMs).toBeGreaterThan(0);
    const changed = await until(() => versions(world), (now) => [...now].filter(([pod, version]) => first.get(pod) !== version).length >= 30);
    expect([...changed.keys()].sort()).toEqual([...first.keys()].sort());
    const told = await world.order("churn");
    expect(told.say).toMatch(/^20 pods a second change; \d+ have so far/);
    expect(Number(/; (\d+) have/.exec(told.say)?.[1])).toBeGreaterThanOrEqual(30);
    expect((await world.order("churn", ["0"])).ok).toBe(true);
    const settled = async () => JSON.stringify([...(await versions(world))].sort());
    let before = "";
    await until(async () => {
      const now = await settled();
      const same = now === before;
      before = now;
      return same;
    }, (same) => same);
  });
});

describe("a world told to begin anew", () => {
  it("is another cluster with nothing of the first in it, while its neighbour on the same etcd stays", async () => {
    const { home, remove } = temporaryHome();
    const start = (more: { fresh?: boolean }) => startWorld({ home, ...nothingElse, scenario: "empty", also: ["four-node"], ...more });
    const idOf = async (world: World, cluster: number) => textAt((await ask(world, "/api/v1/namespaces/kube-system", { cluster })).body, "metadata", "uid");
    const before = await start({});
    await ask(before, "/api/v1/namespaces/default/configmaps", { method: "POST", body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "kept" } } });
    const [first, neighbour] = [await idOf(before, 0), await idOf(before, 1)];
    await before.stop();
    const anew = await start({ fresh: true });
    expect(await idOf(anew, 0)).not.toBe(first);
    expect((await ask(anew, "/api/v1/namespaces/default/configmaps/kept")).status).toBe(404);
    expect(await idOf(anew, 1)).toBe(neighbour);
    await anew.stop();
    remove();
  }, slowMs);
});
