// What would let a pending pod run. Each remedy is tried on the same picture by what-if before it is said to work.
import type { MachineType } from "../clusters/machine-types";
import type { PodObject } from "../adapters/kubernetes/objects";
import { fateOf } from "./displaced";
import { explainOn, type Explanation, type NodeVerdict } from "./explain";
import { groundOf, sceneOf, stopOf, type Ground, type Room } from "./filters";
import { resized } from "./change";
import { untolerated, taintWords } from "./filters/taints";
import { keyOf, type Picture } from "./picture";
import { defaultTierPolicy } from "./tier-policy";
import { bytesText, cpuText } from "./units";
import { whatIf, type Change, type WhatIfAnswer } from "./what-if";

export interface Remedy {
  id: string;
  title: string;
  works: boolean;
  /** "runs, 120m spare" or why not. */
  say: string;
  /** null: nothing that could be tried. */
  change: Change | null;
  monthlyUsd: number | null;
}

interface Case { picture: Picture; ground: Ground; pod: PodObject; explanation: Explanation; machines: readonly MachineType[] }

/** Those that work first, the cheapest of them before the dearer. Empty for a pod that fits as it is. */
export function remediesFor(picture: Picture, pod: PodObject, machines: readonly MachineType[]): Remedy[] {
  const ground = groundOf(picture);
  ground.take(pod);
  const explanation = explainOn(ground, pod);
  if (explanation.fitting > 0) return [];
  const scene = sceneOf(ground, pod);
  const stop = stopOf(scene);
  if (stop) return [{ id: "stop", title: "No node can help", works: false, say: stop.say, change: null, monthlyUsd: null }];
  const all = { picture, ground, pod, explanation, machines };
  const remedies = [...smallerRequest(all), ...uncordon(all), ...otherLabel(all), ...biggerMachine(all), ...movedNeighbour(all), ...tolerated(all)];
  return remedies.toSorted((a, b) => Number(b.works) - Number(a.works) || (a.monthlyUsd ?? 0) - (b.monthlyUsd ?? 0));
}

function tryIt({ picture, pod, machines }: Case, change: Change): WhatIfAnswer | null {
  return whatIf(picture, { kind: "change", pod: keyOf(pod), change }, { policy: defaultTierPolicy, machines });
}

const runs = (answer: WhatIfAnswer | null) => answer !== null && answer.worst === 0;

/** Nodes that fail nothing but the named filters. */
function refusedOnlyBy({ explanation, ground }: Case, filters: readonly string[]): { verdict: NodeVerdict; room: Room }[] {
  return explanation.nodes.flatMap((verdict) => {
    const room = ground.rooms.get(verdict.node);
    return room && verdict.refusals.length > 0 && verdict.refusals.every((refusal) => filters.includes(refusal.filter)) ? [{ verdict, room }] : [];
  });
}

const lacks = (verdict: NodeVerdict, resource: string) => verdict.refusals.some((refusal) => refusal.figures.some((figure) => figure.resource === resource));
const lacksOnly = (verdict: NodeVerdict, resources: readonly string[]) => verdict.refusals.every((refusal) => refusal.figures.every((figure) => resources.includes(figure.resource)));

/** The largest figure a person would write that is not above `free`. */
export function roundDown(free: number, step: { coarse: number; fine: number }): number {
  if (free >= step.coarse) return Math.floor(free / step.coarse) * step.coarse;
  return Math.max(Math.floor(free / step.fine) * step.fine, 0);
}

const cpuStep = { coarse: 250, fine: 50 };
const memoryStep = { coarse: 256 * 1024 ** 2, fine: 32 * 1024 ** 2 };

