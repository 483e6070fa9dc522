// The sandbox's machines: seven that come up with all their pods, can be lost and found again, and whose containers can be read.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, listAt, numberAt, textAt, type Json } from "../../infra/sandbox/json";
import type { World } from "../../infra/sandbox/world";
import { ask, temporaryWorld, until, withPods } from "./sandbox-world";

let world: World & AsyncDisposable;
beforeAll(async () => { world = await temporaryWorld(withPods); });
afterAll(async () => { await world[Symbol.asyncDispose](); });

const pods = async (query = "") => listAt((await ask(world, `/api/v1/pods${query}`)).body, "items");
const conditionOf = (object: Json, type: string) => textAt(listAt(object, "status", "conditions").find((condition) => textAt(condition, "type") === type), "status");
const called = (list: readonly Json[], prefix: string) => list.filter((pod) => textAt(pod, "metadata", "name").startsWith(prefix));
const node = async (name: string) => (await ask(world, `/api/v1/nodes/${name}`)).body;
const firstCalled = async (prefix: string) => textAt(called(await pods(), prefix)[0], "metadata", "name");

function behaving(name: string, behaviour: string) {
  return {
    apiVersion: "v1", kind: "Pod", metadata: { name, labels: { app: name, "sandbox.quarterdeck.dev/behaviour": behaviour } },
    spec: { containers: [{ name: "main", image: `example.test/${name}:1` }], nodeSelector: { workload: "monitoring" } },
  };
}

describe("seven machines", () => {
  it("come up Ready with about seventy pods, all running but the one that never gets ready", async () => {
    const all = await until(() => pods(), (list) => list.length >= 70 && list.every((pod) => textAt(pod, "status", "phase") === "Running"));
    await until(() => pods(), (list) => list.filter((pod) => conditionOf(pod, "Ready") !== "True").every((pod) => textAt(pod, "metadata", "name").startsWith("metrics-server")));
    expect(all.length).toBeLessThan(90);
    const nodes = listAt((await ask(world, "/api/v1/nodes")).body, "items");
    expect(nodes.map((one) => [textAt(one, "metadata", "name"), conditionOf(one, "Ready")])).toEqual(["master", "monitoring", "postgresql", "rabbitmq", "redis", "worker-1", "worker-2"].map((name) => [`k8s-${name}`, "True"]));
    expect(textAt(nodes[0], "spec", "providerID")).toMatch(/^aws:\/\/\/ap-northeast-2a\/i-0[0-9a-f]{16}$/);
    expect(textAt(called(all, "prometheus-prometheus-kube")[0], "spec", "nodeName")).toBe("k8s-worker-1");
    expect(called(all, "argocd-").map((pod) => textAt(pod, "spec", "nodeName"))).not.toContain("k8s-master");
    const claims = listAt((await ask(world, "/api/v1/persistentvolumeclaims")).body, "items");
    expect(claims.map((claim) => textAt(claim, "status", "phase"))).toEqual(["Bound", "Bound", "Bound"]);
  });

  it("crash, run out of memory, and cannot pull an image where a label says so", async () => {
    for (const [name, behaviour] of [["crasher", "crash-loop"], ["hungry", "oom-kill"], ["imageless", "bad-image"]] as const) {
      expect((await ask(world, "/api/v1/namespaces/default/pods", { method: "POST", body: behaving(name, behaviour) })).status).toBe(201);
    }
    const status = async (name: string) => at((await ask(world, `/api/v1/namespaces/default/pods/${name}`)).body, "status", "containerStatuses", 0) ?? null;
    await until(() => status("crasher"), (one) => numberAt(one, "restartCount") >= 1 && textAt(one, "state", "waiting", "reason") === "CrashLoopBackOff");
    await until(() => status("hungry"), (one) => textAt(one, "lastState", "terminated", "reason") === "OOMKilled" && numberAt(one, "lastState", "terminated", "exitCode") === 137);
    await until(() => status("imageless"), (one) => textAt(one, "state", "waiting", "reason") === "ImagePullBackOff");
    const again = await until(() => status("crasher"), (one) => textAt(one, "state", "running", "startedAt") !== "" || numberAt(one, "restartCount") >= 2);
    expect(textAt(again, "lastState", "terminated", "reason")).toBe("Error");
  });
});

