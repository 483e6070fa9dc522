// The status page over a real cluster: published by choice, the same for everybody, written by one replica, and asking nothing of the cluster when it is viewed.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "@/infra/sandbox/world";
import { connections } from "@/lib/clusters/connections";
import { startClusterLoops } from "@/lib/clusters/loops";
import { liveView } from "@/lib/placement/service/live";
import { database, ending } from "@/lib/runtime";
import { deliverDue, signatureOf } from "@/lib/status/loops/deliver";
import { holdLoop, leaveLoop } from "@/lib/status/loops/lease";
import { probeDue } from "@/lib/status/loops/probe";
import { writePage } from "@/lib/status/loops/write-page";
import { forgetPages } from "@/lib/status/service/settings";
import type { StatusDocument } from "@/lib/status/model";
import * as office from "@/app/api/clusters/[cluster]/status/route";
import * as incidents from "@/app/api/clusters/[cluster]/status/incidents/route";
import * as update from "@/app/api/clusters/[cluster]/status/incidents/[id]/update/route";
import * as postMortem from "@/app/api/clusters/[cluster]/status/incidents/[id]/post-mortem/route";
import * as maintenance from "@/app/api/clusters/[cluster]/status/maintenance/route";
import * as probes from "@/app/api/clusters/[cluster]/status/probes/route";
import * as hooks from "@/app/api/clusters/[cluster]/status/hooks/route";
import * as page from "@/app/status/[slug]/route";
import * as forms from "@/app/status/[slug]/[...rest]/route";
import * as list from "@/app/status/route";
import { origin, sayOf } from "../fixtures/callers";
import { useFreshDatabase } from "../fixtures/database";
import { until } from "../fixtures/jobs/until";
import { signedIn } from "../fixtures/people";

let home: string;
let world: World;
let server: Awaited<ReturnType<typeof useFreshDatabase>>;
let cluster: string;

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "quarterdeck-status-"));
  [world, server] = await Promise.all([startWorld({ home: path.join(home, "world"), scenario: "seven-node", pace: "fast", aws: false, rollouts: false }), useFreshDatabase()]);
  Object.assign(process.env, { KUBECONFIG: world.kubeconfigPath, PROMETHEUS_URL: world.prometheusUrl ?? "none" });
  startClusterLoops(ending().signal);
  await until("the cluster is live", async () => connections().some(({ handle }) => handle.freshness().state === "live") || null);
  cluster = connections()[0]?.slug ?? "";
  const live = await liveView(cluster);
  // The world gives way once all is applied; on a slow machine its pods become ready a while later.
  const isUp = (name: string) => [...live.tables().workloads.values()].some((row) => row.name === name && row.ready >= row.wanted && row.wanted > 0);
  await until("its services are up", async () => ["auth-api", "users-api"].every(isUp) || null);
});
afterAll(async () => {
  ending().abort();
  await database().$disconnect();
  await Promise.all([world?.stop(), server?.stop()]);
  rmSync(home, { recursive: true, force: true });
});

