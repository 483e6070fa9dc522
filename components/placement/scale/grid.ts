// Where thousands of nodes stand: a block each, in columns per zone, a band per tier; and which block lies under a point.
import type { NodeRow } from "@/lib/placement/model";
import { assignSlots, type BandKey, bandKeys, compareText, type SlotBook } from "../map/layout";

/** World units; one unit is one pixel at zoom 1. */
export const pitch = 8;
export const block = 7;
const perGroup = 7;
const groupGap = 2;
const zoneGap = 12;
const inset = 6;
const bandGap = 6;
/** A band is never lower than its rollup needs. */
const minBandHeight = 104;

export interface GridBand { band: BandKey; y: number; height: number }
export interface GridZone { zone: string; x: number; width: number; nodes: number }
export interface Grid {
  names: readonly string[];
  at: ReadonlyMap<string, number>;
  x: Float32Array;
  y: Float32Array;
  bands: readonly GridBand[];
  zones: readonly GridZone[];
  width: number;
  height: number;
  /** Slots per zone, so that the next grid keeps every node's place. */
  books: ReadonlyMap<string, SlotBook>;
}

type GridNode = Pick<NodeRow, "name" | "tier" | "createdAt" | "zone">;

/** `groups`: groups of seven blocks side by side in a zone's column. */
export function layGrid(nodes: Iterable<GridNode>, before: Grid | null, groups = 4): Grid {
  const byZone = new Map<string, GridNode[]>();
  const all = [...nodes];
  for (const node of all) {
    const list = byZone.get(node.zone);
    if (list) list.push(node);
    else byZone.set(node.zone, [node]);
  }
  const zoneNames = [...byZone.keys()].sort(compareText);
  const books = new Map(zoneNames.map((zone) => [zone, assignSlots(before?.books.get(zone) ?? new Map(), byZone.get(zone) ?? [])]));
  const perRow = groups * perGroup;
  const zoneWidth = perRow * pitch + (groups - 1) * groupGap;
  const zones = zoneNames.map((zone, at) => ({ zone, x: inset + at * (zoneWidth + zoneGap), width: zoneWidth, nodes: byZone.get(zone)?.length ?? 0 }));
  const bands = stackBands(bandKeys(all), books, perRow);
  const names = all.map((node) => node.name);
  const x = new Float32Array(names.length);
  const y = new Float32Array(names.length);
  for (const [index, node] of all.entries()) {
    const slot = books.get(node.zone)?.get(node.name);
    const band = bands.find((one) => one.band === slot?.band);
    const zone = zones.find((one) => one.zone === node.zone);
    if (!slot || !band || !zone) continue;
    const column = slot.index % perRow;
    x[index] = zone.x + column * pitch + Math.floor(column / perGroup) * groupGap;
    y[index] = band.y + inset + Math.floor(slot.index / perRow) * pitch;
  }
  const last = bands.at(-1);
  return { names, at: new Map(names.map((name, index) => [name, index])), x, y, bands, zones, width: 2 * inset + zones.length * zoneWidth + Math.max(0, zones.length - 1) * zoneGap, height: last ? last.y + last.height : 0, books };
}

function stackBands(keys: readonly BandKey[], books: ReadonlyMap<string, SlotBook>, perRow: number): GridBand[] {
  const bands: GridBand[] = [];
  let y = 0;
  for (const band of keys) {
    let most = 0;
    for (const book of books.values()) for (const slot of book.values()) if (slot.band === band) most = Math.max(most, slot.index + 1);
    const height = Math.max(minBandHeight, Math.ceil(most / perRow) * pitch + 2 * inset);
    bands.push({ band, y, height });
    y += height + bandGap;
  }
  return bands;
}

/** The node whose block holds a point of the world, or -1. */
export function hitNode(grid: Pick<Grid, "x" | "y">, x: number, y: number): number {
  for (let index = 0; index < grid.x.length; index += 1) {
    const dx = x - (grid.x[index] ?? 0);
    const dy = y - (grid.y[index] ?? 0);
    if (dx >= 0 && dx < block && dy >= 0 && dy < block) return index;
  }
  return -1;
}

/** The part of a block, from its top, that tells about the node; the pods stand below. */
export const headShare = 0.16;
/** On a card the head holds the name and two bars. */
export const cardHeadShare = 0.36;

export interface Cells { columns: number; pitch: number; left: number; top: number }

/** How `count` cells stand in a block of `size`: as square as they can below the head. */
export function cellsIn(count: number, size: number, head: number): Cells {
  const height = size * (1 - head) - size * 0.04;
  const width = size * 0.92;
  const columns = Math.max(1, Math.ceil(Math.sqrt((Math.max(1, count) * width) / height)));
  const rows = Math.ceil(Math.max(1, count) / columns);
  return { columns, pitch: Math.min(width / columns, height / rows), left: size * 0.04, top: size * head };
}

/** The cell under a point of a block, or -1. */
export function hitCell(cells: Cells, count: number, point: { x: number; y: number }): number {
  const column = Math.floor((point.x - cells.left) / cells.pitch);
  const row = Math.floor((point.y - cells.top) / cells.pitch);
  if (column < 0 || column >= cells.columns || row < 0) return -1;
  const at = row * cells.columns + column;
  return at < count ? at : -1;
}
