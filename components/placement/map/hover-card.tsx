"use client";
// What stands beside a hovered cell: nothing here is told nowhere else, the table and the drawer hold all of it.
import { PodMark } from "@/components/placement/pod-mark";
import { useRow } from "@/components/placement/queries";
import type { PlacementStore } from "@/components/placement/store";
import { TierBadge } from "@/components/placement/tier-badge";
import { ageText, cpuText, memoryText } from "./amounts";
import css from "./hover-card.module.css";

export interface Hovered { podKey: string; x: number; y: number; /** Stands above the cell when there is no room below. */ above: boolean }

export function HoverCard({ store, hovered }: { store: PlacementStore; hovered: Hovered }) {
  const pod = useRow(store, "pods", hovered.podKey);
  if (!pod) return null;
  return (
    <div className={css.card} style={{ left: hovered.x, top: hovered.y }} data-above={hovered.above || undefined} role="presentation">
      <p className={css.name}>{pod.name}</p>
      <p className={css.line}><PodMark state={pod.state} size={11} /> {pod.state}{pod.reason && ` · ${pod.reason}`}{pod.restarts > 0 && ` · ${pod.restarts} restarts`}</p>
      <p className={css.line}>{pod.namespace} · {ageText(Date.now() - pod.createdAt, true)} old</p>
      <p className={css.line}>asks <code>{cpuText(pod.cpuMillis)}</code> CPU, <code>{memoryText(pod.memoryBytes)}</code></p>
      {pod.declared !== null && (
        <p className={css.line}>belongs to <TierBadge tier={pod.declared} size={12} /> {pod.actual === null ? "runs nowhere" : <>→ runs in <TierBadge tier={pod.actual} size={12} /></>}</p>
      )}
    </div>
  );
}

const cardWidth = 280;
const cardHeight = 120;

/** Where the card stands for a cell, inside the window. */
export function placeHover(podKey: string, cell: DOMRect, view: { width: number; height: number }): Hovered {
  const above = cell.bottom + cardHeight > view.height;
  return { podKey, above, x: Math.max(8, Math.min(cell.left, view.width - cardWidth - 8)), y: above ? cell.top - 6 : cell.bottom + 6 };
}
