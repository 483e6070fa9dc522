// The client's verbs and the console's role against a real cluster: each works with exactly the rights that are shipped.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startWorld, type World } from "@/infra/sandbox/world";
import { openCluster, type ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { inClusterKubeconfig } from "@/lib/adapters/kubernetes/in-cluster";
import { kinds, kindSources } from "@/lib/adapters/kubernetes/kinds";
import { AppError } from "@/lib/base/errors";
import type { PodObject } from "@/lib/adapters/kubernetes/objects";
import { applyConsoleRole, kubeconfigFor, tokenFor } from "../fixtures/console-account";
import { plainApi, podObject, until, type PlainApi } from "./kubernetes-api";

let home: string;
let world: World;
let api: PlainApi;
let console: ClusterHandle;

const kubeconfig = (user: object, cluster: object = {}): string => kubeconfigFor(api, user, cluster);
const tokenOf = (namespace: string, account: string): Promise<string> => tokenFor(api, namespace, account);

const pod = (name: string): PodObject | undefined => console.store("Pod").get(`default/${name}`);

/** A pod that runs, as the console sees it. */
async function running(name: string, labels: Record<string, string> = {}): Promise<PodObject> {
  await api.must("POST", "/api/v1/namespaces/default/pods", podObject(name, { labels }));
  await until(() => pod(name)?.ready === true, { withinMs: 60_000, tell: () => pod(name) });
  const found = pod(name);
  if (!found) throw new Error(`${name} is gone`);
  return found;
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "client-"));
  world = await startWorld({ home, scenario: "empty", prometheus: false, traffic: false, aws: false, rollouts: false, workloads: false, pace: "fast" });
  api = plainApi(world.kubeconfigPath);
  await applyConsoleRole(api);
  await until(async () => (await api.call("GET", "/api/v1/namespaces/default/serviceaccounts/default")).status === 200, { withinMs: 30_000, tell: () => "no default service account" });
  console = openCluster({ kubeconfig: kubeconfig({ token: await tokenOf("quarterdeck", "quarterdeck") }), trusted: false });
  await until(() => console.freshness().state === "live", { withinMs: 60_000, tell: () => [console.freshness(), console.kinds()] });
});

afterAll(async () => {
  await console?.close();
  api?.close();
  await world?.stop();
  rmSync(home, { recursive: true, force: true });
});

