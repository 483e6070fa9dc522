// What would happen if: a node drained or lost, a tier lost, replicas added, a pod or a node changed. Played on a copy of the picture.
import type { MachineType } from "../clusters/machine-types";
import type { NodeObject, PodObject } from "../adapters/kubernetes/objects";
import { blockOf, type Block } from "./budgets";
import { changedWorld, type Change } from "./change";
import { cordoned, fateOf, keyOfWorkload, lastReplicas, replacement } from "./displaced";
import { explainOn } from "./explain";
import { groundOf, type Ground } from "./filters";
import type { Tier, TierPolicy } from "./model";
import { settleMove } from "./move";
import { keyOf, type Picture } from "./picture";
import { settle, type Settled } from "./settle";
import { tierOfNode } from "./tier-policy";
import { isWorkloadKind } from "./workload-of";

export type { Change } from "./change";
export type Question =
  | { kind: "drain"; node: string }
  | { kind: "lose-node"; node: string }
  | { kind: "lose-tier"; tier: Tier }
  | { kind: "add"; workload: string; replicas: number }
  | { kind: "change"; pod: string; change: Change };

export interface WhatIfAnswer {
  question: Question;
  /** How many pods look for a place. */
  pods: number;
  /** How many of them stay pending, at best and at worst over order and ties; equal means certain. */
  best: number;
  worst: number;
  /** Every end was looked at; otherwise the bounds are proven but may be wide. */
  exact: boolean;
  /** Left over in the likely run, with why; `always` in every other too. */
  pending: readonly { pod: string; workload: string; always: boolean; say: string }[];
  /** Where the likely run puts the others. */
  placed: readonly { pod: string; node: string }[];
  blocked: readonly ({ pod: string } & Block)[];
  /** Workloads that have no ready replica in between. */
  lastReplicas: readonly string[];
  /** Pods that nobody makes again. */
  lost: readonly string[];
  notes: readonly string[];
  say: string;
}

interface Play { ground: Ground; looking: PodObject[]; going: PodObject[]; blocked: WhatIfAnswer["blocked"]; notes: string[]; /** Already played out. */ settled?: Settled }

/** `null` when what is asked about does not exist. */
export function whatIf(picture: Picture, question: Question, context: { policy: TierPolicy; machines?: readonly MachineType[] }): WhatIfAnswer | null {
  const play = playOf(picture, question, context);
  if (!play) return null;
  const { best, worst, exact, likely, never } = play.settled ?? settle(play.ground, play.looking);
  const preempts = likely.left.some((pod) => pod.spec.preemptionPolicy !== "Never" && lowerOn(likely.ground, pod.spec.priority));
  const answer: Omit<WhatIfAnswer, "say"> = {
    question, pods: play.looking.length, best, worst, exact,
    pending: likely.left.map((pod) => ({ pod: keyOf(pod), workload: keyOfWorkload(picture, pod) ?? "", always: never.has(keyOf(pod)) || best === play.looking.length, say: explainOn(likely.ground, pod).say })),
    placed: [...likely.placed].map(([pod, node]) => ({ pod, node })),
    blocked: play.blocked,
    lastReplicas: lastReplicas(picture, play.going),
    lost: play.going.filter((pod) => fateOf(pod) === "bare").map(keyOf),
    notes: [...play.notes, ...(preempts ? ["A pending pod outranks some that run: the scheduler may push those out, which is not played here."] : [])],
  };
  return { ...answer, say: sentence(answer) };
}

function lowerOn(ground: Ground, priority: number): boolean {
  for (const room of ground.rooms.values()) for (const pod of room.pods.values()) if (pod.spec.priority < priority) return true;
  return false;
}

function sentence({ pods, best, worst }: Pick<WhatIfAnswer, "pods" | "best" | "worst">): string {
  if (pods === 0) return "No pod has to move.";
  const all = pods === 1 ? "The pod" : `All ${pods} pods`;
  if (worst === 0) return `${all} would find a place.`;
  if (best === pods) return `${all} would stay pending.`;
  if (best === worst) return `${best} of ${pods} pods would stay pending.`;
  return `Between ${best} and ${worst} of ${pods} pods would stay pending, depending on order and ties.`;
}

