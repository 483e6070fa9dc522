// An account with a password that goes over to the identity provider: an administrator opens it for that, and the next sign-in with its confirmed address takes it. Nothing is ever joined by an address alone.
import "server-only";
import { APIError } from "better-auth/api";
import type { Transaction } from "@/lib/adapters/database/client";
import { database } from "@/lib/runtime";
import { record } from "./audit";
import { sayRefused } from "./oidc";

export const oidcProviderId = "oidc";
/** An account that no sign-in can name: its owner's own one is not known yet. */
export const awaitedProviderId = "oidc-awaited";

export type SignInWay = "password" | "provider" | "awaits-provider";

export function waysOf(accounts: readonly { providerId: string }[]): SignInWay[] {
  const has = (providerId: string) => accounts.some((one) => one.providerId === providerId);
  return [...(has("credential") ? ["password" as const] : []), ...(has(oidcProviderId) ? ["provider" as const] : []), ...(has(awaitedProviderId) ? ["awaits-provider" as const] : [])];
}

/** Takes the password, its links and every session away: from here on only the provider lets this person in. */
export async function openForProvider(userId: string, tx: Transaction): Promise<void> {
  await tx.account.deleteMany({ where: { userId, providerId: { in: ["credential", awaitedProviderId] } } });
  await tx.oneTimeLink.updateMany({ where: { kind: "reset", userId, usedAt: null, revokedAt: null }, data: { revokedAt: new Date() } });
  await tx.session.deleteMany({ where: { userId } });
  await tx.account.create({ data: { id: crypto.randomUUID(), accountId: userId, providerId: awaitedProviderId, userId } });
}

/** Whoever gets a password waits for no provider any more. */
export async function closeForProvider(userId: string, tx: Transaction): Promise<void> {
  await tx.account.deleteMany({ where: { userId, providerId: awaitedProviderId } });
}

interface Newcomer { sub: string; email?: string | undefined; emailVerified: boolean }

/** For somebody whom the provider has just vouched for, before it is asked whose account theirs is. */
export async function takeAwaited({ sub, email, emailVerified }: Newcomer): Promise<void> {
  if (email === undefined) return;
  const waiting = await database().account.findFirst({ where: { providerId: awaitedProviderId, user: { email: email.toLowerCase() } }, include: { user: true } });
  if (!waiting || (await database().account.count({ where: { providerId: oidcProviderId, accountId: sub } })) > 0) return;
  if (!emailVerified) throw new APIError("FORBIDDEN", { code: "ADDRESS_UNCONFIRMED", message: sayRefused("address_unconfirmed"), who: email });
  const { count } = await database().account.updateMany({ where: { id: waiting.id, providerId: awaitedProviderId }, data: { providerId: oidcProviderId, accountId: sub } });
  if (count === 0) return;
  await record({
    actor: { kind: "user", id: waiting.userId, name: waiting.user.name, role: waiting.user.role, via: null }, address: "", requestId: crypto.randomUUID(),
    action: "person.taken-by-provider", target: { kind: "person", name: waiting.user.email }, outcome: "succeeded", reason: "The account that an administrator had opened for it belongs to the identity provider's person now.",
  });
}
