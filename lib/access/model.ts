// Who may do what: roles, permissions, actors, and the shape of an audit entry.

export const roles = ["viewer", "operator", "admin"] as const;
export type Role = (typeof roles)[number];

export const permissions = [
  "cluster.read", "cluster.manage", "policy.edit", "node.cordon", "node.drain", "pod.delete", "pod.logs", "health.silence",
  "job.read", "job.run", "provisioning.read", "provisioning.edit", "provisioning.build", "provisioning.teardown", "cluster.kubeconfig", "rollout.act", "deployment.act", "deployment.freeze", "deployment.override", "deployment.report", "hooks.manage", "canary.edit", "alert.silence", "people.manage", "keys.manage", "audit.read",
  "status.publish", "incident.write", "status.outgoing",
] as const;
export type Permission = (typeof permissions)[number];

/** Who acts: a person by a session, a program by an API key, or the console itself. */
export interface Actor {
  kind: "user" | "key" | "system";
  id: string;
  name: string;
  role: Role;
  /** The session or key by which it acts; null for the system. */
  via: string | null;
}

export type AuditOutcome = "allowed" | "denied" | "failed" | "succeeded";
