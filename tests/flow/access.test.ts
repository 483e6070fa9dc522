// Who may come in and do what, end to end: the routes, better-auth, a real PostgreSQL.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as authRoute from "@/app/api/auth/[...all]/route";
import * as audit from "@/app/api/access/audit/route";
import * as accept from "@/app/api/access/accept/route";
import * as withdraw from "@/app/api/access/invitations/[id]/withdraw/route";
import * as keys from "@/app/api/access/keys/route";
import * as revoke from "@/app/api/access/keys/[id]/revoke/route";
import * as people from "@/app/api/access/people/route";
import * as disable from "@/app/api/access/people/[id]/disable/route";
import * as enable from "@/app/api/access/people/[id]/enable/route";
import * as reset from "@/app/api/access/people/[id]/reset/route";
import * as role from "@/app/api/access/people/[id]/role/route";
import * as signOutPerson from "@/app/api/access/people/[id]/sign-out/route";
import * as setUp from "@/app/api/access/set-up/route";
import * as meRoute from "@/app/api/me/route";
import * as ownPassword from "@/app/api/me/password/route";
import { endpoint, streamEndpoint } from "@/lib/access/endpoint";
import { ensureSetUpLink, seedAccounts } from "@/lib/access/service";
import { feed, verb } from "@/lib/access/verb";
import { database } from "@/lib/runtime";
import { caller, origin, sayOf, type Caller } from "../fixtures/callers";
import { useFreshDatabase, type TestServer } from "../fixtures/database";

const word = (name: string) => `a long word for ${name}!`;
const tokenOf = (url: string) => url.split("#")[1] ?? "";
let server: TestServer & { url: string };
let admin: Caller;

beforeAll(async () => {
  server = await useFreshDatabase();
});
afterAll(async () => {
  await database().$disconnect();
  await server.stop();
});

let hops = 0;
async function signIn(email: string, password: string, from = `10.0.0.${(hops = (hops % 250) + 1)}`) {
  const who = caller({ origin, "x-forwarded-for": from });
  const answer = await who.call(authRoute.POST, { email, password }, { path: "/api/auth/sign-in/email" });
  return { who, answer };
}

async function invite(email: string, wanted: "viewer" | "operator" | "admin"): Promise<{ id: string; who: Caller }> {
  const { url } = z.object({ url: z.string() }).parse((await admin.call(people.POST, { email, role: wanted })).body);
  await caller().call(accept.POST, { token: tokenOf(url), name: email.split("@")[0], password: word(email) });
  const { who } = await signIn(email, word(email));
  const me = z.object({ actor: z.object({ id: z.string() }) }).parse((await who.call(meRoute.GET)).body);
  return { id: me.actor.id, who };
}

const auditRows = () => server.query(server.url, `SELECT action, outcome, "actorName", "targetName", reason, input::text AS input FROM audit_entries ORDER BY id`);

