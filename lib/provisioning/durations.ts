// How long each kind of resource is expected to take, until the history of earlier jobs says better.
import type { ResourceKind } from "./graph/model";

const seconds = (value: number): number => value * 1000;

/** From the reference system's own times (CNI 2–3 min, add-ons 5–8 for four; machines boot and install beside the control plane, so that a join is short), and AWS' usual answers for single calls. */
const expected: Record<ResourceKind, number> = {
  "vpc": seconds(4), "internet-gateway": seconds(3), "subnet": seconds(3), "route-table": seconds(2), "route": seconds(1), "route-table-association": seconds(1),
  "security-group": seconds(2), "security-group-rule": seconds(1), "iam-role": seconds(3), "iam-role-policy": seconds(1), "instance-profile": seconds(12),
  "ssm-parameter": seconds(1), "key-pair": seconds(1), "instance": seconds(35), "elastic-ip": seconds(2), "elastic-ip-association": seconds(2),
  "control-plane": seconds(240), "cni": seconds(90), "node": seconds(45), "add-on": seconds(100),
};

export const expectedMs = (kind: ResourceKind): number => expected[kind];
