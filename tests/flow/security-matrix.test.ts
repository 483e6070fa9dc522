// Every route of the console against everybody who may call it: the expected answer, nothing told that should not be, and a row of the record for every change and denial.
import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensurePrograms } from "@/infra/sandbox/programs";
import { permissions, roles, type Role } from "@/lib/access/model";
import { mayDo } from "@/lib/access/policy";
import { database, ending } from "@/lib/runtime";
import * as github from "@/app/api/hooks/github/route";
import * as keys from "@/app/api/access/keys/route";
import * as settings from "@/app/api/hooks/settings/route";
import { origin } from "../fixtures/callers";
import { useFreshDatabase } from "../fixtures/database";
import { signedIn } from "../fixtures/people";
import { listFiles, root } from "../shape/tree";
import { guardedRoutes, openRoutes, type Guard } from "../fixtures/route-guards";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

const handlers = new Map<string, Handler>();

/** Every route file of the house, so that a new one cannot be forgotten. */
async function readRoutes(): Promise<void> {
  for (const file of listFiles().filter((one) => /^app\/.*route\.tsx?$/.test(one))) {
    const module: Record<string, unknown> = await import(path.join(root, file));
    const address = file.replace(/^app/, "").replace(/\/route\.tsx?$/, "").replace(/\/\([^)]+\)/g, "");
    for (const method of methods) if (typeof module[method] === "function") handlers.set(`${method} ${address}`, asHandler(module[method]));
  }
}

/** What a route file exports under a method's name is its handler. */
function asHandler(value: unknown): Handler {
  return value as Handler;
}

let server: Awaited<ReturnType<typeof useFreshDatabase>>;
const cookies = new Map<Role, string>();
const bearers = new Map<Role, string>();
const secrets: string[] = [];

beforeAll(async () => {
  [server] = await Promise.all([useFreshDatabase(), readRoutes()]);
  for (const role of roles) {
    const { who } = await signedIn(role);
    cookies.set(role, [...who.cookies].map(([name, value]) => `${name}=${value}`).join("; "));
  }
  const { who } = await signedIn("admin");
  for (const role of roles) bearers.set(role, ((await who.call(keys.POST, { name: `matrix ${role}`, role, expiresInDays: 7 })).body as { key: string }).key);
  secrets.push(...bearers.values(), new URL(server.url).password, new URL(process.env.DATABASE_URL ?? "").password, ...(await database().session.findMany()).map(({ token }) => token));
});
afterAll(async () => {
  ending().abort();
  await database().$disconnect();
  await server.stop();
});

/** Names of things that are not there, so that whoever may act changes nothing. */
const paramsOf = (address: string): Record<string, string> => asParams(Object.fromEntries([...address.matchAll(/\[(\.\.\.)?(\w+)\]/g)].map(([, rest, name = ""]) => [name, rest ? ["nothing"] : name === "id" ? "5bf1fd92-7c0e-4a37-9a5c-3a4d2f3f0000" : "nothing"])));

/** A catch-all route's parameters hold a list, which the handlers' common type does not say. */
function asParams(params: object): Record<string, string> {
  return params as Record<string, string>;
}

interface Call { headers?: Record<string, string>; body?: string }

async function call(route: string, { headers = {}, body = "{}" }: Call): Promise<{ status: number; text: string; requestId: string }> {
  const [method = "GET", address = ""] = route.split(" ");
  const params = paramsOf(address);
  const path = address.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => String(params[name]));
  const reads = method === "GET";
  const request = new Request(`${origin}${path}`, { method, headers: { ...(reads ? {} : { "content-type": "application/json" }), ...headers }, ...(reads ? {} : { body }) });
  const response = await (handlers.get(route) ?? fail(route))(request, { params: Promise.resolve(params) });
  const text = response.headers.get("content-type")?.startsWith("text/event-stream") ? "" : await response.text();
  void response.body?.cancel().catch(() => undefined);
  return { status: response.status, text, requestId: /"requestId":"([^"]+)"/.exec(text)?.[1] ?? "" };
}

function fail(route: string): never {
  throw new Error(`no handler for ${route}`);
}

function expectNoLeak(route: string, text: string): void {
  for (const secret of secrets) if (secret !== "") expect(text, route).not.toContain(secret);
  expect(text, route).not.toMatch(/\n\s+at |node_modules|\/lib\/|prisma|ECONNREFUSED|BEGIN [A-Z ]*PRIVATE KEY|password_hash|"tokenHash"|"hash":"[0-9a-f]{64}","hint"/i);
}

const rows = async (): Promise<number> => database().auditEntry.count();
const deniedUnder = (requestId: string) => database().auditEntry.findFirst({ where: { requestId, outcome: "denied" } });
const may = (role: Role, guard: Guard): boolean => guard === "signed in" || mayDo(role, guard);
const guarded = [...guardedRoutes];
const changing = guarded.filter(([route]) => !route.startsWith("GET "));

it("every route has its expectation, and every expectation its route", () => {
  expect([...handlers.keys()].sort()).toEqual([...guardedRoutes.keys(), ...Object.keys(openRoutes)].sort());
  expect(guarded.filter(([, { guard }]) => guard !== "signed in" && !permissions.includes(guard))).toEqual([]);
});

