// Which role the groups of an identity provider give.
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
