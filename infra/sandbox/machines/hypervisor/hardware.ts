// How large an instance is by its type: a family's memory per vCPU, and a size's number of vCPUs (source: "Amazon EC2 instance types").
import type { Hardware } from "../guest/messages.ts";

const vcpus: Record<string, number> = { nano: 2, micro: 2, small: 2, medium: 2, large: 2, xlarge: 4, "2xlarge": 8, "4xlarge": 16, "8xlarge": 32, "12xlarge": 48, "16xlarge": 64, "24xlarge": 96 };
/** Burstable ones below large have two vCPUs and less memory. */
const burstableGiB: Record<string, number> = { nano: 0.5, micro: 1, small: 2, medium: 4 };
/** Of a GiB that the type names, firmware and kernel keep a part. */
const seenOfMemory = 0.95;

export function hardwareOf(instanceType: string, rootVolumeGiB = 40): Hardware {
  const [family = "", size = ""] = instanceType.split(".");
  const cpus = size === "medium" && !family.startsWith("t") ? 1 : vcpus[size] ?? 2;
  const perCpuGiB = family.startsWith("c") ? 2 : family.startsWith("r") || family.startsWith("x") ? 8 : 4;
  const memoryGiB = family.startsWith("t") ? burstableGiB[size] ?? cpus * 4 : cpus * perCpuGiB;
  return { instanceType, cpuMillis: cpus * 1000, memoryMiB: Math.round(memoryGiB * 1024 * seenOfMemory), rootVolumeGiB };
}
