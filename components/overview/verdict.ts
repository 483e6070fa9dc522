// The overview's one sentence: whether the cluster serves, and what is wrong in numbers.
import type { PlacementStore } from "../placement/store";

export interface Facts { pods: number; drift: number; ready: number; nodes: number; cpuMillis: number; memoryBytes: number; failed: number; pending: number; starting: number }

export function factsOf(store: PlacementStore): Facts {
  const { states, pods, drift } = store.rollups.totals();
  let ready = 0;
  let cpuMillis = 0;
  let memoryBytes = 0;
  for (const node of store.tables.nodes.values()) {
    if (node.ready === "ready") ready++;
    cpuMillis += Number.isFinite(node.cpuMillis) ? node.cpuMillis : 0;
    memoryBytes += Number.isFinite(node.memoryBytes) ? node.memoryBytes : 0;
  }
  return { pods, drift, ready, nodes: store.tables.nodes.size, cpuMillis, memoryBytes, failed: states.failed, pending: states.pending, starting: states.starting };
}

export function verdictOf({ nodes, ready, failed, pending, drift, starting }: Facts): string {
  if (nodes === 0) return "No node has joined this cluster.";
  const parts = [
    ready < nodes && `${nodes - ready} of ${count(nodes, "node")} not ready`,
    failed > 0 && `${count(failed, "pod")} failed`,
    pending > 0 && `${count(pending, "pod")} cannot start`,
    drift > 0 && `${drift} run outside their tier`,
    starting > 0 && `${starting} starting`,
  ].filter((part) => part !== false);
  const opening = ready === 0 ? "Not serving" : "Serving";
  return parts.length === 0 ? `${opening}. All pods run where they belong.` : `${opening}. ${parts.join(", ")}.`;
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}
