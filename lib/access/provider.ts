// The identity provider of the settings: whether it answers, signing in through it, and the way back, with a sentence for whoever is refused.
import "server-only";
import { betterAuth } from "better-auth";
import { APIError } from "better-auth/api";
import { genericOAuth } from "better-auth/plugins/generic-oauth";
import { z } from "zod";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { keep } from "@/lib/runtime";
import { record } from "./audit";
import { authOptions, consoleOrigin } from "./auth";
import { addressOf, json, visitorEndpoint, type Visit } from "./endpoint";
import { oidcProviderId, takeAwaited } from "./hand-over";
import { groupsOf, refusalOf, roleMap, roleOfGroups, sayRefused } from "./oidc";

const answerMs = 5000;
const refusedPage = "/sign-in";

export const hasOidc = (): boolean => Boolean(env().QUARTERDECK_OIDC_ISSUER && env().QUARTERDECK_OIDC_CLIENT_ID);

const issuer = (): string => (env().QUARTERDECK_OIDC_ISSUER ?? "").replace(/\/$/, "");
const discoveryUrl = (): string => `${issuer()}/.well-known/openid-configuration`;
const discovery = z.object({ issuer: z.string(), authorization_endpoint: z.url(), token_endpoint: z.url(), jwks_uri: z.url(), userinfo_endpoint: z.url().optional() });

/** Asked at each sign-in, so that whoever would be sent to a provider that is down is told instead. */
async function askProvider(): Promise<z.infer<typeof discovery>> {
  const unusable = (why: string, cause?: unknown) => new AppError("unavailable", `Your organisation's sign-in at ${new URL(issuer()).host} ${why}. Sign in with a password, or try again later.`, cause);
  const signal = AbortSignal.timeout(answerMs);
  const look = () => fetch(discoveryUrl(), { signal });
  // A second look, because a connection kept from the last sign-in may have been closed meanwhile.
  const answer = await look().catch(look).catch((cause: unknown) => {
    throw unusable("does not answer", cause);
  });
  const parsed = discovery.safeParse(answer.ok ? await answer.json().catch(() => null) : null);
  if (!parsed.success) throw unusable(`does not answer as an identity provider does (${answer.status} to ${new URL(discoveryUrl()).pathname})`);
  if (parsed.data.issuer.replace(/\/$/, "") !== issuer()) throw unusable(`calls itself ${parsed.data.issuer}, which is not what QUARTERDECK_OIDC_ISSUER says`);
  return parsed.data;
}

interface Tokens { idToken?: string | undefined; accessToken?: string | undefined }
const claims = z.looseObject({ sub: z.string(), email: z.string().optional(), name: z.string().optional(), preferred_username: z.string().optional(), email_verified: z.union([z.boolean(), z.string()]).optional() });

/** What the provider says of a person: some put groups into the ID token, which better-auth has verified, some only into userinfo. */
async function profileOf({ idToken, accessToken }: Tokens) {
  const told = claims.parse(JSON.parse(Buffer.from(idToken?.split(".")[1] ?? "", "base64url").toString("utf8")));
  const { userinfo_endpoint: at } = await askProvider();
  const more = at && accessToken ? claims.parse(await (await fetch(at, { headers: { authorization: `Bearer ${accessToken}` }, signal: AbortSignal.timeout(answerMs) })).json()) : told;
  if (more.sub !== told.sub) throw new Error("userinfo is about somebody else than the ID token");
  const { sub, email, ...all } = { ...more, ...told };
  const address = email ?? more.email;
  return { ...all, id: sub, sub, email: address, name: all.name ?? all.preferred_username ?? address ?? sub, emailVerified: String(all.email_verified) === "true" };
}