function playOf(picture: Picture, question: Question, { policy, machines = [] }: { policy: TierPolicy; machines?: readonly MachineType[] }): Play | null {
  const ground = groundOf(picture);
  switch (question.kind) {
    case "drain": {
      const node = picture.store("Node").get(question.node);
      return node ? drain(picture, ground, node) : null;
    }
    case "lose-node": return picture.store("Node").get(question.node) ? lose(ground, [question.node]) : null;
    case "lose-tier": {
      const names = [...ground.rooms.values()].filter((room) => tierOfNode(policy, room.node) === question.tier).map((room) => room.node.name);
      return names.length === 0 ? null : lose(ground, names);
    }
    case "add": return add(picture, ground, question);
    case "change": {
      const pod = picture.store("Pod").get(question.pod);
      if (!pod) return null;
      if (question.change.kind === "move") return move(picture, ground, { pod, neighbour: question.change.pod });
      const world = changedWorld(ground, pod, { change: question.change, machines });
      return world ? { ground, going: [], blocked: [], ...world } : null;
    }
  }
}

function move(picture: Picture, ground: Ground, { pod, neighbour }: { pod: PodObject; neighbour: string }): Play | null {
  const object = picture.store("Pod").get(neighbour);
  const settled = settleMove(ground, pod, neighbour);
  if (!object || !settled) return null;
  const block = blockOf(picture, object);
  return {
    ground, settled, going: [object], looking: [pod, object], blocked: block ? [{ pod: neighbour, ...block }] : [],
    notes: [`In this order: cordon ${object.nodeName}, delete ${object.name}, wait until it stands elsewhere, uncordon ${object.nodeName}.`],
  };
}

function drain(picture: Picture, ground: Ground, node: NodeObject): Play {
  const pods = [...(ground.rooms.get(node.name)?.pods.values() ?? [])];
  const going = pods.filter((pod) => ["bare", "replaced"].includes(fateOf(pod)));
  for (const pod of going) ground.take(pod);
  ground.putNode(cordoned(node));
  const blocked = going.flatMap((pod) => {
    const block = blockOf(picture, pod);
    return block ? [{ pod: keyOf(pod), ...block }] : [];
  });
  return { ground, going, looking: going.filter((pod) => fateOf(pod) === "replaced").map(replacement), blocked, notes: [] };
}

function lose(ground: Ground, names: readonly string[]): Play {
  const pods = names.flatMap((name) => ground.takeNode(name));
  const going = pods.filter((pod) => ["bare", "replaced"].includes(fateOf(pod)));
  const stateful = going.filter((pod) => pod.owner?.kind === "StatefulSet").length;
  const notes = stateful > 0 ? [`${stateful} pods of StatefulSets come back only when the lost node is removed or they are deleted by force: until then their names are taken.`] : [];
  return { ground, going, looking: going.filter((pod) => fateOf(pod) === "replaced").map(replacement), blocked: [], notes };
}

function add(picture: Picture, ground: Ground, { workload, replicas }: { workload: string; replicas: number }): Play | null {
  const [kind = "", namespace = "", name = ""] = workload.split("/");
  const object = isWorkloadKind(kind) ? picture.store(kind).get(`${namespace}/${name}`) : undefined;
  const { template } = object ?? {};
  if (!object || !template) return null;
  const looking = Array.from({ length: replicas }, (_, i): PodObject => ({
    uid: `what-if-${i}`, name: `${name}-what-if-${i}`, namespace, resourceVersion: "", labels: object.templateLabels, createdAt: i, deletedAt: null, broken: null,
    owner: { kind, name, uid: object.uid }, kind: "Pod", spec: template, nodeName: "", phase: "Pending", reason: "", ready: false, unscheduled: null, nominatedNode: "", containers: [], podIp: "", startedAt: null, mirror: false, qosClass: "",
  }));
  const notes = kind === "StatefulSet" && template.volumes.length > 0 ? ["Volumes that the StatefulSet would claim for new replicas are not reckoned with."] : [];
  return { ground, looking, going: [], blocked: [], notes };
}