it("without a session every route refuses with 401, and tells nothing", async () => {
  for (const [route] of guarded) {
    const { status, text } = await call(route, { headers: { origin } });
    expect([route, status]).toEqual([route, 401]);
    expectNoLeak(route, text);
  }
  for (const [route, status] of Object.entries(openRoutes)) expect([route, (await call(route, { headers: { origin } })).status]).toEqual([route, status]);
});

it("a key that is none, and a session that is none, open nothing", async () => {
  for (const [route] of guarded) {
    expect([route, (await call(route, { headers: { authorization: `Bearer qd_${"x".repeat(43)}` } })).status]).toEqual([route, 401]);
    expect([route, (await call(route, { headers: { origin, cookie: "quarterdeck.session_token=forged.forged" } })).status]).toEqual([route, 401]);
  }
});

describe.each(roles)("as %s", (role) => {
  it.each(["session", "API key"] as const)("with a %s, what the role may not is refused and recorded, and what it may is not refused", async (by) => {
    for (const [route, { guard, changes }] of guarded) {
      const before = await rows();
      const headers: Record<string, string> = by === "session" ? { origin, cookie: cookies.get(role) ?? "" } : { authorization: `Bearer ${bearers.get(role)}` };
      const { status, text, requestId } = await call(route, { headers });
      expectNoLeak(route, text);
      if (!may(role, guard)) {
        expect([route, status]).toEqual([route, 403]);
        expect(await deniedUnder(requestId), route).toMatchObject({ outcome: "denied" });
        continue;
      }
      expect([401, 403, 500].includes(status) ? `${route} answered ${status}: ${text}` : "").toBe("");
      if (changes && status !== 400) expect(await rows(), `${route} left no row`).toBeGreaterThan(before);
    }
  });
});

it("from a page of somebody else, a session changes nothing, and the try is recorded", async () => {
  for (const [route] of changing) {
    const { status, requestId } = await call(route, { headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site", cookie: cookies.get("admin") ?? "" } });
    expect([route, status]).toEqual([route, 403]);
    expect(await deniedUnder(requestId), route).toMatchObject({ targetName: "https://evil.example" });
  }
});

it("bad input is refused with 400 in words: no JSON, no object, another type, too much, too deep", async () => {
  const headers = { origin, cookie: cookies.get("admin") ?? "" };
  const bad: Call[] = [{ body: "{" }, { body: "[]" }, { body: "null" }, { body: "{}", headers: { "content-type": "text/plain" } }, { body: JSON.stringify({ x: "y".repeat(1_100_000) }) }, { body: "[".repeat(100_000) }];
  for (const [route] of changing) {
    for (const one of bad) {
      const { status, text } = await call(route, { ...one, headers: { ...headers, ...one.headers } });
      expect([route, one.body?.slice(0, 10), status]).toEqual([route, one.body?.slice(0, 10), 400]);
      expectNoLeak(route, text);
    }
  }
});

it("the console's own metrics are told to a viewer's key, by routes and not by what was asked for, in a text that Prometheus' own tool reads", async () => {
  const found = await call("GET /metrics", { headers: { authorization: `Bearer ${bearers.get("viewer")}` } });
  expect(found.status).toBe(200);
  expect(found.text).toMatch(/quarterdeck_http_request_duration_seconds_count\{method="POST",route="\/api\/clusters\/\[cluster\]\/nodes\/\[node\]\/drain",status="403"\} \d+/);
  expect(found.text).toContain("quarterdeck_database_up 1");
  expect(found.text).not.toContain("/nothing");
  expectNoLeak("GET /metrics", found.text);
  const { promtool = "" } = await ensurePrograms({ names: ["promtool"] });
  const checked = spawnSync(promtool, ["check", "metrics"], { input: found.text, encoding: "utf8", timeout: 30_000 });
  // 3: it was read, and some name of the process' own metrics is not to its taste.
  expect([0, 3]).toContain(checked.status);
  expect(checked.stderr).not.toMatch(/error while linting|quarterdeck_/);
});

describe("a webhook", () => {
  const secret = "a secret of the matrix, long enough";
  const body = JSON.stringify({ zen: "Keep it logically awesome." });
  const signed = (key: string, delivery: string, text = body): Call => ({ body: text, headers: { "x-hub-signature-256": `sha256=${createHmac("sha256", key).update(text).digest("hex")}`, "x-github-event": "ping", "x-github-delivery": delivery } });
  beforeAll(async () => {
    const { who } = await signedIn("admin");
    expect(await who.call(settings.POST, { source: "github", secret, keepEarlier: false })).toMatchObject({ status: 200 });
    expect(typeof github.POST).toBe("function");
  });

  it("with a wrong signature, or one for another body, is refused and recorded", async () => {
    for (const one of [signed("another secret", "d-1"), { ...signed(secret, "d-1"), body: `${body} ` }, { body, headers: { "x-github-event": "ping", "x-github-delivery": "d-1" } }]) {
      const { status, requestId } = await call("POST /api/hooks/github", one);
      expect(status).toBe(401);
      expect(await deniedUnder(requestId)).toMatchObject({ action: "hook.github" });
    }
  });

  it("is taken once, however often it is sent again", async () => {
    const first = await call("POST /api/hooks/github", signed(secret, "d-2"));
    expect([first.status, JSON.parse(first.text).taken]).toEqual([202, true]);
    const again = await Promise.all([1, 2, 3].map(() => call("POST /api/hooks/github", signed(secret, "d-2"))));
    expect(again.map(({ status, text }) => [status, JSON.parse(text).taken])).toEqual([[202, false], [202, false], [202, false]]);
  });
});
