// Where many neighbours have the same trouble: groups of like-named nodes, worst first.
import { nodeGroup } from "@/lib/placement/filter";
import type { NodeRow, Tier } from "@/lib/placement/model";
import { block, type Grid } from "./grid";
import { brightFrom, type Facts, flags } from "./shade";

export interface HotSpot {
  tag: string;
  group: string;
  tier: Tier | null;
  zone: string;
  count: number;
  say: string;
  /** The filter that shows it. */
  filter: string;
  /** Bounds in the world. */
  x: number; y: number; width: number; height: number;
}

const spotsMax = 4;
/** Fewer are single cases, which their own dots tell. */
const nodesMin = 3;
const podsMin = 20;

const kinds = [
  { weight: 4, say: "nodes not ready", filter: "" },
  { weight: 3, say: "pods failed", filter: "status:failed" },
  { weight: 2, say: `nodes above ${brightFrom} % CPU`, filter: `cpu:>${brightFrom}` },
  { weight: 1, say: "nodes cordoned", filter: "cordoned:true" },
] as const;

interface Heap { kind: (typeof kinds)[number]; group: string; node: NodeRow; indexes: number[]; count: number }

export function hotSpots(grid: Grid, facts: Facts, nodes: ReadonlyMap<string, NodeRow>): HotSpot[] {
  const heaps = new Map<string, Heap>();
  const sizes = new Map<string, number>();
  for (const [index, name] of grid.names.entries()) {
    const node = nodes.get(name);
    if (!node) continue;
    const group = nodeGroup(name);
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
    for (const [at, count] of troubles(node, facts, index).entries()) {
      const kind = kinds[at];
      if (!kind || count === 0) continue;
      const heap = heaps.get(`${at} ${group}`) ?? { kind, group, node, indexes: [], count: 0 };
      heaps.set(`${at} ${group}`, heap);
      heap.indexes.push(index);
      heap.count += count;
    }
  }
  return [...heaps.values()]
    .filter((heap) => (heap.kind.say === "pods failed" ? heap.count >= podsMin : heap.indexes.length >= nodesMin) && heap.indexes.length >= (sizes.get(heap.group) ?? 0) / 50)
    .sort((a, b) => b.kind.weight * b.count - a.kind.weight * a.count || (a.group < b.group ? -1 : 1))
    .slice(0, spotsMax)
    .map((heap, at) => toSpot(heap, "ABCD"[at] ?? "", grid));
}

function troubles(node: NodeRow, facts: Facts, index: number): [number, number, number, number] {
  const flag = facts.flag[index] ?? 0;
  const cpu = (100 * node.requestedCpuMillis) / node.cpuMillis;
  return [flag & flags.notReady ? 1 : 0, facts.failed[index] ?? 0, cpu > brightFrom ? 1 : 0, flag & flags.cordoned ? 1 : 0];
}

function toSpot({ kind, group, node, indexes, count }: Heap, tag: string, grid: Grid): HotSpot {
  const xs = indexes.map((index) => grid.x[index] ?? 0);
  const ys = indexes.map((index) => grid.y[index] ?? 0);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { tag, group, tier: node.tier, zone: node.zone, count, say: kind.say, filter: `group:${group} ${kind.filter}`.trim(), x: left, y: top, width: Math.max(...xs) + block - left, height: Math.max(...ys) + block - top };
}