describe("with the console's role", () => {
  it("every kind can be watched; only what the cluster does not have is absent", async () => {
    await until(() => console.kinds().every((one) => one.state !== "loading"), { withinMs: 30_000, tell: () => console.kinds() });
    expect(console.kinds().filter((one) => one.state !== "live").map((one) => [one.kind, one.state])).toEqual([["Rollout", "absent"]]);
    await expect(console.client.check()).resolves.toEqual({ ok: true, version: console.version() });
  });

  it("nothing is allowed beyond what the console asks for, over all resources and verbs of the server", async () => {
    const wanted = new Set<string>(kinds.flatMap((kind) => ["get", "list", "watch"].map((verb) => `${verb} ${kindSources[kind].group}/${kindSources[kind].resource}`)));
    for (const one of ["get /pods/log", "patch /nodes", "create /pods/eviction", "delete /pods", "patch argoproj.io/rollouts", "patch argoproj.io/rollouts/status"]) wanted.add(one);
    // A canary of a plain Deployment: a second one, its Service, and the weights on the Ingress.
    for (const verb of ["create", "patch", "delete"]) for (const one of ["/services", "apps/deployments"]) wanted.add(`${verb} ${one}`);
    wanted.add("patch networking.k8s.io/ingresses");
    for (const one of ["analysisruns", "experiments", "analysistemplates", "clusteranalysistemplates"]) for (const verb of ["get", "list", "watch"]) wanted.add(`${verb} argoproj.io/${one}`);
    // Looked at by the checks of a request's way.
    for (const one of ["networking.k8s.io/ingressclasses", "networking.k8s.io/servicecidrs", ...["ippools", "felixconfigurations", "bgpconfigurations"].map((kind) => `crd.projectcalico.org/${kind}`)]) wanted.add(`list ${one}`);
    // What every account may do by the cluster's own default roles: ask about itself.
    for (const one of ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]) wanted.add(`create authorization.k8s.io/${one}`);
    wanted.add("create authentication.k8s.io/selfsubjectreviews");
    const resources = await allResources();
    expect(resources.length).toBeGreaterThan(60);
    const allowed = new Set<string>();
    for (const { group, resource } of resources) {
      const [main = "", subresource] = resource.split("/");
      const verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
      const answers = await Promise.all(verbs.map((verb) => console.client.can({ verb, group, resource: main, ...(subresource ? { subresource } : {}) })));
      answers.forEach((yes, at) => yes && allowed.add(`${verbs[at]} ${group}/${resource}`));
    }
    const present = new Set(resources.map(({ group, resource }) => `${group}/${resource}`));
    expect([...allowed].sort()).toEqual([...wanted].filter((one) => present.has(one.split(" ")[1] ?? "")).sort());
  });

  it("a node is cordoned and uncordoned", async () => {
    const [node] = [...console.store("Node").values()];
    const name = node?.name ?? "";
    await console.client.cordon({ node: name, unschedulable: true });
    await until(() => console.store("Node").get(name)?.unschedulable === true, { withinMs: 10_000, tell: () => console.store("Node").get(name) });
    await console.client.cordon({ node: name, unschedulable: false });
    await until(() => console.store("Node").get(name)?.unschedulable === false, { withinMs: 10_000, tell: () => console.store("Node").get(name) });
    await expect(console.client.cordon({ node: "nowhere", unschedulable: true })).rejects.toMatchObject({ code: "not-found", say: expect.stringContaining("nowhere") });
  });

  it("a pod is evicted once; then it is gone, and a namesake with another uid is left alone", async () => {
    const first = await running("evicted");
    const at = { namespace: "default", name: "evicted", uid: first.uid };
    await expect(console.client.evict({ ...at, uid: "another" })).resolves.toEqual({ outcome: "gone" });
    expect(pod("evicted")?.deletedAt).toBeNull();
    await expect(console.client.evict({ ...at, graceSeconds: 0 })).resolves.toEqual({ outcome: "evicted" });
    await until(() => pod("evicted") === undefined, { withinMs: 30_000, tell: () => pod("evicted") });
    await expect(console.client.evict(at)).resolves.toEqual({ outcome: "gone" });
  });

  it("an eviction that a budget forbids is blocked, with the budget's words and when to ask again", async () => {
    await api.must("POST", "/apis/policy/v1/namespaces/default/poddisruptionbudgets", { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "keep" }, spec: { minAvailable: 1, selector: { matchLabels: { guarded: "yes" } } } });
    const guarded = await running("guarded", { guarded: "yes" });
    await until(() => console.store("PodDisruptionBudget").get("default/keep")?.currentHealthy === 1, { withinMs: 30_000, tell: () => console.store("PodDisruptionBudget").get("default/keep") });
    const outcome = await console.client.evict({ namespace: "default", name: "guarded", uid: guarded.uid });
    expect(outcome).toMatchObject({ outcome: "blocked", say: expect.stringContaining("keep") });
    if (outcome.outcome === "blocked") expect(outcome.retryAfterMs).toBeGreaterThan(0);
    expect(pod("guarded")?.deletedAt).toBeNull();
  });

  it("a pod is deleted only if it is the one that was meant", async () => {
    const doomed = await running("doomed");
    await expect(console.client.deletePod({ namespace: "default", name: "doomed", uid: "another" })).rejects.toMatchObject({ code: "gone" });
    await console.client.deletePod({ namespace: "default", name: "doomed", uid: doomed.uid });
    await until(() => pod("doomed") === undefined, { withinMs: 60_000, tell: () => pod("doomed") });
    await expect(console.client.deletePod({ namespace: "default", name: "doomed", uid: doomed.uid })).rejects.toMatchObject({ code: "gone" });
  });

  it("a raw object is read for its YAML, without the server's bookkeeping", async () => {
    await running("shown");
    const raw = z.looseObject({ metadata: z.looseObject({ name: z.string() }) }).parse(await console.client.read("Pod", { namespace: "default", name: "shown" }));
    expect(raw.metadata.name).toBe("shown");
    expect(raw.metadata).not.toHaveProperty("managedFields");
    await expect(console.client.read("Pod", { namespace: "default", name: "absent" })).rejects.toMatchObject({ code: "not-found" });
  });

  it("logs come as lines, end when nobody listens, and fail in words", async () => {
    await running("talks");
    const request = { namespace: "default", pod: "talks", container: "main", follow: false, previous: false, tailLines: 5, signal: new AbortController().signal };
    const lines: string[] = [];
    for await (const line of console.client.logs(request)) lines.push(line);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(5);
    expect(lines.join("")).not.toContain("\n");
    const stop = new AbortController();
    let followed = 0;
    for await (const line of console.client.logs({ ...request, follow: true, signal: stop.signal })) {
      followed += line === "" ? 0 : 1;
      stop.abort();
    }
    expect(followed).toBeGreaterThan(0);
    const read = async (pod: string) => { for await (const line of console.client.logs({ ...request, pod })) lines.push(line); };
    await expect(read("absent")).rejects.toMatchObject({ code: "not-found", say: expect.stringContaining("absent") });
  });
});

