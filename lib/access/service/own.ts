// What everyone may do about themselves: see who they are, change their password.
import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/base/errors";
import { database } from "@/lib/runtime";
import { hashGoodPassword, hasPassword, isPasswordOf, replacePassword } from "../accounts";
import { permissionsOf } from "../policy";
import { closedForMs, countFailure } from "../throttle";
import { feed, verb } from "../verb";

export const me = feed({
  name: "me",
  permission: null,
  input: z.object({}),
  run: async ({ actor }) => {
    const user = actor.kind === "user" ? await database().user.findUnique({ where: { id: actor.id }, select: { email: true } }) : null;
    return { actor: { kind: actor.kind, id: actor.id, name: actor.name, role: actor.role, ...(user ? { email: user.email } : {}) }, permissions: permissionsOf(actor.role) };
  },
});

export const changeOwnPassword = verb({
  name: "me.change-password",
  permission: null,
  input: z.object({ currentPassword: z.string().min(1).max(1024), newPassword: z.string().min(1).max(1024) }),
  target: () => ({ kind: "person", name: "self" }),
  run: async ({ actor }, { currentPassword, newPassword }) => {
    const user = actor.kind === "user" ? await database().user.findUnique({ where: { id: actor.id } }) : null;
    if (!user) throw new AppError("forbidden", "Only a person who is signed in has a password.");
    if ((await closedForMs(user.email, Date.now())) > 0) throw new AppError("too-many", "Too many wrong passwords for this account. Wait a few minutes.");
    if (!(await hasPassword(user.id))) throw new AppError("conflict", "You sign in through your organisation; the console holds no password of yours. Change it there.");
    if (!(await isPasswordOf(user.id, currentPassword))) {
      await countFailure(user.email, Date.now());
      throw new AppError("invalid", "The present password is wrong.");
    }
    const hash = await hashGoodPassword(newPassword, user);
    await database().$transaction((tx) => replacePassword(user.id, hash, { tx, ...(actor.via ? { keepSession: actor.via } : {}) }));
  },
});
