// F-28: a node does not say which machine it is.
import { openNode, openRoutes } from "../buttons";
import { nodeSubject } from "../facts";
import type { Failure } from "../failure";
import { instanceId } from "../../routes/instance-id";

export const f28: Failure = {
  id: "F-28", title: "A node does not say which machine it is", area: "ingress", severity: "critical",
  symptom: "503 from the load balancer, its target list empty; the controller says providerID is not specified for node.",
  says: [/providerID is not specified for node/i, /invalid provider ?ID/i],
  look: ({ picture }) => {
    const nodes = [...picture.store("Node").values()];
    if (!nodes.some(({ providerId }) => instanceId(providerId) !== "")) return [];
    return nodes.flatMap(({ name, providerId }) => (instanceId(providerId) === "" ? [{ subject: nodeSubject(name), say: providerId === "" ? `${name} has no providerID, and other nodes have one.` : `The providerID of ${name} is ${providerId}: the instance is missing.` }] : []));
  },
  cause: "The node's providerID is empty or lacks the instance, so it is never registered as a target. It cannot be changed once set.",
  fix: [
    { say: "Where it is empty, set it.", command: "kubectl patch node <node> -p '{\"spec\":{\"providerID\":\"aws:///<zone>/<instance>\"}}'" },
    { say: "Where it is wrong, delete the Node object and restart its kubelet with --provider-id.", button: openNode },
    { say: "Targets register about thirty seconds later.", button: openRoutes },
  ],
  source: "domain.md 4.7, F-28",
};
