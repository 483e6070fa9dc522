"use client";
// Beside the scale map: where it is hot, worst first; what is under the lens, a cell per pod; what the marks mean.
import { TierBadge } from "@/components/placement/tier-badge";
import type { PlacementStore } from "@/components/placement/store";
import { shortZone } from "../map/amounts";
import { lensWorld } from "./draw";
import { pitch } from "./grid";
import type { Painter, Told } from "./painter";
import css from "./scale-panel.module.css";

export function ScalePanel({ painter, told, store, toggle }: { painter: Painter; told: Told; store: PlacementStore; toggle: (term: string) => void }) {
  return (
    <aside className={css.panel} aria-label="Hot spots and lens">
      <h2 className={css.title}>Hot spots <small>worst first</small></h2>
      {told.spots.length === 0 && <p className={css.quiet}>No group of nodes stands out.</p>}
      {told.spots.length > 0 && (
        <div className={css.spots}>
          {told.spots.map((spot) => (
            <div key={`${spot.group} ${spot.say}`} className={css.spot}>
              <button type="button" className={css.fly} onClick={() => painter.moveLens({ x: spot.x + spot.width / 2, y: spot.y + spot.height / 2 })} aria-label={`Lens to ${spot.group}: ${spot.count} ${spot.say}`}>
                <span className={css.tag}>{spot.tag}</span> <TierBadge tier={spot.tier} size={14} /> <code>{spot.group}</code> <small>{shortZone(spot.zone)}</small> <b>{spot.count.toLocaleString("en")}</b>
              </button>
              <button type="button" className={css.filter} onClick={() => toggle(spot.filter)}>{spot.say}</button>
            </div>
          ))}
        </div>
      )}
      <h2 className={css.title}>Lens <small>{underLens(told, store)}</small></h2>
      <canvas ref={painter.attachLens} className={css.lens} role="img" aria-label={`Nodes under the lens: ${underLens(told, store)}`} />
      <h2 className={css.title}>Marks on a block</h2>
      <ul className={css.marks}>
        <li data-mark="calm">shade is the share</li><li data-mark="bright">above 92 %</li><li data-mark="failed">has failed pods</li>
        <li data-mark="lost">not ready</li><li data-mark="cordoned">cordoned</li><li data-mark="lens">under the lens</li>
      </ul>
    </aside>
  );
}

function underLens({ grid, lens }: Told, store: PlacementStore): string {
  let nodes = 0;
  let pods = 0;
  for (const [at, name] of grid.names.entries()) {
    const [x, y] = [grid.x[at] ?? -1, grid.y[at] ?? -1];
    if (x + pitch / 2 < lens.x || x + pitch / 2 > lens.x + lensWorld.width || y + pitch / 2 < lens.y || y + pitch / 2 > lens.y + lensWorld.height) continue;
    nodes += 1;
    pods += store.rollups.podsOf(name).length;
  }
  return `${nodes} nodes, ${pods.toLocaleString("en")} pods, one cell each`;
}
