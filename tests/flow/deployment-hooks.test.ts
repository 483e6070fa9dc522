// Guarantees of webhooks and of DORA on a real database: taken once and only from who proves it, met in any order, counted by the definitions.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "@/lib/adapters/database/client";
import { database } from "@/lib/runtime";
import * as argocd from "@/app/api/hooks/argocd/route";
import * as github from "@/app/api/hooks/github/route";
import * as reports from "@/app/api/hooks/deployments/route";
import * as settings from "@/app/api/hooks/settings/route";
import * as unmatched from "@/app/api/hooks/unmatched/route";
import { leadTime, matchRecord } from "@/lib/deployments/records/ci";
import { rememberAct } from "@/lib/deployments/records/act";
import { doraOf } from "@/lib/deployments/records/dora";
import { listRecords, newestPerWorkload } from "@/lib/deployments/records/query";
import { removeOld } from "@/lib/deployments/records/retention";
import { caller, sayOf } from "../fixtures/callers";
import { dayMs, nameTheCluster, putRecord, type Put } from "../fixtures/deployments/records";
import { useFreshDatabase } from "../fixtures/database";
import { signedIn } from "../fixtures/people";

let server: Awaited<ReturnType<typeof useFreshDatabase>>;
let db: Database;
const secret = "a-secret-of-the-suite-0123456789";
const nobody = caller({});
const now = Date.now();
const sha = "1a2b3c4d5e6f70819203a4b5c6d7e8f901234567";

beforeAll(async () => {
  server = await useFreshDatabase();
  db = database();
  await nameTheCluster(db);
  const { who } = await signedIn("admin");
  for (const source of ["github", "argocd"]) expect((await who.call(settings.POST, { source, secret })).status).toBe(200);
});
beforeEach(async () => {
  for (const table of ["deployment_records", "ci_events", "ci_links", "ci_commits", "hook_deliveries", "deployment_acts"]) await db.$executeRawUnsafe(`DELETE FROM "${table}"`);
});
afterAll(async () => {
  await db?.$disconnect();
  await server?.stop();
});

let deliveries = 0;
const signed = (text: string, by = secret) => `sha256=${createHmac("sha256", by).update(text).digest("hex")}`;
const fromGithub = (event: string, body: unknown, headers: Record<string, string> = {}) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return nobody.call(github.POST, text, { headers: { "x-hub-signature-256": signed(text), "x-github-event": event, "x-github-delivery": `delivery-${++deliveries}`, ...headers } });
};
const iso = (at: number) => new Date(at).toISOString();
const run = (over: object = {}, at = now) => ({ repository: { full_name: "org/web" }, workflow_run: { id: 7, run_number: 1873, head_sha: sha, head_branch: "main", status: "completed", conclusion: "success", html_url: "https://github.example/runs/7", actor: { login: "minji.park" }, run_started_at: iso(at - 300_000), created_at: iso(at - 300_000), updated_at: iso(at), ...over } });
const one = async () => (await listRecords(db, { cluster: "sesac-prod", limit: 10 }))[0];

