// What nodes and pods use now, folded from four answers of Prometheus.
import type { InstantAnswer, InstantSeries } from "@/lib/adapters/prometheus/objects";
import type { ClusterUsage, Usage } from "./model";
import { queries } from "./queries";

/** As much of a Prometheus client as the questions here need. */
export interface Asks { query(expression: string, options?: { signal?: AbortSignal; timeoutMs?: number }): Promise<InstantAnswer> }

export async function readUsage(prometheus: Asks, options: { signal?: AbortSignal; timeoutMs?: number } = {}): Promise<ClusterUsage> {
  const [nodeCpu, nodeMemory, podCpu, podMemory] = await Promise.all([
    prometheus.query(queries.nodeCpu.expression, options), prometheus.query(queries.nodeMemory.expression, options),
    prometheus.query(queries.podCpu.expression, options), prometheus.query(queries.podMemory.expression, options),
  ]);
  return toUsage({ nodeCpu, nodeMemory, podCpu, podMemory });
}

export interface UsageAnswers { nodeCpu: InstantAnswer; nodeMemory: InstantAnswer; podCpu: InstantAnswer; podMemory: InstantAnswer }

export function toUsage({ nodeCpu, nodeMemory, podCpu, podMemory }: UsageAnswers): ClusterUsage {
  const all = [nodeCpu, nodeMemory, podCpu, podMemory].flatMap(({ series }) => series);
  return {
    nodes: fold({ cpu: nodeCpu.series, memory: nodeMemory.series }, nodeKey),
    pods: fold({ cpu: podCpu.series, memory: podMemory.series }, ({ labels }) => (labels.namespace && labels.pod ? `${labels.namespace}/${labels.pod}` : "")),
    at: all.reduce((latest, { at }) => Math.max(latest, at), 0),
  };
}

/** node_exporter knows no node name unless the scrape adds it; then its address, without the port, has to do. */
function nodeKey({ labels }: InstantSeries): string {
  return labels.node ?? labels.instance?.replace(/:\d+$/, "") ?? "";
}

function fold({ cpu, memory }: { cpu: readonly InstantSeries[]; memory: readonly InstantSeries[] }, keyOf: (series: InstantSeries) => string): Record<string, Usage> {
  // A map first: a name that comes from outside must not reach into Object.prototype.
  const found = new Map<string, Usage>();
  const put = (series: InstantSeries, field: keyof Usage): void => {
    const key = keyOf(series);
    if (key === "" || !Number.isFinite(series.value)) return;
    found.set(key, { ...(found.get(key) ?? { cpuMillis: Number.NaN, memoryBytes: Number.NaN }), [field]: series.value });
  };
  for (const series of cpu) put(series, "cpuMillis");
  for (const series of memory) put(series, "memoryBytes");
  return Object.fromEntries(found);
}
