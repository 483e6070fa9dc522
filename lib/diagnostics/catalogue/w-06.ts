// W-06: the control plane has one member.
import { openNode } from "../buttons";
import { nodeSubject } from "../facts";
import type { Failure } from "../failure";

export const w06: Failure = {
  id: "W-06", title: "The control plane has one member", area: "control plane", severity: "info",
  symptom: "One control-plane node.",
  look: ({ picture }) => {
    const members = [...picture.store("Node").values()].filter(({ labels }) => "node-role.kubernetes.io/control-plane" in labels);
    const [only] = members;
    return only && members.length === 1 && picture.store("Node").size > 1 ? [{ subject: nodeSubject(only.name), say: `${only.name} is the only one of ${picture.store("Node").size} nodes.` }] : [];
  },
  cause: "Two more would cost $120 a month and were not bought.",
  fix: [{ say: "Know what it means: while it is away nothing is scheduled or changed; etcd's backup is the only second copy.", button: openNode }],
  source: "domain.md 9",
};