/** The groups decide the role at each sign-in; who has none is refused. Who has one may take the account that waits for them. */
async function standingOf(profile: Record<string, unknown>) {
  const role = roleOfGroups(roleMap(env().QUARTERDECK_OIDC_ROLES), groupsOf(profile, env().QUARTERDECK_OIDC_GROUPS_CLAIM));
  if (!role) throw new APIError("FORBIDDEN", { code: "NO_ROLE", message: sayRefused("no_role"), who: profile["email"] });
  await takeAwaited(newcomer.parse(profile));
  return { role };
}

const newcomer = z.object({ sub: z.string(), email: z.string().optional(), emailVerified: z.boolean() });

/** Beside the one for passwords, so that a provider which hangs holds up nobody else. */
const make = () => betterAuth({
  ...authOptions({ roleGiven: true }),
  onAPIError: { errorURL: refusedPage },
  plugins: [genericOAuth({
    config: [{
      providerId: oidcProviderId, discoveryUrl: discoveryUrl(), clientId: env().QUARTERDECK_OIDC_CLIENT_ID ?? "", clientSecret: env().QUARTERDECK_OIDC_CLIENT_SECRET,
      scopes: env().QUARTERDECK_OIDC_SCOPES.split(/\s+/), pkce: true, requireIdTokenVerification: true, overrideUserInfo: true, getUserInfo: profileOf, mapProfileToUser: standingOf,
    }],
  })],
});
const providerAuth = (): ReturnType<typeof make> => keep("access.provider-auth", make);

const input = z.object({ then: z.string().max(2000).regex(/^\/(?![/\\])/, "is not a page of this console").default("/") });

export const signInByProvider = visitorEndpoint(input, signIn);

async function signIn({ headers: given }: Visit, { then }: z.infer<typeof input>): Promise<Response> {
  await askProvider();
  const headers = new Headers({ "content-type": "application/json", origin: consoleOrigin() });
  for (const name of ["x-forwarded-for", "user-agent"]) if (given.has(name)) headers.set(name, given.get(name) ?? "");
  const body = JSON.stringify({ provider: oidcProviderId, callbackURL: then, errorCallbackURL: refusedPage, disableRedirect: true });
  const answer = await providerAuth().handler(new Request(`${consoleOrigin()}/api/auth/sign-in/social`, { method: "POST", headers, body }));
  if (answer.status === 429) throw new AppError("too-many", "Too many sign-ins from this address. Wait a minute and try again.");
  const told = z.object({ url: z.url() }).safeParse(await answer.json().catch(() => null));
  if (!told.success) throw new AppError("unavailable", sayRefused("unusable"), new Error(`better-auth answered ${answer.status}`));
  return json({ url: told.data.url }, {}, answer.headers.getSetCookie());
}

/** Where the provider sends people back to: signed in, or to the sign-in page with the reason. */
export async function comeBack(request: Request): Promise<Response> {
  const answer = await providerAuth().handler(request);
  const refused = await refusalIn(answer);
  const headers = new Headers({ location: refused ? `${refusedPage}?refused=${refused.code}` : (answer.headers.get("location") ?? "/"), "cache-control": "private, no-store" });
  for (const cookie of answer.headers.getSetCookie()) headers.append("set-cookie", cookie);
  if (refused) await record({ actor: { kind: "nobody", id: "", name: refused.who, via: null }, address: addressOf(request.headers), requestId: crypto.randomUUID(), action: "session.start", target: { kind: "person", name: refused.who || "by the identity provider" }, outcome: "denied", reason: sayRefused(refused.code) });
  return new Response(null, { status: 302, headers });
}

const fault = z.object({ code: z.string(), who: z.string().optional() });

async function refusalIn(answer: Response): Promise<{ code: ReturnType<typeof refusalOf>; who: string } | null> {
  const location = answer.headers.get("location");
  if (location !== null) {
    const to = new URL(location, consoleOrigin());
    return to.pathname === refusedPage ? { code: refusalOf(to.searchParams.get("error")), who: "" } : null;
  }
  const told = fault.safeParse(await answer.json().catch(() => null));
  return { code: refusalOf(told.data?.code ?? null), who: told.data?.who ?? "" };
}
