// W-14: a machine is silent.
import { openNode } from "../buttons";
import { nodeSubject } from "../facts";
import type { Failure } from "../failure";

export const w14: Failure = {
  id: "W-14", title: "A machine is silent", area: "control plane", severity: "critical",
  symptom: "A node's state is unknown: its kubelet posts nothing any more.",
  look: ({ picture }) => [...picture.store("Node").values()].flatMap((node) => {
    const ready = node.conditions.find(({ type }) => type === "Ready");
    return ready?.status === "Unknown" ? [{ subject: nodeSubject(node.name), say: ready.message || "Its kubelet has stopped posting.", since: ready.at }] : [];
  }),
  cause: "The machine is off, unreachable, or its kubelet stands still.",
  fix: [
    { say: "Look at the machine.", button: openNode },
    { say: "If it does not come back, terminate it and join another." },
  ],
  source: "domain.md 11, NodeNotReady",
};