describe("a Service asked through the API server", () => {
  const ask = (name: string, port = 9090) => console.client.askService({ namespace: "default", name, port, path: "/-/ready", signal: AbortSignal.timeout(20_000) });

  const told = () => ask("prometheus").then(() => "answered", (thrown: unknown) => (thrown instanceof AppError ? thrown.say : String(thrown)));

  it("of a name that the role does not hold is refused, and the sentence names the role", async () => {
    await expect(ask("kubernetes", 443)).rejects.toMatchObject({ code: "unavailable", say: expect.stringMatching(/may not ask default\/kubernetes .* forbidden.*Bind it to the ClusterRole quarterdeck-metrics/) });
  });

  it("that is not there, or has nobody ready behind it, is told in the API server's words", async () => {
    await expect(ask("prometheus")).rejects.toMatchObject({ code: "unavailable", say: expect.stringMatching(/does not reach default\/prometheus: .*not found/) });
    await api.must("POST", "/api/v1/namespaces/default/services", { apiVersion: "v1", kind: "Service", metadata: { name: "prometheus" }, spec: { ports: [{ port: 9090, targetPort: 9090 }] } });
    // The API server's proxy goes by Endpoints, which nobody makes for a Service without a selector.
    await api.must("POST", "/api/v1/namespaces/default/endpoints", { apiVersion: "v1", kind: "Endpoints", metadata: { name: "prometheus" }, subsets: [{ notReadyAddresses: [{ ip: "10.0.9.77" }], ports: [{ port: 9090 }] }] });
    await until(async () => /^The API server does not reach default\/prometheus: no endpoints available/.test(await told()), { withinMs: 20_000, tell: () => "no such sentence" });
  });
});

