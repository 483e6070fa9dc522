// Changes of a living cluster as changes of its blueprint: a machine more, a machine less, one for another, a pool's labels and taints.
import type { FieldChange, Plan, PlanItem } from "./plan/model";
import { canonical } from "./canonical";
import { isControlPlane, machineNameOf, machinesOf, numbersOf } from "./machines";
import type { Blueprint, Change, Pool } from "./model";

export interface Changed {
  blueprint: Blueprint;
  /** As the title of its job, without the cluster's name. */
  title: string;
  /** Machines that come, and machines that go. */
  comes: readonly string[];
  goes: readonly string[];
}
/** `say`: why it cannot be done, and what can. */
export type Applied = { ok: true; changed: Changed } | { ok: false; say: string };

const refused = (say: string): Applied => ({ ok: false, say });

export function applyChange(blueprint: Blueprint, change: Change): Applied {
  switch (change.kind) {
    case "add-node": return addNode(blueprint, change.pool);
    case "pool-settings": return setPool(blueprint, change);
    case "remove-node":
    case "replace-node": return partWith(blueprint, change);
  }
}

const withPool = (blueprint: Blueprint, name: string, edit: (pool: Pool) => Pool): Blueprint => ({
  ...blueprint, tiers: blueprint.tiers.map((tier) => ({ ...tier, pools: tier.pools.map((pool) => (pool.name === name ? edit(pool) : pool)) })),
});

const poolOf = ({ tiers }: Blueprint, name: string): Pool | undefined => tiers.flatMap(({ pools }) => pools).find((pool) => pool.name === name);
const namesIn = (pool: Pool): string[] => numbersOf(pool).map((number) => machineNameOf(pool, number));
const noPool = (blueprint: Blueprint, name: string): Applied => refused(`${blueprint.name} has no pool ${name}. It has ${blueprint.tiers.flatMap(({ pools }) => pools.map((pool) => pool.name)).join(", ")}.`);

function addNode(blueprint: Blueprint, name: string): Applied {
  const pool = poolOf(blueprint, name);
  if (!pool) return noPool(blueprint, name);
  if (pool.role === "control-plane") return refused("The control plane is one machine: several would need a load balancer before the API server, which is not built. Add the machine to a pool of workers.");
  if (pool.count >= 50) return refused(`${name} has 50 machines, as many as a pool may have. Add another pool in the blueprint.`);
  const more = { ...pool, count: pool.count + 1 };
  const comes = namesIn(more).slice(pool.count);
  return { ok: true, changed: { blueprint: withPool(blueprint, name, () => more), title: `Add ${comes.join(", ")} to`, comes, goes: [] } };
}

function partWith(blueprint: Blueprint, { kind, node }: { kind: "remove-node" | "replace-node"; node: string }): Applied {
  const machine = machinesOf(blueprint).find(({ name }) => name === node);
  if (!machine) return refused(`The blueprint of ${blueprint.name} has no machine ${node}. Look at its pools again: somebody may have removed it.`);
  if (isControlPlane(machine)) return refused(`${node} is the only control plane, and etcd is on its disk: without it there is no cluster. It can be ${kind === "remove-node" ? "removed" : "replaced"} only when there are several, which is not built.`);
  const { pool, number } = machine;
  if (kind === "remove-node" && pool.count === 1) return refused(`${node} is the last machine of the pool ${pool.name}. Take the pool out of the blueprint, or replace the machine.`);
  const after = { ...pool, count: kind === "remove-node" ? pool.count - 1 : pool.count, retired: [...(pool.retired ?? []), number].toSorted((a, b) => a - b) };
  const comes = namesIn(after).filter((name) => !namesIn(pool).includes(name));
  const title = kind === "remove-node" ? `Remove ${node} from` : `Replace ${node} by ${comes.join(", ")} in`;
  return { ok: true, changed: { blueprint: withPool(blueprint, pool.name, () => after), title, comes, goes: [node] } };
}

function setPool(blueprint: Blueprint, { pool: name, labels, taints }: Extract<Change, { kind: "pool-settings" }>): Applied {
  const pool = poolOf(blueprint, name);
  if (!pool) return noPool(blueprint, name);
  if (canonical([pool.labels, pool.taints]) === canonical([labels, taints])) return refused(`${name} has these labels and taints already.`);
  return { ok: true, changed: { blueprint: withPool(blueprint, name, (one) => ({ ...one, labels, taints })), title: `Set labels and taints of ${name} in`, comes: [], goes: [] } };
}

const kept = ({ id, act, awsId, changes }: PlanItem): string => canonical({ id, act, awsId, changes: changes.map(({ field, was, wanted }: FieldChange) => ({ field, was, wanted })) });

/** What a change itself brings about: what the plan of the changed blueprint does and that of the blueprint before would not. The rest is drift and is left as it is. */
export function actsOfChange(before: Plan, after: Plan): { items: PlanItem[]; drift: number } {
  const known = new Set(before.items.map(kept));
  const open = after.items.filter(({ act }) => act !== "keep");
  const items = open.filter((item) => !known.has(kept(item)));
  return { items, drift: open.length - items.length };
}
