// Who signs: the account's own user with the keys made at start, and roles with the keys that the metadata service hands to instances.
import { randomBytes } from "node:crypto";
import type { Caller } from "./action.ts";
import { hexOf, iso, type Cloud } from "./cloud.ts";
import { roleNameOf } from "./ec2/instances.ts";
import type { Credential } from "./signature.ts";
import type { Session } from "./state.ts";

export interface UserKeys { accessKeyId: string; secretAccessKey: string }

export const userName = "quarterdeck";

/** No real key looks like this one, so that it can never reach a real account; the secret is of this start alone. */
export function makeUserKeys(secret?: string): UserKeys {
  return { accessKeyId: "sandbox", secretAccessKey: secret ?? randomBytes(30).toString("base64url") };
}

/** Signatures are of real time, and the account's may be put ahead of it. */
export function credentialsOf({ state, settings, aheadMs }: Cloud, keys: UserKeys): Credential[] {
  const user: Credential = { ...keys, sessionToken: null, expiresAtMs: settings.userKeys === "expired" ? 0 : null, roleName: null };
  const sessions = Object.values(state.sessions).map(({ accessKeyId, secretAccessKey, token, roleName, expiresAtMs }): Credential => ({ accessKeyId, secretAccessKey, sessionToken: token, expiresAtMs: expiresAtMs - aheadMs, roleName }));
  return settings.userKeys === "deleted" ? sessions : [user, ...sessions];
}

/** Sources: "GetCallerIdentity", STS API reference; "IAM identifiers": AIDA for a user, AROA and the session's name for a role. */
export function callerOf({ state }: Cloud, credential: Credential): Caller {
  const session = state.sessions[credential.accessKeyId];
  if (!session) return { kind: "user", name: userName, sessionName: "", arn: `arn:aws:iam::${state.accountId}:user/${userName}`, id: `AIDA${userName.toUpperCase().padEnd(17, "X")}` };
  const role = Object.values(state.role).find(({ name }) => name === session.roleName);
  return { kind: "role", name: session.roleName, sessionName: session.sessionName, arn: `arn:aws:sts::${state.accountId}:assumed-role/${session.roleName}/${session.sessionName}`, id: `${role?.id ?? "AROAUNKNOWN"}:${session.sessionName}` };
}

const sessionMs = 6 * 3600_000;

/** As the metadata service shows them under security-credentials/<role> (source: "Retrieve security credentials from instance metadata", EC2 User Guide). */
export interface RoleCredentials { Code: "Success"; LastUpdated: string; Type: "AWS-HMAC"; AccessKeyId: string; SecretAccessKey: string; Token: string; Expiration: string }

export function instanceCredentials(cloud: Cloud, instanceId: string): RoleCredentials | null {
  const instance = cloud.state.instance[instanceId];
  const roleName = instance ? roleNameOf(cloud, instance) : null;
  if (!instance || roleName === null || instance.state === "terminated" || instance.state === "shutting-down") return null;
  const now = cloud.clock.nowMs();
  const before = Object.values(cloud.state.sessions).find((one) => one.sessionName === instanceId && one.roleName === roleName && one.expiresAtMs > now + sessionMs / 2);
  const session = before ?? newSession(cloud, { roleName, sessionName: instanceId, expiresAtMs: now + sessionMs });
  return { Code: "Success", LastUpdated: iso(session.expiresAtMs - sessionMs), Type: "AWS-HMAC", AccessKeyId: session.accessKeyId, SecretAccessKey: session.secretAccessKey, Token: session.token, Expiration: iso(session.expiresAtMs) };
}

function newSession(cloud: Cloud, given: Pick<Session, "roleName" | "sessionName" | "expiresAtMs">): Session {
  const accessKeyId = `ASIASANDBOX${hexOf(cloud, "session").slice(0, 9).toUpperCase()}`;
  const session: Session = { ...given, accessKeyId, secretAccessKey: randomBytes(30).toString("base64url"), token: randomBytes(60).toString("base64url") };
  cloud.state.sessions[accessKeyId] = session;
  return session;
}