describe("the first administrator", () => {
  it("is made by a one-time link whose token stands in the fragment and works once", async () => {
    const first = await ensureSetUpLink();
    const url = await ensureSetUpLink();
    expect(url).toMatch(/^http:\/\/localhost:3000\/set-up#[\w-]{43}$/);
    const stale = await caller().call(setUp.POST, { token: tokenOf(first ?? ""), email: "root@example.org", name: "Root", password: word("root") });
    expect(sayOf(stale, 410)).toMatch(/used, withdrawn, or has run out/);
    const weak = await caller().call(setUp.POST, { token: tokenOf(url ?? ""), email: "root@example.org", name: "Root", password: "short" });
    expect(sayOf(weak, 400)).toMatch(/at least 12/);
    const made = await caller().call(setUp.POST, { token: tokenOf(url ?? ""), email: "Root@Example.org", name: "Root", password: word("root") });
    expect(made.status).toBe(200);
    const again = await caller().call(setUp.POST, { token: tokenOf(url ?? ""), email: "two@example.org", name: "Two", password: word("two") });
    expect(again.status).toBe(410);
    expect(await ensureSetUpLink()).toBeNull();
    const { who, answer } = await signIn("root@example.org", word("root"));
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
    admin = who;
    expect((await admin.call(meRoute.GET)).body).toMatchObject({ actor: { name: "Root", role: "admin", email: "root@example.org" } });
  });

  it("gets a session cookie that scripts cannot read, and no token in the answer", async () => {
    const { answer, who } = await signIn("root@example.org", word("root"));
    expect(answer.headers.getSetCookie().join()).toMatch(/quarterdeck\.session_token=.*Max-Age=43200.*HttpOnly; SameSite=Lax/i);
    const session = await who.call(authRoute.GET, undefined, { path: "/api/auth/get-session" });
    expect(Object.keys((session.body as { actor: object }).actor).sort()).toEqual(["id", "kind", "name", "role"]);
    const row = await database().session.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
    expect(JSON.stringify([answer.body, session.body])).not.toContain(row.token);
  });

  it("can be seeded from a file, once", async () => {
    const file = path.join(server.home, "accounts.json");
    writeFileSync(file, JSON.stringify([{ email: "seed@example.org", name: "Seed", role: "operator", password: word("seed") }]));
    const { env } = await import("@/lib/base/env");
    env().QUARTERDECK_SEED_ACCOUNTS = file;
    expect(await seedAccounts()).toEqual(["seed@example.org"]);
    expect(await seedAccounts()).toEqual([]);
    expect((await signIn("seed@example.org", word("seed"))).answer.status).toBe(200);
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
    const known = await signIn("wrong@example.org", "not the password");
    const unknown = await signIn("nobody@example.org", "not the password");
    expect(sayOf(known.answer, 401)).toBe(sayOf(unknown.answer, 401));
    const denied = (await auditRows()).filter((row) => row.action === "session.start" && row.outcome === "denied").map((row) => row.targetName);
    expect(denied).toEqual(expect.arrayContaining(["wrong@example.org", "nobody@example.org"]));
  });

  it("closes an account after five wrong passwords, from whatever address they come, also for the right one", async () => {
    await invite("target@example.org", "viewer");
    for (let n = 1; n <= 5; n += 1) expect((await signIn("target@example.org", `guess number ${n}`, `10.9.0.${n}`)).answer.status).toBe(401);
    expect(sayOf((await signIn("target@example.org", word("target@example.org"), "10.9.1.1")).answer, 429)).toMatch(/Try again in \d+ seconds/);
    await server.query(server.url, `UPDATE sign_in_throttles SET "blockedUntil" = now() - interval '1 second'`);
    expect((await signIn("target@example.org", word("target@example.org"), "10.9.1.2")).answer.status).toBe(200);
  });

  it("is limited by address, whatever the account", async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1) statuses.push((await signIn(`many-${n}@example.org`, "whatever it takes", "10.77.0.1")).answer.status);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toEqual([429, 429]);
  });

  it("from another origin is refused", async () => {
    const answer = await caller({ origin: "https://evil.example" }).call(authRoute.POST, { email: "root@example.org", password: word("root") }, { path: "/api/auth/sign-in/email" });
    expect(sayOf(answer, 403)).toMatch(/own pages/);
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

describe("people", () => {
  it("are managed by administrators alone", async () => {
    const { who, id } = await invite("op2@example.org", "operator");
    const refused = [people.POST, disable.POST, enable.POST, reset.POST, role.POST, signOutPerson.POST, withdraw.POST, keys.POST, revoke.POST];
    for (const handler of refused) expect((await who.call(handler, { email: "x@example.org", role: "admin", name: "x", expiresInDays: 1 }, { params: { id } })).status).toBe(403);
    expect((await who.call(people.GET)).status).toBe(403);
    expect((await who.call(keys.GET)).status).toBe(403);
    expect((await who.call(audit.GET)).status).toBe(200);
  });

  it("an invitation works once, gives the invited role, and can be withdrawn", async () => {
    const link = async (email: string) => z.object({ id: z.string(), url: z.string() }).parse((await admin.call(people.POST, { email, role: "operator" })).body);
    const first = await link("new@example.org");
    expect((await caller().call(accept.POST, { token: tokenOf(first.url), name: "New", password: word("new") })).status).toBe(200);
    expect((await caller().call(accept.POST, { token: tokenOf(first.url), name: "New", password: word("new") })).status).toBe(410);
    expect((await (await signIn("new@example.org", word("new"))).who.call(meRoute.GET)).body).toMatchObject({ actor: { role: "operator" } });
    const second = await link("other@example.org");
    expect((await admin.call(withdraw.POST, {}, { params: { id: second.id } })).status).toBe(200);
    expect((await caller().call(accept.POST, { token: tokenOf(second.url), name: "Other", password: word("other") })).status).toBe(410);
    expect(sayOf(await admin.call(people.POST, { email: "new@example.org", role: "viewer" }), 409)).toMatch(/already an account/);
    expect(sayOf(await admin.call(people.POST, { email: "no address", role: "viewer" }), 400)).toMatch(/email/);
  });

  it("of two who open one link at once, one comes in", async () => {
    const { url } = z.object({ url: z.string() }).parse((await admin.call(people.POST, { email: "race@example.org", role: "viewer" })).body);
    const both = await Promise.all([1, 2].map(() => caller().call(accept.POST, { token: tokenOf(url), name: "Race", password: word("race") })));
    expect(both.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("a disabled person is out at once, cannot come back, and can when enabled again", async () => {
    const { who, id } = await invite("gone@example.org", "viewer");
    expect((await admin.call(disable.POST, {}, { params: { id } })).status).toBe(200);
    expect((await who.call(meRoute.GET)).status).toBe(401);
    expect(sayOf((await signIn("gone@example.org", word("gone@example.org"))).answer, 403)).toMatch(/disabled/);
    await admin.call(enable.POST, {}, { params: { id } });
    expect((await signIn("gone@example.org", word("gone@example.org"))).answer.status).toBe(200);
  });

  it("a changed role counts at the next request", async () => {
    const { who, id } = await invite("riser@example.org", "viewer");
    await admin.call(role.POST, { role: "operator" }, { params: { id } });
    expect((await who.call(meRoute.GET)).body).toMatchObject({ actor: { role: "operator" } });
  });

  it("a reset link sets a new password and ends every session", async () => {
    const { who, id } = await invite("forgot@example.org", "viewer");
    const { url } = z.object({ url: z.string() }).parse((await admin.call(reset.POST, {}, { params: { id } })).body);
    expect((await caller().call(accept.POST, { token: tokenOf(url), password: word("new one") })).status).toBe(200);
    expect((await who.call(meRoute.GET)).status).toBe(401);
    expect((await signIn("forgot@example.org", word("forgot@example.org"))).answer.status).toBe(401);
    expect((await signIn("forgot@example.org", word("new one"))).answer.status).toBe(200);
  });

  it("signing out everywhere ends every session", async () => {
    const { who, id } = await invite("many@example.org", "viewer");
    const second = (await signIn("many@example.org", word("many@example.org"))).who;
    expect((await admin.call(signOutPerson.POST, {}, { params: { id } })).body).toEqual({ ended: 2 });
    expect((await who.call(meRoute.GET)).status).toBe(401);
    expect((await second.call(meRoute.GET)).status).toBe(401);
  });

  it("the last administrator cannot be disabled or made less", async () => {
    const { id } = z.object({ actor: z.object({ id: z.string() }) }).parse((await admin.call(meRoute.GET)).body).actor;
    expect(sayOf(await admin.call(disable.POST, {}, { params: { id } }), 409)).toMatch(/last administrator/);
    expect(sayOf(await admin.call(role.POST, { role: "viewer" }, { params: { id } }), 409)).toMatch(/last administrator/);
  });

  it("of two administrators who disable each other at once, one stays", async () => {
    const two = await invite("admin2@example.org", "admin");
    const { id } = z.object({ actor: z.object({ id: z.string() }) }).parse((await admin.call(meRoute.GET)).body).actor;
    const both = await Promise.all([admin.call(disable.POST, {}, { params: { id: two.id } }), two.who.call(disable.POST, {}, { params: { id } })]);
    expect(both.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(await database().user.count({ where: { role: "admin", disabledAt: null } })).toBeGreaterThanOrEqual(1);
    await database().user.updateMany({ where: { id }, data: { disabledAt: null } });
    admin = (await signIn("root@example.org", word("root"))).who;
  });

  it("change their own password only with the present one, and stay signed in here alone", async () => {
    const { who } = await invite("self@example.org", "viewer");
    const elsewhere = (await signIn("self@example.org", word("self@example.org"))).who;
    expect(sayOf(await who.call(ownPassword.POST, { currentPassword: "wrong", newPassword: word("next") }), 400)).toMatch(/present password is wrong/);
    expect((await who.call(ownPassword.POST, { currentPassword: word("self@example.org"), newPassword: word("next") })).status).toBe(200);
    expect((await who.call(meRoute.GET)).status).toBe(200);
    expect((await elsewhere.call(meRoute.GET)).status).toBe(401);
    expect((await signIn("self@example.org", word("next"))).answer.status).toBe(200);
  });
});

describe("API keys", () => {
  const made = z.object({ id: z.string(), key: z.string() });

  it("act with their role and no origin, are shown once, and end when revoked", async () => {
    const { id, key } = made.parse((await admin.call(keys.POST, { name: "ci", role: "viewer", expiresInDays: 30 })).body);
    const program = caller({ authorization: `Bearer ${key}` });
    expect((await program.call(meRoute.GET)).body).toMatchObject({ actor: { kind: "key", name: "ci (key of Root)", role: "viewer" } });
    expect((await program.call(people.POST, { email: "a@example.org", role: "viewer" })).status).toBe(403);
    const listed = JSON.stringify((await admin.call(keys.GET)).body);
    expect(listed).not.toContain(key);
    expect(JSON.stringify(await server.query(server.url, "SELECT * FROM api_keys"))).not.toContain(key);
    expect((await admin.call(revoke.POST, {}, { params: { id } })).status).toBe(200);
    expect((await program.call(meRoute.GET)).status).toBe(401);
  });

  it("run out, and fall with the role and the account of who made them", async () => {
    const { who, id } = await invite("maker@example.org", "admin");
    const { key } = made.parse((await who.call(keys.POST, { name: "strong", role: "admin", expiresInDays: 1 })).body);
    const program = caller({ authorization: `Bearer ${key}` });
    const roleNow = async () => ((await program.call(meRoute.GET)).body as { actor?: { role: string } }).actor?.role;
    expect(await roleNow()).toBe("admin");
    await admin.call(role.POST, { role: "viewer" }, { params: { id } });
    expect(await roleNow()).toBe("viewer");
    await admin.call(disable.POST, {}, { params: { id } });
    expect((await program.call(meRoute.GET)).status).toBe(401);
    await admin.call(enable.POST, {}, { params: { id } });
    expect(await roleNow()).toBe("viewer");
    await database().apiKey.updateMany({ where: { ownerId: id }, data: { expiresAt: new Date(0) } });
    expect((await program.call(meRoute.GET)).status).toBe(401);
  });

  it("cannot make keys, and a wrong key is not helped by a cookie", async () => {
    const { key } = made.parse((await admin.call(keys.POST, { name: "self-made", role: "admin", expiresInDays: 1 })).body);
    expect((await caller({ authorization: `Bearer ${key}` }).call(keys.POST, { name: "next", role: "viewer", expiresInDays: 1 })).status).toBe(403);
    expect((await admin.call(meRoute.GET, undefined, { headers: { authorization: "Bearer qd_nonsense" } })).status).toBe(401);
  });
});

describe("streams", () => {
  const ticks = feed({ name: "test.ticks", permission: "job.run", input: z.object({}), run: async () => (writer: { send: (frame: { event: string; data: string }) => boolean }) => void writer.send({ event: "tick", data: "1" }) });
  const route = streamEndpoint(ticks);
  const open = (who: Caller) => route(new Request(`${origin}/api/x`, { headers: { cookie: [...who.cookies].map(([name, value]) => `${name}=${value}`).join("; ") } }), { params: Promise.resolve({}) });

  it.each([
    ["a changed role", (id: string) => admin.call(role.POST, { role: "viewer" }, { params: { id } })],
    ["signing out everywhere", (id: string) => admin.call(signOutPerson.POST, {}, { params: { id } })],
  ])("end after %s", async (_what, act) => {
    const { who, id } = await invite(`stream${hops}@example.org`, "operator");
    const response = await open(who);
    expect(response.headers.get("content-type")).toMatch(/event-stream/);
    const done = (async () => {
      for await (const _chunk of response.body ?? []) continue;
      return "ended";
    })();
    await act(id);
    expect(await done).toBe("ended");
  });

  it("are refused without the permission, as JSON with a sentence", async () => {
    const { who } = await invite("nostream@example.org", "viewer");
    const response = await open(who);
    expect(response.status).toBe(403);
  });
});

describe("the record", () => {
  it("never holds a password, a key or a token", async () => {
    const all = JSON.stringify(await server.query(server.url, "SELECT * FROM audit_entries"), (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    expect(all).not.toMatch(/a long word for|hunter2|qd_[\w-]{20}|#[\w-]{43}/);
    expect(all.length).toBeGreaterThan(1000);
  });

  it("is read by page, newest first, each act once, and by who, what, which, when and how it ended", async () => {
    const page = z.object({ entries: z.array(z.object({ id: z.string(), at: z.number(), action: z.string(), actorName: z.string(), targetName: z.string(), outcome: z.string() }).loose()), next: z.string().nullable() });
    const read = async (query: string) => page.parse((await admin.call(audit.GET, undefined, { path: `/api/access/audit?${query}` })).body);
    const first = await read("");
    const second = await read(`before=${first.next}`);
    const ids = [...first.entries, ...second.entries].map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(new Set(ids).size).toBe(ids.length);
    expect(first.entries).toHaveLength(50);
    for (const { outcome } of (await read("outcome=denied")).entries) expect(outcome).toBe("denied");
    for (const { action } of (await read("action=person.invite")).entries) expect(action).toBe("person.invite");
    for (const { actorName } of (await read("actor=root")).entries) expect(actorName).toMatch(/root/i);
    expect((await read("to=2020-01-01")).entries).toEqual([]);
    expect((await read("target=forbidden%20fruit")).entries).toHaveLength(1);
    expect((await read("outcome=unfinished")).entries).toEqual([]);
  });
});
