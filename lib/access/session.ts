// Who is asking: a person by the session cookie, a program by its key. Asked anew at every request.
import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/base/errors";
import { database } from "@/lib/runtime";
import { auth } from "./auth";
import { roles, type Actor } from "./model";
import { weakerRole } from "./policy";
import { hashToken } from "./secret";

export interface SignedIn extends Actor {
  /** "" for a key. */
  email: string;
}

/** What we added to better-auth's user. */
const ownFields = z.object({ role: z.enum(roles), disabledAt: z.date().nullish() });

export async function currentActor(headers: Headers): Promise<SignedIn | null> {
  const authorization = headers.get("authorization");
  if (authorization !== null) return actorOfKey(authorization);
  if (!headers.has("cookie")) return null;
  const found = await auth().api.getSession({ headers });
  const standing = ownFields.safeParse(found?.user);
  if (!found || !standing.success || standing.data.disabledAt) return null;
  const { user, session } = found;
  return { kind: "user", id: user.id, name: user.name, role: standing.data.role, via: session.id, email: user.email };
}

export async function requireActor(headers: Headers): Promise<SignedIn> {
  const actor = await currentActor(headers);
  if (!actor) throw new AppError("signed-out", "You are not signed in, or your session has ended. Sign in and try again.");
  return actor;
}

const seenEveryMs = 60_000;

async function actorOfKey(authorization: string): Promise<SignedIn | null> {
  const token = /^Bearer (qd_[\w-]{43})$/.exec(authorization)?.[1];
  if (!token) return null;
  const key = await database().apiKey.findUnique({ where: { hash: hashToken(token) }, include: { owner: true } });
  const now = new Date();
  if (!key || key.revokedAt || key.expiresAt <= now || key.owner.disabledAt) return null;
  if (!key.lastUsedAt || now.getTime() - key.lastUsedAt.getTime() > seenEveryMs) {
    await database().apiKey.update({ where: { id: key.id }, data: { lastUsedAt: now } });
  }
  return { kind: "key", id: key.id, name: `${key.name} (key of ${key.owner.name})`, role: weakerRole(key.role, key.owner.role), via: key.id, email: "" };
}
