"use client";
// Beside the scale map: where it is hot, worst first; what is under the lens, a cell per pod; what the marks mean.
import { useState } from "react";
import { TierBadge } from "@/components/placement/tier-badge";
import type { PlacementStore } from "@/components/placement/store";
import { shortZone } from "../map/amounts";
import { pitch } from "./grid";
import type { HotSpot } from "./hot-spots";
import { isOn } from "./lens";
import type { Painter, Told } from "./painter";
import css from "./scale-panel.module.css";

export function ScalePanel({ painter, told, store, toggle }: { painter: Painter; told: Told; store: PlacementStore; toggle: (term: string) => void }) {
  const [open, setOpen] = useState(true);
  return (
    <aside className={css.panel} aria-label="Hot spots and lens" data-open={open || undefined}>
      <button type="button" className={css.handle} aria-expanded={open} aria-label={open ? "Fold the lens away" : "Unfold the lens"} onClick={() => setOpen(!open)} />
      <SpotPager painter={painter} told={told} />
      <h2 className={css.title} data-wide>Hot spots <small>worst first</small></h2>
      {told.spots.length === 0 && <p className={css.quiet}>No group of nodes stands out.</p>}
      {told.spots.length > 0 && (
        <div className={css.spots}>
          {told.spots.map((spot) => (
            <div key={`${spot.group} ${spot.say}`} className={css.spot}>
              <button type="button" className={css.fly} onClick={() => painter.moveLens(centre(spot))} aria-label={`Lens to ${spot.group}: ${spot.count} ${spot.say}`}>
                <span className={css.tag}>{spot.tag}</span> <TierBadge tier={spot.tier} size={14} /> <code>{spot.group}</code> <small>{shortZone(spot.zone)}</small> <b>{spot.count.toLocaleString("en")}</b>
              </button>
              <button type="button" className={css.filter} onClick={() => toggle(spot.filter)}>{spot.say}</button>
            </div>
          ))}
        </div>
      )}
      <h2 className={css.title} data-wide>Lens <small>{underLens(told, store)}</small></h2>
      <canvas ref={painter.attachLens} className={css.lens} role="img" aria-label={`Nodes under the lens: ${underLens(told, store)}`} />
      <h2 className={css.title} data-wide>Marks on a block</h2>
      <ul className={css.marks}>
        <li data-mark="calm">shade is the share</li><li data-mark="bright">above 92 %</li><li data-mark="failed">has failed pods</li>
        <li data-mark="lost">not ready</li><li data-mark="cordoned">cordoned</li><li data-mark="lens">under the lens</li>
      </ul>
    </aside>
  );
}

/** On a phone one hot spot at a time stands over the lens. */
function SpotPager({ painter, told: { spots, lens } }: { painter: Painter; told: Told }) {
  const at = spots.findIndex((spot) => isOn(lens, centre(spot)));
  const spot = spots[at];
  const go = (step: 1 | -1) => {
    const to = spots[at < 0 ? 0 : (at + step + spots.length) % spots.length];
    if (to) painter.moveLens(centre(to));
  };
  return (
    <div className={css.pager}>
      {spot ? <><span className={css.tag}>{spot.tag}</span> <code>{spot.group}</code> <small>{spot.count.toLocaleString("en")} {spot.say}</small></> : <small>{spots.length === 0 ? "No group of nodes stands out" : "Lens"}</small>}
      {spots.length > 0 && (
        <span className={css.turn}>
          <button type="button" onClick={() => go(-1)} aria-label="Previous hot spot">‹</button>
          <small>{at < 0 ? `${spots.length} hot spots` : `${at + 1} of ${spots.length}`}</small>
          <button type="button" onClick={() => go(1)} aria-label="Next hot spot">›</button>
        </span>
      )}
    </div>
  );
}

function centre({ x, y, width, height }: HotSpot): { x: number; y: number } {
  return { x: x + width / 2, y: y + height / 2 };
}

function underLens({ grid, lens }: Told, store: PlacementStore): string {
  let nodes = 0;
  let pods = 0;
  for (const [at, name] of grid.names.entries()) {
    const [x, y] = [grid.x[at] ?? -1, grid.y[at] ?? -1];
    if (!isOn(lens, { x: x + pitch / 2, y: y + pitch / 2 })) continue;
    nodes += 1;
    pods += store.rollups.podsOf(name).length;
  }
  return `${nodes} nodes, ${pods.toLocaleString("en")} pods, one cell each`;
}
