// Signing in through an identity provider, end to end: a real OpenID Connect provider on loopback, the console's own routes, a real PostgreSQL.
import { createServer } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET, POST } from "@/app/api/auth/[...all]/route";
import * as acceptRoute from "@/app/api/access/accept/route";
import * as turnRoute from "@/app/api/access/people/[id]/provider/route";
import * as resetRoute from "@/app/api/access/people/[id]/reset/route";
import * as peopleRoute from "@/app/api/access/people/route";
import * as meRoute from "@/app/api/me/route";
import * as ownPassword from "@/app/api/me/password/route";
import { refusalOf, sayRefused } from "@/lib/access/oidc";
import { env } from "@/lib/base/env";
import { database } from "@/lib/runtime";
import { caller, origin, sayOf, type Caller } from "../fixtures/callers";
import { useFreshDatabase, type TestServer } from "../fixtures/database";
import { startIdentityProvider, type IdentityProvider } from "../fixtures/identity-provider";
import { invited, signedIn, signInAs, tokenOf, wordFor } from "../fixtures/people";

let server: TestServer & { url: string };
let provider: IdentityProvider;
const redirectUri = `${origin}/api/auth/callback/oidc`;
const people = {
  jisoo: { email: "jisoo@example.org", name: "Jisoo Han", groups: ["platform", "everyone"] },
  minho: { email: "minho@example.org", name: "Minho Seo", groups: ["oncall"] },
  guest: { email: "guest@example.org", name: "Guest", groups: ["everyone"] },
  mute: { name: "No Address", groups: ["oncall"] },
  double: { email: "viewer@suite.example.org", name: "Double", groups: ["platform"] },
};

beforeAll(async () => {
  server = await useFreshDatabase();
  provider = await startIdentityProvider({ redirectUri, people });
  process.env.QUARTERDECK_OIDC_ISSUER = provider.issuer;
  process.env.QUARTERDECK_OIDC_CLIENT_ID = provider.clientId;
  process.env.QUARTERDECK_OIDC_CLIENT_SECRET = provider.clientSecret;
  process.env.QUARTERDECK_OIDC_ROLES = "platform=admin,oncall=operator";
});
afterAll(async () => {
  await provider.stop();
  await database().$disconnect();
  await server.stop();
});

let hop = 0;
const visitor = (): Caller => caller({ origin, "x-forwarded-for": `10.50.0.${++hop}` });
const begin = (who: Caller, body: object = { then: "/jobs?x=1" }) => who.call(POST, body, { path: "/api/auth/sign-in/social" });
const urlOf = ({ body }: { body: unknown }): string => (body as { url: string }).url;

