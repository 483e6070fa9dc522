// Where an add-on's pods belong in a cluster: on the machines of its tier, found by their labels, past their taints.
import { addOnOf } from "../add-ons";
import { isControlPlane, machinesOf, type Machine } from "../machines";
import type { AddOnName, Blueprint, Taint } from "../model";

interface Toleration { key: string; operator: "Equal" | "Exists"; value?: string; effect: Taint["effect"] }
interface Term { matchExpressions: readonly { key: string; operator: "In"; values: readonly string[] }[] }

/** As pods and the charts' values take them; what is empty says nothing. */
export interface Placement {
  nodeSelector?: Readonly<Record<string, string>>;
  affinity?: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: readonly Term[] } } };
  tolerations?: readonly Toleration[];
}

/** The reference system's word for a machine that is there for one data service. */
const ownMachine: Partial<Record<AddOnName, string>> = { "rabbitmq": "message-queue", "postgresql": "database", "redis": "cache", "kube-prometheus-stack": "monitoring" };
const controlPlaneRole = "node-role.kubernetes.io/control-plane";

/** Machines that may carry it: those made for it, else those of its tier; for controllers without a tier any worker. */
export function homesOf(name: AddOnName, blueprint: Blueprint): readonly Machine[] {
  const { tier } = addOnOf(name);
  const all = machinesOf(blueprint);
  if (tier === null) return all.filter((machine) => !isControlPlane(machine));
  const inTier = all.filter((machine) => machine.tier === tier);
  const own = inTier.filter(({ pool }) => ownMachine[name] !== undefined && pool.labels["workload"] === ownMachine[name]);
  return own.length > 0 ? own : inTier;
}

export function placementOf(name: AddOnName, blueprint: Blueprint): Placement {
  const homes = homesOf(name, blueprint);
  const tolerations = tolerationsFor(homes, addOnOf(name).tier === null);
  return { ...(addOnOf(name).tier === null ? {} : bindTo(homes, machinesOf(blueprint))), ...(tolerations.length > 0 ? { tolerations } : {}) };
}

/** One label that all of them have and nobody else; else one of several; else their names. */
function bindTo(homes: readonly Machine[], all: readonly Machine[]): Placement {
  if (homes.length === 0) return {};
  if (homes.every(isControlPlane)) return { nodeSelector: { [controlPlaneRole]: "" } };
  const others = all.filter(({ name }) => !homes.some((home) => home.name === name));
  const [first] = homes;
  const common = Object.entries(first?.pool.labels ?? {}).find(([key, value]) => homes.every(({ pool }) => pool.labels[key] === value) && !others.some(({ pool }) => pool.labels[key] === value));
  if (common) return { nodeSelector: { [common[0]]: common[1] } };
  const term: Term = { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: homes.map((machine) => machine.name) }] };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } } };
}

/** Whoever may go anywhere tolerates taints only where no machine is without: taints are there to keep pods away. */
function tolerationsFor(homes: readonly Machine[], anywhere: boolean): Toleration[] {
  if (anywhere && homes.some(({ pool }) => pool.taints.length === 0)) return [];
  const taints = homes.flatMap((machine): Toleration[] => [
    ...machine.pool.taints.map(({ key, value, effect }): Toleration => (value === "" ? { key, operator: "Exists", effect } : { key, operator: "Equal", value, effect })),
    ...(isControlPlane(machine) && machine.pool.taints.length === 0 ? [{ key: controlPlaneRole, operator: "Exists" as const, effect: "NoSchedule" as const }] : []),
  ]);
  return [...new Map(taints.map((taint) => [JSON.stringify(taint), taint])).values()];
}
