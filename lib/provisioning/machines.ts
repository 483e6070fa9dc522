// A blueprint's machines, one by one: their names, tiers and zones.
import type { Tier } from "../placement/model";
import type { Blueprint, Pool } from "./model";

export interface Machine {
  /** Name of the node, of the host and of the instance. */
  name: string;
  tier: Tier;
  pool: Pool;
  /** Which of its pool it is, from 1. */
  number: number;
  zone: string;
  /** Zones to be tried instead when its own has no room, in order. */
  elsewhere: readonly string[];
}

/** The first machine of a pool has the pool's name, so that a pool that grows renames nobody. */
export const machineNameOf = (pool: Pick<Pool, "name">, number: number): string => (number === 1 ? pool.name : `${pool.name}-${number}`);

/** As many as the pool counts, from 1 on, without those that were taken out. */
export function numbersOf({ count, retired = [] }: Pick<Pool, "count" | "retired">): number[] {
  const gone = new Set(retired);
  const numbers: number[] = [];
  for (let number = 1; numbers.length < count; number += 1) if (!gone.has(number)) numbers.push(number);
  return numbers;
}

export function machinesOf({ tiers, network }: Blueprint): Machine[] {
  const zones = network.subnets.map(({ zone }) => zone);
  return tiers.toSorted((a, b) => a.tier - b.tier).flatMap(({ tier, pools }) =>
    pools.flatMap((pool) => numbersOf(pool).map((number): Machine => {
      const zone = pool.zone === "spread" ? (zones[(number - 1) % zones.length] ?? "") : pool.zone;
      const after = zones.indexOf(zone);
      const elsewhere = pool.zoneFull === "next-zone" ? zones.map((_each, step) => zones[(after + step) % zones.length] ?? "").filter((each) => each !== zone) : [];
      return { name: machineNameOf(pool, number), tier, pool, number, zone, elsewhere };
    })));
}

export const isControlPlane = ({ pool }: Machine): boolean => pool.role === "control-plane";