function smallerRequest(all: Case): Remedy[] {
  const rooms = refusedOnlyBy(all, ["resources"]).filter(({ verdict }) => lacksOnly(verdict, ["cpu", "memory"]));
  const asks = all.pod.spec.requests;
  const offers = rooms.map(({ verdict, room }) => {
    const free = { cpu: room.node.allocatable.cpuMillis - room.used.cpuMillis, memory: room.node.allocatable.memoryBytes - room.used.memoryBytes };
    const cpuMillis = lacks(verdict, "cpu") ? roundDown(free.cpu, cpuStep) : asks.cpuMillis;
    const memoryBytes = lacks(verdict, "memory") ? roundDown(free.memory, memoryStep) : asks.memoryBytes;
    const part = Math.min(cpuMillis / Math.max(asks.cpuMillis, 1), memoryBytes / Math.max(asks.memoryBytes, 1));
    return { node: room.node.name, cpuMillis, memoryBytes, part: cpuMillis === asks.cpuMillis ? memoryBytes / asks.memoryBytes : memoryBytes === asks.memoryBytes ? cpuMillis / asks.cpuMillis : part, spare: free };
  });
  const [best] = offers.toSorted((a, b) => b.part - a.part);
  if (!best) return [{ id: "request", title: "A smaller request", works: false, say: "no node is refused for cpu or memory alone", change: null, monthlyUsd: null }];
  const cpuLess = best.cpuMillis < asks.cpuMillis;
  const memoryLess = best.memoryBytes < asks.memoryBytes;
  const title = `Request ${[cpuLess ? `${cpuText(best.cpuMillis)} instead of ${cpuText(asks.cpuMillis)}` : "", memoryLess ? `${bytesText(best.memoryBytes)} instead of ${bytesText(asks.memoryBytes)}` : ""].filter(Boolean).join(" and ")}`;
  if ((cpuLess && best.cpuMillis === 0) || (memoryLess && best.memoryBytes === 0)) {
    return [{ id: "request", title: "A smaller request", works: false, say: `${best.node} has no room even for a small one`, change: null, monthlyUsd: null }];
  }
  const change: Change = { kind: "request", ...(cpuLess ? { cpuMillis: best.cpuMillis } : {}), ...(memoryLess ? { memoryBytes: best.memoryBytes } : {}) };
  const works = runs(tryIt(all, change));
  const spare = [cpuLess ? `${cpuText(best.spare.cpu - best.cpuMillis)} cpu` : "", memoryLess ? `${bytesText(best.spare.memory - best.memoryBytes)}` : ""].filter(Boolean).join(", ");
  return [{ id: "request", title, works, say: works ? `runs on ${best.node}, ${spare} spare` : "does not run", change, monthlyUsd: null }];
}

function uncordon(all: Case): Remedy[] {
  return refusedOnlyBy(all, ["node-unschedulable", "taints"])
    .filter(({ verdict, room }) => verdict.refusals.some((refusal) => refusal.filter === "node-unschedulable") && untolerated(all.pod, room.node.taints).every((taint) => taint.key === "node.kubernetes.io/unschedulable"))
    .slice(0, 1)
    .map(({ room }): Remedy => {
      const change: Change = { kind: "uncordon", node: room.node.name };
      const works = runs(tryIt(all, change));
      return { id: "uncordon", title: `Uncordon ${room.node.name}`, works, say: works ? "runs" : "does not run", change, monthlyUsd: null };
    });
}

/** The selector's labels, put on a node that has room; only a plain nodeSelector can be met so. */
function otherLabel(all: Case): Remedy[] {
  const { pod, explanation } = all;
  if (Object.keys(pod.spec.nodeSelector).length === 0 && pod.spec.nodeAffinity === null) return [];
  const refused = explanation.nodes.filter((verdict) => verdict.refusals.some((refusal) => refusal.filter === "node-affinity"));
  if (refused.length === 0) return [];
  const title = "Put the label on another node";
  const useless = (say: string): Remedy[] => [{ id: "label", title, works: false, say, change: null, monthlyUsd: null }];
  if (pod.spec.nodeAffinity !== null) {
    const change: Change = { kind: "drop-selector" };
    const works = runs(tryIt(all, change));
    return [{ id: "label", title: "Drop its selector and node affinity", works, say: works ? "runs, on any tier" : `none of ${refused.length} fits without it either`, change, monthlyUsd: null }];
  }
  for (const { room } of refusedOnlyBy(all, ["node-affinity"])) {
    const change: Change = { kind: "label-node", node: room.node.name, labels: pod.spec.nodeSelector };
    if (runs(tryIt(all, change))) {
      const words = Object.entries(pod.spec.nodeSelector).map(([key, value]) => `${key}=${value}`).join(", ");
      return [{ id: "label", title: `Label ${room.node.name} with ${words}`, works: true, say: "runs; the node may change its tier, and pods that asked for its old label", change, monthlyUsd: null }];
    }
  }
  return useless(`none of ${refused.length} fits`);
}

