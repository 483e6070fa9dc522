// Moving a neighbour out of the way, in steps that leave nothing to chance: cordon its node, delete it, and uncordon once it stands elsewhere.
import type { PodObject } from "../adapters/kubernetes/objects";
import { fits, nodesFor, sceneOf, stopOf, type Ground, type Room } from "./filters";
import { cordoned, replacement } from "./displaced";
import { keyOf } from "./picture";
import type { Settled } from "./settle";

/** null when no such neighbour stands on the ground. All places that the neighbour may take are looked at, so the bounds are exact. */
export function settleMove(start: Ground, pod: PodObject, neighbourKey: string): Settled | null {
  const ground = start.copy();
  ground.take(pod);
  const room = [...ground.rooms.values()].find((each) => each.pods.has(neighbourKey));
  const neighbour = room?.pods.get(neighbourKey);
  if (!room || !neighbour) return null;
  const [asking, leaving] = [replacement(pod), replacement(neighbour)];
  ground.take(neighbour);
  // A neighbour that tolerates the cordon may come back to where it was.
  const { node } = room;
  ground.putNode(cordoned(node));
  const places = nodesFor(ground, leaving);
  ground.putNode(node);
  const ends = places.map((place) => {
    ground.put(leaving, place);
    const found = firstPlace(ground, asking);
    ground.take(leaving);
    return { place, found };
  });
  const left = (end: (typeof ends)[number]) => (end.found ? 0 : 1);
  const [likely] = ends.toSorted((a, b) => left(a) - left(b));
  if (!likely) return stuck(ground, { asking, leaving, room });
  ground.put(leaving, likely.place);
  if (likely.found) ground.put(asking, likely.found);
  const placed = new Map([[keyOf(leaving), likely.place], ...(likely.found ? [[keyOf(asking), likely.found] as const] : [])]);
  return { best: left(likely), worst: Math.max(...ends.map(left)), exact: true, likely: { left: likely.found ? [] : [asking], placed, ground }, never: new Set(left(likely) === 1 ? [keyOf(asking)] : []) };
}

function firstPlace(ground: Ground, pod: PodObject): string | null {
  const scene = sceneOf(ground, pod);
  if (stopOf(scene)) return null;
  return [...ground.rooms.values()].find((room) => fits(scene, room))?.node.name ?? null;
}

/** The neighbour fits nowhere else: it waits while its node is cordoned, and the pod, when it then gets the seat, has only changed places with it. */
function stuck(ground: Ground, { asking, leaving, room }: { asking: PodObject; leaving: PodObject; room: Room }): Settled {
  const found = firstPlace(ground, asking);
  if (found) ground.put(asking, found);
  else ground.put(leaving, room.node.name);
  const left = found ? leaving : asking;
  return { best: 1, worst: 1, exact: true, likely: { left: [left], placed: new Map([found ? [keyOf(asking), found] : [keyOf(leaving), room.node.name]]), ground }, never: new Set() };
}
