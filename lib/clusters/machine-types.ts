// The machines that a cluster on AWS may be made of: their size, and what a month costs where that is known.
import { hoursPerMonth, pricesOf, priceTables } from "./prices";

export interface MachineType {
  name: string;
  cpuMillis: number;
  memoryBytes: number;
  /** How many pods its network interfaces carry with the VPC's own CNI: interfaces × (addresses − 1) + 2. An overlay such as Calico's is not bound by it. */
  eniPods: number;
  /** On demand, Linux, 730 hours, in `priceRegion`; null where no price is known. */
  monthlyUsd: number | null;
}

export const priceRegion = "ap-northeast-2";
export const pricesAsOf = priceTables.find(({ region }) => region === priceRegion)?.asOf ?? "";

const prices = pricesOf(priceRegion);
const gib = 1024 ** 3;

/** Network interfaces and addresses of each: "IP addresses per network interface per instance type", EC2 user guide. */
const type = (name: string, [cpu, memory]: [cpu: number, memory: number], [interfaces, addresses]: [interfaces: number, addresses: number]): MachineType => {
  const hourly = prices.of(`ec2.${name}`);
  return { name, cpuMillis: cpu * 1000, memoryBytes: memory * gib, eniPods: interfaces * (addresses - 1) + 2, monthlyUsd: hourly === null ? null : Math.round(hourly * hoursPerMonth * 100) / 100 };
};

export const machineTypes: readonly MachineType[] = [
  type("t3.small", [2, 2], [3, 4]),
  type("t3.medium", [2, 4], [3, 6]),
  type("t3.large", [2, 8], [3, 12]),
  type("t3.xlarge", [4, 16], [4, 15]),
  type("t3.2xlarge", [8, 32], [4, 15]),
  type("c6i.large", [2, 4], [3, 10]),
  type("c6i.xlarge", [4, 8], [4, 15]),
  type("c6i.2xlarge", [8, 16], [4, 15]),
  type("c6i.4xlarge", [16, 32], [8, 30]),
  type("m6i.large", [2, 8], [3, 10]),
  type("m6i.xlarge", [4, 16], [4, 15]),
  type("m6i.2xlarge", [8, 32], [4, 15]),
  type("m6i.4xlarge", [16, 64], [8, 30]),
];

export function machineType(name: string): MachineType | null {
  return machineTypes.find((each) => each.name === name) ?? null;
}
