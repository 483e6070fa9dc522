// A blueprint while somebody writes it: of the right shape, not yet of sound values; and the changes that the form makes to it.
import type { Fault } from "@/lib/provisioning/blueprint";
import type { Blueprint, Pool } from "@/lib/provisioning/model";

export type DraftPool = Omit<Pool, "taints"> & { taints: { key: string; value: string; effect: string }[] };
export type Draft = Omit<Blueprint, "tiers"> & { tiers: { tier: 1 | 2 | 3 | 4; pools: DraftPool[] }[] };

export interface Form {
  draft: Draft;
  change: (draft: Draft) => void;
  faults: readonly Fault[];
  /** The field that is to have the focus, from the address. */
  focus: string;
  disabled: boolean;
}

/** What is wrong with a field, or with anything inside it when `deep`. */
export function faultOf(faults: readonly Fault[], field: string, deep = false): string | null {
  const mine = faults.filter((fault) => fault.field === field || (deep && fault.field.startsWith(`${field}.`)));
  return mine.length === 0 ? null : mine.map(({ say }) => say).join("; ");
}

export function changePool(draft: Draft, [tierAt, poolAt]: readonly [number, number], change: Partial<DraftPool>): Draft {
  return { ...draft, tiers: draft.tiers.map((tier, at) => (at === tierAt ? { ...tier, pools: tier.pools.map((pool, index) => (index === poolAt ? { ...pool, ...change } : pool)) } : tier)) };
}

export function removePool(draft: Draft, [tierAt, poolAt]: readonly [number, number]): Draft {
  return { ...draft, tiers: draft.tiers.map((tier, at) => (at === tierAt ? { ...tier, pools: tier.pools.filter((_, index) => index !== poolAt) } : tier)) };
}

const workloads = { 1: "monitoring", 2: "application", 3: "async-workers", 4: "storage" } as const;

/** A new pool with a name nobody has, labelled for its tier. */
export function addPool(draft: Draft, tierAt: number): Draft {
  const taken = new Set(draft.tiers.flatMap(({ pools }) => pools.map(({ name }) => name)));
  let number = taken.size + 1;
  while (taken.has(`k8s-pool-${number}`)) number += 1;
  return {
    ...draft,
    tiers: draft.tiers.map((tier, at) => (at === tierAt ? { ...tier, pools: [...tier.pools, { name: `k8s-pool-${number}`, role: "worker", count: 1, instanceType: "t3.medium", rootVolumeGib: 40, zone: "spread", zoneFull: "next-zone", spot: false, labels: { workload: workloads[tier.tier] }, taints: [] }] } : tier)),
  };
}

/** All four tiers are there in the form, also those that have nothing. */
export function withAllTiers(draft: Draft): Draft {
  return { ...draft, tiers: ([1, 2, 3, 4] as const).map((tier) => draft.tiers.find((each) => each.tier === tier) ?? { tier, pools: [] }) };
}
