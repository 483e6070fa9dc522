// What a blueprint costs a month, line by line, beside the same on EKS and the points at which EKS wins. Data in, data out.
import { hoursPerMonth, type PriceItem, type Prices } from "../clusters/prices";
import { tiers, type Tier } from "../placement/model";
import { addOnOf } from "./add-ons";
import { isControlPlane, machinesOf } from "./machines";
import type { Blueprint } from "./model";

export const costKinds = ["compute", "disk", "volumes", "ipv4", "load-balancer", "control-plane"] as const;
export type CostKind = (typeof costKinds)[number];

export interface CostLine {
  kind: CostKind;
  /** The machine, the add-on or what it is. */
  of: string;
  tier: Tier | null;
  what: string;
  /** Null where no price is known. */
  monthlyUsd: number | null;
}

export interface Trigger {
  /** Null: only a person can tell. */
  met: boolean | null;
  say: string;
}

export interface Cost {
  lines: readonly CostLine[];
  /** Of what has a price. */
  totalUsd: number;
  /** What has no price, so that the total is too low. */
  unpriced: readonly string[];
  asOf: string;
  source: string;
  notes: readonly string[];
  eks: { lines: readonly CostLine[]; totalUsd: number; say: string; triggers: readonly Trigger[] };
}

export const sumUsd = (lines: readonly CostLine[]): number => lines.reduce((sum, { monthlyUsd }) => sum + (monthlyUsd ?? 0), 0);

export function costOf(blueprint: Blueprint, prices: Prices): Cost {
  const lines = linesOf(blueprint, prices);
  const balancer = prices.of("load-balancer");
  const notes = [
    "Not in it: traffic, snapshots, DNS.",
    ...(blueprint.ingress.domain === "" && blueprint.addOns.chosen.includes("aws-load-balancer-controller") ? [`The first Ingress makes a load balancer${balancer === null ? "" : `, $${(balancer * hoursPerMonth).toFixed(2)} a month`}.`] : []),
    ...(machinesOf(blueprint).some(({ pool }) => pool.spot) ? ["Spot machines are shown at the on-demand price; what they cost changes by the hour."] : []),
  ];
  return {
    lines, totalUsd: sumUsd(lines), notes, asOf: prices.asOf, source: prices.source,
    unpriced: [...new Set(lines.filter(({ monthlyUsd }) => monthlyUsd === null).map(({ what }) => what))],
    eks: onEks(blueprint, lines, prices),
  };
}

function linesOf(blueprint: Blueprint, prices: Prices): CostLine[] {
  const hourly = (item: PriceItem): number | null => { const usd = prices.of(item); return usd === null ? null : usd * hoursPerMonth; };
  const gib = (size: number): number | null => { const usd = prices.of("gp3-gib"); return usd === null ? null : usd * size; };
  const machines = machinesOf(blueprint).flatMap(({ name, tier, pool }): CostLine[] => [
    { kind: "compute", of: name, tier, what: pool.instanceType, monthlyUsd: hourly(`ec2.${pool.instanceType}`) },
    { kind: "disk", of: name, tier, what: `${pool.rootVolumeGib} GiB gp3`, monthlyUsd: gib(pool.rootVolumeGib) },
    // Every machine has one public address; the control plane's is elastic, at the same price.
    { kind: "ipv4", of: name, tier, what: "public IPv4", monthlyUsd: hourly("ipv4") },
  ]);
  const volumes = blueprint.addOns.chosen.map(addOnOf).flatMap((addOn) => addOn.volumesGib.map((size): CostLine => ({ kind: "volumes", of: addOn.name, tier: addOn.tier, what: `${size} GiB gp3`, monthlyUsd: gib(size) })));
  const balancer: CostLine[] = blueprint.ingress.domain === "" ? [] : [{ kind: "load-balancer", of: blueprint.ingress.domain, tier: null, what: "application load balancer", monthlyUsd: hourly("load-balancer") }];
  return [...machines, ...volumes, ...balancer];
}

const manyNodes = 20;

function onEks(blueprint: Blueprint, lines: readonly CostLine[], prices: Prices): Cost["eks"] {
  const machines = machinesOf(blueprint);
  const first = machines.find(isControlPlane);
  // Its other pods of tier 1 still need a machine where none else carries them.
  const others = machines.some((machine) => machine.tier === 1 && !isControlPlane(machine));
  const carries = blueprint.addOns.chosen.some((name) => addOnOf(name).tier === 1);
  const dropped = first !== undefined && (others || !carries) ? first.name : null;
  const fee = prices.of("eks-control-plane");
  const eks: CostLine[] = [...lines.filter((line) => line.of !== dropped), { kind: "control-plane", of: "EKS", tier: null, what: "control plane", monthlyUsd: fee === null ? null : fee * hoursPerMonth }];
  const more = sumUsd(eks) - sumUsd(lines);
  const usd = (value: number): string => `$${Math.abs(value).toFixed(2)}`;
  const saved = dropped === null ? "; its machine stays, for monitoring" : `, less ${dropped}`;
  return {
    lines: eks, totalUsd: sumUsd(eks),
    say: `${more < 0 ? "−" : "+"} ${usd(more)}: control plane ${fee === null ? "at an unknown price" : usd(fee * hoursPerMonth)}${saved}`,
    triggers: [
      more <= 0 ? { met: true, say: "EKS costs no more than this already." } : { met: null, say: `Caring for the control plane yourselves takes more than ${usd(more)} of somebody's time a month.` },
      { met: machines.length >= manyNodes, say: `${manyNodes} nodes or more; this has ${machines.length}.` },
      { met: null, say: "Nobody is there to operate it." },
      { met: null, say: "99.95 % have to be promised: one control plane on one machine cannot." },
    ],
  };
}

export interface TierCost { tier: Tier | null; compute: number; disk: number; ipv4: number; other: number; sum: number }

/** A row per tier that has something, and one for what the cluster shares. */
export function costByTier(lines: readonly CostLine[]): TierCost[] {
  return [...tiers, null].flatMap((tier): TierCost[] => {
    const mine = lines.filter((line) => line.tier === tier);
    if (mine.length === 0) return [];
    const of = (...kinds: CostKind[]): number => sumUsd(mine.filter(({ kind }) => kinds.includes(kind)));
    return [{ tier, compute: of("compute"), disk: of("disk", "volumes"), ipv4: of("ipv4"), other: of("load-balancer", "control-plane"), sum: sumUsd(mine) }];
  });
}