const get = (handler: (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>, url: string, params: object, headers: Record<string, string> = {}) =>
  handler(new Request(`${origin}${url}`, { headers }), { params: Promise.resolve(asParams(params)) });

/** A catch-all route's parameters hold a list, which the handlers' common type does not say. */
function asParams(params: object): Record<string, string> {
  return params as Record<string, string>;
}
const view = (headers?: Record<string, string>, search = "") => get(page.GET, `/status/${cluster}${search}`, { slug: cluster }, headers);
const json = async (): Promise<StatusDocument> => (await get(page.GET, `/status/${cluster}.json`, { slug: `${cluster}.json` })).json();
const form = (rest: string) => get(forms.GET, `/status/${cluster}/${rest}`, { slug: cluster, rest: rest.split("/") });

let clock = Date.now();
/** A look at the cluster, ten seconds after the last, and what views kept in memory forgotten. */
async function turn(): Promise<void> {
  clock = Math.max(Date.now(), clock + 10_000);
  await writePage(cluster, clock);
  forgetPages();
  await new Promise((resolve) => setTimeout(resolve, 2100));
}

const publish = async (audience: "public" | "signed-in", more: object = {}) => {
  const { who } = await signedIn("operator");
  return who.call(office.POST, { published: true, audience, title: "sesac-prod", services: [], queues: {}, ...more }, { params: { cluster } });
};

describe("a page", () => {
  it("is nobody's before it is published, and does not tell whether there is a cluster", async () => {
    const [ours, nobodys] = await Promise.all([view(), get(page.GET, "/status/nothing", { slug: "nothing" })]);
    expect([ours.status, nobodys.status]).toEqual([401, 401]);
    const { who } = await signedIn("viewer");
    expect(sayOf(await who.call(page.GET, undefined, { params: { slug: cluster } }), 404)).toContain("No status page is published");
  });

  it("is for whoever is signed in, or for everybody, as an operator chose", async () => {
    const viewer = await signedIn("viewer");
    expect(await viewer.who.call(office.POST, {}, { params: { cluster } })).toMatchObject({ status: 403 });
    expect(await publish("signed-in")).toMatchObject({ status: 200 });
    await turn();
    expect((await view()).status).toBe(401);
    const led = await view({ accept: "text/html" });
    expect([led.status, led.headers.get("location")]).toEqual([302, `/sign-in?then=${encodeURIComponent(`/status/${cluster}`)}`]);
    const cookie = [...viewer.who.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const own = await view({ cookie, accept: "text/html" });
    expect([own.status, own.headers.get("cache-control")]).toEqual([200, "private, no-store"]);
    await publish("public");
    const open = await view();
    expect([open.status, open.headers.get("cache-control")]).toEqual([200, "public, max-age=10, stale-while-revalidate=60"]);
  });

  it("tells every service by tier with its state, and draws the same as JSON and as a document without any script of its own", async () => {
    await turn();
    const document = await json();
    expect(document.tiers.map(({ tier }) => tier)).toEqual([2, 3, 4, 1]);
    const services = document.tiers.flatMap((tier) => tier.services);
    expect(services.find(({ id }) => id === "auth/auth-api")).toMatchObject({ state: "operational", word: "Up", version: expect.stringMatching(/\d/), days: expect.stringMatching(/^-{89}u$/) });
    expect(services.find(({ id }) => id === "cluster/api")).toMatchObject({ state: "operational" });
    expect(document.verdict.say).toMatch(/^All services are up\.|is |are /);
    const html = await (await view()).text();
    for (const { name, id } of services) expect(html).toContain(`id="${id}">${name}<`);
    expect(html).not.toMatch(/<script(?! src="\/status\.js")/);
  });

  it("holds no address, no name of a node or pod, no id and no secret", async () => {
    const whole = `${JSON.stringify(await json())} ${await (await view()).text()} ${await (await form("feed.atom")).text()}`;
    const { nodes, pods } = (await liveView(cluster)).tables();
    for (const name of [...nodes.keys(), ...[...pods.values()].map((pod) => pod.name)]) expect(whole).not.toContain(name);
    for (const row of nodes.values()) if (row.providerId !== "") expect(whole).not.toContain(row.providerId.split("/").at(-1));
    expect(whole).not.toMatch(/\b(?:\d{1,3}\.){3}\d{1,3}:\d+|\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b|\bi-[0-9a-f]{8,}|BEGIN [A-Z ]*PRIVATE|kubeconfig/i);
  });

  it("asks nothing of the cluster or of Prometheus when it is viewed, whatever the form, and little of the database", async () => {
    const asked: unknown[] = [];
    const note = (message: unknown) => asked.push(message);
    const channels = ["undici:request:create", "http.client.request.start", "http2.client.stream.start"];
    for (const channel of channels) subscribe(channel, note);
    await fetch(`${world.prometheusUrl}/-/ready`).catch(() => undefined);
    expect(asked.length).toBeGreaterThan(0);
    asked.length = 0;
    for (let n = 0; n < 100; n += 1) await Promise.all([view({}, n % 2 ? "?q=api" : ""), json(), form("feed.json"), form("badge/auth/auth-api.svg")]);
    for (const channel of channels) unsubscribe(channel, note);
    expect(asked).toEqual([]);
  });

  it("answers 304 to whoever has it already, and is drawn anew when a filter is in the address", async () => {
    const first = await view();
    expect((await view({ "if-none-match": first.headers.get("etag") ?? "" })).status).toBe(304);
    const filtered = await (await view({}, "?mine=auth/auth-api&only=mine")).text();
    expect(filtered).toContain("auth-api");
    expect(filtered).not.toContain(">users-api<");
    expect((await view({}, `?q=${encodeURIComponent('"><script>x')}`).then((answer) => answer.text()))).not.toContain("<script>x");
  });

  it("keeps what operators hide, and calls services as they are called", async () => {
    await publish("public", { services: [{ service: "auth/auth-api", title: "Sign-in", hidden: false }, { service: "users/users-api", title: "", hidden: true }] });
    await turn();
    const names = (await json()).tiers.flatMap((tier) => tier.services.map(({ name }) => name));
    expect(names).toContain("Sign-in");
    expect(names).not.toContain("users-api");
    await publish("public");
  });
});

describe("an incident", () => {
  it("lives from its opening to its post-mortem, on the page, in the feeds and in the record", async () => {
    const { who } = await signedIn("operator");
    const viewer = await signedIn("viewer");
    const opening = { title: "Sign-in is slow", impact: "major", services: ["auth/auth-api"], body: "Every second sign-in takes 4 s." };
    expect(await viewer.who.call(incidents.POST, opening, { params: { cluster } })).toMatchObject({ status: 403 });
    const made = await who.call(incidents.POST, opening, { params: { cluster } });
    expect(made).toMatchObject({ status: 200, body: { id: expect.any(String) } });
    const { id } = made.body as { id: string };
    await turn();
    await turn();
    const since = (at: number) => viewer.who.call(incidents.GET, undefined, { params: { cluster }, path: `/api/x?since=${at}` });
    await server.query(server.url, `INSERT INTO incidents (id, cluster, title, impact, status, services, "startedAt", "createdBy") VALUES (gen_random_uuid(), '${cluster}', 'A suggestion', 'minor', 'draft', '[]', now(), 'console')`);
    expect((await since(Date.now())).body).toEqual({ incidents: [{ id, number: expect.any(Number), title: "Sign-in is slow", startedAt: expect.any(Number), resolvedAt: null }] });
    const open = await json();
    expect(open.incidents).toMatchObject([{ title: "Sign-in is slow", status: "investigating", updates: [{ body: "Every second sign-in takes 4 s." }] }]);
    expect(open.tiers.flatMap((tier) => tier.services).find((one) => one.id === "auth/auth-api")).toMatchObject({ state: "partial", reason: "Sign-in is slow" });
    expect(await (await form("badge/auth/auth-api.svg")).text()).toContain("partly down");
    expect(await (await form("feed.atom")).text()).toContain("Investigating: Sign-in is slow");
    expect(sayOf(await who.call(postMortem.POST, { text: "too early" }, { params: { cluster, id } }), 409)).toContain("once the incident is resolved");
    const done = await Promise.all([1, 2].map(() => who.call(update.POST, { status: "resolved", body: "Index added." }, { params: { cluster, id } })));
    expect(done.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await who.call(postMortem.POST, { text: "The index was missing since 3.11." }, { params: { cluster, id } })).toMatchObject({ status: 200 });
    await expect(server.query(server.url, "UPDATE incident_updates SET body = 'nothing happened'")).rejects.toThrow(/append-only/);
    await turn();
    await turn();
    expect([(await since(Date.now())).body, (await since(0)).body]).toEqual([{ incidents: [] }, { incidents: [expect.objectContaining({ id, resolvedAt: expect.any(Number) })] }]);
    const after = await json();
    expect(after.incidents).toEqual([]);
    expect(after.resolved).toMatchObject([{ title: "Sign-in is slow", postMortem: "The index was missing since 3.11.", updates: [{ status: "resolved" }, { status: "investigating" }] }]);
    expect(JSON.stringify(after)).not.toContain("Suite operator");
    const rows = await server.query(server.url, "SELECT action, outcome FROM audit_entries WHERE \"targetName\" = 'Sign-in is slow' ORDER BY id");
    expect(rows.filter(({ outcome }) => outcome !== "allowed").map(({ action, outcome }) => `${action} ${outcome}`).sort()).toEqual(["incident.open denied", "incident.open succeeded", "incident.post-mortem failed", "incident.post-mortem succeeded", "incident.update failed", "incident.update succeeded"]);
  });

  it("maintenance covers its services for its time, and counts on neither side", async () => {
    const { who } = await signedIn("operator");
    const now = Date.now();
    expect(await who.call(maintenance.POST, { title: "postgresql 16.6", services: ["default/postgresql"], startsAt: now + 60_000, endsAt: now }, { params: { cluster } })).toMatchObject({ status: 400 });
    const planned = await who.call(maintenance.POST, { title: "Upgrade of users", services: ["users/users-api"], startsAt: now - 60_000, endsAt: now + 3_600_000 }, { params: { cluster } });
    expect(planned).toMatchObject({ status: 200 });
    await turn();
    await turn();
    const document = await json();
    expect(document.tiers.flatMap((tier) => tier.services).find(({ id }) => id === "users/users-api")).toMatchObject({ state: "maintenance", reason: "Upgrade of users" });
    expect(document.maintenance).toMatchObject([{ title: "Upgrade of users" }]);
  });
});

describe("going out", () => {
  const got: { headers: Record<string, unknown>; body: string }[] = [];
  let refuse = 2;
  let receiver: Server;
  let address = "";
  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += String(chunk)));
      request.on("end", () => {
        if (request.method === "POST") got.push({ headers: request.headers, body });
        response.writeHead(request.url === "/down" ? 503 : request.method === "POST" && refuse-- > 0 ? 500 : 204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  });
  afterAll(() => receiver.close());

  it("only administrators set where, and never to link-local or metadata addresses", async () => {
    const [operator, admin] = [await signedIn("operator"), await signedIn("admin")];
    const probe = { service: "outside/s3-images", title: "Image store", tier: 4, kind: "http", address: `${address}/down` };
    expect(await operator.who.call(probes.POST, probe, { params: { cluster } })).toMatchObject({ status: 403 });
    expect(await operator.who.call(hooks.POST, { address }, { params: { cluster } })).toMatchObject({ status: 403 });
    for (const bad of ["http://169.254.169.254/", "http://[fe80::1]/", "http://metadata.google.internal/"]) {
      expect(sayOf(await admin.who.call(hooks.POST, { address: bad }, { params: { cluster } }), 400)).toContain("metadata service");
      expect(await admin.who.call(probes.POST, { ...probe, address: bad }, { params: { cluster } })).toMatchObject({ status: 400 });
    }
    expect(await admin.who.call(probes.POST, probe, { params: { cluster } })).toMatchObject({ status: 200 });
  });

  it("a probe that fails twice makes its service down, also one that is no workload", async () => {
    for (const at of [0, 31_000]) await probeDue(clock + at, AbortSignal.timeout(10_000));
    await turn();
    await turn();
    const service = (await json()).tiers.flatMap((tier) => tier.services).find(({ id }) => id === "outside/s3-images");
    expect(service).toMatchObject({ name: "Image store", state: "major", reason: "Image store: answered 503" });
  });

  it("news are signed, sent until they are taken, each under one number, and the secret is shown once", async () => {
    const [operator, admin] = [await signedIn("operator"), await signedIn("admin")];
    const made = await admin.who.call(hooks.POST, { address: `${address}/hook?key=hidden` }, { params: { cluster } });
    const { secret } = made.body as { secret: string };
    await operator.who.call(incidents.POST, { title: "Uploads fail", impact: "minor", services: [], body: "Looking." }, { params: { cluster } });
    for (let hour = 0; hour < 4; hour += 1) await deliverDue(Date.now() + hour * 3_600_000);
    expect(got).toHaveLength(3);
    expect(new Set(got.map(({ headers }) => headers["x-quarterdeck-delivery"])).size).toBe(1);
    for (const { headers, body } of got) expect(headers["x-quarterdeck-signature"]).toBe(signatureOf(secret, String(headers["x-quarterdeck-timestamp"]), body));
    expect(JSON.parse(got[0]?.body ?? "")).toMatchObject({ cluster, kind: "incident", title: "Uploads fail", status: "investigating" });
    const told = JSON.stringify((await admin.who.call(office.GET, undefined, { params: { cluster } })).body);
    expect(told).not.toContain(secret);
    expect(told).not.toContain("key=hidden");
    expect(JSON.stringify((await operator.who.call(office.GET, undefined, { params: { cluster } })).body)).toContain('"hooks":[]');
    const stored = JSON.stringify(await server.query(server.url, "SELECT * FROM status_hooks"));
    expect(stored).not.toContain(secret);
    const audited = JSON.stringify(await server.query(server.url, "SELECT input::text AS input FROM audit_entries WHERE action = 'status-hook.add'"));
    expect(audited).not.toContain(secret);
  });
});

describe("several replicas", () => {
  it("write a page by one of them, and by another at once when that one leaves", async () => {
    expect(await holdLoop("suite", "a", 60_000)).toBe(true);
    expect(await holdLoop("suite", "b", 60_000)).toBe(false);
    expect(await holdLoop("suite", "a", 1)).toBe(true);
    await expect.poll(() => holdLoop("suite", "b", 60_000)).toBe(true);
    expect(await holdLoop("suite", "a", 60_000)).toBe(false);
    await leaveLoop("suite", "b");
    expect(await holdLoop("suite", "a", 60_000)).toBe(true);
  });

  it("show what was written last while the database is away, and say of when it is", async () => {
    await turn();
    expect((await view()).status).toBe(200);
    await server.query(server.url, "UPDATE status_snapshots SET at = at - interval '2 hours'");
    await expect.poll(async () => (await json()).verdict.say, { interval: 500 }).toMatch(/^Status unknown since/);
    expect(await (await view()).text()).toContain("Status unknown since");
    await server.postgres.stop();
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect((await view()).status).toBe(200);
    await server.restart();
    expect((await list.GET(new Request(`${origin}/status`), { params: Promise.resolve({}) })).status).toBe(200);
  });
});
