// Pods that want to be near others, or away from them; and others that want to be away from this one (InterPodAffinity).
import type { Labels, NodeObject, PodAffinityTerm, PodObject } from "../../adapters/kubernetes/objects";
import type { Picture } from "../picture";
import { refusal, type Filter, type Scene } from "./refusal";
import { narrowed, selects } from "./selector";

const key = Symbol("pod affinity");
/** "key\nvalue" of a topology → how many pods there, and one of them to name. */
type Places = Map<string, string>;
interface Derived { terms: PodAffinityTerm[]; near: Places; away: Places; kept: Places; first: boolean }

export const podAffinity: Filter = (scene, { node }) => {
  const { terms, near, away, kept, first } = scene.memo(key, () => derive(scene));
  const anti = scene.pod.spec.podAntiAffinity;
  const unmet = terms.find((term) => place(node, term.topologyKey) === undefined) ?? (first ? undefined : terms.find((term) => !near.has(place(node, term.topologyKey) ?? "")));
  if (unmet) {
    return refusal("pod-affinity", "node(s) didn't match pod affinity rules", { say: `Pod affinity: no pod it wants to be near stands in the same ${unmet.topologyKey}${place(node, unmet.topologyKey) === undefined ? " (the node has no such label)" : ""}`, short: "pod affinity" });
  }
  const clash = anti.map((term) => place(node, term.topologyKey)).find((at) => at !== undefined && away.has(at));
  if (clash !== undefined) {
    return refusal("pod-affinity", "node(s) didn't match pod anti-affinity rules", { say: `Pod anti-affinity: ${away.get(clash) ?? "a pod"} stands in the same ${clash.split("\n")[0] ?? ""}`, short: "anti-affinity" });
  }
  for (const [at, by] of kept) {
    const [name = ""] = at.split("\n");
    if (place(node, name) !== at) continue;
    return refusal("pod-affinity", "node(s) didn't satisfy existing pods anti-affinity rules", { say: `${by} does not want to share its ${name} with this pod`, short: "kept away" });
  }
  return null;
};

function place(node: NodeObject, topologyKey: string): string | undefined {
  return Object.hasOwn(node.labels, topologyKey) ? `${topologyKey}\n${node.labels[topologyKey]}` : undefined;
}

function derive({ pod, ground }: Scene): Derived {
  const { picture } = ground;
  const terms = pod.spec.podAffinity.map((term) => settled(term, pod));
  const antiTerms = pod.spec.podAntiAffinity.map((term) => settled(term, pod));
  const derived: Derived = { terms, near: new Map(), away: new Map(), kept: new Map(), first: false };
  const own = namespaceLabels(picture, pod.namespace);
  if (terms.length + antiTerms.length > 0) {
    for (const { node, pods } of ground.rooms.values()) {
      for (const other of pods.values()) {
        const labels = namespaceLabels(picture, other.namespace);
        if (terms.length > 0 && terms.every((term) => applies(term, other, labels))) note(derived.near, node, { terms, by: other });
        for (const term of antiTerms) if (applies(term, other, labels)) note(derived.away, node, { terms: [term], by: other });
      }
    }
  }
  for (const { pod: other, node: name } of ground.guards.values()) {
    const room = ground.rooms.get(name);
    for (const term of other.spec.podAntiAffinity) if (room && applies(settled(term, other), pod, own)) note(derived.kept, room.node, { terms: [term], by: other });
  }
  // The first of a group that wants to be near its own kind has nobody to be near: it may go anywhere the topology exists.
  derived.first = terms.length > 0 && derived.near.size === 0 && terms.every((term) => applies(term, pod, own));
  return derived;
}

function note(places: Places, node: NodeObject, { terms, by }: { terms: readonly PodAffinityTerm[]; by: PodObject }): void {
  for (const term of terms) {
    const at = place(node, term.topologyKey);
    if (at !== undefined && !places.has(at)) places.set(at, `${by.namespace}/${by.name}`);
  }
}

/** A term as it holds for its owner: its own namespace where it names none, its match keys put into the selector. */
function settled(term: PodAffinityTerm, owner: PodObject): PodAffinityTerm {
  const namespaces = term.namespaces.length === 0 && term.namespaceSelector === null ? [owner.namespace] : term.namespaces;
  const selector = narrowed(term.selector, owner.labels, { match: term.matchLabelKeys, mismatch: term.mismatchLabelKeys });
  return namespaces === term.namespaces && selector === term.selector ? term : { ...term, namespaces, selector };
}

function applies(term: PodAffinityTerm, pod: PodObject, labels: Labels): boolean {
  const inNamespace = term.namespaces.includes(pod.namespace) || (term.namespaceSelector !== null && selects(term.namespaceSelector, labels));
  return inNamespace && selects(term.selector, pod.labels);
}

function namespaceLabels(picture: Picture, name: string): Labels {
  return picture.store("Namespace").get(name)?.labels ?? {};
}
