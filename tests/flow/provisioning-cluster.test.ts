// One job from nothing to nodes that are Ready with their add-ons: machines of the sandbox boot with our user data, by the real kubeadm, on the imitation of AWS.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openCluster, type ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { startJobWorker, type Worker } from "@/lib/jobs/worker";
import { bootInputOf } from "@/lib/provisioning/boot/from-blueprint";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { toUserData } from "@/lib/provisioning/boot/user-data";
import type { Inside } from "@/lib/provisioning/steps/inside";
import { startMirror, type Mirror } from "../../infra/sandbox/mirror/server";
import { startTestServer, type TestServer } from "../fixtures/database";
import { kindsFor } from "../fixtures/provisioning/kinds";
import { blueprintOf, buildInputOf, ledgerOf, logOf, openSite, pins, reached, submit, type Site } from "../fixtures/provisioning/site";
import { hypervisorFor } from "../wire/machines-world";

// Real programs on a machine that others use too: what is waited for is that it happens, not how soon.
vi.setConfig({ testTimeout: 900_000 });

const longMs = 600_000;
let server: TestServer;
let site: Site;
let mirror: Mirror;
let hypervisor: Awaited<ReturnType<typeof hypervisorFor>>;
let worker: Worker;
let handle: ClusterHandle | null = null;
const end = new AbortController();

const inside = (): Inside => ({
  client: () => handle?.client ?? null,
  handle: () => handle,
  fetch: async (url) => (await fetch(url)).text(),
  mirror: mirror.url,
});

beforeAll(async () => {
  server = await startTestServer();
  site = await openSite(server, { publicAddresses: { prefix: "127.73.0", first: 10 }, pace: 0.2 });
  mirror = await startMirror(0);
  hypervisor = await hypervisorFor({ amazon: site.aws.listener, mayReach: (reach) => site.aws.mayReach(reach), credentialsOf: (instanceId) => site.aws.instanceCredentials(instanceId) });
  site.aws.setHypervisor(hypervisor);
  site.aws.onRequest(() => hypervisor.groupsChanged());
  site.kinds = kindsFor({
    aws: site.door, db: site.db, pace: 0.2, take: (kubeconfig) => { handle = openCluster({ kubeconfig, trusted: false }); },
    booting: { userData: ({ blueprint }) => (machine, place) => toUserData(bootInputOf(blueprint, machine, place)), inside: inside() },
  });
  worker = startJobWorker({ kinds: site.kinds, signal: end.signal, leaseMs: 30_000, owner: "w", db: site.db, leaseDb: site.db });
});
afterAll(async () => {
  end.abort();
  await worker.stopped;
  await handle?.close();
  await hypervisor[Symbol.asyncDispose]();
  await mirror.stop();
  await site.close();
  await server.stop();
});

const blueprint = blueprintOf("four-node", (draft) => {
  draft.tiers = draft.tiers.filter(({ tier }) => tier === 1 || tier === 4);
  draft.access.adminCidrs = ["127.0.0.1/32"];
  draft.addOns.chosen = ["metrics-server", "argo-cd", "redis"];
});

describe("a cluster by one job", () => {
  it("has its nodes Ready and its add-ons running, and AWS keeps no kubeconfig", async () => {
    const startedAt = Date.now();
    const id = await submit(site, "cluster.build", buildInputOf(blueprint));
    const built = await reached(site, id, "end", longMs);
    const consoles = Object.keys(site.aws.cloud.state.instance).map((one) => hypervisor.consoleOutput(one).slice(-1_500)).join("\n");
    expect([built.status, built.say], `${(await logOf(site, id)).join("\n")}\n${consoles}\n${hypervisor.troubles.join()}`).toEqual(["SUCCEEDED", expect.stringContaining("prod is up and is connected.")]);
    console.log(`from nothing to Ready with three add-ons: ${Date.now() - startedAt} ms`);
    expect(built.steps.filter(({ status }) => status !== "done").map(({ name, status }) => `${name} ${status}`)).toEqual([]);
    expect(await ledgerOf(site), "the ledger knows all that the graph has").toMatchObject({ living: resourceGraph(blueprint, pins).resources.length, unknown: [] });
    expect(Object.values(site.aws.cloud.state.parameter).map(({ name }) => name)).toEqual(["/quarterdeck/prod/join"]);
    expect((await logOf(site, id)).join("\n")).not.toMatch(/client-key-data|[a-z0-9]{6}\.[a-z0-9]{16}/);
  });

  it("is refused an add-on whose manifest is not what the mirror's digests say", async () => {
    mirror.tamper("cert-manager/v1.18.2.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: { name: evil }\n");
    const id = await submit(site, "cluster.build", buildInputOf({ ...blueprint, addOns: { ...blueprint.addOns, chosen: ["cert-manager"] } }));
    const asked = await reached(site, id, "end", longMs);
    expect([asked.status, (await logOf(site, id)).join("\n")]).toEqual(["NEEDS_ATTENTION", expect.stringContaining("is not what the mirror's list of digests says")]);
    expect(await handle?.client.find({ apiVersion: "v1", kind: "Namespace", namespace: "", name: "evil" })).toBeNull();
  });
});
