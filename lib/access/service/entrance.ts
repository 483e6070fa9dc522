// Coming in for the first time: the first administrator, accounts of the settings, an accepted invitation, a new password. All by one-time links.
import "server-only";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { env } from "@/lib/base/env";
import { AppError, causeText } from "@/lib/base/errors";
import { database } from "@/lib/runtime";
import { createAccount, hashGoodPassword, replacePassword } from "../accounts";
import { record, type Deed } from "../audit";
import { visitorEndpoint, type Visit } from "../endpoint";
import { makeLink, readLink, spendLink } from "../links";
import { roles } from "../model";
import { forgetFailures } from "../throttle";
import { email } from "./people";

const token = z.string().regex(/^[\w-]{43}$/, "is not a token of a link");
const name = z.string().trim().min(1, "is missing").max(80);
const secretWord = z.string().min(1).max(1024);
const setUpMs = 24 * 3600_000;

const anyAdmin = async (): Promise<boolean> => (await database().user.count({ where: { role: "admin" } })) > 0;

/** The address at which the first administrator is made; null when there is one. Earlier links stop working. */
export async function ensureSetUpLink(): Promise<string | null> {
  if (await anyAdmin()) return null;
  await database().oneTimeLink.updateMany({ where: { kind: "set_up", usedAt: null, revokedAt: null }, data: { revokedAt: new Date() } });
  return (await makeLink({ kind: "set_up", role: "admin", expiresAt: new Date(Date.now() + setUpMs) })).url;
}

const seeds = z.array(z.object({ email, name, role: z.enum(roles), password: secretWord }));

/** Makes the accounts of the file that QUARTERDECK_SEED_ACCOUNTS names, where they are missing. */
export async function seedAccounts(): Promise<string[]> {
  const file = env().QUARTERDECK_SEED_ACCOUNTS;
  if (!file) return [];
  const made: string[] = [];
  for (const seed of readSeeds(file)) {
    if (await database().user.findUnique({ where: { email: seed.email } })) continue;
    const hash = await hashGoodPassword(seed.password, seed);
    await database().$transaction((tx) => createAccount({ ...seed, hash }, tx));
    made.push(seed.email);
  }
  return made;
}

function readSeeds(file: string): z.infer<typeof seeds> {
  try {
    return seeds.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new AppError("invalid", `QUARTERDECK_SEED_ACCOUNTS names ${file}, which is not a list of {email, name, role, password}: ${causeText(cause)}`, cause);
  }
}

export const setUp = visitorEndpoint(z.object({ token, email, name, password: secretWord }), async (visit, input) => {
  await readLinkOrRecord(visit, input.token, "set_up");
  const hash = await hashGoodPassword(input.password, input);
  await database().$transaction(async (tx) => {
    await spendLink(input.token, ["set_up"], tx);
    if ((await tx.user.count({ where: { role: "admin" } })) > 0) throw new AppError("gone", "There is an administrator already. Sign in, or ask them for an invitation.");
    const id = await createAccount({ ...input, role: "admin", hash }, tx);
    await record(cameIn(visit, { id, name: input.name, email: input.email, action: "person.set-up" }), tx);
  });
});

/** What a link is for, so that its page can say so. */
export const lookAtLink = visitorEndpoint(z.object({ token }), async (visit, input) => {
  const link = await readLinkOrRecord(visit, input.token, "invite", "reset", "set_up");
  return { kind: link.kind, email: link.email, role: link.role };
});

export const acceptLink = visitorEndpoint(z.object({ token, name: name.optional(), password: secretWord }), async (visit, input) => {
  const link = await readLinkOrRecord(visit, input.token, "invite", "reset");
  const address = link.email ?? "";
  const called = input.name ?? address;
  const hash = await hashGoodPassword(input.password, { email: address, name: called });
  await database().$transaction(async (tx) => {
    const { kind, userId, role } = await spendLink(input.token, ["invite", "reset"], tx);
    if (kind === "reset" && userId) {
      await replacePassword(userId, hash, { tx });
      await record(cameIn(visit, { id: userId, name: address, email: address, action: "person.set-password" }), tx);
      return;
    }
    const id = await createAccount({ email: address, name: called, role: role ?? "viewer", hash }, tx);
    await record(cameIn(visit, { id, name: called, email: address, action: "person.accept-invitation" }), tx);
  });
  await forgetFailures(address);
  return { email: address };
});

async function readLinkOrRecord({ requestId, address }: Visit, word: string, ...kinds: ("invite" | "reset" | "set_up")[]) {
  try {
    return await readLink(word, kinds);
  } catch (error) {
    if (error instanceof AppError) await record({ actor: { kind: "nobody", id: "", name: "", via: null }, requestId, address, action: "link.open", target: { kind: "link", name: kinds.join(" or ") }, outcome: "denied", reason: error.say });
    throw error;
  }
}

function cameIn({ requestId, address }: Visit, who: { id: string; name: string; email: string; action: string }): Deed {
  return { actor: { kind: "user", id: who.id, name: who.name, role: "viewer", via: null }, requestId, address, action: who.action, target: { kind: "person", name: who.email }, outcome: "succeeded" };
}