describe("a webhook of GitHub", () => {
  it("is refused without a word on why: no signature, a wrong one, one of another length, one over other bytes", async () => {
    const text = JSON.stringify(run());
    for (const signature of ["", "sha256=00", signed(text, "another-secret-0123456789"), signed(`${text} `), "sha1=abc"]) {
      expect(sayOf(await fromGithub("workflow_run", text, { "x-hub-signature-256": signature }), 401)).toBe("The delivery does not prove where it comes from.");
    }
    expect(await db.ciEvent.count()).toBe(0);
  });
  it("is taken once: the same delivery again changes nothing, also at the same moment", async () => {
    const headers = { "x-github-delivery": "twice" };
    const answers = await Promise.all([1, 2, 3].map(() => fromGithub("workflow_run", run(), headers)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(answers.filter(({ body }) => (body as { taken: boolean }).taken)).toHaveLength(1);
    expect(await db.ciEvent.count()).toBe(1);
  });
  it("that is malformed is refused and may be sent again; an oversized one is not read; an unknown event is taken and does nothing", async () => {
    sayOf(await fromGithub("workflow_run", "{not json"), 400);
    sayOf(await fromGithub("workflow_run", { repository: 5 }, { "x-github-delivery": "again" }), 400);
    expect((await fromGithub("workflow_run", run(), { "x-github-delivery": "again" })).body).toMatchObject({ taken: true });
    expect(sayOf(await fromGithub("push", JSON.stringify({ filler: "x".repeat(1_100_000) })), 400)).toContain("larger than");
    expect((await fromGithub("star", {})).body).toMatchObject({ taken: true, say: "Nothing is done with star." });
  });
  it("is good under the secret before, until one is set that ends it", async () => {
    const { who } = await signedIn("admin");
    await who.call(settings.POST, { source: "github", secret: "the-next-secret-0123456789" });
    expect((await fromGithub("star", {})).status).toBe(202);
    await who.call(settings.POST, { source: "github", secret, keepEarlier: false });
    const text = "{}";
    expect((await fromGithub("star", text, { "x-hub-signature-256": signed(text, "the-next-secret-0123456789") })).status).toBe(401);
    const stored = JSON.stringify(await db.hookSecret.findMany());
    expect(stored).not.toContain(secret);
    expect(JSON.stringify((await who.call(settings.GET)).body)).not.toContain(secret);
  });
});

describe("a build and its deployment", () => {
  const put = (over: Partial<Put> = {}) => putRecord(db, { at: now, image: "ghcr.io/org/web:main-1a2b3c4", commit: "1a2b3c4", ...over });
  it.each(["build first", "deployment first"])("meet, %s: the record knows its run, its commit and who", async (order) => {
    if (order === "build first") await fromGithub("workflow_run", run());
    const id = await put();
    await matchRecord(db, BigInt(id));
    if (order !== "build first") await fromGithub("workflow_run", run());
    expect(await one()).toMatchObject({ ciLabel: "build 1873", ciUrl: "https://github.example/runs/7", actor: "minji.park", actorSource: "ci" });
    const { who } = await signedIn("viewer");
    expect((await who.call(unmatched.GET)).body).toMatchObject({ events: [] });
  });
  it("do not meet by the beginning of a hash alone, and the build is shown as unmatched", async () => {
    await put({ commit: "1a2b3c4ffff" });
    await fromGithub("workflow_run", run());
    expect((await one())?.ciLabel).toBeNull();
    const { who } = await signedIn("viewer");
    expect((await who.call(unmatched.GET)).body).toMatchObject({ events: [{ label: "build 1873", repository: "org/web" }] });
  });
  it("by an image without a tag never meet", async () => {
    await putRecord(db, { at: now, image: "ghcr.io/org/web" });
    const { who } = await signedIn("operator");
    expect((await who.call(reports.POST, { externalId: "1", state: "succeeded", images: ["ghcr.io/org/web"] })).body).toMatchObject({ taken: true, matched: 0 });
  });
  it("of long ago tells which build it was but not who deployed it now", async () => {
    await put();
    await fromGithub("workflow_run", run({}, now - 20 * dayMs));
    expect(await one()).toMatchObject({ ciLabel: "build 1873", actor: null, actorSource: "unknown" });
  });
  it("whose person acted through the console is the console's word", async () => {
    const id = await put({ revision: 900 });
    await fromGithub("workflow_run", run());
    const { id: userId } = await signedIn("operator");
    await rememberAct({ actor: { kind: "user", id: userId, name: "Suite operator", role: "operator", via: null }, requestId: "r" }, { workloadUid: "uid-web", action: "set-image", note: "hot", templateDigest: "digest-web-900" });
    expect(await one()).toMatchObject({ id, actor: "Suite operator", actorSource: "console", note: "hot" });
  });
  it("are met by Argo CD's sync, with its own secret", async () => {
    await putRecord(db, { at: now, image: "r/web:3.0.0" });
    const body = { application: "web", revision: sha, phase: "Succeeded", startedAt: iso(now), finishedAt: iso(now + 1000), images: ["r/web:3.0.0"] };
    expect((await nobody.call(argocd.POST, body, { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect((await nobody.call(argocd.POST, body, { headers: { authorization: `Bearer ${secret}` } })).body).toMatchObject({ taken: true, matched: 1 });
    expect((await nobody.call(argocd.POST, body, { headers: { authorization: `Bearer ${secret}` } })).body).toMatchObject({ taken: false });
    expect(await one()).toMatchObject({ ciLabel: "sync 1a2b3c4", commit: null });
  });
  it("give the lead time once the commit is told, which a clock that runs ahead makes less than nothing and is dropped", async () => {
    const id = await put({ tookMs: 60_000 });
    await fromGithub("push", { repository: { full_name: "org/web" }, ref: "refs/heads/main", after: sha, commits: [{ id: sha, timestamp: iso(now - 3_600_000), message: "feat: x" }] });
    expect((await one())?.leadMs).toBe(3_660_000);
    await db.ciCommit.updateMany({ data: { committedAt: new Date(now + 600_000) } });
    await leadTime(db, BigInt(id));
    const { services } = await doraOf(db, { cluster: "sesac-prod", since: new Date(now - dayMs), until: new Date(now + dayMs), countUnfinished: true, countConfig: true });
    expect(services).toMatchObject([{ leadMs: null, leadDropped: 1, leadKnown: 0 }]);
  });
});

describe("DORA", () => {
  const figures = async (over: object = {}) => doraOf(db, { cluster: "sesac-prod", since: new Date(now - 28 * dayMs), until: new Date(now + 1), countUnfinished: true, countConfig: true, ...over });
  const web = async (over: object = {}) => (await figures(over)).services.find(({ name }) => name === "web");
  const at = now - 5 * dayMs;
  it("of a service without deployments has no line, and of a cluster nobody knows none at all", async () => {
    expect((await figures()).services).toEqual([]);
    expect(await figures({ cluster: "nowhere" })).toEqual({ services: [], groups: 0 });
  });
  it("never counts restarts, other environments, or what is under way, superseded or unknown", async () => {
    for (const put of [{ change: "restart" }, { environment: "staging" }, { outcome: "running" }, { outcome: "superseded" }, { outcome: "unknown" }, { outcome: "cancelled" }] satisfies Partial<Put>[]) await putRecord(db, { at, ...put });
    expect((await figures()).services).toEqual([]);
  });
  it("counts changes of configuration unless asked not to", async () => {
    await putRecord(db, { at, change: "config" });
    expect([(await web())?.deployments, await web({ countConfig: false })]).toEqual([1, undefined]);
  });
  it("counts a rollout that never ended as failed unless asked not to, and it is no deployment", async () => {
    await putRecord(db, { at, outcome: "failed", failedAt: at + 600_000 });
    expect(await web()).toMatchObject({ deployments: 0, failed: 1, failRate: 1, open: 1, restoreMs: null });
    expect(await web({ countUnfinished: false })).toMatchObject({ failed: 0, failRate: 0 });
  });
  it("counts what was rolled back within a day as failed, later not; the rollback is a deployment and rework", async () => {
    await putRecord(db, { at, rolledBackAt: at + 2 * 3_600_000, recoveredAt: at + 3 * 3_600_000 });
    await putRecord(db, { at: at + 1, rolledBackAt: at + 30 * 3_600_000 });
    await putRecord(db, { at: at + 2, change: "rollback" });
    expect(await web()).toMatchObject({ deployments: 3, failed: 1, restored: 1, restoreMs: 3_600_000, rework: 1, reworkRate: 1 / 3 });
  });
  it("takes a person's word over the rules, both ways", async () => {
    await putRecord(db, { at, outcome: "failed", failedAt: at, deemed: "fine" });
    await putRecord(db, { at: at + 1, deemed: "failed" });
    expect(await web()).toMatchObject({ failed: 1, failRate: 0.5 });
  });
  it("restores from the failure, never from before the deployment began", async () => {
    await putRecord(db, { at, outcome: "failed", failedAt: at - 3_600_000, recoveredAt: at + 600_000 });
    expect(await web()).toMatchObject({ restoreMs: 600_000 });
  });
  it("gives a first deployment a place in the frequency and no lead time", async () => {
    await putRecord(db, { at, isFirst: true, leadMs: 5 });
    expect(await web()).toMatchObject({ deployments: 1, leadMs: null, leadKnown: 0, leadAsked: 0 });
  });
  it("says for how many the commit is known, and takes the median of those", async () => {
    for (const leadMs of [100, 300, 900, undefined]) await putRecord(db, { at, ...(leadMs === undefined ? {} : { leadMs }) });
    expect(await web()).toMatchObject({ leadMs: 300, leadKnown: 3, leadAsked: 4 });
  });
  it("counts a pipeline's workloads within a quarter of an hour once in the total", async () => {
    for (const [index, name] of ["web", "worker", "beat"].entries()) await putRecord(db, { name, at: at + index * 300_000, group: "c1" });
    await putRecord(db, { name: "late", at: at + 3_600_000, group: "c1" });
    await putRecord(db, { name: "alone", at });
    expect((await figures()).groups).toBe(3);
  });
  it("looks at nothing outside its window", async () => {
    await putRecord(db, { at: now - 29 * dayMs });
    expect((await figures()).services).toEqual([]);
  });
});

describe("records", () => {
  it("are once per revision, whoever writes them how often", async () => {
    await putRecord(db, { at: now, revision: 7 });
    await expect(putRecord(db, { at: now, revision: 7 })).rejects.toThrow();
  });
  it("are found under the cluster's new name, and under both where two names mean it", async () => {
    await putRecord(db, { at: now });
    await nameTheCluster(db, "renamed");
    expect([(await listRecords(db, { cluster: "renamed", limit: 5 })).length, (await listRecords(db, { cluster: "sesac-prod", limit: 5 })).length]).toEqual([1, 1]);
  });
  it("tell of each workload its newest, of two kinds under one name both", async () => {
    for (const put of [{ name: "a", at: 1 }, { name: "a", at: 2 }, { name: "b", at: 3 }, { name: "c", at: 1, revision: 5 }]) await putRecord(db, { ...put, at: now + put.at });
    await db.deploymentRecord.updateMany({ where: { name: "a", startedAt: new Date(now + 1) }, data: { kind: "StatefulSet" } });
    const told = (await newestPerWorkload(db, "sesac-prod")).map(({ kind, name, startedAt }) => `${kind} ${name} ${startedAt - now}`);
    expect(told.toSorted()).toEqual(["Deployment a 2", "Deployment b 3", "Deployment c 1", "StatefulSet a 1"]);
    expect(await newestPerWorkload(db, "nowhere")).toEqual([]);
  });
  it("are read page by page without a gap, also when all began at one moment", async () => {
    for (let index = 0; index < 7; index += 1) await putRecord(db, { at: now });
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await listRecords(db, { cluster: "sesac-prod", limit: 3, after });
      seen.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      if (page.length < 3 || !last) break;
      after = `${last.startedAt}:${last.id}`;
    }
    expect(new Set(seen).size).toBe(7);
  });
  it("older than they are kept are removed, but not the newest of a workload and not what is under way", async () => {
    const old = now - 500 * dayMs;
    await putRecord(db, { at: old, revision: 1 });
    await putRecord(db, { at: old + 1, revision: 2, outcome: "running" });
    await putRecord(db, { at: old + 2, revision: 3 });
    expect(await removeOld(db, now)).toBe(1);
    expect((await listRecords(db, { cluster: "sesac-prod", limit: 5 })).map(({ revision }) => revision)).toEqual([3, 2]);
  });
});
