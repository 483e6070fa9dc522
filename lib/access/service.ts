// The door of access: people, keys, the record, oneself, and coming in for the first time.
import "server-only";

export { apiKeys, createKey, revokeKey } from "./service/keys";
export { auditEntries, denialCounts, exportAudit } from "./service/record";
export { changeOwnPassword, me } from "./service/own";
export { acceptLink, ensureSetUpLink, lookAtLink, seedAccounts, setUp } from "./service/entrance";
export { changeRole, disablePerson, enablePerson, invitePerson, makeResetLink, people, signOutEverywhere, turnToProvider, withdrawInvitation } from "./service/people";
export { authDoor } from "./doors";
export { hasOidc } from "./provider";
export { refusalOf, sayRefused } from "./oidc";
export { readiness } from "./ready";