/** As a browser would: from the provider's address through its pages to the address at the console that it leads back to. */
async function throughProvider(start: string, as: string): Promise<string> {
  const cookies = new Map<string, string>();
  for (let url = start, step = 0; step < 12; step += 1) {
    const answer = await fetch(url, { redirect: "manual", headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const page = await answer.text();
    const next = answer.headers.get("location") ?? new RegExp(`href="([^"]+as=${as})"`).exec(page)?.[1];
    if (!next) throw new Error(`the provider answered ${answer.status} at ${url}: ${page.slice(0, 300)}`);
    url = new URL(next, url).href;
    if (url.startsWith(redirectUri)) return url;
  }
  throw new Error("the provider led nowhere");
}

/** Signs in as somebody the provider knows; tells where the console sent them. */
async function come(as: string, who = visitor()): Promise<{ who: Caller; to: string }> {
  const back = await throughProvider(urlOf(await begin(who)), as);
  return { who, to: await arrive(who, back) };
}

async function arrive(who: Caller, back: string): Promise<string> {
  const answer = await who.call(GET, undefined, { path: back.slice(origin.length) });
  expect(answer.status).toBe(302);
  return answer.headers.get("location") ?? "";
}

const roleNow = async (who: Caller) => ((await who.call(meRoute.GET)).body as { actor?: { role: string } }).actor?.role;
const lastRow = async () => (await server.query(server.url, `SELECT action, outcome, "actorName", "targetName", reason FROM audit_entries ORDER BY id DESC LIMIT 1`))[0];

describe("signing in through the identity provider", () => {
  it("gives the role of the strongest group, goes where one wanted to, and stands in the record", async () => {
    const { who, to } = await come("jisoo");
    expect(new URL(to, origin).href).toBe(`${origin}/jobs?x=1`);
    expect((await who.call(meRoute.GET)).body).toMatchObject({ actor: { name: "Jisoo Han", email: "jisoo@example.org", role: "admin" } });
    expect(await lastRow()).toEqual({ action: "session.start", outcome: "succeeded", actorName: "Jisoo Han", targetName: "jisoo@example.org", reason: "By the identity provider, as admin." });
    expect(await database().session.count({ where: { user: { email: "jisoo@example.org" } } })).toBe(1);
  });

  it("takes the role anew from the groups each time, down as well as up", async () => {
    expect(await roleNow((await come("minho")).who)).toBe("operator");
    provider.people.set("minho", { ...people.minho, groups: ["platform"], name: "Minho S." });
    const { who } = await come("minho");
    expect((await who.call(meRoute.GET)).body).toMatchObject({ actor: { role: "admin", name: "Minho S." } });
    provider.people.set("minho", people.minho);
    expect(await roleNow((await come("minho")).who)).toBe("operator");
    expect(await database().user.count({ where: { email: "minho@example.org" } })).toBe(1);
  });

  it("refuses whoever is in no group with a role, in words, with a record and without an account", async () => {
    const { who, to } = await come("guest");
    expect(to).toBe("/sign-in?refused=no_role");
    expect(sayRefused(refusalOf("no_role"))).toMatch(/None of your groups has a role/);
    expect((await who.call(meRoute.GET)).status).toBe(401);
    expect(await database().user.count({ where: { email: "guest@example.org" } })).toBe(0);
    expect(await lastRow()).toMatchObject({ outcome: "denied", actorName: "guest@example.org", reason: expect.stringMatching(/None of your groups/) });
  });

  it("refuses who has lost the group since, at the next time", async () => {
    provider.people.set("minho", { ...people.minho, groups: [] });
    expect((await come("minho")).to).toBe("/sign-in?refused=no_role");
    provider.people.set("minho", people.minho);
  });

  it("refuses a disabled account, whatever its groups", async () => {
    await come("minho");
    await database().user.update({ where: { email: "minho@example.org" }, data: { disabledAt: new Date() } });
    const { who, to } = await come("minho");
    expect(to).toBe("/sign-in?refused=disabled");
    expect((await who.call(meRoute.GET)).status).toBe(401);
    await database().user.update({ where: { email: "minho@example.org" }, data: { disabledAt: null } });
  });

  it("does not take over an account that has a password", async () => {
    const own = await signedIn("viewer");
    const { to } = await come("double");
    expect(to).toBe("/sign-in?refused=account_not_linked");
    expect(await roleNow(own.who)).toBe("viewer");
  });

  it("takes an account over once an administrator has opened it for that: by the confirmed address alone, with its id and history, and never back by the old password", async () => {
    const { who: admin } = await signedIn("admin");
    const turn = (id: string, as = admin) => as.call(turnRoute.POST, {}, { params: { id } });
    const own = await invited(admin, "double@suite.example.org", "operator");
    provider.people.set("double", { email: "double@suite.example.org", name: "Double", groups: ["oncall"], email_verified: false });
    expect((await come("double")).to).toBe("/sign-in?refused=account_not_linked");
    expect((await turn(own.id, (await signedIn("operator")).who)).status).toBe(403);
    expect((await turn(own.id)).status).toBe(200);
    expect(await lastRow()).toMatchObject({ action: "person.turn-to-provider", outcome: "succeeded", targetName: "double@suite.example.org" });
    expect((await own.who.call(meRoute.GET)).status).toBe(401);
    expect((await signInAs("double@suite.example.org", wordFor("double@suite.example.org"))).answer.status).toBe(401);
    expect((await come("double")).to).toBe("/sign-in?refused=address_unconfirmed");
    provider.people.set("double", { email: "double@suite.example.org", name: "Double", groups: ["everyone"] });
    expect((await come("double")).to).toBe("/sign-in?refused=no_role");
    expect((await admin.call(peopleRoute.GET)).body).toMatchObject({ people: expect.arrayContaining([expect.objectContaining({ id: own.id, ways: ["awaits-provider"] })]) });
    provider.people.set("double", { email: "Double@suite.example.org", name: "Double Kim", groups: ["platform"] });
    const { who } = await come("double");
    expect((await who.call(meRoute.GET)).body).toMatchObject({ actor: { id: own.id, name: "Double Kim", email: "double@suite.example.org", role: "admin" } });
    expect(await server.query(server.url, `SELECT action, "targetName" FROM audit_entries ORDER BY id DESC LIMIT 2`)).toEqual([{ action: "session.start", targetName: "double@suite.example.org" }, { action: "person.taken-by-provider", targetName: "double@suite.example.org" }]);
    expect(sayOf(await turn(own.id), 409)).toMatch(/through the organisation already/);
    expect(await roleNow((await come("double")).who)).toBe("admin");
  });

  it("leaves the waiting account to a new password, and the last administrator their own", async () => {
    const { who: admin, id } = await signedIn("admin");
    const own = await invited(admin, "back@suite.example.org", "viewer");
    provider.people.set("back", { email: "back@suite.example.org", name: "Back", groups: ["oncall"] });
    await admin.call(turnRoute.POST, {}, { params: { id: own.id } });
    const { url } = (await admin.call(resetRoute.POST, {}, { params: { id: own.id } })).body as { url: string };
    expect((await caller().call(acceptRoute.POST, { token: tokenOf(url), password: wordFor("back again") })).status).toBe(200);
    expect((await come("back")).to).toBe("/sign-in?refused=account_not_linked");
    expect((await signInAs("back@suite.example.org", wordFor("back again"))).answer.status).toBe(200);
    await database().user.updateMany({ where: { role: "admin", id: { not: id } }, data: { role: "viewer" } });
    expect(sayOf(await admin.call(turnRoute.POST, {}, { params: { id } }), 409)).toMatch(/last administrator/);
  });

  it("refuses who broke it off at the provider, and who has no address there", async () => {
    expect((await come("nobody")).to).toBe("/sign-in?refused=access_denied");
    expect((await come("mute")).to).toBe("/sign-in?refused=email_not_found");
  });

  it("refuses an answer that another browser asked for, one that comes twice, and one made up", async () => {
    const who = visitor();
    const back = await throughProvider(urlOf(await begin(who)), "jisoo");
    const thief = visitor();
    expect(await arrive(thief, back)).toMatch(/^\/sign-in\?refused=/);
    expect((await thief.call(meRoute.GET)).status).toBe(401);
    const second = visitor();
    const own = await throughProvider(urlOf(await begin(second)), "jisoo");
    const cookies = new Map(second.cookies);
    expect(await arrive(second, own)).not.toMatch(/refused/);
    for (const [name, value] of cookies) second.cookies.set(name, value);
    expect(await arrive(second, own)).toMatch(/refused=/);
    expect(await arrive(visitor(), `${redirectUri}?code=made-up&state=made-up`)).toBe("/sign-in?refused=state_mismatch");
    expect(await arrive(visitor(), redirectUri)).toBe("/sign-in?refused=state_mismatch");
  });

  it("takes nothing else of the auth library: no token, no role and no foreign page in the request", async () => {
    expect(sayOf(await begin(visitor(), { then: "https://evil.example" }), 400)).toMatch(/not a page of this console/);
    expect(sayOf(await begin(visitor(), { then: "//evil.example" }), 400)).toMatch(/not a page of this console/);
    const answer = await begin(visitor(), { provider: "oidc", idToken: { token: "x.y.z" }, role: "admin", callbackURL: "https://evil.example" });
    expect(new URL(urlOf(answer)).origin).toBe(provider.issuer);
    expect(Object.keys(answer.body as object)).toEqual(["url"]);
    expect(sayOf(await caller({ origin: "https://evil.example" }).call(POST, {}, { path: "/api/auth/sign-in/social" }), 403)).toMatch(/own pages/);
    for (const at of ["/api/auth/callback/google", "/api/auth/link-social", "/api/auth/sign-up/email", "/api/auth/error"]) expect((await visitor().call(GET, undefined, { path: at })).status).toBe(404);
  });

  it("leaves changing the password to the organisation, in words", async () => {
    const { who } = await come("jisoo");
    expect(sayOf(await who.call(ownPassword.POST, { currentPassword: "x", newPassword: "a long word for nothing" }), 409)).toMatch(/through your organisation/);
  });
});

describe("an identity provider in trouble", () => {
  beforeEach(() => void provider.hang(false));

  it("that puts groups into the ID token is understood as well", async () => {
    await provider.stop();
    provider = await startIdentityProvider({ redirectUri, people, inIdToken: true, after: provider });
    expect(await roleNow((await come("jisoo")).who)).toBe("admin");
  });

  it("is told in a sentence when it hangs, and keeps nobody from signing in by password", async () => {
    provider.hang(true);
    expect(sayOf(await begin(visitor()), 503)).toMatch(/^Your organisation's sign-in at 127\.0\.0\.1:\d+ does not answer\. Sign in with a password/);
    expect((await signedIn("operator")).who.cookies.size).toBeGreaterThan(0);
  });

  it("that goes away between the way there and the way back ends at the sign-in page with the reason", async () => {
    const who = visitor();
    const back = await throughProvider(urlOf(await begin(who)), "jisoo");
    await provider.stop();
    expect(await arrive(who, back)).toBe("/sign-in?refused=unusable");
    expect((await who.call(meRoute.GET)).status).toBe(401);
  });

  it("that is down, is something else, or calls itself otherwise is told in a sentence", async () => {
    expect(sayOf(await begin(visitor()), 503)).toMatch(/does not answer\. Sign in with a password, or try again later\./);
    const { port } = new URL(provider.issuer);
    const other = createServer((socket) => socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"))).listen(Number(port), "127.0.0.1");
    await once(other, "listening");
    expect(sayOf(await begin(visitor()), 503)).toMatch(/does not answer as an identity provider does \(200 to \/\.well-known/);
    await new Promise((done) => other.close(done));
    provider = await startIdentityProvider({ redirectUri, people });
    const told = env().QUARTERDECK_OIDC_ISSUER;
    env().QUARTERDECK_OIDC_ISSUER = provider.issuer.replace("127.0.0.1", "localhost");
    expect(sayOf(await begin(visitor()), 503)).toMatch(/calls itself http:\/\/127\.0\.0\.1:\d+, which is not what QUARTERDECK_OIDC_ISSUER says/);
    env().QUARTERDECK_OIDC_ISSUER = told;
  });
});
