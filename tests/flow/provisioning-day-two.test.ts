// What happens to a cluster after it was built, by the console's own routes, on machines that boot for real with the real kubeadm: nodes come, go and are replaced, settings change, certificates and tokens are made anew.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import * as one from "@/app/api/provisioning/blueprints/[cluster]/route";
import * as build from "@/app/api/provisioning/blueprints/[cluster]/build/route";
import * as certificates from "@/app/api/provisioning/blueprints/[cluster]/certificates/route";
import * as change from "@/app/api/provisioning/blueprints/[cluster]/change/route";
import * as changePlan from "@/app/api/provisioning/blueprints/[cluster]/change/plan/route";
import * as join from "@/app/api/provisioning/blueprints/[cluster]/join/route";
import * as kubeconfig from "@/app/api/provisioning/blueprints/[cluster]/kubeconfig/route";
import * as plan from "@/app/api/provisioning/blueprints/[cluster]/plan/route";
import { changeAnswer, certificatesAnswer, jobStarted, planAnswer } from "@/components/provisioning/wire";
import { openCluster, type ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import { findConnection } from "@/lib/clusters/connections";
import { connectStored } from "@/lib/clusters/loops";
import type { JobDetail } from "@/lib/jobs/model";
import { findJob } from "@/lib/jobs/queries";
import { jobDatabase } from "@/lib/jobs/database";
import type { Change } from "@/lib/provisioning/model";
import { driftOf } from "@/lib/provisioning/plan/plan";
import { presetBlueprint } from "@/lib/provisioning/presets";
import { sayOf } from "../fixtures/callers";
import { until } from "../fixtures/jobs/until";
import { signedIn } from "../fixtures/people";
import { openLiving, type Living } from "../fixtures/provisioning/living";

// Real programs on a machine that others use too: what is waited for is that it happens, not how soon.
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

const cluster = "prod";
const at = { params: { cluster } };
const pool = "k8s-worker-1";
const dayMs = 86_400_000;
let world: Living;

const whole = presetBlueprint("four-node", { name: cluster, adminCidr: "127.0.0.1/32" });
const blueprint = { ...whole, tiers: whole.tiers.filter(({ tier }) => tier <= 2), addOns: { ...whole.addOns, chosen: [] } };

const operator = async () => (await signedIn("operator")).who;
const live = (): ClusterHandle => {
  const handle = findConnection(cluster)?.handle;
  if (!handle) throw new Error("the cluster is not connected");
  return handle;
};
const planned = async () => planAnswer.parse((await (await operator()).call(plan.GET, undefined, at)).body);
const planOf = async (wish: Change) => changeAnswer.parse((await (await operator()).call(changePlan.POST, { change: wish }, at)).body);
const begin = async (wish: Change, more: object = {}) => jobStarted.parse((await (await operator()).call(change.POST, { change: wish, digest: (await planOf(wish)).digest, ...more }, at)).body).job;
const succeeded = async (id: string): Promise<JobDetail> => {
  const job = await world.ended(id);
  expect([job.status, job.say], `${await world.log(id)}\n${world.hypervisor.troubles.join()}`).toEqual(["SUCCEEDED", expect.any(String)]);
  return job;
};
/** As each of these steps begins the worker is killed with -9, and another takes over, without waiting for the dead one's lease. */
async function killedAt(id: string, steps: readonly string[]): Promise<string> {
  for (const step of steps) {
    const look = async () => {
      const now = await findJob(jobDatabase(), id);
      return now.endedAt !== null || now.status === "NEEDS_ATTENTION" || now.steps.some(({ name, attempt }) => name === step && attempt > 0) ? now : null;
    };
    const begun = await until(`${step} to begin`, look, 300_000).catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${(await findJob(jobDatabase(), id)).steps.map(({ name, status, say }) => `${name} ${status}: ${say}`).join("\n")}\n${await world.log(id)}`);
    });
    if (begun.status === "NEEDS_ATTENTION") break;
    world.worker().process.kill("SIGKILL");
    await world.worker().ended;
    await world.query(`UPDATE "Job" SET "leaseUntil" = clock_timestamp() - interval '1 second', "revision" = "revision" + 1 WHERE "leaseUntil" IS NOT NULL`);
    await world.employ();
  }
  return id;
}
const node = z.object({ metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }), spec: z.object({ taints: z.array(z.object({ key: z.string(), effect: z.string() })).default([]) }) });
const nodes = async () => (await live().client.list({ apiVersion: "v1", kind: "Node" })).map((raw) => node.parse(raw));
const named = async (name: string) => (await nodes()).find(({ metadata }) => metadata.name === name);
const running = () => Object.values(world.aws.cloud.state.instance).filter(({ state }) => state === "running" || state === "pending").map(({ tags }) => tags["Name"]).toSorted();
/** The picture that the plan is made of follows by watch. */
const nothingLeftToDo = () => until("an empty plan", async () => { const left = driftOf((await planned()).plan); return left.length === 0 ? left : null; });
const tokens = async () => (await live().client.list({ apiVersion: "v1", kind: "Secret", namespace: "kube-system", fieldSelector: "type=bootstrap.kubernetes.io/token" })).map((raw) => z.object({ metadata: z.object({ name: z.string() }) }).parse(raw).metadata.name);
const ends = async () => new Map(certificatesAnswer.parse((await (await operator()).call(certificates.GET, undefined, at)).body).certificates.map((row) => [`${row.machine} ${row.name}`.trim(), row]));

const labels = { app: "web" };
/** Three pods of which two have to be there, on the machines of the pool. */
const workload = [
  { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "default" }, spec: { replicas: 3, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { nodeSelector: { workload: "application" }, containers: [{ name: "main", image: "sandbox.invalid/web:1" }] } } } },
  { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "web", namespace: "default" }, spec: { minAvailable: 2, selector: { matchLabels: labels } } },
];

beforeAll(async () => {
  world = await openLiving("127.74.0");
  await world.employ();
  const who = await operator();
  expect((await who.call(one.PUT, { blueprint, over: 0 }, { ...at, method: "PUT" })).status).toBe(200);
  await succeeded(jobStarted.parse((await who.call(build.POST, { digest: (await planned()).digest }, at)).body).job);
  await connectStored();
  await until("a live picture", async () => (live().freshness().state === "live" && live().store("Node").get(pool) ? true : null));
});
afterAll(() => world.stop());

describe("certificates", () => {
  it("tell from the first day when they run out: those that are seen from outside, and those on the control plane's disk", async () => {
    const known = await ends();
    expect([...known.keys()]).toEqual(expect.arrayContaining(["API server, as it is served now", "the console's own client certificate", "k8s-master apiserver", "k8s-master etcd-server", "k8s-master admin.conf", "k8s-master controller-manager.conf", "k8s-master ca"]));
    for (const [name, { until: end, renewable }] of known) expect([name, (end - Date.now()) / dayMs > (renewable ? 360 : 3_600)], name).toEqual([name, true]);
  });
});

describe("a node", () => {
  it("is added to a pool by a viewer never, by an operator after the plan that was shown, with join material of its own", async () => {
    for (const name of await tokens()) await live().client.remove({ apiVersion: "v1", kind: "Secret", namespace: "kube-system", name });
    const wish: Change = { kind: "add-node", pool };
    const shown = await planOf(wish);
    expect(shown.items.map(({ id, act }) => `${act} ${id}`)).toEqual([`create instance/${pool}-2`, `create node/${pool}-2`]);
    expect(shown.cost.afterUsd).toBeGreaterThan(shown.cost.beforeUsd);
    expect((await (await signedIn("viewer")).who.call(change.POST, { change: wish, digest: shown.digest }, at)).status).toBe(403);
    expect(sayOf(await (await operator()).call(change.POST, { change: wish, digest: "0".repeat(64) }, at), 409)).toContain("not as it was shown");
    const job = await succeeded(await begin(wish));
    expect(job.title).toBe(`Add ${pool}-2 to ${cluster}`);
    expect(job.steps.map(({ name }) => name)).toEqual(["blueprint", "join-material", `instance/${pool}-2`, `boot/${pool}-2`, `node/${pool}-2`]);
    expect((await named(`${pool}-2`))?.metadata.labels).toMatchObject({ workload: "application", role: "application" });
    expect(await world.log(job.id)).not.toMatch(/[a-z0-9]{6}\.[a-z0-9]{16}/);
    await nothingLeftToDo();
  });

  it("is given other labels and taints, and loses those that are gone, without being made anew, also when the worker is killed at every step", async () => {
    const wish: Change = { kind: "pool-settings", pool, labels: { workload: "application", "example.org/team": "sync" }, taints: [{ key: "dedicated", value: "api", effect: "PreferNoSchedule" }] };
    const shown = await planOf(wish);
    expect(shown.items.map(({ id, act }) => `${act} ${id}`)).toEqual([`update node/${pool}`, `update node/${pool}-2`]);
    await succeeded(await killedAt(await begin(wish), ["blueprint", `node/${pool}`]));
    for (const name of [pool, `${pool}-2`]) {
      const now = await named(name);
      expect(now?.metadata.labels).toMatchObject({ workload: "application", "example.org/team": "sync" });
      expect([now?.metadata.labels["role"], now?.spec.taints]).toEqual([undefined, [expect.objectContaining({ key: "dedicated", effect: "PreferNoSchedule" })]]);
    }
    await nothingLeftToDo();
    expect(sayOf(await (await operator()).call(changePlan.POST, { change: wish }, at), 409)).toContain("has these labels and taints already");
  });

  it("is replaced by one that is Ready before the old one is emptied within its budgets, also when the worker is killed at every step, be it of coming or of going", async () => {
    for (const manifest of workload) await live().client.apply(manifest);
    const ready = () => live().store("Pod").by("namespace", "default").filter(({ ready: is }) => is);
    await until("three pods that are ready", async () => (ready().length === 3 ? true : null));
    const old = `${pool}-2`;
    const wish: Change = { kind: "replace-node", node: old };
    expect(sayOf(await (await operator()).call(change.POST, { change: wish, digest: (await planOf(wish)).digest, typed: "another" }, at), 400)).toContain(`Type its name`);
    const id = await begin(wish, { typed: old });
    const job = await succeeded(await killedAt(id, ["blueprint", "join-material", `instance/${pool}-3`, `boot/${pool}-3`, `node/${pool}-3`, `cordon/${old}`, `evict/${old}`, "obsolete"]));
    const ofStep = (name: string) => job.steps.find((step) => step.name === name);
    expect(ofStep(`node/${pool}-3`)?.endedAt).toBeLessThanOrEqual(ofStep(`cordon/${old}`)?.startedAt ?? 0);
    expect((await nodes()).map(({ metadata }) => metadata.name).toSorted()).toEqual(["k8s-master", pool, `${pool}-3`]);
    expect(running()).toEqual(["prod-k8s-master", `prod-${pool}`, `prod-${pool}-3`]);
    expect((await named(`${pool}-3`))?.metadata.labels).toMatchObject({ "example.org/team": "sync" });
    expect(await world.query(`SELECT "resource" FROM "ledger_entries" WHERE "resource" LIKE '%/${old}' AND "state" <> 'DELETED'`)).toEqual([]);
    await nothingLeftToDo();
  });

  it("is removed after it was emptied; the last of a pool and the control plane are not", async () => {
    const refusal = async (wish: Change) => sayOf(await (await operator()).call(changePlan.POST, { change: wish }, at), 409);
    expect(await refusal({ kind: "remove-node", node: "k8s-master" })).toContain("is the only control plane");
    expect(await refusal({ kind: "remove-node", node: "nobody" })).toContain("has no machine nobody");
    await succeeded(await begin({ kind: "remove-node", node: `${pool}-3` }, { typed: `${pool}-3` }));
    expect((await nodes()).map(({ metadata }) => metadata.name).toSorted()).toEqual(["k8s-master", pool]);
    expect(running()).toEqual(["prod-k8s-master", `prod-${pool}`]);
    await nothingLeftToDo();
    expect(await refusal({ kind: "remove-node", node: pool })).toContain("is the last machine of the pool");
  });
});

describe("the join material", () => {
  it("is rotated: machines read the new token, and every older one is revoked, also when the worker is killed at every step", async () => {
    const before = await tokens();
    expect(before.length).toBeGreaterThan(0);
    const { job } = jobStarted.parse((await (await operator()).call(join.POST, {}, at)).body);
    await succeeded(await killedAt(job, (await findJob(jobDatabase(), job)).steps.map(({ name }) => name)));
    const [only, ...others] = await tokens();
    expect([others, before.includes(only ?? "")]).toEqual([[], false]);
    const [parameter] = Object.values(world.aws.cloud.state.parameter);
    expect(parameter?.value).toContain(`token=${only?.replace("bootstrap-token-", "")}.`);
  });
});

describe("a kubeconfig", () => {
  it("is handed to administrators alone, with a certificate for some hours, and the record keeps who and until when, and no key", async () => {
    expect((await (await operator()).call(kubeconfig.POST, { hours: 1 }, at)).status).toBe(403);
    const answer = z.object({ kubeconfig: z.string(), until: z.number() }).parse((await (await signedIn("admin")).who.call(kubeconfig.POST, { hours: 1 }, at)).body);
    expect(answer.until).toBeLessThan(Date.now() + 3_700_000);
    const other = openCluster({ kubeconfig: answer.kubeconfig, trusted: false });
    expect(await other.client.check()).toMatchObject({ ok: true });
    expect(await other.client.can({ verb: "delete", resource: "nodes" })).toBe(true);
    await other.close();
    const records = await world.query(`SELECT "actorName", "targetName", "outcome", "input"::text FROM "audit_entries" WHERE "action" = 'cluster.kubeconfig' ORDER BY "id"`);
    expect(records.map(({ outcome }) => outcome)).toEqual(["denied", "allowed", "succeeded"]);
    expect(JSON.stringify(records)).toContain("prod until 20");
    expect(JSON.stringify(records)).not.toMatch(/BEGIN|client-key/);
  });
});

describe("certificates that are renewed", () => {
  it("are good for longer, are served at once, and the console goes on with a certificate of its own, also when the worker is killed at every step", async () => {
    const before = await ends();
    const begun = jobStarted.parse((await (await operator()).call(certificates.POST, {}, at)).body).job;
    const job = await succeeded(await killedAt(begun, ["renew/k8s-master", "credential"]));
    expect(job.steps.map(({ name, status }) => `${name} ${status}`)).toEqual(["renew/k8s-master done", "credential done"]);
    await connectStored();
    await until("a live picture", async () => (live().freshness().state === "live" ? true : null));
    const after = await ends();
    for (const name of ["API server, as it is served now", "k8s-master apiserver", "k8s-master etcd-server", "k8s-master controller-manager.conf"]) expect([name, (after.get(name)?.until ?? 0) > (before.get(name)?.until ?? 0)]).toEqual([name, true]);
    expect(after.get("k8s-master ca")?.until).toBe(before.get("k8s-master ca")?.until);
    expect((await live().client.certificates()).find(({ what }) => what === "own")?.subject).toContain("CN=quarterdeck:console");
    expect((after.get("the console's own client certificate")?.until ?? 0) - Date.now()).toBeGreaterThan(360 * dayMs);
    expect([...live().store("Pod").values()].filter(({ name }) => name.startsWith("quarterdeck-renew"))).toEqual([]);
    await nothingLeftToDo();
  });
});
