// Replicas that should be apart and are not: a spread that tipped, a whole workload on one machine.
import type { NodeObject, PodObject, TopologySpread } from "../../adapters/kubernetes/objects";
import { wantsNode } from "../filters/node-affinity";
import { selects } from "../filters/selector";
import { workloadObject } from "../workload-of";
import { list, type Finding, type Looked } from "./finding";
import { podsByWorkload } from "./tiers";

export function replicasOnOneNode(looked: Looked): Finding[] {
  return [...podsByWorkload(looked)].flatMap(([key, pods]): Finding[] => {
    const placed = pods.filter((pod) => pod.node !== "" && !pod.everywhere);
    const [first] = placed;
    const row = looked.tables.workloads.get(key);
    if (!first || placed.length < 2 || row?.kind === "Job" || placed.some((pod) => pod.node !== first.node)) return [];
    const others = otherNodes(looked, { key, node: first.node });
    return [{
      id: `one-node/${key}`, check: "one-node", severity: others.length > 0 ? "warning" : "info",
      title: `All ${placed.length} replicas of ${first.app} are on ${first.node}`,
      what: `${first.node} holds every replica${others.length > 0 ? `, though ${list(others)} would be allowed too` : "; no other node is allowed by its selector"}.`,
      why: "The replicas are there for the loss of a machine, and this loss takes all of them at once.",
      fix: others.length > 0 ? "Add a topologySpreadConstraint on kubernetes.io/hostname to its template and restart it." : "Give the tier a second machine, or accept that replicas here only help against crashes.",
      subjects: [{ kind: "workload", key }, { kind: "node", key: first.node }],
    }];
  });
}

function otherNodes({ picture }: Looked, { key, node }: { key: string; node: string }): string[] {
  const [kind = "", namespace = "", name = ""] = key.split("/");
  const template = workloadObject(picture, { kind, namespace, name })?.template;
  if (!template) return [];
  return [...picture.store("Node").values()].filter((each) => each.name !== node && wantsNode({ spec: template }, each) && each.taints.every((taint) => taint.effect === "PreferNoSchedule")).map((each) => each.name);
}

export function brokenSpread(looked: Looked): Finding[] {
  const { picture } = looked;
  return [...podsByWorkload(looked)].flatMap(([key, rows]): Finding[] => {
    const pods = rows.flatMap((row) => picture.store("Pod").get(row.key) ?? []);
    const [first] = pods;
    if (!first || pods.length < 2) return [];
    return first.spec.spread.flatMap((spread) => tipped(looked, { key, pod: first, spread }));
  });
}

function tipped({ picture }: Looked, { key, pod, spread }: { key: string; pod: PodObject; spread: TopologySpread }): Finding[] {
  const counts = new Map<string, number>();
  const placeOf = (node: NodeObject | undefined) => (node && Object.hasOwn(node.labels, spread.topologyKey) ? node.labels[spread.topologyKey] : undefined);
  for (const node of picture.store("Node").values()) {
    const place = placeOf(node);
    if (place !== undefined && (spread.nodeAffinityPolicy === "Ignore" || wantsNode(pod, node))) counts.set(place, counts.get(place) ?? 0);
  }
  for (const other of picture.store("Pod").by("namespace", pod.namespace)) {
    const place = placeOf(picture.store("Node").get(other.nodeName));
    if (place === undefined || !counts.has(place) || other.deletedAt !== null || other.phase === "Succeeded" || other.phase === "Failed" || !selects(spread.selector, other.labels)) continue;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  const fewest = counts.size < (spread.minDomains ?? 1) ? 0 : Math.min(...counts.values());
  if (counts.size === 0 || most - fewest <= spread.maxSkew) return [];
  const name = key.split("/").slice(2).join("/");
  return [{
    id: `broken-spread/${key}/${spread.topologyKey}`, check: "broken-spread", severity: spread.whenUnsatisfiable === "DoNotSchedule" ? "warning" : "info",
    title: `${name} is not spread as it asks`,
    what: `${[...counts].map(([place, count]) => `${place}: ${count}`).join(", ")}; at most ${spread.maxSkew} apart over ${spread.topologyKey} was asked.`,
    why: "The scheduler spreads when it places and never moves a pod afterwards; after a loss or a drain the replicas stay where they crowded.",
    fix: "Restart the workload, or delete the surplus pods of the fullest place one by one.",
    subjects: [{ kind: "workload", key }],
  }];
}
