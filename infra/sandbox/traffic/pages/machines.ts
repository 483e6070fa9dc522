// Pages of a machine: node_exporter's, and the kubelet's with cAdvisor and volumes.
import { counter, gauge, type Family, type Labels } from "../exposition.ts";
import { drift, fraction } from "../rhythm.ts";
import type { SeenClaim, SeenNode } from "../seen.ts";
import { systemCpuMillis, type Life, type MachineTally } from "../simulation.ts";

const gibibyte = 2 ** 30;
/** The kernel, the kubelet, containerd: what runs on a machine beside its pods. */
const systemMemoryBytes = 430 * 2 ** 20;
/** Where a machine's processors spend the time in which they are busy. */
const busyShares = [["user", 0.71], ["system", 0.19], ["iowait", 0.05], ["softirq", 0.03], ["steal", 0.02]] as const;

export function nodePage(node: SeenNode, { lives, tally, atMs }: { lives: readonly Life[]; tally: MachineTally; atMs: number }): Family[] {
  const { cpuSeconds, upSeconds } = tally;
  const cores = Math.max(1, node.cpuCores);
  const perCore = Math.min(upSeconds, cpuSeconds / cores);
  const cpus = Array.from({ length: cores }, (_, index) => String(index));
  const modes = (cpu: string): (readonly [Labels, number])[] => [[{ cpu, mode: "idle" }, upSeconds - perCore], ...busyShares.map(([mode, share]) => [{ cpu, mode }, perCore * share] as const)];
  const used = Math.min(node.memoryBytes * 0.985, systemMemoryBytes + lives.reduce((sum, life) => sum + life.memoryBytes, 0));
  const busy = (systemCpuMillis + lives.reduce((sum, life) => sum + life.cpuMillis, 0)) / 1000;
  const root = { device: "/dev/nvme0n1p1", fstype: "ext4", mountpoint: "/" };
  const disk = 40 * gibibyte;
  const filled = disk * (0.22 + 0.3 * fraction(`disk/${node.name}`)) + 0.4 * gibibyte * drift(`disk/${node.name}`, atMs);
  return [
    counter("node_cpu_seconds_total", "Seconds the CPUs spent in each mode.", cpus.flatMap(modes)),
    gauge("node_memory_MemTotal_bytes", "Memory information field MemTotal_bytes.", [[{}, node.memoryBytes]]),
    gauge("node_memory_MemAvailable_bytes", "Memory information field MemAvailable_bytes.", [[{}, Math.round(node.memoryBytes - used)]]),
    gauge("node_memory_MemFree_bytes", "Memory information field MemFree_bytes.", [[{}, Math.round((node.memoryBytes - used) * 0.45)]]),
    gauge("node_memory_Cached_bytes", "Memory information field Cached_bytes.", [[{}, Math.round((node.memoryBytes - used) * 0.5)]]),
    gauge("node_memory_Buffers_bytes", "Memory information field Buffers_bytes.", [[{}, Math.round((node.memoryBytes - used) * 0.05)]]),
    gauge("node_filesystem_size_bytes", "Filesystem size in bytes.", [[root, disk]]),
    gauge("node_filesystem_avail_bytes", "Filesystem space available to non-root users in bytes.", [[root, Math.round(disk - filled)]]),
    gauge("node_filesystem_free_bytes", "Filesystem free space in bytes.", [[root, Math.round(disk - filled)]]),
    counter("node_network_receive_bytes_total", "Network device statistic receive_bytes.", [[{ device: "ens5" }, Math.floor(tally.receivedBytes * 1.06)]]),
    counter("node_network_transmit_bytes_total", "Network device statistic transmit_bytes.", [[{ device: "ens5" }, Math.floor(tally.sentBytes * 1.06)]]),
    counter("node_disk_read_bytes_total", "The total number of bytes read successfully.", [[{ device: "nvme0n1" }, Math.floor(cpuSeconds * 41_000)]]),
    counter("node_disk_written_bytes_total", "The total number of bytes written successfully.", [[{ device: "nvme0n1" }, Math.floor(cpuSeconds * 122_000)]]),
    gauge("node_load1", "1m load average.", [[{}, Number((busy * (1 + 0.2 * drift(`load/${node.name}`, atMs))).toFixed(2))]]),
    gauge("node_load5", "5m load average.", [[{}, Number((busy * 1.02).toFixed(2))]]),
    gauge("node_boot_time_seconds", "Node boot time, in unixtime.", [[{}, Math.floor(node.createdAt / 1000)]]),
    gauge("node_uname_info", "Labeled system information as provided by the uname system call.", [[{ nodename: node.name, sysname: "Linux", release: "6.8.0-1040-aws", machine: "x86_64" }, 1]]),
  ];
}

