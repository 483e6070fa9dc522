// One job from nothing to nodes that are Ready with their add-ons, and one back to nothing: machines of the sandbox boot with our user data, by the real kubeadm, on the imitation of AWS.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openCluster, type ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { startJobWorker, type Worker } from "@/lib/jobs/worker";
import { retryStep } from "@/lib/jobs/wishes";
import { openDigests } from "@/lib/provisioning/add-ons/digests";
import { bootInputOf } from "@/lib/provisioning/boot/from-blueprint";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { toUserData } from "@/lib/provisioning/boot/user-data";
import type { Blueprint } from "@/lib/provisioning/model";
import type { Inside } from "@/lib/provisioning/steps/inside";
import { actForAws } from "../../infra/sandbox/aws/inside/add-ons";
import { startMirror, type Mirror } from "../../infra/sandbox/mirror/server";
import { startTestServer, type TestServer } from "../fixtures/database";
import { until } from "../fixtures/jobs/until";
import { kindsFor } from "../fixtures/provisioning/kinds";
import { blueprintOf, buildInputOf, ledgerOf, logOf, openSite, pins, reached, submit, teardownInputOf, worldOf, type Site } from "../fixtures/provisioning/site";
import { hypervisorFor } from "../wire/machines-world";

// Real programs on a machine that others use too: what is waited for is that it happens, not how soon.
vi.setConfig({ testTimeout: 900_000 });

const longMs = 600_000;
let server: TestServer;
let site: Site;
let mirror: Mirror;
let hypervisor: Awaited<ReturnType<typeof hypervisorFor>>;
let worker: Worker | null = null;
let working = new AbortController();
let handle: ClusterHandle | null = null;
let before: Record<string, unknown>;
/** What the controllers inside the cluster complained of. */
const said = new Set<string>();

const inside = (): Inside => ({
  client: () => handle?.client ?? null,
  handle: () => handle,
  fetch: async (url) => (await fetch(url)).text(),
  mirror: mirror.url,
  digests: openDigests(site.db),
});

/** From now on a worker waits so long for add-ons. */
async function work(softMs?: number): Promise<void> {
  working.abort();
  await worker?.stopped;
  working = new AbortController();
  site.kinds = kindsFor({
    aws: site.door, db: site.db, pace: 0.2, take: (kubeconfig) => { handle = openCluster({ kubeconfig, trusted: false }); }, ...(softMs === undefined ? {} : { softMs }),
    booting: { userData: ({ blueprint }) => (machine, place) => toUserData(bootInputOf(blueprint, machine, place)), inside: inside() },
  });
  worker = startJobWorker({ kinds: site.kinds, signal: working.signal, leaseMs: 30_000, owner: "w", db: site.db, leaseDb: site.db });
}

beforeAll(async () => {
  server = await startTestServer();
  site = await openSite(server, { publicAddresses: { prefix: `127.73.${process.pid % 250}`, first: 10 }, pace: 0.2 });
  before = worldOf(site);
  mirror = await startMirror(0);
  hypervisor = await hypervisorFor({
    amazon: site.aws.listener, mayReach: (reach) => site.aws.mayReach(reach), credentialsOf: (instanceId) => site.aws.instanceCredentials(instanceId),
    onControlPlane: ({ api }) => actForAws({ api, account: site.aws, say: (what) => said.add(what) }),
  });
  site.aws.setHypervisor(hypervisor);
  site.aws.onRequest(() => hypervisor.groupsChanged());
  await work();
});
afterAll(async () => {
  working.abort();
  await worker?.stopped;
  await handle?.close();
  await hypervisor[Symbol.asyncDispose]();
  await mirror.stop();
  await site.close();
  await server.stop();
});

const blueprint = blueprintOf("four-node", (draft) => {
  draft.tiers = draft.tiers.filter(({ tier }) => tier === 1 || tier === 4);
  draft.access.adminCidrs = ["127.0.0.1/32"];
  draft.addOns.chosen = ["aws-ebs-csi-driver", "cert-manager", "aws-load-balancer-controller", "argo-cd", "postgresql", "redis"];
});
const withAddOns = (...chosen: Blueprint["addOns"]["chosen"]): Blueprint => ({ ...blueprint, addOns: { ...blueprint.addOns, chosen } });