describe("in a pod", () => {
  it("the mounted service account opens the cluster with its own rights", async () => {
    const folder = mkdtempSync(join(tmpdir(), "quarterdeck-pod-"));
    const { hostname, port } = new URL(api.server);
    writeFileSync(join(folder, "ca.crt"), api.ca);
    writeFileSync(join(folder, "token"), await tokenOf("quarterdeck", "quarterdeck"));
    const inside = openCluster({ kubeconfig: inClusterKubeconfig({ host: hostname, port: Number(port), folder }), trusted: true });
    await until(() => inside.kinds().find(({ kind }) => kind === "Pod")?.state === "live", { withinMs: 30_000, tell: () => inside.kinds() });
    await expect(inside.client.check()).resolves.toMatchObject({ ok: true });
    await inside.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe("with less", () => {
  it("a forbidden kind says which right is missing, and the other kinds go on", async () => {
    await api.must("POST", "/api/v1/namespaces/default/serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "narrow" } });
    await api.must("POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "narrow" }, rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["list", "watch"] }] });
    await api.must("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", metadata: { name: "narrow" }, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "narrow" }, subjects: [{ kind: "ServiceAccount", name: "narrow", namespace: "default" }] });
    const narrow = openCluster({ kubeconfig: kubeconfig({ token: await tokenOf("default", "narrow") }), trusted: false });
    const state = (kind: string) => narrow.kinds().find((one) => one.kind === kind);
    await until(() => state("Node")?.state === "live" && state("Pod")?.state === "forbidden", { withinMs: 30_000, tell: () => narrow.kinds() });
    expect(state("Pod")?.say).toBe("Not allowed: the console's account needs list and watch on pods.");
    expect(narrow.store("Node").size).toBeGreaterThan(0);
    expect(narrow.freshness().state).toBe("live");
    await expect(narrow.client.cordon({ node: "k8s-master", unschedulable: true })).rejects.toMatchObject({ code: "forbidden" });
    await narrow.close();
  });

  it.each([
    ["a token that the server does not know", () => kubeconfig({ token: "made-up" }), "signed-out", /does not accept/],
    ["no rights at all", async () => { await api.must("POST", "/api/v1/namespaces/default/serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "nobody" } }); return kubeconfig({ token: await tokenOf("default", "nobody") }); }, "forbidden", /does not let it list nodes/],
    ["another cluster's CA", async () => kubeconfig({ token: "t" }, { "certificate-authority-data": Buffer.from(await foreignCertificate()).toString("base64") }), "certificate", /not signed by the CA/],
    ["a name that the certificate does not have", () => kubeconfig({ token: "t" }, { "tls-server-name": "other.example" }), "certificate", /another name/],
    ["an address where nothing listens", () => kubeconfig({ token: "t" }, { server: "https://127.0.0.1:1" }), "unreachable", /nothing listens/],
  ])("check() tells %s apart from other trouble", async (_what, config, code, words) => {
    const cluster = openCluster({ kubeconfig: await config(), trusted: false });
    const outcome = await cluster.client.check();
    await cluster.close();
    expect(outcome).toMatchObject({ ok: false, code, say: expect.stringMatching(words) });
  });
});

describe("with a credential command of the server's own kubeconfig", () => {
  it("a refused token is fetched anew, and the streams go on with the new one", async () => {
    const file = join(home, "credential.json");
    const credential = (token: string) => writeFileSync(file, JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: { token } }));
    credential("not-yet-valid");
    const exec = { exec: { apiVersion: "client.authentication.k8s.io/v1", command: process.execPath, args: ["-e", "process.stdout.write(require('node:fs').readFileSync(process.argv[1]))", file], interactiveMode: "Never" } };
    const cluster = openCluster({ kubeconfig: kubeconfig(exec), trusted: true });
    await until(() => cluster.freshness().state === "unreachable", { withinMs: 20_000, tell: () => cluster.freshness() });
    expect(cluster.freshness().say).toMatch(/credentials/);
    await expect(cluster.client.check()).resolves.toMatchObject({ ok: false, code: "signed-out" });
    credential(await tokenOf("quarterdeck", "quarterdeck"));
    await until(() => cluster.freshness().state === "live", { withinMs: 40_000, tell: () => cluster.freshness() });
    await cluster.close();
  });

  it("one that fails is told in words", async () => {
    const cluster = openCluster({ kubeconfig: kubeconfig({ exec: { apiVersion: "client.authentication.k8s.io/v1", command: process.execPath, args: ["-e", "process.stderr.write('no such profile'); process.exit(1)"], interactiveMode: "Never" } }), trusted: true });
    const outcome = await cluster.client.check();
    await cluster.close();
    expect(outcome).toMatchObject({ ok: false, code: "signed-out", say: expect.stringContaining("no such profile") });
  });
});

const resourceLists = z.object({ resources: z.array(z.object({ name: z.string() })) });

async function allResources(): Promise<{ group: string; resource: string }[]> {
  const groups = z.object({ groups: z.array(z.object({ name: z.string(), preferredVersion: z.object({ groupVersion: z.string() }) })) }).parse(await api.must("GET", "/apis")).groups;
  const lists = [{ group: "", path: "/api/v1" }, ...groups.map((one) => ({ group: one.name, path: `/apis/${one.preferredVersion.groupVersion}` }))];
  const found = await Promise.all(lists.map(async ({ group, path }) => resourceLists.parse(await api.must("GET", path)).resources.map(({ name }) => ({ group, resource: name }))));
  return found.flat();
}

/** A certificate of an authority that has nothing to do with this cluster: the front proxy's own. */
async function foreignCertificate(): Promise<string> {
  const map = await api.must("GET", "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication");
  return z.object({ data: z.looseObject({ "requestheader-client-ca-file": z.string() }) }).parse(map).data["requestheader-client-ca-file"];
}
