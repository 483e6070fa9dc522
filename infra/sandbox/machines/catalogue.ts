// The machines of the sandbox: which there are, what they are called, how large they are, and where they stand.
import { createHash } from "node:crypto";

export type InstanceType = "t3.large" | "t3.medium" | "t3.small";

export interface Machine {
  name: string;
  /** Made up, but the same at every start. */
  instanceId: string;
  instanceType: InstanceType;
  zone: string;
  region: string;
  privateIp: string;
  /** Pods' addresses come from this block, as Calico hands them out. */
  podCidr: string;
  rootVolumeGiB: number;
  controlPlane: boolean;
  /** What the operator put on the node, beside the well-known ones. */
  labels: Record<string, string>;
  taints: { key: string; value?: string; effect: "NoSchedule" | "NoExecute" | "PreferNoSchedule" }[];
  /** Tags of the EC2 instance. */
  tags: Record<string, string>;
}

export interface Capacity {
  cpuMillis: number;
  allocatableCpuMillis: number;
  memoryMiB: number;
  allocatableMemoryMiB: number;
  pods: number;
}

/** What a kubelet reports of such a machine: the kernel's part of memory and the eviction threshold are gone from it. */
export const capacities: Record<InstanceType, Capacity> = {
  "t3.large": { cpuMillis: 2000, allocatableCpuMillis: 2000, memoryMiB: 7780, allocatableMemoryMiB: 7680, pods: 110 },
  "t3.medium": { cpuMillis: 2000, allocatableCpuMillis: 2000, memoryMiB: 3888, allocatableMemoryMiB: 3788, pods: 110 },
  "t3.small": { cpuMillis: 2000, allocatableCpuMillis: 2000, memoryMiB: 1943, allocatableMemoryMiB: 1843, pods: 110 },
};

export const region = "ap-northeast-2";

interface Row {
  name: string;
  type: InstanceType;
  zone: "a" | "b" | "c";
  address: string;
  block: string;
  disk: number;
  labels?: Record<string, string>;
}

function instanceIdOf(layout: string, name: string): string {
  return `i-0${createHash("sha256").update(`${layout}/${name}`).digest("hex").slice(0, 16)}`;
}

function toMachine(layout: string, row: Row): Machine {
  const controlPlane = row.labels === undefined;
  return {
    name: row.name,
    instanceId: instanceIdOf(layout, row.name),
    instanceType: row.type,
    zone: `${region}${row.zone}`,
    region,
    privateIp: row.address,
    podCidr: row.block,
    rootVolumeGiB: row.disk,
    controlPlane,
    labels: row.labels ?? { "node-role.kubernetes.io/control-plane": "", "node.kubernetes.io/exclude-from-external-load-balancers": "" },
    taints: controlPlane ? [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] : [],
    tags: {
      Name: row.name,
      Role: controlPlane ? "control-plane" : "worker",
      Project: "SeSACTHON",
      ManagedBy: "Terraform",
      Environment: "prod",
      Team: "Backend",
      ...(row.labels?.workload === undefined ? {} : { Workload: row.labels.workload }),
    },
  };
}

function workloadLabels(workload: string, role: string, stated: InstanceType): Record<string, string> {
  return { workload, role, "instance-type": stated };
}

const sevenRows: Row[] = [
  { name: "k8s-master", type: "t3.large", zone: "a", address: "10.0.1.10", block: "192.168.10.0/25", disk: 80 },
  // The monitoring node's own label still says t3.medium: it was resized and the label forgotten.
  { name: "k8s-monitoring", type: "t3.large", zone: "b", address: "10.0.2.40", block: "192.168.40.0/25", disk: 60, labels: workloadLabels("monitoring", "monitoring", "t3.medium") },
  { name: "k8s-worker-1", type: "t3.medium", zone: "b", address: "10.0.2.20", block: "192.168.20.0/25", disk: 40, labels: workloadLabels("application", "application", "t3.medium") },
  { name: "k8s-worker-2", type: "t3.medium", zone: "c", address: "10.0.3.30", block: "192.168.30.0/25", disk: 40, labels: workloadLabels("async-workers", "workers", "t3.medium") },
  { name: "k8s-rabbitmq", type: "t3.small", zone: "a", address: "10.0.1.50", block: "192.168.50.0/25", disk: 40, labels: workloadLabels("message-queue", "message-queue", "t3.small") },
  { name: "k8s-postgresql", type: "t3.small", zone: "b", address: "10.0.2.60", block: "192.168.60.0/25", disk: 60, labels: workloadLabels("database", "database", "t3.small") },
  { name: "k8s-redis", type: "t3.small", zone: "c", address: "10.0.3.70", block: "192.168.70.0/25", disk: 30, labels: workloadLabels("cache", "cache", "t3.small") },
];

const fourRows: Row[] = [
  { name: "k8s-master", type: "t3.large", zone: "a", address: "10.0.1.10", block: "192.168.10.0/25", disk: 80 },
  { name: "k8s-worker-1", type: "t3.medium", zone: "b", address: "10.0.2.20", block: "192.168.20.0/25", disk: 40, labels: workloadLabels("application", "application", "t3.medium") },
  { name: "k8s-worker-2", type: "t3.medium", zone: "c", address: "10.0.3.30", block: "192.168.30.0/25", disk: 40, labels: workloadLabels("async-workers", "workers", "t3.medium") },
  { name: "k8s-storage", type: "t3.large", zone: "a", address: "10.0.1.80", block: "192.168.80.0/25", disk: 100, labels: workloadLabels("storage", "storage", "t3.large") },
];

export const sevenMachines: Machine[] = sevenRows.map((row) => toMachine("seven", row));
export const fourMachines: Machine[] = fourRows.map((row) => toMachine("four", row));

/** The machines of the default world. */
export const machines: Machine[] = sevenMachines;
