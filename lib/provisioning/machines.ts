// A blueprint's machines, one by one: their names, tiers and zones.
import type { Tier } from "../placement/model";
import type { Blueprint, Pool } from "./model";

export interface Machine {
  /** Name of the node, of the host and of the instance. */
  name: string;
  tier: Tier;
  pool: Pool;
  zone: string;
  /** Zones to be tried instead when its own has no room, in order. */
  elsewhere: readonly string[];
}

/** The first machine of a pool has the pool's name, so that a pool that grows renames nobody. */
export const machineNameOf = (pool: Pick<Pool, "name">, index: number): string => (index === 0 ? pool.name : `${pool.name}-${index + 1}`);

export function machinesOf({ tiers, network }: Blueprint): Machine[] {
  const zones = network.subnets.map(({ zone }) => zone);
  return tiers.toSorted((a, b) => a.tier - b.tier).flatMap(({ tier, pools }) =>
    pools.flatMap((pool) => Array.from({ length: pool.count }, (_, index): Machine => {
      const zone = pool.zone === "spread" ? (zones[index % zones.length] ?? "") : pool.zone;
      const after = zones.indexOf(zone);
      const elsewhere = pool.zoneFull === "next-zone" ? zones.map((_each, step) => zones[(after + step) % zones.length] ?? "").filter((each) => each !== zone) : [];
      return { name: machineNameOf(pool, index), tier, pool, zone, elsewhere };
    })));
}

export const isControlPlane = ({ pool }: Machine): boolean => pool.role === "control-plane";
