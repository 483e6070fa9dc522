// Coming in and acting, end to end: the first administrator, sign-in, verbs and their record, on a real PostgreSQL.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as authRoute from "@/app/api/auth/[...all]/route";
import * as setUp from "@/app/api/access/set-up/route";
import * as meRoute from "@/app/api/me/route";
import { endpoint } from "@/lib/access/endpoint";
import { ensureSetUpLink, seedAccounts } from "@/lib/access/service";
import { verb } from "@/lib/access/verb";
import { database } from "@/lib/runtime";
import { caller, sayOf, type Caller } from "../fixtures/callers";
import { useFreshDatabase, type TestServer } from "../fixtures/database";

import type { Role } from "@/lib/access/model";
import { invited, signInAs, tokenOf, wordFor } from "../fixtures/people";

let server: TestServer & { url: string };
let admin: Caller;

beforeAll(async () => {
  server = await useFreshDatabase();
});
afterAll(async () => {
  await database().$disconnect();
  await server.stop();
});

const invite = (email: string, role: Role) => invited(admin, email, role);
const auditRows = () => server.query(server.url, `SELECT action, outcome, "actorName", "targetName", reason, input::text AS input FROM audit_entries ORDER BY id`);

describe("the first administrator", () => {
  it("is made by a one-time link whose token stands in the fragment and works once", async () => {
    const first = await ensureSetUpLink();
    const url = await ensureSetUpLink();
    expect(url).toMatch(/^http:\/\/localhost:3000\/set-up#[\w-]{43}$/);
    const stale = await caller().call(setUp.POST, { token: tokenOf(first ?? ""), email: "root@example.org", name: "Root", password: wordFor("root") });
    expect(sayOf(stale, 410)).toMatch(/used, withdrawn, or has run out/);
    const weak = await caller().call(setUp.POST, { token: tokenOf(url ?? ""), email: "root@example.org", name: "Root", password: "short" });
    expect(sayOf(weak, 400)).toMatch(/at least 12/);
    const made = await caller().call(setUp.POST, { token: tokenOf(url ?? ""), email: "Root@Example.org", name: "Root", password: wordFor("root") });
    expect(made.status).toBe(200);
    const again = await caller().call(setUp.POST, { token: tokenOf(url ?? ""), email: "two@example.org", name: "Two", password: wordFor("two") });
    expect(again.status).toBe(410);
    expect(await ensureSetUpLink()).toBeNull();
    const { who, answer } = await signInAs("root@example.org", wordFor("root"));
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
    admin = who;
    expect((await admin.call(meRoute.GET)).body).toMatchObject({ actor: { name: "Root", role: "admin", email: "root@example.org" } });
  });

  it("gets a session cookie that scripts cannot read, and no token in the answer", async () => {
    const { answer, who } = await signInAs("root@example.org", wordFor("root"));
    expect(answer.headers.getSetCookie().join()).toMatch(/quarterdeck\.session_token=.*Max-Age=43200.*HttpOnly; SameSite=Lax/i);
    const session = await who.call(authRoute.GET, undefined, { path: "/api/auth/get-session" });
    expect(Object.keys((session.body as { actor: object }).actor).sort()).toEqual(["id", "kind", "name", "role"]);
    const row = await database().session.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
    expect(JSON.stringify([answer.body, session.body])).not.toContain(row.token);
  });

  it("can be seeded from a file, once", async () => {
    const file = path.join(server.home, "accounts.json");
    writeFileSync(file, JSON.stringify([{ email: "seed@example.org", name: "Seed", role: "operator", password: wordFor("seed") }]));
    const { env } = await import("@/lib/base/env");
    env().QUARTERDECK_SEED_ACCOUNTS = file;
    expect(await seedAccounts()).toEqual(["seed@example.org"]);
    expect(await seedAccounts()).toEqual([]);
    expect((await signInAs("seed@example.org", wordFor("seed"))).answer.status).toBe(200);
  });
});

describe("the catch-all of the auth library", () => {
  it.each([
    ["POST", "/api/auth/sign-up/email"], ["POST", "/api/auth/update-user"], ["POST", "/api/auth/change-password"], ["POST", "/api/auth/change-email"], ["POST", "/api/auth/delete-user"],
    ["GET", "/api/auth/list-sessions"], ["POST", "/api/auth/revoke-sessions"], ["POST", "/api/auth/request-password-reset"], ["POST", "/api/auth/reset-password"], ["POST", "/api/auth/sign-in/social"],
    ["GET", "/api/auth/callback/oidc"], ["GET", "/api/auth/ok"], ["GET", "/api/auth/error"], ["POST", "/api/auth/link-social"], ["GET", "/api/auth/sign-in/email"], ["POST", "/api/auth/sign-in/email/"], ["POST", "/api/auth/__proto__"],
  ])("has nothing at %s %s", async (method, at) => {
    const handler = method === "GET" ? authRoute.GET : authRoute.POST;
    const answer = await admin.call(handler, method === "GET" ? undefined : {}, { path: at, method });
    expect(sayOf(answer, 404)).toMatch(/nothing at this address/);
  });
});

describe("signing in", () => {
  it("says the same for a wrong password and an unknown address, and records both", async () => {
    await invite("wrong@example.org", "viewer");
    const known = await signInAs("wrong@example.org", "not the password");
    const unknown = await signInAs("nobody@example.org", "not the password");
    expect(sayOf(known.answer, 401)).toBe(sayOf(unknown.answer, 401));
    const denied = (await auditRows()).filter((row) => row.action === "session.start" && row.outcome === "denied").map((row) => row.targetName);
    expect(denied).toEqual(expect.arrayContaining(["wrong@example.org", "nobody@example.org"]));
  });

  it("closes an account after five wrong passwords, from whatever address they come, also for the right one", async () => {
    await invite("target@example.org", "viewer");
    for (let n = 1; n <= 5; n += 1) expect((await signInAs("target@example.org", `guess number ${n}`, `10.9.0.${n}`)).answer.status).toBe(401);
    expect(sayOf((await signInAs("target@example.org", wordFor("target@example.org"), "10.9.1.1")).answer, 429)).toMatch(/Try again in \d+ seconds/);
    await server.query(server.url, `UPDATE sign_in_throttles SET "blockedUntil" = now() - interval '1 second'`);
    expect((await signInAs("target@example.org", wordFor("target@example.org"), "10.9.1.2")).answer.status).toBe(200);
  });

  it("is limited by address, whatever the account", async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1) statuses.push((await signInAs(`many-${n}@example.org`, "whatever it takes", "10.77.0.1")).answer.status);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toEqual([429, 429]);
  });

  it("from another origin is refused", async () => {
    const answer = await caller({ origin: "https://evil.example" }).call(authRoute.POST, { email: "root@example.org", password: wordFor("root") }, { path: "/api/auth/sign-in/email" });
    expect(sayOf(answer, 403)).toMatch(/own pages/);
  });

  it("lasts twelve hours and not longer for being used", async () => {
    const { who } = await invite("twelve@example.org", "viewer");
    const user = { user: { email: "twelve@example.org" } };
    const begun = await database().session.findFirstOrThrow({ where: user });
    expect(begun.expiresAt.getTime() - begun.createdAt.getTime()).toBeCloseTo(12 * 3600_000, -4);
    await database().session.updateMany({ where: user, data: { createdAt: new Date(Date.now() - 11 * 3600_000), updatedAt: new Date(Date.now() - 11 * 3600_000), expiresAt: new Date(Date.now() + 3600_000) } });
    const late = await database().session.findFirstOrThrow({ where: user });
    expect((await who.call(meRoute.GET)).status).toBe(200);
    expect((await database().session.findFirstOrThrow({ where: user })).expiresAt).toEqual(late.expiresAt);
    await database().session.updateMany({ where: user, data: { expiresAt: new Date(Date.now() - 1000) } });
    expect((await who.call(meRoute.GET)).status).toBe(401);
  });

  it("ends with signing out", async () => {
    const { who } = await invite("leaver@example.org", "viewer");
    const stolen = new Map(who.cookies);
    expect((await who.call(authRoute.POST, {}, { path: "/api/auth/sign-out" })).status).toBe(200);
    const thief = caller();
    for (const [name, value] of stolen) thief.cookies.set(name, value);
    expect((await thief.call(meRoute.GET)).status).toBe(401);
  });
});

