// What an identity provider's word means here: which role its groups give, and why somebody was refused.
import { AppError } from "@/lib/base/errors";
import { roles, type Role } from "./model";

export type RoleMap = ReadonlyMap<string, Role>;

/** Reads "platform=admin,oncall=operator". Undefined: everyone whom the provider lets in is a viewer. */
export function roleMap(text: string | undefined): RoleMap | null {
  if (text === undefined) return null;
  return new Map(text.split(",").filter((part) => part.trim() !== "").map((part) => {
    const at = part.lastIndexOf("=");
    const role = roles.find((one) => one === part.slice(at + 1).trim());
    if (at <= 0 || !role) throw new AppError("invalid", `QUARTERDECK_OIDC_ROLES is written group=role,group=role with the roles ${roles.join(", ")}; "${part}" is not.`);
    return [part.slice(0, at).trim(), role];
  }));
}

export function groupsOf(profile: Record<string, unknown>, claim: string): string[] {
  const value = profile[claim];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : typeof value === "string" ? [value] : [];
}

/** The strongest role that a group gives; null when none gives one. */
export function roleOfGroups(map: RoleMap | null, groups: readonly string[]): Role | null {
  if (map === null) return "viewer";
  const given = groups.flatMap((group) => map.get(group) ?? []);
  return given.sort((a, b) => roles.indexOf(b) - roles.indexOf(a))[0] ?? null;
}

const refusals = {
  no_role: "None of your groups has a role in this console. Ask an administrator to give one of them a role.",
  disabled: "This account is disabled. Ask an administrator.",
  account_not_linked: "There is already an account with a password for your e-mail address. Sign in with that password, or ask an administrator to turn the account to your organisation's sign-in.",
  address_unconfirmed: "Your organisation's sign-in does not confirm that the e-mail address is yours, so that the account which waits for it is not given to you. Ask an administrator.",
  access_denied: "The sign-in was broken off at the identity provider. Begin it again, or sign in with a password.",
  email_not_found: "The identity provider does not tell your e-mail address, without which nobody is known here. Ask an administrator to let it be told.",
  state_mismatch: "The sign-in took too long, or was begun in another browser. Begin it again.",
  unusable: "The identity provider did not confirm the sign-in. Begin it again; if it stays so, an administrator finds the reason in the console's log.",
} as const;
export type Refusal = keyof typeof refusals;

const isRefusal = (word: string): word is Refusal => Object.hasOwn(refusals, word);

/** Codes of better-auth and of the protocol, in whatever case; what is not known is `unusable`. */
export function refusalOf(code: string | null): Refusal {
  const word = code?.toLowerCase() ?? "";
  return isRefusal(word) ? word : word.startsWith("state_") || word === "please_restart_the_process" ? "state_mismatch" : "unusable";
}

export function sayRefused(refusal: Refusal): string {
  return refusals[refusal];
}
