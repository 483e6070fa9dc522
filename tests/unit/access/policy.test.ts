// Which role may do what, as a table that a person can read.
import { describe, expect, it } from "vitest";
import { permissions, roles, type Permission, type Role } from "@/lib/access/model";
import { mayDo, mayGrant, permissionsOf, weakerRole } from "@/lib/access/policy";

const matrix: Record<Permission, [viewer: boolean, operator: boolean, admin: boolean]> = {
  "cluster.read": [true, true, true],
  "pod.logs": [true, true, true],
  "job.read": [true, true, true],
  "policy.edit": [false, true, true], "health.silence": [false, true, true],
  "node.cordon": [false, true, true],
  "node.drain": [false, true, true],
  "pod.delete": [false, true, true],
  "job.run": [false, true, true],
  "audit.read": [false, true, true],
  "provisioning.read": [true, true, true],
  "provisioning.edit": [false, true, true],
  "provisioning.build": [false, true, true],
  "provisioning.teardown": [false, false, true],
  "rollout.act": [false, true, true],
  "deployment.act": [false, true, true], "deployment.freeze": [false, true, true], "deployment.override": [false, false, true], "deployment.report": [false, true, true], "hooks.manage": [false, false, true],
  "canary.edit": [false, true, true],
  "alert.silence": [false, true, true],
  "cluster.manage": [false, false, true],
  "status.publish": [false, true, true],
  "incident.write": [false, true, true],
  "status.outgoing": [false, false, true],
  "people.manage": [false, false, true],
  "cluster.kubeconfig": [false, false, true],
  "keys.manage": [false, false, true],
};

describe("roles", () => {
  it.each(permissions.flatMap((permission) => roles.map((role, index) => [role, permission, matrix[permission][index]] as const)))("%s · %s: %s", (role, permission, may) => {
    expect(mayDo(role, permission)).toBe(may);
    expect(permissionsOf(role).includes(permission)).toBe(may);
  });

  it("grow: whoever is stronger may do all that the weaker may", () => {
    const ordered: Role[] = ["viewer", "operator", "admin"];
    for (const [index, role] of ordered.entries()) for (const below of ordered.slice(0, index)) expect(permissionsOf(role)).toEqual(expect.arrayContaining(permissionsOf(below)));
  });

  it("nobody hands out more than they have, and of two the weaker counts", () => {
    for (const own of roles) for (const other of roles) {
      expect(mayGrant(own, other)).toBe(permissionsOf(other).every((permission) => mayDo(own, permission)));
      expect(permissionsOf(weakerRole(own, other))).toEqual(permissions.filter((permission) => mayDo(own, permission) && mayDo(other, permission)));
    }
  });
});
