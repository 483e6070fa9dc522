// What needs a person, worst first: failing now, can fail any moment, out of place. Data in, lines out.
import type { NodeRow, PlacementTables, PodRow, Tier } from "@/lib/placement/model";
import { filterParam } from "../placement/address";
import { ageText, cpuText, memoryText } from "../placement/map/amounts";

/** A small picture of the trouble: parts of a bar's whole, or pods by where they run. */
export type Proof =
  | { kind: "bar"; requested: number; asked: number; whole: number; text: string }
  | { kind: "limit"; used: number; limit: number; whole: number; text: string }
  | { kind: "pods"; by: readonly { tier: Tier | null; count: number }[]; text: string }
  | { kind: "none"; text: string };

export interface Attention {
  key: string;
  severity: "failed" | "warning";
  word: "Pending" | "Failed" | "Not ready" | "Risk" | "Warning" | "Drift";
  tier: Tier | null;
  name: string;
  say: string;
  proof: Proof;
  /** Since when, where that is known. */
  since: number | null;
  action: { label: string; query: string; page: "map" | "drift" | "table" };
}

const order: readonly Attention["word"][] = ["Failed", "Pending", "Not ready", "Risk", "Warning", "Drift"];

export function attentionOf(tables: PlacementTables): Attention[] {
  const trouble: Attention[] = [];
  const groups = new Map<string, PodRow[]>();
  for (const node of tables.nodes.values()) if (node.ready !== "ready") trouble.push(nodeTrouble(node));
  for (const pod of tables.pods.values()) {
    const word = wordOf(pod);
    if (word) push(groups, `${word}/${groupOf(pod)}`, pod);
    if (pod.drift) push(groups, `Drift/${pod.namespace}/${pod.declared ?? ""}`, pod);
    const node = tables.nodes.get(pod.node);
    if (node && pod.memoryLimitBytes > node.memoryBytes && node.memoryBytes > 0) push(groups, `Risk/${groupOf(pod)}`, pod);
  }
  for (const [key, pods] of groups) {
    const [first] = pods;
    if (first) trouble.push(toAttention(key, { pods, first, tables }));
  }
  return trouble.sort((a, b) => order.indexOf(a.word) - order.indexOf(b.word) || (a.since ?? 0) - (b.since ?? 0) || (a.name < b.name ? -1 : 1));
}

function wordOf(pod: PodRow): "Pending" | "Failed" | "Warning" | null {
  if (pod.state === "pending") return "Pending";
  if (pod.state === "failed") return "Failed";
  return pod.state === "warning" ? "Warning" : null;
}

function groupOf(pod: PodRow): string {
  return `${pod.namespace}/${pod.app || pod.name}`;
}

function push(groups: Map<string, PodRow[]>, key: string, pod: PodRow): void {
  const group = groups.get(key);
  if (group) group.push(pod);
  else groups.set(key, [pod]);
}

interface Group { pods: readonly PodRow[]; first: PodRow; tables: PlacementTables }

function toAttention(key: string, group: Group): Attention {
  if (key.startsWith("Pending/")) return pendingTrouble(key, group);
  if (key.startsWith("Risk/")) return limitTrouble(key, group);
  if (key.startsWith("Drift/")) return driftTrouble(key, group);
  const failed = key.startsWith("Failed/");
  const { pods, first } = group;
  const restarts = pods.reduce((sum, pod) => sum + pod.restarts, 0);
  return {
    key, severity: failed ? "failed" : "warning", word: failed ? "Failed" : "Warning", tier: first.declared ?? first.actual, name: first.app || first.name,
    say: `${first.reason || (failed ? "Failed" : "Not ready")}: ${pods.length === 1 ? first.name : `${pods.length} pods`} on ${placesOf(pods)}.`,
    proof: { kind: "none", text: restarts > 0 ? `${restarts} restart${restarts === 1 ? "" : "s"}` : "" }, since: null,
    action: pods.length === 1 ? { label: "Open", query: `pod=${encodeURIComponent(first.key)}`, page: "map" } : { label: "Show", query: filterQuery(`status:${first.state} app:${first.app}`), page: "map" },
  };
}

