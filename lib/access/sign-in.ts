// Signing in by password: the limit by account, better-auth's own check with its limit by address, the record of failures, and an answer without the session's token.
import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/base/errors";
import { record } from "./audit";
import { auth, consoleOrigin } from "./auth";
import { json, visitorEndpoint, type Visit } from "./endpoint";
import { closedForMs, countFailure, forgetFailures } from "./throttle";

const input = z.object({ email: z.string().min(3).max(254), password: z.string().min(1).max(1024) });
type Input = z.infer<typeof input>;

export const signInByPassword = visitorEndpoint(input, signIn);

async function signIn(visit: Visit, { email: typed, password }: Input): Promise<Response> {
  const email = typed.trim().toLowerCase();
  const refuse = async (code: "signed-out" | "too-many" | "forbidden", say: string): Promise<never> => {
    await record({ actor: { kind: "nobody", id: "", name: email, via: null }, ...visit, action: "session.start", target: { kind: "person", name: email }, outcome: "denied", reason: say });
    throw new AppError(code, say);
  };
  const closedMs = await closedForMs(email, Date.now());
  if (closedMs > 0) return refuse("too-many", `Too many wrong passwords for this account. Try again in ${Math.ceil(closedMs / 1000)} seconds.`);
  const answer = await askBetterAuth(visit, { email, password });
  if (answer.ok) {
    await forgetFailures(email);
    return json({ ok: true }, {}, answer.headers.getSetCookie());
  }
  if (answer.status === 429) return refuse("too-many", "Too many sign-ins from this address. Wait a minute and try again.");
  if (answer.status === 403) return refuse("forbidden", "This account is disabled. Ask an administrator.");
  await countFailure(email, Date.now());
  return refuse("signed-out", "The e-mail address or the password is wrong.");
}

/** Through its handler, not its API: only the handler counts by address. */
function askBetterAuth({ headers: given }: Visit, body: Input): Promise<Response> {
  const own = consoleOrigin();
  const headers = new Headers({ "content-type": "application/json", origin: own });
  for (const name of ["x-forwarded-for", "user-agent"]) {
    const value = given.get(name);
    if (value) headers.set(name, value);
  }
  return auth().handler(new Request(new URL("/api/auth/sign-in/email", own), { method: "POST", headers, body: JSON.stringify(body) }));
}
