// The pods of a block in the order in which their cells stand, and which of them lies under a point.
import type { PlacementStore } from "@/components/placement/store";
import { isDaemon } from "../map/layout";
import { block, cardHeadShare, cellsIn, headShare, hitCell } from "./grid";
import { levelOf } from "./view";

const orders = new WeakMap<readonly string[], readonly string[]>();

/** By app, what runs everywhere last; made once per list, which stays the same array until a pod comes or goes. */
export function orderedCells(store: PlacementStore, node: string): readonly string[] {
  const keys = store.rollups.podsOf(node);
  const known = orders.get(keys);
  if (known) return known;
  const rank = (key: string) => {
    const pod = store.tables.pods.get(key);
    return pod ? `${isDaemon(pod) ? 1 : 0}${pod.app}/${key}` : `2${key}`;
  };
  const made = keys.map((key) => ({ key, rank: rank(key) })).sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ key }) => key);
  orders.set(keys, made);
  return made;
}

/** `x`, `y` on the screen from the block's corner; null from afar, where a block shows no cells. */
export function podAt(store: PlacementStore, { name, zoom, x, y }: { name: string; zoom: number; x: number; y: number }): string | null {
  const level = levelOf(zoom);
  if (level === "block") return null;
  const keys = orderedCells(store, name);
  const cells = cellsIn(keys.length, block * zoom, level === "card" ? cardHeadShare : headShare);
  return keys[hitCell(cells, keys.length, { x, y })] ?? null;
}
