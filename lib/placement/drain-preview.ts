// Before a drain: for each pod of the node where it could go, what forbids it, and what would be lost.
import type { PodObject } from "../adapters/kubernetes/objects";
import { blockOf, type Block } from "./budgets";
import { fateOf, keyOfWorkload, lastReplicas, replacement, type Fate } from "./displaced";
import { explainOn } from "./explain";
import { groundOf } from "./filters";
import { keyOf, type Picture } from "./picture";
import { defaultTierPolicy } from "./tier-policy";
import { whatIf, type WhatIfAnswer } from "./what-if";

export interface DrainPod {
  key: string;
  workload: string;
  /** daemon, static and finished pods are left alone. */
  fate: Fate;
  /** Nodes that would take it now, if it came alone. */
  nodes: readonly string[];
  /** Why it fits nowhere; "" when it does, or need not. */
  nowhere: string;
  block: Block | null;
  /** Its workload has no other ready replica. */
  lastReplica: boolean;
  /** Names of emptyDir volumes whose content goes with it. */
  emptyDirs: readonly string[];
}

export interface DrainPreview {
  node: string;
  cordoned: boolean;
  pods: readonly DrainPod[];
  /** All of them together, not one by one. */
  together: WhatIfAnswer;
  counts: { moves: number; skipped: number; nowhere: number; blocked: number; lastReplicas: number; dataLost: number; bare: number };
  say: string;
}

/** null when there is no such node. */
export function previewDrain(picture: Picture, node: string): DrainPreview | null {
  const object = picture.store("Node").get(node);
  const together = whatIf(picture, { kind: "drain", node }, { policy: defaultTierPolicy });
  if (!object || !together) return null;
  const ground = groundOf(picture);
  const here = [...picture.store("Pod").by("node", node)].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const going = here.filter((pod) => ["bare", "replaced"].includes(fateOf(pod)));
  const last = new Set(lastReplicas(picture, going));
  ground.takeNode(node);
  const pods = here.map((pod): DrainPod => {
    const fate = fateOf(pod);
    const moves = fate === "replaced";
    const explanation = moves ? explainOn(ground, replacement(pod)) : null;
    const goes = moves || fate === "bare";
    return {
      key: keyOf(pod),
      workload: keyOfWorkload(picture, pod) ?? "",
      fate,
      nodes: explanation && !explanation.stop ? explanation.nodes.filter((verdict) => verdict.fits).map((verdict) => verdict.node) : [],
      nowhere: explanation && explanation.fitting === 0 ? explanation.say : "",
      block: goes ? blockOf(picture, pod) : null,
      lastReplica: goes && last.has(keyOfWorkload(picture, pod) ?? ""),
      emptyDirs: goes ? emptyDirsOf(pod) : [],
    };
  });
  const counts = countsOf(pods);
  return { node, cordoned: object.unschedulable, pods, together, counts, say: sentence(counts, together) };
}

function emptyDirsOf(pod: PodObject): string[] {
  return pod.spec.volumes.filter((volume) => volume.kind === "emptyDir").map((volume) => volume.name);
}

function countsOf(pods: readonly DrainPod[]): DrainPreview["counts"] {
  const count = (test: (pod: DrainPod) => boolean) => pods.filter(test).length;
  return {
    moves: count((pod) => pod.fate === "replaced"),
    skipped: count((pod) => !["replaced", "bare"].includes(pod.fate)),
    nowhere: count((pod) => pod.nowhere !== ""),
    blocked: count((pod) => pod.block !== null),
    lastReplicas: count((pod) => pod.lastReplica),
    dataLost: count((pod) => pod.emptyDirs.length > 0),
    bare: count((pod) => pod.fate === "bare"),
  };
}

function sentence(counts: DrainPreview["counts"], together: WhatIfAnswer): string {
  const parts = [
    `${counts.moves} to move, ${counts.skipped} left alone`,
    counts.nowhere > 0 ? `${counts.nowhere} fit nowhere` : "",
    counts.blocked > 0 ? `${counts.blocked} blocked by a budget` : "",
    counts.bare > 0 ? `${counts.bare} that nobody makes again` : "",
  ];
  return `${parts.filter((part) => part !== "").join(", ")}. ${together.say}`;
}
