// The lens: the part of the world that the glass beside the map shows a cell per pod.
import { pitch } from "./grid";
import type { Size } from "./view";

interface Point { x: number; y: number }
export interface Lens extends Point, Size {}

/** Beside the map it is upright, six blocks by seven; in a phone's sheet it lies, eight blocks wide. */
const uprightColumns = 6;
const lyingColumns = 8;
const uprightRows = 7;

export const firstLens: Lens = { x: 0, y: 0, width: uprightColumns * pitch, height: uprightRows * pitch };

/** As much of the world as a glass of this size shows. */
export function lensIn(glass: Size): Size {
  if (glass.width <= 0 || glass.height <= 0) return firstLens;
  const width = (glass.width > glass.height * 1.3 ? lyingColumns : uprightColumns) * pitch;
  return { width, height: (width * glass.height) / glass.width };
}

export function lensOver({ x, y }: Point, { width, height }: Size): Lens {
  return { x: Math.max(0, x - width / 2), y: Math.max(0, y - height / 2), width, height };
}

export function isOn(lens: Lens, { x, y }: Point): boolean {
  return x >= lens.x && y >= lens.y && x <= lens.x + lens.width && y <= lens.y + lens.height;
}
