// What a cluster may throw at the console: a kind refused, an object of any size or shape, a certificate that has run out. A clear word where it matters; the rest goes on.
import { createServer } from "node:https";
import { afterEach, describe, expect, it } from "vitest";
import { connectCluster, openCluster, type ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { collectionPath, kinds, kindSources } from "@/lib/adapters/kubernetes/kinds";
import type { Answer, Transport } from "@/lib/adapters/kubernetes/transport";
import { createProjection } from "@/lib/placement/project";
import { defaultTierPolicy } from "@/lib/placement/tier-policy";
import { makeCertificate } from "../../fixtures/certificate";
import { FakeApi } from "./fake-api";
import { seeded, virtualClock, type VirtualClock } from "./virtual-clock";

let cluster: ClusterHandle | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

/** In pieces, as a socket gives them. */
const answering = (status: number, body: string): Answer => ({ status, retryAfterMs: null, discard: () => undefined, body: (async function* () { for (let at = 0; at < body.length; at += 1_000_000) yield Buffer.from(body.slice(at, at + 1_000_000)); })() });

function open(change: (path: string) => Answer | null): { cluster: ClusterHandle; clock: VirtualClock; api: FakeApi } {
  const [clock, random] = [virtualClock(), seeded(1)];
  const api = new FakeApi(random, clock);
  api.put("pod-1", {});
  const transport: Transport = { close: () => api.close(), ask: async (ask) => change(ask.path) ?? api.ask(ask) };
  cluster = connectCluster({ transport, server: "https://fake", credentials: null, start: true }, { clock, random });
  return { cluster, clock, api };
}

describe("one kind refused", () => {
  const cases = kinds.flatMap((kind) => [[kind, 401, "failing", /credentials/], [kind, 403, "forbidden", /needs list and watch on/], [kind, 404, "absent", /has no/], [kind, 500, "failing", /answered 500/]] as const);

  it.each(cases)("%s answered with %i is told as %s, and every other kind is live", async (kind, status, state, words) => {
    const path = collectionPath(kindSources[kind]);
    const { cluster: seen, clock } = open((asked) => (asked.split("?")[0] === path ? answering(status, JSON.stringify({ kind: "Status", message: "no" })) : null));
    await clock.pass(8_000);
    const told = seen.kinds();
    expect(told.find((one) => one.kind === kind)).toMatchObject({ state, say: expect.stringMatching(words) });
    expect(told.filter((one) => one.kind !== kind && one.state !== "live")).toEqual([]);
  });
});

describe("objects of any size and shape", () => {
  it("an object larger than any API server keeps is called no object, and the list is read again once it is gone", async () => {
    let huge = true;
    const { cluster: seen, clock } = open((asked) => {
      if (!huge || !asked.startsWith("/api/v1/pods?watch=1")) return null;
      return answering(200, `{"type":"ADDED","object":{"metadata":{"name":"huge","namespace":"ns","annotations":{"a":"${"x".repeat(17_000_000)}"}}}}\n`);
    });
    await clock.pass(3_000);
    expect(seen.kinds().find(({ kind }) => kind === "Pod")?.say).toMatch(/no Kubernetes object/);
    expect(seen.freshness().state).not.toBe("live");
    huge = false;
    await clock.pass(20_000);
    expect(seen.freshness().state).toBe("live");
    expect([...seen.store("Pod").values()].map(({ name }) => name)).toEqual(["pod-1"]);
  });

  it("objects without labels, owner, spec or status, with absurd amounts and markup for names, become rows; those beside them are untouched", async () => {
    const odd = [
      { metadata: { name: "<img src=x onerror=alert(1)>", namespace: "ns", uid: "a", resourceVersion: "1" } },
      { metadata: { name: "greedy", namespace: "ns", uid: "b", resourceVersion: "2" }, spec: { nodeName: "bare", containers: [{ name: "c", resources: { requests: { cpu: "-5", memory: "9e99Ei" }, limits: { memory: "lots" } } }] }, status: { phase: 7, containerStatuses: "none" } },
      { metadata: { name: "well", namespace: "ns", uid: "c", resourceVersion: "3" }, spec: { nodeName: "bare", containers: [{ name: "c", resources: { requests: { cpu: "100m", memory: "1Gi" } } }] }, status: { phase: "Running" } },
    ];
    const stream = (objects: object[]) => `${objects.map((object) => JSON.stringify({ type: "ADDED", object })).join("\n")}\n${JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: "9", annotations: { "k8s.io/initial-events-end": "true" } } } })}\n`;
    const { cluster: seen, clock } = open((asked) => {
      if (asked.startsWith("/api/v1/pods?watch=1")) return answering(200, stream(odd));
      return asked.startsWith("/api/v1/nodes?watch=1") ? answering(200, stream([{ metadata: { name: "bare", uid: "n", resourceVersion: "1" }, status: { allocatable: { cpu: "-2", memory: "x" } } }])) : null;
    });
    await clock.pass(1_000);
    const tables = createProjection(defaultTierPolicy).rebuild(seen);
    expect(tables.nodes.get("bare")).toMatchObject({ tier: null, zone: "", ready: "unknown", requestedCpuMillis: expect.any(Number) });
    expect(tables.nodes.get("bare")?.broken.length).toBeGreaterThan(0);
    expect(tables.pods.get("ns/<img src=x onerror=alert(1)>")).toMatchObject({ workload: "", node: "", state: expect.any(String) });
    expect(tables.pods.get("ns/greedy")).toMatchObject({ node: "bare", actual: null });
    expect(tables.pods.get("ns/well")).toMatchObject({ cpuMillis: 100, memoryBytes: 2 ** 30, node: "bare" });
  });
});

describe("a server whose certificate has run out", () => {
  it("is named as such, by a connection that is open and by a kubeconfig that is tried", async () => {
    const { key, cert } = makeCertificate({ expired: true });
    const server = createServer({ key, cert }, (_request, response) => response.end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const kubeconfig = JSON.stringify({
      apiVersion: "v1", kind: "Config", "current-context": "a", contexts: [{ name: "a", context: { cluster: "c", user: "u" } }], users: [{ name: "u", user: { token: "t" } }],
      clusters: [{ name: "c", cluster: { server: `https://127.0.0.1:${address.port}`, "certificate-authority-data": Buffer.from(cert).toString("base64") } }],
    });
    cluster = openCluster({ kubeconfig, trusted: false });
    expect(await cluster.client.check()).toMatchObject({ ok: false, code: "certificate", say: expect.stringMatching(/has expired; renew it/) });
    await expect.poll(() => cluster?.freshness()).toMatchObject({ state: "unreachable", say: expect.stringMatching(/has expired/) });
    server.close();
    server.closeAllConnections();
  });
});
