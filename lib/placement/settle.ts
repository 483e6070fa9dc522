// Lets pods find their places on a ground and says how many can be left over, at best and at worst.
//
// The scheduler keeps trying, so in the end no pod that is left fits anywhere. Which end is reached hangs on the order of the
// queue and on scores among fitting nodes. For few pods every end is looked at and the bounds are exact. For many, the bounds
// are proven but may be wide: at best, only those are left that the emptiest ground refuses for reasons which company cannot
// mend (all filters but wanted pod affinity and spread); at worst, all are left except those that no placement of the others
// can shut out. Preemption is not played.
import type { PodObject } from "../adapters/kubernetes/objects";
import { fits, sceneOf, stopOf, refusalsOf, type Ground, type Room } from "./filters";
import { keyOf } from "./picture";

export interface Settled {
  best: number;
  worst: number;
  exact: boolean;
  /** One run in the scheduler's order with its usual scoring: the likely end. Pods that are left over, and where the others went. */
  likely: { left: PodObject[]; placed: Map<string, string>; ground: Ground };
  /** Left over in every end. */
  never: ReadonlySet<string>;
}

const maxPodsForAll = 9;
const maxStates = 4000;

export function settle(ground: Ground, pods: readonly PodObject[]): Settled {
  const likely = likelyRun(ground, pods);
  const never = new Set(pods.filter((pod) => refusedForGood(ground, pod)).map(keyOf));
  const all = pods.length <= maxPodsForAll ? everyEnd(ground, pods) : null;
  if (all) return { ...all, exact: true, likely, never };
  const sure = pods.filter((pod) => !never.has(keyOf(pod)) && cannotBeShutOut(ground, pod, pods)).length;
  const worst = pods.length - sure;
  return { best: Math.min(never.size, worst), worst, exact: never.size === worst, likely, never };
}

/** The scheduler's queue: priority, then age. */
function queued(pods: readonly PodObject[]): PodObject[] {
  return pods.toSorted((a, b) => b.spec.priority - a.spec.priority || a.createdAt - b.createdAt || (keyOf(a) < keyOf(b) ? -1 : 1));
}

function likelyRun(start: Ground, pods: readonly PodObject[]): Settled["likely"] {
  const ground = start.copy();
  const placed = new Map<string, string>();
  let left = queued(pods);
  for (let before = -1; before !== left.length && left.length > 0; ) {
    before = left.length;
    left = left.filter((pod) => {
      const room = bestRoom(ground, pod);
      if (!room) return true;
      ground.put(pod, room.node.name);
      placed.set(keyOf(pod), room.node.name);
      return false;
    });
  }
  return { left, placed, ground };
}

/** Least filled after placement, as the scheduler scores by default; names break ties. */
function bestRoom(ground: Ground, pod: PodObject): Room | null {
  const scene = sceneOf(ground, pod);
  if (stopOf(scene)) return null;
  let best: { room: Room; filled: number } | null = null;
  for (const room of ground.rooms.values()) {
    if (!fits(scene, room)) continue;
    const filled = filledBy(room, pod);
    if (!best || filled < best.filled || (filled === best.filled && room.node.name < best.room.node.name)) best = { room, filled };
  }
  return best?.room ?? null;
}

function filledBy({ node, used }: Room, pod: PodObject): number {
  const part = (asked: number, has: number) => (has > 0 ? asked / has : 1);
  return part(used.cpuMillis + pod.spec.requests.cpuMillis, node.allocatable.cpuMillis) + part(used.memoryBytes + pod.spec.requests.memoryBytes, node.allocatable.memoryBytes);
}

/** Filters that company can mend: a wanted neighbour may come, a spread may even out. */
const mendable = new Set(["topology-spread", "pod-affinity"]);

function refusedForGood(ground: Ground, pod: PodObject): boolean {
  const scene = sceneOf(ground, pod);
  if (stopOf(scene)) return true;
  return [...ground.rooms.values()].every((room) => refusalsOf(scene, room).some((refusal) => !mendable.has(refusal.filter)));
}

interface Class { pods: PodObject[]; name: string }

