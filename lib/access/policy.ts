// Which role may do what: the whole of it, on one page.
import { permissions, roles, type Permission, type Role } from "./model";

const viewer: readonly Permission[] = ["cluster.read", "pod.logs", "job.read", "provisioning.read"];
/** An operator builds, because what is built can be taken down again and its cost is shown before; taking down loses data for good, and is for administrators. */
const operator: readonly Permission[] = [...viewer, "policy.edit", "health.silence", "node.cordon", "node.drain", "pod.delete", "job.run", "audit.read", "provisioning.edit", "provisioning.build", "rollout.act", "deployment.act", "deployment.freeze", "deployment.report", "canary.edit", "alert.silence", "status.publish", "incident.write"];

const granted: Record<Role, ReadonlySet<Permission>> = {
  viewer: new Set(viewer),
  operator: new Set(operator),
  admin: new Set(permissions),
};

export function mayDo(role: Role, permission: Permission): boolean {
  return granted[role].has(permission);
}

export function permissionsOf(role: Role): Permission[] {
  return permissions.filter((permission) => mayDo(role, permission));
}

/** Of two roles, the one that may do less. */
export function weakerRole(a: Role, b: Role): Role {
  return roles.indexOf(a) <= roles.indexOf(b) ? a : b;
}

/** Whether someone with `own` may hand out `wanted`: nobody gives what they do not have. */
export function mayGrant(own: Role, wanted: Role): boolean {
  return roles.indexOf(wanted) <= roles.indexOf(own);
}
