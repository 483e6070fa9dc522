// All filters in the scheduler's order, and the one question that they answer together.
import type { PodObject } from "../../adapters/kubernetes/objects";
import type { Ground, Room } from "./ground";
import { conflictingNames, namedNodes, nodeAffinity, nodeName } from "./node-affinity";
import { nodePorts } from "./node-ports";
import { podAffinity } from "./pod-affinity";
import { sceneOf, type Filter, type FilterName, type Refusal, type Scene, type Stop } from "./refusal";
import { resourcesFit } from "./resources";
import { nodeUnschedulable, taintToleration } from "./taints";
import { topologySpread } from "./topology-spread";
import { volumeBinding, volumeLimits, volumeRestrictions, volumeStop, volumeZone } from "./volumes";

export type { Ground, Room } from "./ground";
export { groundOf, takesRoom } from "./ground";
export { filterNames, sceneOf, type Figure, type FilterName, type Refusal, type Scene, type Stop } from "./refusal";

const filters: Record<FilterName, Filter> = {
  "node-unschedulable": nodeUnschedulable,
  "node-name": nodeName,
  taints: taintToleration,
  "node-affinity": nodeAffinity,
  "node-ports": nodePorts,
  resources: resourcesFit,
  "volume-restrictions": volumeRestrictions,
  "volume-limits": volumeLimits,
  "volume-binding": volumeBinding,
  "volume-zone": volumeZone,
  "topology-spread": topologySpread,
  "pod-affinity": podAffinity,
};
const inOrder = Object.values(filters);

/** What keeps the pod from every node at once: gates, claims that are missing or unbound, a contradiction in its own words. */
export function stopOf(scene: Scene): Stop | null {
  const [gate] = scene.pod.spec.schedulingGates;
  if (gate !== undefined) return { filter: "scheduling-gates", reason: "Scheduling is blocked due to non-empty scheduling gates", say: `It waits for its scheduling gates: ${scene.pod.spec.schedulingGates.join(", ")}` };
  return conflictingNames(scene) ?? volumeStop(scene);
}

/** Every filter that the node fails, in the scheduler's order: it counts the first and does not ask the rest. */
export function refusalsOf(scene: Scene, room: Room): Refusal[] {
  const refusals = inOrder.flatMap((filter) => filter(scene, room) ?? []);
  const names = namedNodes(scene);
  // A node that affinity leaves out by name is never looked at, so even a cordon on it is not counted.
  if (names === null || names.has(room.node.name)) return refusals;
  return refusals.toSorted((a, b) => Number(b.filter === "node-affinity") - Number(a.filter === "node-affinity"));
}

export function fits(scene: Scene, room: Room): boolean {
  return inOrder.every((filter) => filter(scene, room) === null);
}

/** The nodes that would take the pod now; none when something stops it altogether. */
export function nodesFor(ground: Ground, pod: PodObject): string[] {
  const scene = sceneOf(ground, pod);
  if (stopOf(scene)) return [];
  return [...ground.rooms.values()].filter((room) => fits(scene, room)).map((room) => room.node.name);
}
