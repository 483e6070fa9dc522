// API keys for programs: never stronger than who makes them, never for ever, shown once.
import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/base/errors";
import { database } from "@/lib/runtime";
import { roles, type Role } from "../model";
import { mayDo, mayGrant } from "../policy";
import { hashToken, newToken } from "../secret";
import { feed, verb } from "../verb";

const dayMs = 24 * 3600_000;
const hintLength = 7;

/** Names repeat; with the beginning of the key, which the list shows too, a key is followed from its making to its end. */
const keyTarget = ({ name, hint }: { name: string; hint: string }) => ({ kind: "key", name: `${name} (${hint}…)` });

export interface KeyRow { id: string; name: string; role: Role; hint: string; owner: string; createdAt: number; expiresAt: number; lastUsedAt: number | null; state: "active" | "expired" | "revoked" | "owner disabled" }

export const apiKeys = feed({
  name: "keys.list",
  permission: "keys.manage",
  input: z.object({}),
  run: async (): Promise<{ keys: KeyRow[] }> => {
    const rows = await database().apiKey.findMany({ orderBy: { createdAt: "desc" }, include: { owner: true }, take: 500 });
    return {
      keys: rows.map((key) => ({
        id: key.id, name: key.name, role: key.role, hint: key.hint, owner: key.owner.name,
        createdAt: key.createdAt.getTime(), expiresAt: key.expiresAt.getTime(), lastUsedAt: key.lastUsedAt?.getTime() ?? null,
        state: key.revokedAt ? "revoked" : key.expiresAt <= new Date() ? "expired" : key.owner.disabledAt ? "owner disabled" : "active",
      })),
    };
  },
});

export const createKey = verb({
  name: "key.create",
  permission: "keys.manage",
  input: z.object({ name: z.string().trim().min(1).max(80), role: z.enum(roles), expiresInDays: z.number().int().min(1).max(365) }),
  target: ({ name }) => ({ kind: "key", name }),
  run: async ({ actor }, { name, role, expiresInDays }) => {
    if (actor.kind !== "user") throw new AppError("forbidden", "A key cannot make keys. Sign in and make it in the console.");
    if (!mayGrant(actor.role, role)) throw new AppError("forbidden", `A key cannot be stronger than who makes it; you are ${actor.role}.`);
    const token = `qd_${newToken()}`;
    const { id } = await database().apiKey.create({
      data: { name, role, hash: hashToken(token), hint: token.slice(0, hintLength), ownerId: actor.id, expiresAt: new Date(Date.now() + expiresInDays * dayMs) },
      select: { id: true },
    });
    return { id, key: token };
  },
  made: ({ name }, { key }) => keyTarget({ name, hint: key.slice(0, hintLength) }),
});

export const revokeKey = verb({
  name: "key.revoke",
  permission: "keys.manage",
  input: z.object({ id: z.string().min(1).max(100) }),
  target: async ({ id }) => {
    const known = await database().apiKey.findUnique({ where: { id }, select: { name: true, hint: true } });
    return known ? keyTarget(known) : { kind: "key", name: id };
  },
  run: async ({ actor }, { id }) => {
    const { count } = await database().apiKey.updateMany({ where: { id, revokedAt: null, ...(mayDo(actor.role, "people.manage") ? {} : { ownerId: actor.id }) }, data: { revokedAt: new Date() } });
    if (count === 0) throw new AppError("gone", "There is no such key, or it has been revoked already.");
  },
});
