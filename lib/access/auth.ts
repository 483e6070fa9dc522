// better-auth as we use it: passwords and one identity provider, sessions in the database, nothing else.
import "server-only";
import { betterAuth, type BetterAuthOptions } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError } from "better-auth/api";
import type { DBFieldAttribute } from "better-auth/db";
import { genericOAuth } from "better-auth/plugins/generic-oauth";
import { env } from "@/lib/base/env";
import { log } from "@/lib/base/log";
import { database, keep } from "@/lib/runtime";
import { record } from "./audit";
import { roles } from "./model";
import { groupsOf, roleMap, roleOfGroups } from "./oidc";
import { maxPasswordLength, minPasswordLength } from "./password";
import { keyFor } from "./secret";

const sessionSeconds = 12 * 3600;
export const oidcProviderId = "oidc";

/** Not for whoever signs in to set: only verbs and the identity provider's groups change them. */
const additionalFields: Record<string, DBFieldAttribute> = {
  role: { type: [...roles], required: true, input: false, defaultValue: "viewer" },
  disabledAt: { type: "date", required: false, input: false },
};

/** The address at which people reach the console. */
export const consoleOrigin = (): string => new URL(env().QUARTERDECK_URL).origin;

function options() {
  const baseURL = consoleOrigin();
  return {
    appName: "Quarterdeck",
    baseURL,
    basePath: "/api/auth",
    trustedOrigins: [baseURL],
    secret: keyFor("sessions").toString("base64"),
    database: prismaAdapter(database(), { provider: "postgresql", transaction: true }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength, maxPasswordLength },
    user: { additionalFields },
    session: { expiresIn: sessionSeconds, disableSessionRefresh: true, cookieCache: { enabled: false } },
    account: { accountLinking: { enabled: false } },
    rateLimit: { enabled: true, storage: "database", window: 60, max: 300, customRules: { "/sign-in/email": { window: 60, max: 10 }, "/sign-in/social": { window: 60, max: 20 }, "/get-session": false } },
    advanced: { cookiePrefix: "quarterdeck", useSecureCookies: baseURL.startsWith("https:"), defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/" }, database: { generateId: () => crypto.randomUUID() } },
    databaseHooks: { session: { create: { before: refuseDisabled, after: recordSignIn } } },
    plugins: oidc(),
    telemetry: { enabled: false },
    logger: { level: "warn", log: (level, message) => log[level === "error" ? "error" : "debug"]({ from: "better-auth" }, message) },
  } satisfies BetterAuthOptions;
}

async function refuseDisabled({ userId }: { userId: string }): Promise<void> {
  const user = await database().user.findUnique({ where: { id: userId }, select: { disabledAt: true } });
  if (!user || user.disabledAt) throw new APIError("FORBIDDEN", { code: "DISABLED", message: "This account is disabled." });
}

async function recordSignIn({ userId, id, ipAddress }: { userId: string; id: string; ipAddress?: string | null }): Promise<void> {
  const user = await database().user.findUniqueOrThrow({ where: { id: userId } });
  await record({
    actor: { kind: "user", id: user.id, name: user.name, role: user.role, via: id }, address: ipAddress ?? "", requestId: id,
    action: "session.start", target: { kind: "person", name: user.email }, outcome: "succeeded",
  });
}

/** The identity provider of the settings, when there is one. Its groups decide the role at each sign-in; who has none is refused. */
function oidc() {
  const { QUARTERDECK_OIDC_ISSUER: issuer, QUARTERDECK_OIDC_CLIENT_ID: clientId, QUARTERDECK_OIDC_CLIENT_SECRET: clientSecret } = env();
  if (!issuer || !clientId) return [];
  const map = roleMap(env().QUARTERDECK_OIDC_ROLES);
  return [
    genericOAuth({
      config: [{
        providerId: oidcProviderId,
        discoveryUrl: `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
        clientId,
        clientSecret,
        scopes: ["openid", "email", "profile"],
        pkce: true,
        requireIdTokenVerification: true,
        overrideUserInfo: true,
        mapProfileToUser: (profile) => {
          const role = roleOfGroups(map, groupsOf(profile, env().QUARTERDECK_OIDC_GROUPS_CLAIM));
          if (!role) throw new APIError("FORBIDDEN", { code: "NO_ROLE", message: "None of your groups has a role in this console." });
          return { role };
        },
      }],
    }),
  ];
}

export const hasOidc = (): boolean => Boolean(env().QUARTERDECK_OIDC_ISSUER && env().QUARTERDECK_OIDC_CLIENT_ID);

const make = () => betterAuth(options());
export const auth = (): ReturnType<typeof make> => keep("access.auth", make);
