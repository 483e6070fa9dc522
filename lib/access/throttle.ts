// Failed sign-ins by account: after a few, each further one is answered later and later, from whatever address it comes.
import { database } from "@/lib/runtime";
import "server-only";
import { hashToken } from "./secret";
import { blockedForMs, forgottenAfterMs } from "./throttle-rule";

const accountOf = (email: string): string => hashToken(email.trim().toLowerCase());

/** How long this account is still closed, 0 when it is open. */
export async function closedForMs(email: string, now: number): Promise<number> {
  const row = await database().signInThrottle.findUnique({ where: { account: accountOf(email) } });
  return row ? Math.max(0, row.blockedUntil.getTime() - now) : 0;
}

export async function countFailure(email: string, now: number): Promise<void> {
  const account = accountOf(email);
  const at = new Date(now);
  await database().signInThrottle.deleteMany({ where: { account, lastFailureAt: { lt: new Date(now - forgottenAfterMs) } } });
  const { failures } = await database().signInThrottle.upsert({
    where: { account },
    create: { account, failures: 1, lastFailureAt: at, blockedUntil: at },
    update: { failures: { increment: 1 }, lastFailureAt: at },
  });
  await database().signInThrottle.update({ where: { account }, data: { blockedUntil: new Date(now + blockedForMs(failures)) } });
}

export async function forgetFailures(email: string): Promise<void> {
  await database().signInThrottle.deleteMany({ where: { account: accountOf(email) } });
}
