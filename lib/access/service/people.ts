// Who may come in: inviting, roles, disabling, new passwords, signing out everywhere. The last administrator cannot be lost.
import "server-only";
import { z } from "zod";
import { type Transaction } from "@/lib/adapters/database/client";
import { AppError } from "@/lib/base/errors";
import { database } from "@/lib/runtime";
import { awaitedProviderId, oidcProviderId, openForProvider, waysOf, type SignInWay } from "../hand-over";
import { makeLink } from "../links";
import { roles, type Role } from "../model";
import { hasOidc } from "../provider";
import { feed, verb } from "../verb";

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email("is not an e-mail address"));
const person = z.object({ id: z.string().min(1).max(100) });
/** By the address, as in the record of invitations and sign-ins. */
const personTarget = async ({ id }: { id: string }) => ({ kind: "person", name: (await database().user.findUnique({ where: { id } }))?.email ?? id });
const hourMs = 3600_000;
const resetMs = 24 * hourMs;

export interface PersonRow { id: string; name: string; email: string; role: Role; disabled: boolean; sessions: number; lastSignInAt: number | null; createdAt: number; ways: SignInWay[] }
export interface InvitationRow { id: string; email: string; role: Role; createdBy: string; expiresAt: number }

export const people = feed({
  name: "people.list",
  permission: "people.manage",
  input: z.object({}),
  run: async (): Promise<{ people: PersonRow[]; invitations: InvitationRow[]; provider: boolean }> => {
    const now = new Date();
    const [users, links] = await Promise.all([
      database().user.findMany({ orderBy: { name: "asc" }, include: { sessions: { where: { expiresAt: { gt: now } }, select: { createdAt: true } }, accounts: { select: { providerId: true } } } }),
      database().oneTimeLink.findMany({ where: { kind: "invite", usedAt: null, revokedAt: null, expiresAt: { gt: now } }, orderBy: { createdAt: "desc" } }),
    ]);
    return {
      people: users.map(({ id, name, email: address, role, disabledAt, sessions, createdAt, accounts }) => ({
        id, name, email: address, role, disabled: disabledAt !== null, sessions: sessions.length, createdAt: createdAt.getTime(), ways: waysOf(accounts),
        lastSignInAt: sessions.length > 0 ? Math.max(...sessions.map((session) => session.createdAt.getTime())) : null,
      })),
      invitations: links.map((link) => ({ id: link.id, email: link.email ?? "", role: link.role ?? "viewer", createdBy: link.createdBy ?? "", expiresAt: link.expiresAt.getTime() })),
      provider: hasOidc(),
    };
  },
});

export const invitePerson = verb({
  name: "person.invite",
  permission: "people.manage",
  input: z.object({ email, role: z.enum(roles), expiresInHours: z.number().int().min(1).max(30 * 24).default(72) }),
  target: (input) => ({ kind: "person", name: input.email }),
  run: async ({ actor }, input) => {
    if (await database().user.findUnique({ where: { email: input.email } })) throw new AppError("conflict", `There is already an account for ${input.email}. Change its role, or make a link for a new password.`);
    await database().oneTimeLink.updateMany({ where: { kind: "invite", email: input.email, usedAt: null, revokedAt: null }, data: { revokedAt: new Date() } });
    return makeLink({ kind: "invite", email: input.email, role: input.role, createdBy: actor.name, expiresAt: new Date(Date.now() + input.expiresInHours * hourMs) });
  },
});

export const withdrawInvitation = verb({
  name: "person.withdraw-invitation",
  permission: "people.manage",
  input: person,
  target: async ({ id }) => ({ kind: "invitation", name: (await database().oneTimeLink.findUnique({ where: { id } }))?.email ?? id }),
  run: async (_ctx, { id }) => {
    const { count } = await database().oneTimeLink.updateMany({ where: { id, kind: "invite", usedAt: null, revokedAt: null }, data: { revokedAt: new Date() } });
    if (count === 0) throw new AppError("gone", "This invitation has been accepted or withdrawn already.");
  },
});

export const changeRole = verb({
  name: "person.change-role",
  permission: "people.manage",
  input: person.extend({ role: z.enum(roles) }),
  target: personTarget,
  run: (_ctx, { id, role }) => changePerson(id, async (tx, user) => {
    if (user.role === "admin" && role !== "admin") await keepAnAdmin(tx, id);
    await tx.user.update({ where: { id }, data: { role } });
  }),
});

export const disablePerson = verb({
  name: "person.disable",
  permission: "people.manage",
  input: person,
  target: personTarget,
  run: (_ctx, { id }) => changePerson(id, async (tx) => {
    await keepAnAdmin(tx, id);
    await tx.user.update({ where: { id }, data: { disabledAt: new Date() } });
    await tx.session.deleteMany({ where: { userId: id } });
  }),
});

export const enablePerson = verb({
  name: "person.enable",
  permission: "people.manage",
  input: person,
  target: personTarget,
  run: (_ctx, { id }) => changePerson(id, async (tx) => void (await tx.user.update({ where: { id }, data: { disabledAt: null } }))),
});

export const makeResetLink = verb({
  name: "person.reset-password",
  permission: "people.manage",
  input: person,
  target: personTarget,
  run: async ({ actor }, { id }) => {
    const user = await database().user.findUnique({ where: { id } });
    if (!user) throw noPerson();
    await database().oneTimeLink.updateMany({ where: { kind: "reset", userId: id, usedAt: null, revokedAt: null }, data: { revokedAt: new Date() } });
    return makeLink({ kind: "reset", userId: id, email: user.email, createdBy: actor.name, expiresAt: new Date(Date.now() + resetMs) });
  },
});

export const signOutEverywhere = verb({
  name: "person.sign-out-everywhere",
  permission: "people.manage",
  input: person,
  target: personTarget,
  run: async (_ctx, { id }) => ({ ended: (await database().session.deleteMany({ where: { userId: id } })).count }),
});

/** The way for whoever has a password and should come by the organisation from now on. */
export const turnToProvider = verb({
  name: "person.turn-to-provider",
  permission: "people.manage",
  input: person,
  target: personTarget,
  run: (_ctx, { id }) => changePerson(id, async (tx) => {
    if (!hasOidc()) throw new AppError("conflict", "The console has no identity provider. Set QUARTERDECK_OIDC_ISSUER and its client first.");
    if ((await tx.account.count({ where: { userId: id, providerId: oidcProviderId } })) > 0) throw new AppError("conflict", "This person signs in through the organisation already.");
    await keepAnAdmin(tx, id);
    await openForProvider(id, tx);
  }),
});

const noPerson = () => new AppError("not-found", "There is no such person. Reload the list.");
/** Changes to who is an administrator happen one after the other. */
const peopleLock = 7_361_904_252n;

function changePerson(id: string, change: (tx: Transaction, user: { role: Role; disabledAt: Date | null }) => Promise<void>): Promise<void> {
  return database().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${peopleLock})`;
    const user = await tx.user.findUnique({ where: { id } });
    if (!user) throw noPerson();
    await change(tx, user);
  });
}

async function keepAnAdmin(tx: Transaction, without: string): Promise<void> {
  const others = await tx.user.count({ where: { role: "admin", disabledAt: null, id: { not: without }, accounts: { some: { providerId: { not: awaitedProviderId } } } } });
  if (others === 0) throw new AppError("conflict", "This is the last administrator who can sign in. Make somebody else an administrator first.");
}
