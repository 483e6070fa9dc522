// What is wrong with a node by construction, one line each: a memory limit above what the node has, figures nobody can read.
import type { PlacementTables, PodRow } from "@/lib/placement/model";
import { count } from "./rollup";

/** By node name; nodes without a warning are absent. */
export function nodeWarnings({ nodes, pods }: Pick<PlacementTables, "nodes" | "pods">): Map<string, string> {
  const worst = new Map<string, PodRow>();
  for (const pod of pods.values()) {
    const node = nodes.get(pod.node);
    if (!node || pod.state === "done" || !(pod.memoryLimitBytes > node.memoryBytes)) continue;
    if (pod.memoryLimitBytes > (worst.get(node.name)?.memoryLimitBytes ?? 0)) worst.set(node.name, pod);
  }
  const warnings = new Map<string, string>();
  for (const node of nodes.values()) {
    const pod = worst.get(node.name);
    if (pod) warnings.set(node.name, `${pod.app || pod.name} limit ${gib(pod.memoryLimitBytes)} Gi, node ${gib(node.memoryBytes)}`);
    else if (node.broken.length > 0) warnings.set(node.name, `${count(node.broken.length, "figure")} unreadable: ${node.broken[0] ?? ""}`);
  }
  return warnings;
}

export function sameTexts(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}

function gib(bytes: number): string {
  return String(Math.round((bytes / 2 ** 30) * 10) / 10);
}
