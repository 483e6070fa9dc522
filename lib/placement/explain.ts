// Why a pod is where it is, or is nowhere: every node with all the filters it fails, held against the scheduler's own words.
import type { PodObject } from "../adapters/kubernetes/objects";
import { fits, groundOf, refusalsOf, sceneOf, stopOf, filterNames, type Ground, type Refusal, type Stop } from "./filters";
import { keyOf, type Picture } from "./picture";
import { readSchedulerMessage } from "./scheduler-message";

export { readSchedulerMessage, type SchedulerMessage } from "./scheduler-message";

export interface NodeVerdict {
  node: string;
  fits: boolean;
  /** All filters that it fails; the first is the one that the scheduler counts. */
  refusals: readonly Refusal[];
}

export interface Explanation {
  pod: string;
  /** The node it stands on, "" when none. Its own room there is not held against it. */
  placed: string;
  /** What stops it before any node is asked. */
  stop: Stop | null;
  /** Nearest first: what fits, then what fails least. */
  nodes: readonly NodeVerdict[];
  fitting: number;
  /** The node that comes nearest, when none fits. */
  nearest: { node: string; say: string } | null;
  /** "Fits on 0 of 7 nodes. Nearest is k8s-monitoring, cpu 130m short." */
  say: string;
}

export function explain(picture: Picture, pod: PodObject): Explanation {
  const ground = groundOf(picture);
  ground.take(pod);
  return explainOn(ground, pod);
}

/** `ground` must not hold the pod itself. */
export function explainOn(ground: Ground, pod: PodObject): Explanation {
  const scene = sceneOf(ground, pod.nodeName === "" ? pod : { ...pod, nodeName: "" });
  const stop = stopOf(scene);
  const nodes = [...ground.rooms.values()].map((room): NodeVerdict => {
    const refusals = refusalsOf(scene, room);
    return { node: room.node.name, fits: refusals.length === 0, refusals };
  });
  nodes.sort(byNearness);
  const fitting = stop ? 0 : nodes.filter((verdict) => verdict.fits).length;
  const nearest = fitting > 0 || stop ? null : nearestOf(nodes);
  return { pod: keyOf(pod), placed: pod.nodeName, stop, nodes, fitting, nearest, say: sentence({ stop, fitting, total: nodes.length, nearest }) };
}

function nearestOf(nodes: readonly NodeVerdict[]): Explanation["nearest"] {
  const [first] = nodes;
  return first ? { node: first.node, say: first.refusals.map((refusal) => refusal.short).join(", ") } : null;
}

function sentence({ stop, fitting, total, nearest }: { stop: Stop | null; fitting: number; total: number; nearest: Explanation["nearest"] }): string {
  if (stop) return `${stop.say}.`;
  if (total === 0) return "There is no node.";
  const count = `Fits on ${fitting} of ${total} ${total === 1 ? "node" : "nodes"}.`;
  return nearest ? `${count} Nearest is ${nearest.node}: ${nearest.say}.` : count;
}

/** Fewer failed filters, then the one that failed later in the scheduler's order, then the smaller shortfall. */
function byNearness(a: NodeVerdict, b: NodeVerdict): number {
  return a.refusals.length - b.refusals.length || orderOf(b) - orderOf(a) || shortfall(a) - shortfall(b) || (a.node < b.node ? -1 : 1);
}

function orderOf({ refusals }: NodeVerdict): number {
  const [first] = refusals;
  return first ? filterNames.indexOf(first.filter) : filterNames.length;
}

function shortfall({ refusals }: NodeVerdict): number {
  return refusals.flatMap((refusal) => refusal.figures).reduce((sum, { short, needs }) => sum + short / Math.max(needs, 1), 0);
}

/** The same with its nearest nodes only, for a screen: thousands of nodes are megabytes. `left` is how many are not shown. */
export function nearestNodes(explanation: Explanation, most: number): Explanation & { left: number } {
  return { ...explanation, nodes: explanation.nodes.slice(0, most), left: Math.max(explanation.nodes.length - most, 0) };
}

export interface Counts { nodes: number; counts: ReadonlyMap<string, number>; remarks: readonly string[] }

/** What the scheduler would say by our reckoning: per node the reasons of the first filter that it fails. */
export function schedulerCounts(explanation: Explanation): Counts {
  if (explanation.stop) return { nodes: explanation.nodes.length, counts: new Map(), remarks: [explanation.stop.reason] };
  const counts = new Map<string, number>();
  for (const { refusals } of explanation.nodes) {
    for (const reason of refusals[0]?.reasons ?? []) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return { nodes: explanation.nodes.length, counts, remarks: [] };
}

export interface Comparison {
  agree: boolean;
  /** false when the message is no sentence about nodes: then there is nothing to compare. */
  read: boolean;
  rows: readonly { reason: string; ours: number; theirs: number }[];
}

/** Our counts beside the scheduler's. Wordings of older versions are taken for what they mean. */
export function compare(explanation: Explanation, text: string): Comparison {
  const ours = schedulerCounts(explanation);
  if (explanation.stop?.filter === "scheduling-gates") return gateComparison(explanation.stop, text);
  const theirs = readSchedulerMessage(text);
  if (!theirs) return { agree: false, read: false, rows: [] };
  const rows = new Map<string, { reason: string; ours: number; theirs: number }>();
  const note = (reason: string, side: "ours" | "theirs", count: number) => {
    const row = rows.get(canonical(reason)) ?? { reason: canonical(reason), ours: 0, theirs: 0 };
    row[side] += count;
    rows.set(row.reason, row);
  };
  for (const [reason, count] of ours.counts) note(reason, "ours", count);
  for (const [reason, count] of theirs.counts) note(reason, "theirs", count);
  for (const remark of ours.remarks) note(remark, "ours", ours.nodes);
  for (const remark of theirs.remarks) note(remark, "theirs", theirs.nodes);
  const list = [...rows.values()].toSorted((a, b) => b.theirs - a.theirs || (a.reason < b.reason ? -1 : 1));
  return { agree: ours.nodes === theirs.nodes && list.every((row) => row.ours === row.theirs), read: true, rows: list };
}

function gateComparison(stop: Stop, text: string): Comparison {
  const agree = text.includes("scheduling gates");
  return { agree, read: true, rows: [{ reason: stop.reason, ours: 1, theirs: agree ? 1 : 0 }] };
}

const synonyms: readonly (readonly [RegExp, string])[] = [
  [/^node\(s\) had untolerated taint\b.*|^node\(s\) had taint.*didn't tolerate$/s, "node(s) had untolerated taint(s)"],
  [/^node\(s\) had volume node affinity conflict$/, "node(s) didn't match PersistentVolume's node affinity"],
  [/^node\(s\) didn't match (node selector|Pod's node affinity)$/, "node(s) didn't match Pod's node affinity/selector"],
];

function canonical(reason: string): string {
  return synonyms.find(([pattern]) => pattern.test(reason))?.[1] ?? reason;
}

/** Would the node take the pod, if the pod stood nowhere? */
export function accepts(picture: Picture, pod: PodObject, node: string): boolean {
  const ground = groundOf(picture);
  ground.take(pod);
  const scene = sceneOf(ground, { ...pod, nodeName: "" });
  const room = ground.rooms.get(node);
  return room !== undefined && stopOf(scene) === null && fits(scene, room);
}
