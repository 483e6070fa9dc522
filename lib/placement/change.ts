// One change to a pod or to a node, as a remedy proposes it, made on a ground.
import type { MachineType } from "../clusters/machine-types";
import type { NodeObject, PodObject, PodSpec, Resources } from "../adapters/kubernetes/objects";
import { replacement } from "./displaced";
import type { Ground } from "./filters";

export type Change =
  | { kind: "request"; cpuMillis?: number; memoryBytes?: number }
  | { kind: "drop-selector" }
  | { kind: "label-node"; node: string; labels: Readonly<Record<string, string>> }
  | { kind: "resize-node"; node: string; type: string }
  /** The neighbour of this name leaves its node for another: cordon, delete, uncordon. */
  | { kind: "move"; pod: string }
  | { kind: "tolerate"; key: string; value: string; effect: "NoSchedule" | "NoExecute" }
  | { kind: "untaint"; node: string; key: string; effect: string }
  | { kind: "uncordon"; node: string };

export interface ChangedWorld { looking: PodObject[]; notes: string[] }

/** Changes the ground in place (all but a move, which goes in steps: see move.ts); gives who then looks for a place, the pod first. null when what is named does not exist. */
export function changedWorld(ground: Ground, pod: PodObject, { change, machines }: { change: Exclude<Change, { kind: "move" }>; machines: readonly MachineType[] }): ChangedWorld | null {
  ground.take(pod);
  const asking = replacement(pod);
  const withSpec = (spec: Partial<PodSpec>): ChangedWorld => ({ looking: [{ ...asking, spec: { ...asking.spec, ...spec } }], notes: [] });
  const withNode = (name: string, alter: (node: NodeObject) => NodeObject): ChangedWorld | null => {
    const room = ground.rooms.get(name);
    if (!room) return null;
    ground.putNode(alter(room.node));
    return { looking: [asking], notes: [] };
  };
  switch (change.kind) {
    case "request": return withSpec({ requests: { ...asking.spec.requests, ...(change.cpuMillis === undefined ? {} : { cpuMillis: change.cpuMillis }), ...(change.memoryBytes === undefined ? {} : { memoryBytes: change.memoryBytes }) } });
    case "drop-selector": return withSpec({ nodeSelector: {}, nodeAffinity: null });
    case "tolerate": return withSpec({ tolerations: [...asking.spec.tolerations, { key: change.key, operator: "Equal", value: change.value, effect: change.effect, tolerationSeconds: null }] });
    case "label-node": return withNode(change.node, (node) => ({ ...node, labels: { ...node.labels, ...change.labels } }));
    case "uncordon": return withNode(change.node, (node) => ({ ...node, unschedulable: false, taints: node.taints.filter((taint) => taint.key !== "node.kubernetes.io/unschedulable") }));
    case "untaint": return withNode(change.node, (node) => ({ ...node, taints: node.taints.filter((taint) => taint.key !== change.key || taint.effect !== change.effect) }));
    case "resize-node": {
      const machine = machines.find((each) => each.name === change.type);
      return machine ? withNode(change.node, (node) => resized(node, machine)) : null;
    }
  }
}

/** What the machine keeps for itself (capacity − allocatable) stays as it is. */
export function resized(node: NodeObject, machine: MachineType): NodeObject {
  const kept = (of: keyof Pick<Resources, "cpuMillis" | "memoryBytes">) => Math.max(node.capacity[of] - node.allocatable[of], 0);
  const allocatable = { ...node.allocatable, cpuMillis: machine.cpuMillis - kept("cpuMillis"), memoryBytes: machine.memoryBytes - kept("memoryBytes") };
  return { ...node, allocatable, capacity: { ...node.capacity, cpuMillis: machine.cpuMillis, memoryBytes: machine.memoryBytes } };
}
