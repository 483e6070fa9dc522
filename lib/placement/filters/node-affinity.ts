// Which nodes a pod asks for: by name, by nodeSelector, by required node affinity (NodeName, NodeAffinity).
import type { NodeObject, PodObject } from "../../adapters/kubernetes/objects";
import { meets, requirementWords, termMatches, termsMatch } from "./selector";
import { refusal, type Filter, type Scene, type Stop } from "./refusal";

export function wantsNode(pod: Pick<PodObject, "spec">, node: Pick<NodeObject, "labels" | "name">): boolean {
  for (const [key, value] of Object.entries(pod.spec.nodeSelector)) if (!Object.hasOwn(node.labels, key) || node.labels[key] !== value) return false;
  return pod.spec.nodeAffinity === null || termsMatch(pod.spec.nodeAffinity, node);
}

/** Asked for by name before the scheduler had a say. */
export const nodeName: Filter = ({ pod }, { node }) => {
  if (pod.nodeName === "" || pod.nodeName === node.name) return null;
  return refusal("node-name", "node(s) didn't match the requested node name", { say: `The pod names the node ${pod.nodeName}`, short: "node name" });
};

const namesKey = Symbol("names of node affinity");

/** The nodes that affinity names one by one; null when it does not. Other nodes are then not even looked at. */
export function namedNodes(scene: Scene): ReadonlySet<string> | null {
  return scene.memo(namesKey, () => namesOf(scene.pod));
}

function namesOf(pod: Pick<PodObject, "spec">): ReadonlySet<string> | null {
  const terms = pod.spec.nodeAffinity;
  if (terms === null || terms.length === 0) return null;
  const names = new Set<string>();
  for (const term of terms) {
    const lists = term.fields.filter((field) => field.key === "metadata.name" && field.operator === "In").map((field) => field.values);
    const [first, ...others] = lists;
    if (!first) return null;
    for (const name of first) if (others.every((values) => values.includes(name))) names.add(name);
  }
  return names;
}

export function conflictingNames(scene: Scene): Stop | null {
  if (namedNodes(scene)?.size !== 0) return null;
  return { filter: "node-affinity", reason: "pod affinity terms conflict", say: "Its node affinity names different nodes at once, so that none is left" };
}

/** How the scheduler counts the nodes that affinity by name leaves out. */
const leftOutReason = "node(s) didn't satisfy plugin(s) [NodeAffinity]";

export const nodeAffinity: Filter = (scene, { node }) => {
  const { pod } = scene;
  if (wantsNode(pod, node)) return null;
  const names = namedNodes(scene);
  const leftOut = names !== null && !names.has(node.name);
  return refusal("node-affinity", leftOut ? leftOutReason : "node(s) didn't match Pod's node affinity/selector", { say: mismatch(pod, node), short: "selector" });
};

function mismatch(pod: PodObject, node: NodeObject): string {
  const wrong = Object.entries(pod.spec.nodeSelector).filter(([key, value]) => node.labels[key] !== value);
  if (wrong.length > 0) {
    return `Selector: ${wrong.map(([key, value]) => (Object.hasOwn(node.labels, key) ? `${key} is ${node.labels[key]}, asked is ${value}` : `no label ${key}, asked is ${value}`)).join("; ")}`;
  }
  const terms = pod.spec.nodeAffinity ?? [];
  const [term] = terms.filter((each) => !termMatches(each, node));
  if (!term) return "Node affinity: it matches no node";
  const unmet = [
    ...term.expressions.filter((requirement) => !meets(node.labels, requirement)),
    ...term.fields.filter((requirement) => !meets({ "metadata.name": node.name }, requirement)),
  ];
  const asked = unmet.map((requirement) => `${requirementWords(requirement)}${Object.hasOwn(node.labels, requirement.key) ? ` (is ${node.labels[requirement.key]})` : ""}`).join(", ");
  return `Node affinity: asks ${asked || "nothing that a node could have"}${terms.length > 1 ? ", nor any of the other terms" : ""}`;
}
