// A plan for the eye: its items in groups that read from the ground up, each with its counts, its expected time and its cost.
import type { CostLine } from "../cost";
import { expectedMs } from "../durations";
import { ordered, longestWay } from "../graph/order";
import type { ResourceKind } from "../graph/model";
import { tierNames, type Tier } from "../../placement/model";
import { countActs, type PlanItem } from "./model";

export interface PlanGroup {
  id: string;
  title: string;
  tier: Tier | null;
  say: string;
  items: readonly PlanItem[];
  counts: ReturnType<typeof countActs>;
  ms: number;
  /** Null where nothing of it has a cost of its own. */
  monthlyUsd: number | null;
}

export const kindWords: Record<ResourceKind, string> = {
  "vpc": "VPC", "internet-gateway": "Internet gateway", "subnet": "Subnet", "route-table": "Route table", "route": "Route", "route-table-association": "Route table use",
  "security-group": "Security group", "security-group-rule": "Rule", "iam-role": "Role", "iam-role-policy": "Policy", "instance-profile": "Instance profile", "ssm-parameter": "SSM parameter", "key-pair": "Key pair",
  "instance": "EC2 instance", "elastic-ip": "Elastic IP", "elastic-ip-association": "Address use", "control-plane": "Control plane", "cni": "CNI", "node": "Node", "add-on": "Add-on",
};

const homes: Partial<Record<ResourceKind, string>> = {
  "vpc": "network", "internet-gateway": "network", "subnet": "network", "route-table": "network", "route": "network", "route-table-association": "network",
  "security-group": "security", "security-group-rule": "security", "key-pair": "security",
  "iam-role": "iam", "iam-role-policy": "iam", "instance-profile": "iam", "ssm-parameter": "iam",
  "elastic-ip": "control-plane", "elastic-ip-association": "control-plane", "control-plane": "control-plane", "cni": "cni", "add-on": "add-ons",
};

const titles: Record<string, string> = { "network": "Network", "security": "Security", "iam": "IAM", "control-plane": "Control plane", "cni": "CNI", "add-ons": "Add-ons" };
const order = ["network", "security", "iam", "control-plane", "tier-1", "tier-2", "tier-3", "tier-4", "cni", "add-ons"];

export function groupPlan(items: readonly PlanItem[], lines: readonly CostLine[]): PlanGroup[] {
  const first = items.find(({ kind }) => kind === "control-plane")?.machine?.name;
  const homeOf = (item: PlanItem): string => homes[item.kind] ?? (item.machine === null || item.machine.name === first ? "control-plane" : `tier-${item.machine.tier}`);
  return order.flatMap((id): PlanGroup[] => {
    const mine = items.filter((item) => homeOf(item) === id);
    if (mine.length === 0) return [];
    const tier = tierOf(id);
    return [{ id, tier, title: tier !== null && id !== "control-plane" ? `Tier ${tier} ${tierNames[tier]}` : (titles[id] ?? id), say: sayOf(mine), items: mine, counts: countActs({ items: mine }), ms: timeOf(mine), monthlyUsd: sumOf(mine, lines) }];
  });
}

const tierOf = (id: string): Tier | null => (id === "control-plane" || id === "tier-1" ? 1 : id === "tier-2" ? 2 : id === "tier-3" ? 3 : id === "tier-4" ? 4 : null);

function sayOf(items: readonly PlanItem[]): string {
  const machines = [...new Set(items.filter(({ kind }) => kind === "instance").map(({ name }) => name))];
  if (machines.length > 0) return `${machines.join(", ")}: instance, join, ready`;
  const counts = new Map<ResourceKind, number>();
  for (const { kind } of items) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => (count === 1 ? kindWords[kind] : `${count} ${plural(kindWords[kind])}`)).join(", ");
}

const plural = (word: string): string => (/y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`).replace(/^(?!VPC|EC2|SSM|CNI)./, (letter) => letter.toLowerCase());

/** Groups overlap in time; this is how long the group alone would take. */
function timeOf(items: readonly PlanItem[]): number {
  const ids = new Set(items.map(({ id }) => id));
  const work = ordered(items.filter(({ act }) => act !== "keep").map(({ id, kind, needs }) => ({ id, kind, needs: needs.filter((need) => ids.has(need)) })).map((item, _at, all) => ({ ...item, needs: item.needs.filter((need) => all.some((other) => other.id === need)) })));
  const ms = new Map(work.map(({ id, kind }) => [id, expectedMs(kind)]));
  return longestWay(work, (id) => ms.get(id) ?? 0).ms;
}

/** What an item costs a month; null where it costs nothing of its own. */
export function costOfItem({ kind, name, act }: PlanItem, lines: readonly CostLine[]): number | null {
  if (act === "delete") return null;
  const mine = kind === "instance" ? lines.filter((line) => line.of === name && ["compute", "disk", "ipv4"].includes(line.kind)) : kind === "add-on" ? lines.filter((line) => line.of === name && line.kind === "volumes") : [];
  return mine.length === 0 ? null : mine.reduce((sum, { monthlyUsd }) => sum + (monthlyUsd ?? 0), 0);
}

function sumOf(items: readonly PlanItem[], lines: readonly CostLine[]): number | null {
  const costs = items.flatMap((item) => costOfItem(item, lines) ?? []);
  return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0);
}
