// Workloads that stand off their tier, tiers that anybody may enter, and tier 1 workloads that tier 1 keeps out.
import type { NodeObject, WorkloadObject } from "../../adapters/kubernetes/objects";
import { untolerated, taintWords } from "../filters/taints";
import { wantsNode } from "../filters/node-affinity";
import { tierNames, type PodRow, type Tier, type TierPolicy, type WorkloadRow } from "../model";
import { tierOfNode } from "../tier-policy";
import { workloadObject } from "../workload-of";
import { list, type Finding, type Looked } from "./finding";

export function podsByWorkload({ tables }: Looked): Map<string, PodRow[]> {
  const groups = new Map<string, PodRow[]>();
  for (const pod of tables.pods.values()) {
    if (pod.workload === "" || pod.state === "done") continue;
    const known = groups.get(pod.workload);
    if (known) known.push(pod);
    else groups.set(pod.workload, [pod]);
  }
  return groups;
}

export function offTier(looked: Looked): Finding[] {
  return [...podsByWorkload(looked)].flatMap(([key, pods]): Finding[] => {
    const off = pods.filter((pod) => pod.drift);
    const [first] = off;
    if (!first?.declared) return [];
    const nodes = [...new Set(off.map((pod) => pod.node))].toSorted();
    const tiers = [...new Set(off.flatMap((pod) => pod.actual ?? []))].toSorted();
    return [{
      id: `off-tier/${key}`, check: "off-tier", severity: "warning",
      title: `${nameOf(key)} is off its tier`,
      what: `${off.length} of ${pods.length} pods belong to tier ${first.declared} (${tierNames[first.declared]}) and run on tier ${tiers.join(", ")}: ${list(nodes)}.`,
      why: "They take room that another tier was sized for, and share its failures: a load or a loss there reaches a service that was meant to be apart.",
      fix: `${fixOf(looked, key, first.declared)} Then delete the pods that are off, or drain, so that they are placed anew.`,
      subjects: [{ kind: "workload", key }, ...off.map((pod) => ({ kind: "pod" as const, key: pod.key }))],
    }];
  });
}

function nameOf(key: string): string {
  return key.split("/").slice(2).join("/");
}

function fixOf({ picture, policy }: Looked, key: string, tier: Tier): string {
  const [kind = "", namespace = "", name = ""] = key.split("/");
  const template = workloadObject(picture, { kind, namespace, name })?.template;
  const label = labelOf(policy, tier);
  if (template && (Object.keys(template.nodeSelector).length > 0 || template.nodeAffinity !== null)) return `Its selector leads elsewhere: change it to ${label}, or declare the workload for the tier where it runs.`;
  return `Nothing ties it to its tier: add nodeSelector ${label}${tier === 1 ? " and, for the control-plane node, a toleration" : ""}.`;
}

function labelOf(policy: TierPolicy, tier: Tier): string {
  const rule = policy.nodes.find((each) => each.tier === tier && each.value !== null) ?? policy.nodes.find((each) => each.tier === tier);
  return rule ? `${rule.label}=${rule.value ?? ""}` : `of a tier ${tier} node`;
}

/** Machines set apart: the storage tier, and the monitoring node. */
export function dedicatedWithoutTaint({ picture, policy, tables }: Looked): Finding[] {
  const onNode = new Map<string, PodRow[]>();
  for (const pod of tables.pods.values()) {
    if (pod.node === "" || pod.everywhere || pod.state === "done") continue;
    const known = onNode.get(pod.node);
    if (known) known.push(pod);
    else onNode.set(pod.node, [pod]);
  }
  return [...picture.store("Node").values()].flatMap((node): Finding[] => {
    const tier = tierOfNode(policy, node);
    const dedicated = tier === 4 || node.labels.workload === "monitoring";
    if (!dedicated || node.taints.some((taint) => taint.effect !== "PreferNoSchedule" && !taint.key.startsWith("node.kubernetes.io/"))) return [];
    const guests = (onNode.get(node.name) ?? []).filter((pod) => pod.declared !== tier);
    const label = node.labels.workload ?? "storage";
    return [{
      id: `no-taint/${node.name}`, check: "no-taint", severity: guests.length > 0 ? "warning" : "info",
      title: `${node.name} is set apart by label only`,
      what: `It has no taint, so any pod without a nodeSelector may land on it${guests.length > 0 ? `: ${guests.length} that do not belong there did (${list(guests.map((pod) => pod.name))})` : ""}.`,
      why: "Guests take memory and cpu from what the machine is for; on a small one a guest is enough to keep a database pending or to have it killed.",
      fix: `kubectl taint node ${node.name} workload=${label}:NoSchedule, and a toleration for it on what belongs there.`,
      subjects: [{ kind: "node", key: node.name }, ...guests.map((pod) => ({ kind: "pod" as const, key: pod.key }))],
    }];
  });
}

export function withoutToleration({ picture, policy, tables }: Looked): Finding[] {
  const nodes = [...picture.store("Node").values()].filter((node) => tierOfNode(policy, node) === 1);
  if (nodes.length === 0) return [];
  return [...tables.workloads.values()].flatMap((row): Finding[] => {
    if (row.declared !== 1 || row.kind === "DaemonSet" || row.kind === "Job") return [];
    const object = workloadObject(picture, row);
    return object?.template ? shutOut(row, object, nodes) : [];
  });
}

function shutOut(row: WorkloadRow, object: WorkloadObject, nodes: readonly NodeObject[]): Finding[] {
  const { template } = object;
  if (!template) return [];
  const closed = nodes.filter((node) => untolerated({ spec: template }, node.taints).length > 0);
  const open = nodes.filter((node) => !closed.includes(node) && wantsNode({ spec: template }, node));
  const [first] = closed;
  if (!first || (open.length > 0 && row.drift === 0)) return [];
  const taints = untolerated({ spec: template }, first.taints).map(taintWords).join(", ");
  return [{
    id: `no-toleration/${row.key}`, check: "no-toleration", severity: open.length === 0 ? "warning" : "info",
    title: `${row.name} may not enter ${open.length === 0 ? "its own tier" : list(closed.map((node) => node.name))}`,
    what: `It is declared for tier 1 and does not tolerate ${taints} of ${list(closed.map((node) => node.name))}${open.length > 0 ? `; of tier 1 only ${list(open.map((node) => node.name))} is open to it` : ""}.`,
    why: "The declaration cannot come true: the scheduler will always place it on another tier, or nowhere.",
    fix: `Add a toleration for ${taints} to its template, or declare it for the tier where it may run.`,
    subjects: [{ kind: "workload", key: row.key }, ...closed.map((node) => ({ kind: "node" as const, key: node.name }))],
  }];
}