describe("a verb", () => {
  const seen: unknown[] = [];
  const touch = verb({
    name: "test.touch", permission: "node.drain", input: z.object({ name: z.string().min(2), password: z.string().optional() }),
    target: ({ name }) => ({ kind: "thing", name }),
    run: async (_ctx, input) => {
      seen.push(input);
      if (input.name === "boom") throw new Error("connect ECONNREFUSED 10.1.2.3:5432 password=hunter2");
      return { done: true };
    },
  });
  const route = endpoint(touch);
  let viewer: Caller;
  let operator: Caller;
  beforeAll(async () => {
    viewer = (await invite("v@example.org", "viewer")).who;
    operator = (await invite("o@example.org", "operator")).who;
  });

  it("is refused without a session, and with a made-up cookie", async () => {
    expect((await caller().call(route, { name: "thing" })).status).toBe(401);
    const liar = caller();
    liar.cookies.set("quarterdeck.session_token", "made.up");
    expect((await liar.call(route, { name: "thing" })).status).toBe(401);
  });

  it("is refused to a weaker role, in words, and the denial is recorded", async () => {
    seen.length = 0;
    expect(sayOf(await viewer.call(route, { name: "forbidden fruit" }), 403)).toMatch(/node\.drain.*viewer/);
    expect(seen).toEqual([]);
    expect((await auditRows()).at(-1)).toMatchObject({ action: "test.touch", outcome: "denied", targetName: "forbidden fruit" });
  });

  it("leaves an intent before and an outcome after, with secrets struck out", async () => {
    expect(await operator.call(route, { name: "thing", password: "hunter2 hunter2" })).toMatchObject({ status: 200, body: { done: true } });
    const rows = (await auditRows()).slice(-2);
    expect(rows.map((row) => row.outcome)).toEqual(["allowed", "succeeded"]);
    expect(JSON.parse(String(rows[0]?.input))).toEqual({ name: "thing", password: "[redacted]" });
  });

  it("tells what does not fit and does nothing", async () => {
    seen.length = 0;
    expect(sayOf(await operator.call(route, { name: "x" }), 400)).toMatch(/name: /);
    expect(sayOf(await operator.call(route, "{", { method: "POST" }), 400)).toMatch(/not valid JSON/);
    expect(sayOf(await operator.call(route, "[1]"), 400)).toMatch(/JSON object/);
    expect(sayOf(await operator.call(route, "name=thing", { headers: { "content-type": "application/x-www-form-urlencoded" } }), 400)).toMatch(/content-type/);
    expect(sayOf(await operator.call(route, { name: "x".repeat(1_100_000) }), 400)).toMatch(/larger than/);
    expect(seen).toEqual([]);
  });

  it("is refused from another origin, and from none", async () => {
    const foreign: Record<string, string>[] = [{ origin: "https://evil.example" }, { origin: "null" }, { origin: "" }, { origin: "", "sec-fetch-site": "cross-site" }];
    for (const headers of foreign) {
      expect(sayOf(await operator.call(route, { name: "thing" }, { headers }), 403)).toMatch(/own pages/);
      expect((await auditRows()).at(-1)).toMatchObject({ action: "test.touch", outcome: "denied", targetName: headers.origin || "none" });
    }
    expect((await operator.call(route, { name: "thing" }, { headers: { origin: "http://127.0.0.1:3000", "sec-fetch-site": "same-origin" } })).status).toBe(200);
  });

  it("that breaks says nothing of the inside, and is recorded as failed", async () => {
    const answer = await operator.call(route, { name: "boom" });
    expect(sayOf(answer, 500)).toMatch(/Something went wrong/);
    expect(JSON.stringify(answer.body)).not.toMatch(/ECONNREFUSED|hunter2/);
    expect((await auditRows()).at(-1)).toMatchObject({ outcome: "failed" });
  });
});

describe("the record", () => {
  it("never holds a password, a key or a token", async () => {
    const all = JSON.stringify(await server.query(server.url, "SELECT * FROM audit_entries"), (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    expect(all).not.toMatch(/a long word for|hunter2|qd_[\w-]{20}|#[\w-]{43}/);
    expect(all.length).toBeGreaterThan(1000);
  });
});
