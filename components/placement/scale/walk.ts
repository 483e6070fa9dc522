// Walking a large map by keys: the node next to one by what the eye sees, the next one in trouble, and what is said of the one that is reached.
import type { PlacementStore } from "@/components/placement/store";
import { tierLabel } from "@/components/placement/tier-badge";
import { shortZone } from "../map/amounts";
import { type Direction, nextStop } from "../map/moves";
import { block, type Grid } from "./grid";
import { type Facts, flags } from "./shade";

/** The node at the top left, where reading begins. */
export function firstNode({ names, x, y }: Grid): string | null {
  let best = 0;
  for (let at = 1; at < names.length; at += 1) if ((y[at] ?? 0) < (y[best] ?? 0) || (y[at] === y[best] && (x[at] ?? 0) < (x[best] ?? 0))) best = at;
  return names[best] ?? null;
}

/** From nowhere, the first node. */
export function nextNode(grid: Grid, from: string, direction: Direction): string | null {
  if (!grid.at.has(from)) return firstNode(grid);
  const boxes = grid.names.map((id, at) => ({ id, x: grid.x[at] ?? 0, y: grid.y[at] ?? 0, width: block, height: block }));
  return nextStop(boxes, from, direction);
}

const wrong = (flag: number) => (flag & (flags.notReady | flags.failed)) !== 0;

/** In the order in which the nodes stand, around the ends; null when nothing is wrong. */
export function nextTrouble({ names }: Grid, { flag }: Facts, { from, step }: { from: string; step: 1 | -1 }): string | null {
  const start = names.indexOf(from);
  for (let turn = 1; turn <= names.length; turn += 1) {
    const at = (((start < 0 && step < 0 ? 0 : start) + step * turn) % names.length + names.length) % names.length;
    if (wrong(flag[at] ?? 0)) return names[at] ?? null;
  }
  return null;
}

export function spokenNode(store: PlacementStore, grid: Grid, { facts, name, metric }: { facts: Facts; name: string; metric: string }): string {
  const node = store.tables.nodes.get(name);
  const at = grid.at.get(name);
  if (!node || at === undefined) return "";
  const percent = facts.percent[at] ?? Number.NaN;
  const failed = facts.failed[at] ?? 0;
  return [
    name, tierLabel(node.tier), shortZone(node.zone), Number.isFinite(percent) && metric !== "" ? `${metric} ${Math.round(percent)} %` : "", `${node.pods} pods`,
    node.ready === "ready" ? "" : node.reason || "not ready", node.cordoned ? "cordoned" : "", failed > 0 ? `${failed} failed` : "",
  ].filter(Boolean).join(", ");
}

/** What a whole map says when it changes: how much is wrong. */
export function spokenTrouble({ flag, failed }: Facts): string {
  let lost = 0;
  let pods = 0;
  for (const [at, one] of flag.entries()) {
    if (one & flags.notReady) lost += 1;
    pods += failed[at] ?? 0;
  }
  return `${lost} nodes not ready, ${pods} pods failed`;
}
