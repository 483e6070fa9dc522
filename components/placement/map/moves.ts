// Moving by keyboard: the neighbour in a direction among boxes on the screen, and the next trouble in order.
import { compareText } from "./layout";
import type { PodState } from "@/lib/placement/model";

export interface Box { id: string; x: number; y: number; width: number; height: number }
export type Direction = "left" | "right" | "up" | "down";

/** Sideways distance counts this much more than distance along the way, so that a row is walked before it is left. */
const sidewaysWeight = 3;

/** The nearest box in a direction by what the eye sees, or null at the edge. A box counts when its middle lies beyond ours. */
export function nextStop(boxes: readonly Box[], fromId: string, direction: Direction): string | null {
  const from = boxes.find((box) => box.id === fromId);
  if (!from) return boxes[0]?.id ?? null;
  let best: { id: string; cost: number } | null = null;
  for (const box of boxes) {
    if (box.id === fromId) continue;
    const cost = costOf(from, box, direction);
    if (cost !== null && (best === null || cost < best.cost)) best = { id: box.id, cost };
  }
  return best?.id ?? null;
}

function costOf(from: Box, to: Box, direction: Direction): number | null {
  const across = direction === "left" || direction === "right";
  const sign = direction === "right" || direction === "down" ? 1 : -1;
  const dx = to.x + to.width / 2 - (from.x + from.width / 2);
  const dy = to.y + to.height / 2 - (from.y + from.height / 2);
  const along = sign * (across ? dx : dy);
  if (along <= 1) return null;
  const sideGap = across ? gap({ start: from.y, length: from.height }, { start: to.y, length: to.height }) : gap({ start: from.x, length: from.width }, { start: to.x, length: to.width });
  const sideOffset = Math.abs(across ? dy : dx);
  return along + sidewaysWeight * sideGap + sideOffset / 100;
}

interface Span { start: number; length: number }

/** Empty space between two spans; 0 when they overlap. */
function gap(a: Span, b: Span): number {
  return Math.max(0, a.start - (b.start + b.length), b.start - (a.start + a.length));
}

/** Worst first; a state that is not here is no trouble. */
const troubleRank: Partial<Record<PodState, number>> = { failed: 0, pending: 1, unknown: 2, warning: 3 };

export interface Troubled { id: string; state: PodState }

/** Everything in trouble, worst first, then in reading order as given. */
export function troubleOrder(items: readonly Troubled[]): string[] {
  return items
    .map((item, at) => ({ id: item.id, at, rank: troubleRank[item.state] }))
    .filter((item) => item.rank !== undefined)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.at - b.at || compareText(a.id, b.id))
    .map((item) => item.id);
}

/** One step through the order, around its ends; from outside it, forward starts at the worst and back at the least. */
export function stepTrouble(order: readonly string[], current: string | null, step: 1 | -1): string | null {
  if (order.length === 0) return null;
  const at = current === null ? -1 : order.indexOf(current);
  if (at < 0) return order[step === 1 ? 0 : order.length - 1] ?? null;
  return order[(at + step + order.length) % order.length] ?? null;
}