/** What the controllers' role was refused. */
const refused = () => site.aws.log.filter(({ caller, outcome }) => caller.includes("assumed-role") && /Unauthorized|AccessDenied/.test(outcome)).map(({ action, caller }) => `${action} by ${caller}`);
/** Of what controllers do: at once it is said if they may not. */
const untilActed = (what: string, look: () => unknown[]) => until(what, async () => {
  expect(refused()).toEqual([]);
  return look().length > 0 ? true : null;
});

const client = () => {
  if (!handle) throw new Error("the console is not connected");
  return handle.client;
};
const ingress = {
  apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "shop", namespace: "default", annotations: { "alb.ingress.kubernetes.io/scheme": "internet-facing" } },
  spec: { ingressClassName: "alb", rules: [{ http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "shop", port: { number: 80 } } } }] } }] },
};
const service = { apiVersion: "v1", kind: "Service", metadata: { name: "shop", namespace: "default" }, spec: { type: "NodePort", selector: { app: "shop" }, ports: [{ port: 80 }] } };

describe("a cluster by one job", () => {
  it("has its nodes Ready and its add-ons running, and AWS keeps no kubeconfig", async () => {
    const startedAt = Date.now();
    const id = await submit(site, "cluster.build", buildInputOf(blueprint));
    const built = await reached(site, id, "end", longMs);
    const consoles = Object.keys(site.aws.cloud.state.instance).map((one) => hypervisor.consoleOutput(one).slice(-1_500)).join("\n");
    expect([built.status, built.say], `${(await logOf(site, id)).join("\n")}\n${consoles}\n${hypervisor.troubles.join()}\n${[...said].join("\n")}`).toEqual(["SUCCEEDED", expect.stringContaining("prod is up and is connected.")]);
    console.log(`from nothing to Ready with ${blueprint.addOns.chosen.length} add-ons: ${Date.now() - startedAt} ms; longest: ${built.steps.map(({ name, startedAt: from, endedAt }) => ({ name, ms: Math.round((endedAt ?? 0) - (from ?? 0)) })).toSorted((a, b) => b.ms - a.ms).slice(0, 5).map(({ name, ms }) => `${name} ${ms} ms`).join(", ")}`);
    expect(built.steps.filter(({ status }) => status !== "done").map(({ name, status }) => `${name} ${status}`)).toEqual([]);
    expect(await ledgerOf(site), "the ledger knows all that the graph has").toMatchObject({ living: resourceGraph(blueprint, pins).resources.length, unknown: [] });
    expect(Object.values(site.aws.cloud.state.parameter).map(({ name }) => name)).toEqual(["/quarterdeck/prod/join"]);
    expect((await logOf(site, id)).join("\n")).not.toMatch(/client-key-data|[a-z0-9]{6}\.[a-z0-9]{16}/);
  });

  it("has data on a volume of the account in its tier, and its Ingress is a load balancer, both with the rights of the machines alone", async () => {
    const volumes = () => Object.values(site.aws.cloud.state.volume).filter(({ tags }) => tags["kubernetes.io/created-for/pvc/name"] !== undefined);
    expect(volumes()).toMatchObject([{ sizeGiB: 50, tags: { "kubernetes.io/cluster/prod": "owned", "kubernetes.io/created-for/pvc/namespace": "data" } }]);
    expect(await client().find({ apiVersion: "v1", kind: "Pod", namespace: "data", name: "postgresql-0" })).toMatchObject({ spec: { nodeName: "k8s-storage" } });
    await client().apply(service);
    await client().apply(ingress);
    await untilActed("the load balancer to be there", () => Object.keys(site.aws.cloud.state.loadBalancer));
    await untilActed("the targets to be there", () => Object.values(site.aws.cloud.state.targetGroup));
    const groups = Object.values(site.aws.cloud.state.group).filter(({ tags }) => tags["elbv2.k8s.aws/cluster"] === "prod");
    expect(groups.length).toBe(2);
    const actors = new Set(site.aws.log.filter(({ action, took }) => took && ["CreateVolume", "AttachVolume", "CreateSecurityGroup", "AuthorizeSecurityGroupIngress"].includes(action)).flatMap(({ caller }) => (caller.includes("assumed-role") ? [caller.split("/")[1]] : [])));
    expect([...actors]).toEqual(["prod-worker"]);
    expect([...said]).toEqual([]);
  });

  it("is refused an add-on whose manifest is not what the mirror's digests say", async () => {
    mirror.tamper("metrics-server/v0.8.0.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: { name: evil }\n");
    const id = await submit(site, "cluster.build", buildInputOf(withAddOns(...blueprint.addOns.chosen, "metrics-server")));
    const asked = await reached(site, id, "end", longMs);
    expect([asked.status, (await logOf(site, id)).join("\n")]).toEqual(["NEEDS_ATTENTION", expect.stringContaining("is not what the mirror's list of digests says")]);
    expect(await client().find({ apiVersion: "v1", kind: "Namespace", namespace: "", name: "evil" })).toBeNull();
    mirror.tamper("metrics-server/v0.8.0.yaml", "original");
    await retryStep(site.db, { id, step: "add-on/metrics-server" });
    expect((await reached(site, id, ["SUCCEEDED"], longMs)).say).not.toContain("Degraded");
  });

  it("is degraded, not done, without an add-on that is not Ready in its time, and whole when the step is tried again", async () => {
    await work(1);
    const id = await submit(site, "cluster.build", buildInputOf(withAddOns(...blueprint.addOns.chosen, "argo-rollouts")));
    const built = await reached(site, id, "end", longMs);
    expect([built.status, built.say]).toEqual(["SUCCEEDED", expect.stringMatching(/Degraded: Install argo-rollouts: .* That took longer than/)]);
    expect(built.steps.filter(({ status }) => status === "degraded").map(({ name }) => name)).toEqual(["add-on/argo-rollouts"]);
    expect((await ledgerOf(site)).unknown).toEqual(["add-on/argo-rollouts CREATED"]);
    await until("the add-on to be Ready after all", async () => (JSON.stringify(await client().find({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", namespace: "argocd", name: "argo-rollouts" })).includes('"Healthy"') ? true : null), longMs);
    await retryStep(site.db, { id, step: "add-on/argo-rollouts" });
    const healed = await reached(site, id, ["SUCCEEDED"], longMs);
    expect([healed.say.includes("Degraded"), healed.steps.filter(({ status }) => status !== "done")]).toEqual([false, []]);
    expect((await ledgerOf(site)).unknown).toEqual([]);
  });
});

describe("its teardown", () => {
  it("has the cluster remove its load balancer and its volume first, and leaves the world as it was", async () => {
    await work();
    const from = site.aws.log.length;
    const id = await submit(site, "cluster.teardown", teardownInputOf(blueprint));
    const down = await reached(site, id, "end", longMs);
    expect([down.status, down.say], (await logOf(site, id)).join("\n")).toEqual(["SUCCEEDED", "Nothing of it is on AWS, and nothing is paid for."]);
    expect(down.steps.filter(({ name }) => name.startsWith("release-")).map(({ status }) => status)).toEqual(["done", "done"]);
    const acts = site.aws.log.slice(from).filter(({ took }) => took);
    const at = (action: string) => acts.findIndex((one) => one.action === action);
    expect(at("DeleteLoadBalancer")).toBeGreaterThanOrEqual(0);
    expect(Math.max(at("DeleteLoadBalancer"), at("DeleteVolume"))).toBeLessThan(at("TerminateInstances"));
    // The sweep found nothing that controllers had left.
    expect(acts.filter(({ action, userAgent }) => /^Delete(LoadBalancer|TargetGroup|Volume)$/.test(action) && userAgent.includes("quarterdeck/"))).toEqual([]);
    expect(worldOf(site)).toEqual(before);
  });
});
