// better-auth as we use it: passwords, sessions in the database, nothing else. What the identity provider adds stands in provider.ts.
import "server-only";
import { betterAuth, type BetterAuthOptions } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError } from "better-auth/api";
import type { DBFieldAttribute } from "better-auth/db";
import { env } from "@/lib/base/env";
import { log } from "@/lib/base/log";
import { database, keep } from "@/lib/runtime";
import { record } from "./audit";
import { roles } from "./model";
import { maxPasswordLength, minPasswordLength } from "./password";
import { keyFor } from "./secret";

const sessionSeconds = 12 * 3600;

/** The address at which people reach the console. */
export const consoleOrigin = (): string => new URL(env().QUARTERDECK_URL).origin;

/** `roleGiven`: the role comes with whoever signs in, by word of the identity provider. Otherwise only verbs change it. */
export function authOptions({ roleGiven }: { roleGiven: boolean }) {
  const baseURL = consoleOrigin();
  const additionalFields: Record<string, DBFieldAttribute> = {
    role: { type: [...roles], required: true, input: roleGiven, defaultValue: "viewer" },
    disabledAt: { type: "date", required: false, input: false },
  };
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
    databaseHooks: { session: { create: { before: refuseDisabled, after: (session) => recordSignIn(session, roleGiven) } } },
    telemetry: { enabled: false },
    logger: { level: "warn", log: (level, message, ...more) => log[level === "error" ? "error" : "debug"]({ from: "better-auth", cause: more.find((one) => one instanceof Error)?.message }, message) },
  } satisfies BetterAuthOptions;
}

async function refuseDisabled({ userId }: { userId: string }): Promise<void> {
  const user = await database().user.findUnique({ where: { id: userId }, select: { disabledAt: true } });
  if (!user || user.disabledAt) throw new APIError("FORBIDDEN", { code: "DISABLED", message: "This account is disabled." });
}

async function recordSignIn({ userId, id, ipAddress }: { userId: string; id: string; ipAddress?: string | null }, roleGiven: boolean): Promise<void> {
  const user = await database().user.findUniqueOrThrow({ where: { id: userId } });
  await record({
    actor: { kind: "user", id: user.id, name: user.name, role: user.role, via: id }, address: ipAddress ?? "", requestId: id,
    action: "session.start", target: { kind: "person", name: user.email }, outcome: "succeeded", ...(roleGiven ? { reason: `By the identity provider, as ${user.role}.` } : {}),
  });
}

const make = () => betterAuth(authOptions({ roleGiven: false }));
export const auth = (): ReturnType<typeof make> => keep("access.auth", make);
