// IAM's names, paths and ARNs, and how it says that a thing is not there. Source: "IAM identifiers", IAM User Guide; "Common Errors" of each action, IAM API reference.
import { hexOf, type Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { required, type Parameters } from "../query.ts";
import type { InstanceProfile, ManagedPolicy, Role, State } from "../state.ts";

export function nameIn(parameters: Parameters, parameter: string): string {
  const name = required(parameters, parameter);
  const most = parameter === "RoleName" ? 64 : 128;
  if (name.length > most || !/^[\w+=,.@-]+$/.test(name)) {
    throw new AwsError("ValidationError", `1 validation error detected: Value '${name}' at '${parameter.charAt(0).toLowerCase()}${parameter.slice(1)}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+ and have length less than or equal to ${most}`);
  }
  return name;
}

export function pathIn(parameters: Parameters): string {
  const path = parameters.get("Path") ?? "/";
  if (path.length > 512 || !/^\/([\x21-\x7e]+\/)?$/.test(path)) throw new AwsError("ValidationError", "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.");
  return path;
}

/** Source: "IAM identifiers", unique ids: AROA for a role, AIPA for an instance profile, ANPA for a policy. */
export function uniqueId(cloud: Cloud, prefix: "AROA" | "AIPA" | "ANPA"): string {
  return `${prefix}${BigInt(`0x${hexOf(cloud, prefix).slice(0, 24)}`).toString(36).toUpperCase().padStart(17, "A").slice(0, 17)}`;
}

export function roleArn({ accountId }: State, role: Pick<Role, "path" | "name">): string {
  return `arn:aws:iam::${accountId}:role${role.path}${role.name}`;
}

/** Names are unique in the account whatever the path, and compared without case. */
export function findNamed<T extends { name: string }>(kept: Record<string, T>, name: string): T | undefined {
  return Object.values(kept).find((one) => one.name.toLowerCase() === name.toLowerCase());
}

export function needRole({ state }: Cloud, parameters: Parameters): Role {
  const name = nameIn(parameters, "RoleName");
  const role = findNamed(state.role, name);
  if (!role) throw new AwsError("NoSuchEntity", `The role with name ${name} cannot be found.`, 404);
  return role;
}

export function needProfile({ state }: Cloud, parameters: Parameters): InstanceProfile {
  const name = nameIn(parameters, "InstanceProfileName");
  const profile = findNamed(state.profile, name);
  if (!profile) throw new AwsError("NoSuchEntity", `Instance Profile ${name} cannot be found.`, 404);
  return profile;
}

export function needPolicy({ state }: Cloud, arn: string): ManagedPolicy {
  const policy = Object.values(state.policy).find((one) => one.arn === arn);
  if (!policy) throw new AwsError("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`, 404);
  return policy;
}

/** Sources: CreateRole, PutRolePolicy: MalformedPolicyDocument (400). */
export function checkedDocument(text: string, kind: "identity" | "trust"): string {
  const wrong = new AwsError("MalformedPolicyDocument", kind === "trust" ? "This policy contains invalid Json" : "Syntax errors in policy.");
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw wrong;
  }
  if (typeof document !== "object" || document === null || !("Statement" in document)) throw wrong;
  const statements: unknown[] = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  const whole = statements.every((one) => typeof one === "object" && one !== null && "Effect" in one && (one.Effect === "Allow" || one.Effect === "Deny") && ("Action" in one || "NotAction" in one) && (kind === "trust" ? "Principal" in one : "Resource" in one || "NotResource" in one));
  if (!whole) throw wrong;
  return text;
}

/** Documents are shown URL-encoded (source: "GetRolePolicy", IAM API reference: RFC 3986). */
export function shownDocument(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export interface ListPage<T> { members: T[]; marker: string | null }

export function pageIn<T>(parameters: Parameters, found: T[]): ListPage<T> {
  const marker = parameters.get("Marker") ?? "0";
  if (!/^\d+$/.test(marker)) throw new AwsError("ValidationError", "Invalid Marker.");
  const [start, size] = [Number(marker), Number(parameters.get("MaxItems") ?? 100)];
  return { members: found.slice(start, start + size), marker: start + size < found.length ? String(start + size) : null };
}
