// What part of the world is seen: pan and zoom as numbers, and how much a block tells at a zoom.
import { pitch } from "./grid";

/** Screen = (world − x, y) × zoom. */
export interface View { x: number; y: number; zoom: number }
export interface Size { width: number; height: number }
export type Level = "block" | "cells" | "card";

/** A block must be this large on the screen to show a cell per pod, and this large to be a card. */
const cellsFrom = 44;
const cardFrom = 168;
const mostZoom = 40;

export function levelOf(zoom: number): Level {
  const size = pitch * zoom;
  return size >= cardFrom ? "card" : size >= cellsFrom ? "cells" : "block";
}

/** The whole width; the whole height too, as long as blocks do not get much smaller than they are meant. */
export function fitZoom(world: Size, screen: Size): number {
  if (world.width <= 0 || screen.width <= 0 || screen.height <= 0) return 1;
  const wide = screen.width / world.width;
  return Math.max(0.2, Math.min(wide, Math.max(screen.height / world.height, 0.9)));
}

/** Keeps the world in sight: never beyond its edges, never smaller than what fits the width. */
export function clampView(view: View, world: Size, screen: Size): View {
  const zoom = Math.min(mostZoom, Math.max(fitZoom(world, screen), view.zoom));
  const most = { x: Math.max(0, world.width - screen.width / zoom), y: Math.max(0, world.height - screen.height / zoom) };
  return { zoom, x: Math.min(most.x, Math.max(0, view.x)), y: Math.min(most.y, Math.max(0, view.y)) };
}

/** Zooms by a factor and keeps the world's point under the pointer where it is. */
export function zoomAt(view: View, factor: number, at: { x: number; y: number }): View {
  const zoom = Math.min(mostZoom, view.zoom * factor);
  return { zoom, x: view.x + at.x / view.zoom - at.x / zoom, y: view.y + at.y / view.zoom - at.y / zoom };
}

export function toWorld(view: View, screen: { x: number; y: number }): { x: number; y: number } {
  return { x: view.x + screen.x / view.zoom, y: view.y + screen.y / view.zoom };
}

/** A view with a point of the world in its middle. */
export function centredOn(point: { x: number; y: number }, zoom: number, screen: Size): View {
  return { zoom, x: point.x - screen.width / zoom / 2, y: point.y - screen.height / zoom / 2 };
}