function pendingTrouble(key: string, { pods, first, tables }: Group): Attention {
  const nearest = nearestNode(first, tables);
  const asks = `${cpuText(first.cpuMillis)} CPU and ${memoryText(first.memoryBytes)}`;
  const free = nearest ? ` ${nearest.name} has ${cpuText(nearest.cpuMillis - nearest.requestedCpuMillis)} free.` : "";
  return {
    key, severity: "failed", word: "Pending", tier: first.declared, name: first.app || first.name,
    say: `${pods.length > 1 ? `${pods.length} pods, each needs` : "Needs"} ${asks}. ${sentence(first.reason || "No node takes it")}.${free}`,
    proof: nearest ? { kind: "bar", requested: nearest.requestedCpuMillis, asked: first.cpuMillis, whole: nearest.cpuMillis, text: `${nearest.requestedCpuMillis} + ${first.cpuMillis} of ${nearest.cpuMillis}m` } : { kind: "none", text: "" },
    since: Math.min(...pods.map(({ createdAt }) => createdAt)),
    action: pods.length === 1 ? { label: "Explain", query: `pod=${encodeURIComponent(first.key)}`, page: "map" } : { label: "Show", query: filterQuery(`status:pending app:${first.app}`), page: "map" },
  };
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Of the declared tier's nodes the one with the most CPU left; a hint for the eye, the drawer explains in full. */
function nearestNode(pod: PodRow, { nodes }: PlacementTables): NodeRow | null {
  let best: NodeRow | null = null;
  for (const node of nodes.values()) {
    if (node.tier === null || node.tier !== pod.declared || !(node.cpuMillis > 0) || node.taints.some((taint) => /:No(Schedule|Execute)$/.test(taint))) continue;
    if (!best || node.cpuMillis - node.requestedCpuMillis > best.cpuMillis - best.requestedCpuMillis) best = node;
  }
  return best;
}

function limitTrouble(key: string, { first, tables }: Group): Attention {
  const whole = tables.nodes.get(first.node)?.memoryBytes ?? 0;
  return {
    key, severity: "warning", word: "Risk", tier: first.declared ?? first.actual, name: first.app || first.name,
    say: `Memory limit ${memoryText(first.memoryLimitBytes)} exceeds the ${memoryText(whole)} of ${first.node}. The kernel kills before it evicts.`,
    proof: { kind: "limit", used: first.memoryBytes, limit: first.memoryLimitBytes, whole, text: `${memoryText(first.memoryLimitBytes)} of ${memoryText(whole)}` },
    since: null, action: { label: "Open", query: `pod=${encodeURIComponent(first.key)}`, page: "map" },
  };
}

/** What strays together, a namespace's pods of one tier, is one trouble: one move mends it. */
function driftTrouble(key: string, { pods, first }: Group): Attention {
  const counts = new Map<Tier | null, number>();
  for (const { actual } of pods) counts.set(actual, (counts.get(actual) ?? 0) + 1);
  const by = [...counts].map(([tier, count]) => ({ tier, count })).sort((a, b) => (a.tier ?? 9) - (b.tier ?? 9));
  const apps = new Set(pods.map(({ app, name }) => app || name));
  return {
    key, severity: "warning", word: "Drift", tier: first.declared, name: apps.size === 1 ? first.app || first.name : first.namespace,
    say: `${pods.length} pod${pods.length === 1 ? " is" : "s are"} declared for tier ${first.declared ?? "–"} and run${pods.length === 1 ? "s" : ""} on ${placesOf(pods)}.`,
    proof: { kind: "pods", by, text: `in tier${by.length === 1 ? "" : "s"} ${by.map(({ tier }) => tier ?? "none").join(", ")}` },
    since: null, action: { label: "Drift", query: "", page: "drift" },
  };
}

function nodeTrouble(node: NodeRow): Attention {
  return {
    key: `node/${node.name}`, severity: "failed", word: "Not ready", tier: node.tier, name: node.name,
    say: node.reason || "The node does not report; its pods will be moved.", proof: { kind: "none", text: `${node.pods} pods` }, since: null,
    action: { label: "Open", query: `node=${encodeURIComponent(node.name)}`, page: "map" },
  };
}

function placesOf(pods: readonly PodRow[]): string {
  const places = [...new Set(pods.map(({ node }) => node || "no node"))].sort();
  return places.length <= 3 ? places.join(", ") : `${places.slice(0, 2).join(", ")} and ${places.length - 2} more`;
}

function filterQuery(text: string): string {
  return `${filterParam}=${encodeURIComponent(text)}`;
}

export function sinceText(since: number | null, now: number): string {
  return since === null || now === 0 ? "" : ageText(now - since, true);
}