/** The first container does nearly all of a pod's work. */
function shares(life: Life): (readonly [Labels, number])[] {
  const { containers, namespace, name } = life.pod;
  const side = containers.length > 1 ? 0.15 / (containers.length - 1) : 0;
  return containers.map((container, index) => [{ namespace, pod: name, container: container.name, image: container.image }, index === 0 ? 1 - side * (containers.length - 1) : side] as const);
}

export function kubeletPage(lives: readonly Life[], { claims, atMs }: { claims: readonly SeenClaim[]; atMs: number }): Family[] {
  const perContainer = (value: (life: Life) => number): (readonly [Labels, number])[] => lives.flatMap((life) => shares(life).map(([labels, share]) => [labels, value(life) * share] as const));
  const perPod = (value: (life: Life) => number): (readonly [Labels, number])[] => lives.map((life) => [{ namespace: life.pod.namespace, pod: life.pod.name, interface: "eth0" }, Math.floor(value(life))] as const);
  const limited = lives.filter((life) => life.pod.containers.some((container) => container.memoryLimit > 0));
  const volume = (claim: SeenClaim): Labels => ({ namespace: claim.namespace, persistentvolumeclaim: claim.name });
  const filled = (claim: SeenClaim): number => Math.round(claim.bytes * (0.18 + 0.4 * fraction(`volume/${claim.key}`) + 0.02 * drift(`volume/${claim.key}`, atMs)));
  return [
    counter("container_cpu_usage_seconds_total", "Cumulative cpu time consumed in seconds.", perContainer((life) => life.cpuSeconds)),
    gauge("container_memory_working_set_bytes", "Current working set in bytes.", perContainer((life) => Math.round(life.memoryBytes)).map(([labels, value]) => [labels, Math.round(value)] as const)),
    gauge("container_memory_rss", "Size of RSS in bytes.", perContainer((life) => life.memoryBytes * 0.87).map(([labels, value]) => [labels, Math.round(value)] as const)),
    gauge("container_spec_memory_limit_bytes", "Memory limit for the container.", limited.flatMap((life) => life.pod.containers.map((container) => [{ namespace: life.pod.namespace, pod: life.pod.name, container: container.name }, container.memoryLimit] as const))),
    counter("container_network_receive_bytes_total", "Cumulative count of bytes received.", perPod((life) => life.receivedBytes)),
    counter("container_network_transmit_bytes_total", "Cumulative count of bytes transmitted.", perPod((life) => life.sentBytes)),
    gauge("kubelet_running_pods", "Number of pods that have a running pod sandbox.", [[{}, lives.length]]),
    gauge("kubelet_volume_stats_capacity_bytes", "Capacity in bytes of the volume.", claims.map((claim) => [volume(claim), claim.bytes] as const)),
    gauge("kubelet_volume_stats_used_bytes", "Number of used bytes in the volume.", claims.map((claim) => [volume(claim), filled(claim)] as const)),
    gauge("kubelet_volume_stats_available_bytes", "Number of available bytes in the volume.", claims.map((claim) => [volume(claim), claim.bytes - filled(claim)] as const)),
  ];
}