describe("logs", () => {
  const logsOf = (namespace: string, pod: string, query: string) => ask(world, `/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`, { timeoutMs: 30_000 });

  it("read the same however often, by tail, and with times that rise", async () => {
    const pod = await firstCalled("waste-api");
    await until(() => logsOf("waste", pod, ""), ({ text }) => text.split("\n").length > 8);
    const all = (await logsOf("waste", pod, "timestamps=true")).text.trimEnd().split("\n");
    const tail = (await logsOf("waste", pod, "timestamps=true")).text.trimEnd().split("\n").slice(0, all.length);
    expect(tail).toEqual(all);
    expect((await logsOf("waste", pod, "tailLines=3")).text.trimEnd().split("\n")).toHaveLength(3);
    const times = all.map((line) => Date.parse(line.split(" ")[0] ?? ""));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it("follow: lines arrive that were not there when the reader came, until the pod is gone", async () => {
    const pod = await firstCalled("auth-api");
    const following = logsOf("auth", pod, "follow=true&tailLines=1");
    await until(() => logsOf("auth", pod, "sinceSeconds=3"), ({ text }) => text.length > 0);
    await until(() => logsOf("auth", pod, ""), ({ text }) => text.split("\n").length > 10);
    await ask(world, `/api/v1/namespaces/auth/pods/${pod}?gracePeriodSeconds=1`, { method: "DELETE" });
    expect((await following).text.trimEnd().split("\n").length).toBeGreaterThan(1);
  });

  it("of the container before tell how it ended, and there are none where nothing ended", async () => {
    const before = await until(() => logsOf("default", "crasher", "previous=true"), ({ status }) => status === 200);
    expect(before.text).toContain("nil pointer dereference");
    const none = await logsOf("waste", await firstCalled("waste-api"), "previous=true");
    expect(none.status).toBe(400);
    expect(none.text).toContain("previous terminated container");
  });
});

describe("a machine that falls silent", () => {
  it("goes NotReady, is tainted, does not answer for its logs, and is well again when it comes back", async () => {
    const pod = await firstCalled("redis-");
    expect((await world.order("stop-node", ["k8s-redis"])).ok).toBe(true);
    const taints = async () => listAt(await node("k8s-redis"), "spec", "taints").map((taint) => `${textAt(taint, "key")}:${textAt(taint, "effect")}`);
    await until(() => node("k8s-redis"), (one) => conditionOf(one, "Ready") === "Unknown");
    await until(taints, (seen) => seen.includes("node.kubernetes.io/unreachable:NoExecute"));
    const log = await ask(world, `/api/v1/namespaces/default/pods/${pod}/log`);
    expect(log.status).toBeGreaterThanOrEqual(500);
    await until(async () => called(await pods("?fieldSelector=spec.nodeName=k8s-redis"), "redis-"), ([gone]) => gone !== undefined && textAt(gone, "metadata", "deletionTimestamp") !== "");
    expect((await world.order("start-node", ["k8s-redis"])).ok).toBe(true);
    await until(() => node("k8s-redis"), (one) => conditionOf(one, "Ready") === "True");
    await until(taints, (seen) => seen.length === 0);
    await until(async () => called(await pods("?fieldSelector=spec.nodeName=k8s-redis"), "redis-"), (list) => list.some((one) => textAt(one, "metadata", "name") !== pod && conditionOf(one, "Ready") === "True"));
  });

  it("cannot be one that does not exist", async () => {
    expect(await world.order("stop-node", ["k8s-nowhere"])).toEqual({ ok: false, say: expect.stringContaining("There is no machine called k8s-nowhere") });
  });
});
