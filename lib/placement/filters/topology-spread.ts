// Replicas spread over zones or machines: no place may be more than maxSkew ahead of the emptiest (PodTopologySpread).
import type { LabelSelector, NodeObject, PodObject, TopologySpread } from "../../adapters/kubernetes/objects";
import type { Ground } from "./ground";
import { wantsNode } from "./node-affinity";
import { refusal, type Filter, type Scene } from "./refusal";
import { narrowed, selects, selectsAll } from "./selector";
import { untolerated } from "./taints";

interface Constraint { spread: TopologySpread; selector: LabelSelector | null; /** Matching pods by value of the topology key, over the nodes that take part. */ counts: Map<string, number>; fewest: number; self: 0 | 1 }

const key = Symbol("topology spread");
const mismatchReason = "node(s) didn't match pod topology spread constraints";

export const topologySpread: Filter = (scene, { node }) => {
  for (const { spread, counts, fewest, self } of constraintsOf(scene)) {
    const value = labelOf(node, spread.topologyKey);
    if (value === undefined) {
      return refusal("topology-spread", `${mismatchReason} (missing required label)`, { say: `Topology spread: the node has no label ${spread.topologyKey}`, short: "spread" });
    }
    const here = counts.get(value) ?? 0;
    const skew = here + self - fewest;
    if (skew > spread.maxSkew) {
      return refusal("topology-spread", mismatchReason, { say: `Topology spread: ${value} would hold ${here + self}, the emptiest ${spread.topologyKey} holds ${fewest}; at most ${spread.maxSkew} apart is allowed`, short: "spread" });
    }
  }
  return null;
};

function labelOf(node: NodeObject, name: string): string | undefined {
  return Object.hasOwn(node.labels, name) ? node.labels[name] : undefined;
}

function constraintsOf(scene: Scene): readonly Constraint[] {
  return scene.memo(key, () => {
    const hard = scene.pod.spec.spread.filter((spread) => spread.whenUnsatisfiable === "DoNotSchedule");
    return hard.map((spread) => constraint(scene.pod, scene.ground, { spread, keys: hard.map((each) => each.topologyKey) }));
  });
}

function constraint(pod: PodObject, ground: Ground, { spread, keys }: { spread: TopologySpread; keys: readonly string[] }): Constraint {
  const selector = narrowed(spread.selector, pod.labels, { match: spread.matchLabelKeys });
  const counts = new Map<string, number>();
  for (const room of ground.rooms.values()) {
    if (!takesPart(pod, room.node, { spread, keys })) continue;
    const value = labelOf(room.node, spread.topologyKey) ?? "";
    counts.set(value, (counts.get(value) ?? 0) + countIn(room.pods.values(), selector, pod.namespace));
  }
  const fewest = counts.size < (spread.minDomains ?? 1) ? 0 : Math.min(...counts.values(), Number.MAX_SAFE_INTEGER);
  return { spread, selector, counts, fewest, self: selects(selector, pod.labels) ? 1 : 0 };
}

/** A node takes part when it has the keys of all hard constraints, and the policies let it. */
function takesPart(pod: PodObject, node: NodeObject, { spread, keys }: { spread: TopologySpread; keys: readonly string[] }): boolean {
  if (keys.some((name) => labelOf(node, name) === undefined)) return false;
  if (spread.nodeAffinityPolicy === "Honor" && !wantsNode(pod, node)) return false;
  return spread.nodeTaintsPolicy !== "Honor" || untolerated(pod, node.taints).length === 0;
}

/** Pods on their way out do not count; a selector that selects everything counts none, as in the scheduler. */
function countIn(pods: Iterable<PodObject>, selector: LabelSelector | null, namespace: string): number {
  if (selectsAll(selector)) return 0;
  let count = 0;
  for (const pod of pods) if (pod.deletedAt === null && pod.namespace === namespace && selects(selector, pod.labels)) count += 1;
  return count;
}
