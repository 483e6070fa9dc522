// One-time links: the first administrator, an invitation, a new password. The token stands in the link's fragment, which no server logs, and only its hash in the database.
import "server-only";
import { type Transaction } from "@/lib/adapters/database/client";
import { AppError } from "@/lib/base/errors";
import { database } from "@/lib/runtime";
import { consoleOrigin } from "./auth";
import type { Role } from "./model";
import { hashToken, newToken } from "./secret";

export type LinkKind = "set_up" | "invite" | "reset";

export interface NewLink {
  kind: LinkKind;
  expiresAt: Date;
  email?: string;
  role?: Role;
  userId?: string;
  createdBy?: string;
}

const pages: Record<LinkKind, string> = { set_up: "/set-up", invite: "/invite", reset: "/invite" };

export async function makeLink(link: NewLink, tx: Transaction = database()): Promise<{ id: string; url: string }> {
  const token = newToken();
  const { id } = await tx.oneTimeLink.create({ data: { ...link, tokenHash: hashToken(token) }, select: { id: true } });
  return { id, url: `${consoleOrigin()}${pages[link.kind]}#${token}` };
}

const stale = () => new AppError("gone", "This link has been used, withdrawn, or has run out. Ask an administrator for a new one.");

const open = (token: string, kinds: readonly LinkKind[]) => ({ tokenHash: hashToken(token), kind: { in: [...kinds] }, usedAt: null, revokedAt: null, expiresAt: { gt: new Date() } });

export async function readLink(token: string, kinds: readonly LinkKind[], tx: Transaction = database()) {
  const link = await tx.oneTimeLink.findFirst({ where: open(token, kinds) });
  if (!link) throw stale();
  return link;
}

/** Marks it used; of two who open it at once, one succeeds. */
export async function spendLink(token: string, kinds: readonly LinkKind[], tx: Transaction) {
  const link = await readLink(token, kinds, tx);
  const { count } = await tx.oneTimeLink.updateMany({ where: open(token, kinds), data: { usedAt: new Date() } });
  if (count !== 1) throw stale();
  return link;
}
