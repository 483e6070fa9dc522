// People, keys, streams and the reading of the record, end to end on a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as auth from "@/app/api/auth/[...all]/route";
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
import { streamEndpoint } from "@/lib/access/endpoint";
import { ensureSetUpLink } from "@/lib/access/service";
import { feed } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { database } from "@/lib/runtime";
import { caller, origin, sayOf, type Caller } from "../fixtures/callers";
import { useFreshDatabase, type TestServer } from "../fixtures/database";

import type { Role } from "@/lib/access/model";
import { invited, signInAs, tokenOf, wordFor } from "../fixtures/people";

let server: TestServer & { url: string };
let admin: Caller;

beforeAll(async () => {
  server = await useFreshDatabase();
  const url = await ensureSetUpLink();
  await caller().call(setUp.POST, { token: tokenOf(url ?? ""), email: "root@example.org", name: "Root", password: wordFor("root") });
  admin = (await signInAs("root@example.org", wordFor("root"))).who;
});
afterAll(async () => {
  await database().$disconnect();
  await server.stop();
});

const invite = (email: string, role: Role) => invited(admin, email, role);

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
    expect((await caller().call(accept.POST, { token: tokenOf(first.url), name: "New", password: wordFor("new") })).status).toBe(200);
    expect((await caller().call(accept.POST, { token: tokenOf(first.url), name: "New", password: wordFor("new") })).status).toBe(410);
    expect((await (await signInAs("new@example.org", wordFor("new"))).who.call(meRoute.GET)).body).toMatchObject({ actor: { role: "operator" } });
    const second = await link("other@example.org");
    expect((await admin.call(withdraw.POST, {}, { params: { id: second.id } })).status).toBe(200);
    expect((await caller().call(accept.POST, { token: tokenOf(second.url), name: "Other", password: wordFor("other") })).status).toBe(410);
    expect(sayOf(await admin.call(people.POST, { email: "new@example.org", role: "viewer" }), 409)).toMatch(/already an account/);
    expect(sayOf(await admin.call(people.POST, { email: "no address", role: "viewer" }), 400)).toMatch(/email/);
  });

  it("of two who open one link at once, one comes in", async () => {
    const { url } = z.object({ url: z.string() }).parse((await admin.call(people.POST, { email: "race@example.org", role: "viewer" })).body);
    const both = await Promise.all([1, 2].map(() => caller().call(accept.POST, { token: tokenOf(url), name: "Race", password: wordFor("race") })));
    expect(both.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("a disabled person is out at once, cannot come back, and can when enabled again", async () => {
    const { who, id } = await invite("gone@example.org", "viewer");
    expect((await admin.call(disable.POST, {}, { params: { id } })).status).toBe(200);
    expect((await who.call(meRoute.GET)).status).toBe(401);
    expect(sayOf((await signInAs("gone@example.org", wordFor("gone@example.org"))).answer, 403)).toMatch(/disabled/);
    await admin.call(enable.POST, {}, { params: { id } });
    expect((await signInAs("gone@example.org", wordFor("gone@example.org"))).answer.status).toBe(200);
  });

  it("a changed role counts at the next request", async () => {
    const { who, id } = await invite("riser@example.org", "viewer");
    await admin.call(role.POST, { role: "operator" }, { params: { id } });
    expect((await who.call(meRoute.GET)).body).toMatchObject({ actor: { role: "operator" } });
  });

  it("a reset link sets a new password and ends every session", async () => {
    const { who, id } = await invite("forgot@example.org", "viewer");
    const { url } = z.object({ url: z.string() }).parse((await admin.call(reset.POST, {}, { params: { id } })).body);
    expect((await caller().call(accept.POST, { token: tokenOf(url), password: wordFor("new one") })).status).toBe(200);
    expect((await who.call(meRoute.GET)).status).toBe(401);
    expect((await signInAs("forgot@example.org", wordFor("forgot@example.org"))).answer.status).toBe(401);
    expect((await signInAs("forgot@example.org", wordFor("new one"))).answer.status).toBe(200);
  });

  it("signing out everywhere ends every session", async () => {
    const { who, id } = await invite("many@example.org", "viewer");
    const second = (await signInAs("many@example.org", wordFor("many@example.org"))).who;
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
    admin = (await signInAs("root@example.org", wordFor("root"))).who;
  });

  it("change their own password only with the present one, and stay signed in here alone", async () => {
    const { who } = await invite("self@example.org", "viewer");
    const elsewhere = (await signInAs("self@example.org", wordFor("self@example.org"))).who;
    expect(sayOf(await who.call(ownPassword.POST, { currentPassword: "wrong", newPassword: wordFor("next") }), 400)).toMatch(/present password is wrong/);
    expect((await who.call(ownPassword.POST, { currentPassword: wordFor("self@example.org"), newPassword: wordFor("next") })).status).toBe(200);
    expect((await who.call(meRoute.GET)).status).toBe(200);
    expect((await elsewhere.call(meRoute.GET)).status).toBe(401);
    expect((await signInAs("self@example.org", wordFor("next"))).answer.status).toBe(200);
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

describe("the record of people and keys", () => {
  const lastOf = async (action: string) => (await server.query(server.url, `SELECT outcome, "targetName" FROM audit_entries WHERE action = '${action}' ORDER BY id DESC LIMIT 1`))[0];

  it("names a key by its name and beginning, when it is made and when it is revoked", async () => {
    const { id, key } = z.object({ id: z.string(), key: z.string() }).parse((await admin.call(keys.POST, { name: "deploy bot", role: "viewer", expiresInDays: 1 })).body);
    await admin.call(revoke.POST, {}, { params: { id } });
    const name = `deploy bot (${key.slice(0, 7)}…)`;
    expect(await lastOf("key.create")).toEqual({ outcome: "succeeded", targetName: name });
    expect(await lastOf("key.revoke")).toEqual({ outcome: "succeeded", targetName: name });
    expect(sayOf(await admin.call(revoke.POST, {}, { params: { id } }), 410)).toMatch(/revoked already/);
    expect(await lastOf("key.revoke")).toEqual({ outcome: "failed", targetName: name });
  });

  it("names people and invitations by their address, also to whoever was denied", async () => {
    const { who, id } = await invite("named@example.org", "viewer");
    await admin.call(role.POST, { role: "operator" }, { params: { id } });
    expect(await lastOf("person.change-role")).toEqual({ outcome: "succeeded", targetName: "named@example.org" });
    expect((await who.call(disable.POST, {}, { params: { id } })).status).toBe(403);
    expect(await lastOf("person.disable")).toEqual({ outcome: "denied", targetName: "named@example.org" });
    const link = z.object({ id: z.string() }).parse((await admin.call(people.POST, { email: "later@example.org", role: "viewer" })).body);
    await admin.call(withdraw.POST, {}, { params: { id: link.id } });
    expect(await lastOf("person.withdraw-invitation")).toEqual({ outcome: "succeeded", targetName: "later@example.org" });
    await admin.call(enable.POST, {}, { params: { id: "nobody-has-this" } });
    expect(await lastOf("person.enable")).toEqual({ outcome: "failed", targetName: "nobody-has-this" });
  });
});

describe("streams", () => {
  const ticks = feed({ name: "test.ticks", permission: "job.run", input: z.object({}), run: async () => (writer: { send: (frame: { event: string; data: string }) => boolean }) => void writer.send({ event: "tick", data: "1" }) });
  const route = streamEndpoint(ticks);
  const open = (who: Caller) => route(new Request(`${origin}/api/x`, { headers: { cookie: [...who.cookies].map(([name, value]) => `${name}=${value}`).join("; ") } }), { params: Promise.resolve({}) });

  it.each([
    ["a changed role", (id: string) => admin.call(role.POST, { role: "viewer" }, { params: { id } })],
    ["signing out everywhere", (id: string) => admin.call(signOutPerson.POST, {}, { params: { id } })],
    ["disabling", (id: string) => admin.call(disable.POST, {}, { params: { id } })],
    ["signing out", (_id: string, who: Caller) => who.call(auth.POST, {}, { path: "/api/auth/sign-out" })],
    ["the session's time", (id: string) => database().session.updateMany({ where: { userId: id }, data: { expiresAt: new Date(Date.now() - 1) } })],
  ])("end within 5 s of %s", async (what, act) => {
    const { who, id } = await invite(`stream-${what.replaceAll(/\W/g, "-")}@example.org`, "operator");
    const response = await open(who);
    expect(response.headers.get("content-type")).toMatch(/event-stream/);
    const ended = (async () => {
      for await (const _chunk of response.body ?? []) continue;
      return Date.now();
    })();
    await act(id, who);
    const from = Date.now();
    expect((await ended) - from).toBeLessThan(5000);
  });

  it("of a key end with the key", async () => {
    const { id, key } = z.object({ id: z.string(), key: z.string() }).parse((await admin.call(keys.POST, { name: "reader", role: "operator", expiresInDays: 1 })).body);
    const response = await route(new Request(`${origin}/api/x`, { headers: { authorization: `Bearer ${key}` } }), { params: Promise.resolve({}) });
    await admin.call(revoke.POST, {}, { params: { id } });
    for await (const _chunk of response.body ?? []) continue;
  });

  it("that refuse a part of what was asked leave a denial in the record", async () => {
    const picky = streamEndpoint(feed({ name: "test.picky", permission: "cluster.read", input: z.object({}), run: async (): Promise<() => void> => { throw new AppError("forbidden", "Not this topic."); } }));
    const { who } = await invite("picky@example.org", "viewer");
    expect(sayOf(await who.call(picky), 403)).toBe("Not this topic.");
    expect(await server.query(server.url, `SELECT outcome, reason FROM audit_entries WHERE action = 'test.picky'`)).toEqual([{ outcome: "denied", reason: "Not this topic." }]);
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
    for (const { targetName } of (await read("target=race%40example.org")).entries) expect(targetName).toBe("race@example.org");
    expect((await read("outcome=unfinished")).entries).toEqual([]);
  });
});
