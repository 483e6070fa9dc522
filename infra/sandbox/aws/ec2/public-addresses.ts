// Public addresses: those given at launch are nobody's, elastic ones are of a block that leads to this machine.
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";

function taken({ state }: Cloud): Set<string> {
  return new Set([...Object.values(state.networkInterface).flatMap(({ publicIp }) => publicIp ?? []), ...Object.values(state.address).map(({ publicIp }) => publicIp)]);
}

function firstFree(cloud: Cloud, prefix: string, first: number): string {
  const used = taken(cloud);
  for (let last = first; last < 255; last += 1) if (!used.has(`${prefix}.${last}`)) return `${prefix}.${last}`;
  throw new AwsError("InsufficientAddressCapacity", "Not enough addresses available to satisfy the request.");
}

/** 203.0.113.0/24 is nobody's (RFC 5737), so that a public address shown is never a stranger's. */
export function publicAddressFor(cloud: Cloud): string {
  return firstFree(cloud, "203.0.113", 10);
}

export function elasticAddressFor(cloud: Cloud): string {
  return firstFree(cloud, cloud.publicAddresses.prefix, cloud.publicAddresses.first);
}
