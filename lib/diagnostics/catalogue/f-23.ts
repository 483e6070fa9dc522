// F-23: nodes wait for their network.
import { openNode } from "../buttons";
import { nodeSubject } from "../facts";
import type { Failure } from "../failure";

export const f23: Failure = {
  id: "F-23", title: "Nodes wait for their network", area: "network", severity: "info",
  symptom: "Nodes are NotReady: cni plugin not initialized.",
  look: ({ picture }) => [...picture.store("Node").values()].flatMap((node) => {
    const ready = node.conditions.find(({ type }) => type === "Ready");
    return ready?.status === "False" && /cni (plugin not initialized|config uninitialized)|NetworkPluginNotReady|network plugin is not ready/i.test(ready.message) ? [{ subject: nodeSubject(node.name), say: ready.message.slice(0, 300), since: ready.at }] : [];
  }),
  cause: "They have joined and no CNI is installed yet; ordinary for minutes.",
  fix: [{ say: "Wait; if it lasts longer than ten minutes, look at the pods of calico-node.", button: openNode }],
  source: "domain.md 4.7, F-23",
};