/** Pods that the filters cannot tell apart. */
function classesOf(pods: readonly PodObject[]): Class[] {
  const classes = new Map<string, Class>();
  for (const pod of pods) {
    const name = JSON.stringify([pod.namespace, pod.labels, pod.spec]);
    const known = classes.get(name);
    if (known) known.pods.push(pod);
    else classes.set(name, { pods: [pod], name });
  }
  return [...classes.values()];
}

/** Fewest and most left over among all ends; null when there are too many to look at. */
function everyEnd(start: Ground, pods: readonly PodObject[]): { best: number; worst: number } | null {
  const ground = start.copy();
  const classes = classesOf(pods);
  const seen = new Set<string>();
  const placed = classes.map(() => new Map<string, number>());
  let best = Number.POSITIVE_INFINITY;
  let worst = Number.NEGATIVE_INFINITY;
  let left = pods.length;
  const visit = (): boolean => {
    const state = JSON.stringify(placed.map((nodes) => [...nodes].toSorted(([a], [b]) => (a < b ? -1 : 1))));
    if (seen.has(state)) return true;
    if (seen.size >= maxStates) return false;
    seen.add(state);
    let end = true;
    for (const [i, { pods: alike }] of classes.entries()) {
      const at = placed[i] ?? new Map<string, number>();
      const done = [...at.values()].reduce((sum, count) => sum + count, 0);
      const pod = alike[done];
      if (!pod) continue;
      const scene = sceneOf(ground, pod);
      if (stopOf(scene)) continue;
      const open = [...ground.rooms.values()].filter((room) => fits(scene, room)).map((room) => room.node.name);
      for (const node of open) {
        end = false;
        ground.put(pod, node);
        at.set(node, (at.get(node) ?? 0) + 1);
        left -= 1;
        const whole = visit();
        left += 1;
        const count = (at.get(node) ?? 1) - 1;
        if (count === 0) at.delete(node);
        else at.set(node, count);
        ground.take(pod);
        if (!whole) return false;
      }
    }
    if (end) {
      best = Math.min(best, left);
      worst = Math.max(worst, left);
    }
    return true;
  };
  return visit() ? { best, worst } : null;
}

/**
 * Proof that a pod is placed whatever the others do. It is shut out only when, on every node that would take it alone, the others leave less than
 * it asks of some resource. Per node that eats a share of what the others ask in sum; shares of one resource add up to at most one, so over
 * three resources (cpu, memory, slots) to at most three.
 */
function cannotBeShutOut(ground: Ground, pod: PodObject, pods: readonly PodObject[]): boolean {
  if (isEntangled(pod) || pods.some((other) => other.spec.podAntiAffinity.length > 0)) return false;
  const others = pods.filter((other) => other !== pod);
  const sum = { cpu: 0, memory: 0, slots: others.length };
  for (const other of others) {
    if (Object.keys(pod.spec.requests.extended).length > 0 || pod.spec.requests.ephemeralBytes > 0) return false;
    sum.cpu += other.spec.requests.cpuMillis;
    sum.memory += other.spec.requests.memoryBytes;
  }
  const scene = sceneOf(ground, pod);
  if (stopOf(scene)) return false;
  const { cpuMillis, memoryBytes } = pod.spec.requests;
  let shares = 0;
  for (const room of ground.rooms.values()) {
    if (!fits(scene, room)) continue;
    const { allocatable } = room.node;
    const share = (asked: number, free: number, total: number) => (asked === 0 || total === 0 ? Number.POSITIVE_INFINITY : Math.max(free - asked + 1, 0) / total);
    shares += Math.min(
      share(cpuMillis, allocatable.cpuMillis - room.used.cpuMillis, sum.cpu),
      share(memoryBytes, allocatable.memoryBytes - room.used.memoryBytes, sum.memory),
      share(1, allocatable.pods - room.used.pods, sum.slots),
    );
    if (shares > 3) return true;
  }
  return false;
}

function isEntangled({ spec }: PodObject): boolean {
  return spec.podAffinity.length + spec.podAntiAffinity.length + spec.hostPorts.length > 0 || spec.spread.some((spread) => spread.whenUnsatisfiable === "DoNotSchedule") || spec.volumes.some((volume) => volume.kind === "claim" || volume.kind === "ephemeral");
}
