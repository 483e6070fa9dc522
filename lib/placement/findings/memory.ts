// Memory that is promised twice: limits above what a machine has.
import { bytesText } from "../units";
import { list, type Finding, type Looked } from "./finding";

export function memoryLimits({ tables }: Looked): Finding[] {
  const onNode = new Map<string, { sum: number; pods: string[] }>();
  const findings: Finding[] = [];
  for (const pod of tables.pods.values()) {
    const node = tables.nodes.get(pod.node);
    if (!node || pod.state === "done" || !Number.isFinite(pod.memoryLimitBytes) || !Number.isFinite(node.memoryBytes)) continue;
    const known = onNode.get(node.name) ?? { sum: 0, pods: [] };
    known.sum += pod.memoryLimitBytes;
    if (pod.memoryLimitBytes > 0) known.pods.push(pod.key);
    onNode.set(node.name, known);
    if (pod.memoryLimitBytes <= node.memoryBytes) continue;
    findings.push({
      id: `memory-limit/${pod.key}`, check: "memory-limit", severity: "critical",
      title: `${pod.app} may take more memory than ${node.name} has`,
      what: `Its limit is ${bytesText(pod.memoryLimitBytes)}, the node can give ${bytesText(node.memoryBytes)}.`,
      why: "The limit never bites: before the pod reaches it the kernel kills something on the node, and not always this pod. A cache that evicts at its own maximum never gets there.",
      fix: `Set the limit below ${bytesText(node.memoryBytes)} less what the system takes (and the application's own maximum lower still), or give the node more memory.`,
      subjects: [{ kind: "pod", key: pod.key }, { kind: "node", key: node.name }],
    });
  }
  for (const [name, { sum, pods }] of onNode) {
    const node = tables.nodes.get(name);
    if (!node || sum <= node.memoryBytes) continue;
    findings.push({
      id: `memory-overcommit/${name}`, check: "memory-overcommit", severity: "info",
      title: `The limits on ${name} add up to more than it has`,
      what: `${bytesText(sum)} of limits on ${bytesText(node.memoryBytes)}: ${list(pods)}.`,
      why: "If they all go to their limits at once, the kernel chooses who dies. Common and often fine; not on a machine that holds data.",
      fix: "Bring limits nearer to requests for what must not be killed, or spread the pods.",
      subjects: [{ kind: "node", key: name }],
    });
  }
  return findings;
}
