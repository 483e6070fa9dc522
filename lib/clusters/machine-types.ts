// The machines that a cluster on AWS may be made of: their size and what a month costs.

export interface MachineType {
  name: string;
  cpuMillis: number;
  memoryBytes: number;
  /** On demand, Linux, 730 hours. */
  monthlyUsd: number;
}

/**
 * ap-northeast-2. The t3 figures are the ones that the reference system reckons with (t3.small 15, t3.medium 30, t3.large 60, an upgrade to t3.xlarge +60);
 * m6i and c6i are list prices per hour × 730, rounded. Both are assumptions for a decision, not an invoice.
 */
export const pricesAsOf = "2025-11";
export const priceRegion = "ap-northeast-2";

const gib = 1024 ** 3;
const type = (name: string, size: { cpu: number; memory: number }, monthlyUsd: number): MachineType => ({ name, cpuMillis: size.cpu * 1000, memoryBytes: size.memory * gib, monthlyUsd });

export const machineTypes: readonly MachineType[] = [
  type("t3.small", { cpu: 2, memory: 2 }, 15),
  type("t3.medium", { cpu: 2, memory: 4 }, 30),
  type("t3.large", { cpu: 2, memory: 8 }, 60),
  type("t3.xlarge", { cpu: 4, memory: 16 }, 120),
  type("t3.2xlarge", { cpu: 8, memory: 32 }, 240),
  type("c6i.large", { cpu: 2, memory: 4 }, 70),
  type("c6i.xlarge", { cpu: 4, memory: 8 }, 140),
  type("c6i.2xlarge", { cpu: 8, memory: 16 }, 280),
  type("c6i.4xlarge", { cpu: 16, memory: 32 }, 561),
  type("m6i.large", { cpu: 2, memory: 8 }, 86),
  type("m6i.xlarge", { cpu: 4, memory: 16 }, 172),
  type("m6i.2xlarge", { cpu: 8, memory: 32 }, 345),
  type("m6i.4xlarge", { cpu: 16, memory: 64 }, 689),
];

export function machineType(name: string): MachineType | null {
  return machineTypes.find((each) => each.name === name) ?? null;
}
