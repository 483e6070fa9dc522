// What stands where on the map, without what it looks like: changes only when something comes, goes or moves, so that a pod's state never redraws more than its cell.
import type { PlacementTables, PodRow } from "@/lib/placement/model";
import { assignSlots, type BandKey, bandKeys, type CellGroup, compareText, groupCells, type Grouping, type SlotBook, slotsOf } from "./layout";

export interface BandShape { band: BandKey; slots: readonly (string | null)[] }
export interface Shape {
  by: Grouping;
  book: SlotBook;
  bands: readonly BandShape[];
  groups: ReadonlyMap<string, readonly CellGroup[]>;
  /** Pods without a node, oldest first. */
  nowhere: readonly string[];
}

/** The shape now. Parts that are as before stay the same objects; when all are, so does the whole. */
export function shapeOf(tables: Pick<PlacementTables, "nodes" | "pods">, by: Grouping, before: Shape | null): Shape {
  const book = assignSlots(before?.book ?? new Map(), tables.nodes.values());
  const { onNode, waiting } = sortPods(tables);
  const groups = new Map<string, readonly CellGroup[]>();
  for (const name of tables.nodes.keys()) {
    groups.set(name, kept(before?.groups.get(name), groupCells(onNode.get(name) ?? [], by)));
  }
  const bands = bandKeys(tables.nodes.values()).map((band): BandShape => {
    const was = before?.bands.find((one) => one.band === band);
    const made = { band, slots: slotsOf(book, band) };
    return was && sameList(was.slots, made.slots) ? was : made;
  });
  const nowhere = waiting.sort((a, b) => a.createdAt - b.createdAt || compareText(a.key, b.key)).map((pod) => pod.key);
  const made: Shape = { by, book, bands, groups, nowhere: before && sameList(before.nowhere, nowhere) ? before.nowhere : nowhere };
  return before && sameShape(before, made) ? before : made;
}

function sortPods(tables: Pick<PlacementTables, "nodes" | "pods">): { onNode: Map<string, PodRow[]>; waiting: PodRow[] } {
  const onNode = new Map<string, PodRow[]>();
  const waiting: PodRow[] = [];
  for (const pod of tables.pods.values()) {
    if (pod.state === "done") continue;
    if (pod.node === "" || !tables.nodes.has(pod.node)) waiting.push(pod);
    else {
      const list = onNode.get(pod.node);
      if (list) list.push(pod);
      else onNode.set(pod.node, [pod]);
    }
  }
  return { onNode, waiting };
}

function kept(before: readonly CellGroup[] | undefined, made: CellGroup[]): readonly CellGroup[] {
  return before && before.length === made.length && before.every((group, at) => sameGroup(group, made[at])) ? before : made;
}

function sameGroup(a: CellGroup, b: CellGroup | undefined): boolean {
  return b !== undefined && a.id === b.id && a.label === b.label && sameList(a.pods, b.pods);
}

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((value, at) => Object.is(value, b[at]));
}

function sameShape(a: Shape, b: Shape): boolean {
  if (a.by !== b.by || a.nowhere !== b.nowhere || !sameList(a.bands, b.bands) || a.groups.size !== b.groups.size) return false;
  for (const [name, groups] of b.groups) if (a.groups.get(name) !== groups) return false;
  return true;
}

/** Remembers the last shape of one viewer, so that places stay for as long as the page lives. */
export function shapeKeeper(): (tables: Pick<PlacementTables, "nodes" | "pods">, by: Grouping) => Shape {
  let last: Shape | null = null;
  return (tables, by) => {
    last = shapeOf(tables, by, last);
    return last;
  };
}