function biggerMachine(all: Case): Remedy[] {
  const rooms = refusedOnlyBy(all, ["resources"]).filter(({ verdict }) => lacksOnly(verdict, ["cpu", "memory"]));
  if (rooms.length === 0) return [];
  const offers = rooms.flatMap(({ room }) => {
    const now = all.machines.find((machine) => machine.name === (room.node.labels["node.kubernetes.io/instance-type"] ?? room.node.labels["instance-type"]));
    return all.machines
      .filter((machine) => machine !== now && roomIn(room, machine, all.pod))
      .map((machine) => ({ node: room.node.name, machine, family: now ? machine.name.split(".")[0] === now.name.split(".")[0] : true, more: moreThan(machine, now) }));
  });
  for (const { node, machine, more } of offers.toSorted((a, b) => Number(b.family) - Number(a.family) || (a.more ?? Infinity) - (b.more ?? Infinity) || a.machine.cpuMillis - b.machine.cpuMillis)) {
    const change: Change = { kind: "resize-node", node, type: machine.name };
    if (!runs(tryIt(all, change))) continue;
    return [{ id: "machine", title: `Resize ${node} to ${machine.name}`, works: true, say: costOf(machine, more), change, monthlyUsd: more ?? machine.monthlyUsd }];
  }
  return [{ id: "machine", title: "A bigger machine", works: false, say: `none of ${all.machines.length} types is large enough`, change: null, monthlyUsd: null }];
}

/** Null where one of the two has no known price, or the present type is not known. */
const moreThan = (machine: MachineType, now: MachineType | undefined): number | null => (now?.monthlyUsd == null || machine.monthlyUsd === null ? null : machine.monthlyUsd - now.monthlyUsd);

function costOf({ monthlyUsd }: MachineType, more: number | null): string {
  if (more !== null) return `runs, ${more < 0 ? "−" : "+"}$${Math.abs(more)} / month`;
  return monthlyUsd === null ? "runs; no price is known" : `runs, $${monthlyUsd} / month`;
}

function roomIn(room: Room, machine: MachineType, pod: PodObject): boolean {
  const { allocatable } = resized(room.node, machine);
  return allocatable.cpuMillis - room.used.cpuMillis >= pod.spec.requests.cpuMillis && allocatable.memoryBytes - room.used.memoryBytes >= pod.spec.requests.memoryBytes;
}

const mostNeighbours = 12;

/** The smallest neighbour that makes room and finds another place itself. */
function movedNeighbour(all: Case): Remedy[] {
  const { pod } = all;
  const neighbours = refusedOnlyBy(all, ["resources", "node-ports"]).flatMap(({ room }) =>
    [...room.pods.values()].filter((other) => fateOf(other) === "replaced" && other.spec.priority <= pod.spec.priority && makesRoom(room, other, pod)));
  neighbours.sort((a, b) => a.spec.requests.cpuMillis - b.spec.requests.cpuMillis || a.spec.requests.memoryBytes - b.spec.requests.memoryBytes);
  let useless: Remedy | null = null;
  for (const neighbour of neighbours.slice(0, mostNeighbours)) {
    const change: Change = { kind: "move", pod: keyOf(neighbour) };
    const answer = tryIt(all, change);
    const title = `Move ${neighbour.name} (${cpuText(neighbour.spec.requests.cpuMillis)}, ${bytesText(neighbour.spec.requests.memoryBytes)}) to another node`;
    if (runs(answer)) return [{ id: "neighbour", title, works: true, say: `runs; cordon ${neighbour.nodeName}, delete ${neighbour.name}, uncordon`, change, monthlyUsd: null }];
    const say = answer?.best === 0 ? `only if ${neighbour.name} goes to the right node` : `${neighbour.name} pends instead`;
    useless ??= { id: "neighbour", title, works: false, say, change, monthlyUsd: null };
  }
  return useless ? [useless] : [];
}

function makesRoom(room: Room, other: PodObject, pod: PodObject): boolean {
  const { allocatable } = room.node;
  const enough = (of: "cpuMillis" | "memoryBytes") => pod.spec.requests[of] === 0 || allocatable[of] - room.used[of] + other.spec.requests[of] >= pod.spec.requests[of];
  return enough("cpuMillis") && enough("memoryBytes");
}

function tolerated(all: Case): Remedy[] {
  for (const { room } of refusedOnlyBy(all, ["taints"])) {
    const [taint, second] = untolerated(all.pod, room.node.taints);
    if (!taint || second || taint.effect === "PreferNoSchedule") continue;
    const change: Change = { kind: "tolerate", key: taint.key, value: taint.value, effect: taint.effect };
    const works = runs(tryIt(all, change));
    const note = taint.key === "node-role.kubernetes.io/control-plane" ? ", beside the control plane" : taint.key.startsWith("node.kubernetes.io/") ? ", on a node that is not well" : "";
    return [{ id: "taint", title: `Tolerate ${taintWords(taint)}`, works, say: works ? `runs on ${room.node.name}${note}` : "does not run", change, monthlyUsd: null }];
  }
  return [];
}
