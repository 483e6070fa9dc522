// Accounts with a password, as better-auth keeps them: made by us, because nobody signs up.
import "server-only";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import { isDuplicate, type Transaction } from "@/lib/adapters/database/client";
import { AppError } from "@/lib/base/errors";
import { database } from "@/lib/runtime";
import { closeForProvider } from "./hand-over";
import type { Role } from "./model";
import { passwordFault } from "./password";

const credential = "credential";

export interface NewAccount { email: string; name: string; role: Role; password: string }

/** Slow on purpose, so it happens before a transaction begins. */
export async function hashGoodPassword(password: string, about: { email: string; name: string }): Promise<string> {
  const fault = passwordFault(password, about);
  if (fault) throw new AppError("invalid", fault);
  return hashPassword(password);
}

export async function createAccount({ email, name, role, hash }: Omit<NewAccount, "password"> & { hash: string }, tx: Transaction): Promise<string> {
  const id = crypto.randomUUID();
  try {
    await tx.user.create({
      data: { id, email: email.toLowerCase(), name, role, emailVerified: true, accounts: { create: { id: crypto.randomUUID(), accountId: id, providerId: credential, password: hash } } },
    });
  } catch (error) {
    if (isDuplicate(error)) throw new AppError("conflict", `There is already an account for ${email}.`, error);
    throw error;
  }
  return id;
}

/** Sets the password, also for someone who had none, and ends every session of theirs but `keepSession`. */
export async function replacePassword(userId: string, hash: string, { tx, keepSession }: { tx: Transaction; keepSession?: string }): Promise<void> {
  const { count } = await tx.account.updateMany({ where: { userId, providerId: credential }, data: { password: hash } });
  if (count === 0) await tx.account.create({ data: { id: crypto.randomUUID(), accountId: userId, providerId: credential, userId, password: hash } });
  await closeForProvider(userId, tx);
  await tx.session.deleteMany({ where: { userId, ...(keepSession ? { id: { not: keepSession } } : {}) } });
}

export async function isPasswordOf(userId: string, password: string): Promise<boolean> {
  const account = await database().account.findFirst({ where: { userId, providerId: credential } });
  return account?.password ? verifyPassword({ hash: account.password, password }) : false;
}

export async function hasPassword(userId: string): Promise<boolean> {
  return (await database().account.count({ where: { userId, providerId: credential, password: { not: null } } })) > 0;
}
