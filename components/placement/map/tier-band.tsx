"use client";
// One tier: its stripe, its rollup, and its nodes as cards in their slots.
import { memo } from "react";
import { sameMembers, useDerived } from "@/components/placement/queries";
import type { PlacementStore } from "@/components/placement/store";
import { type Tier, tierNames } from "@/lib/placement/model";
import { BandRollup } from "./band-rollup";
import { type CellGroup, cardShares } from "./layout";
import { useMap } from "./map-context";
import { NodeCard } from "./node-card";
import type { Rollup } from "./rollup";
import type { BandShape } from "./shape";
import css from "./tier-band.module.css";

/** The label a node must carry to stand in an empty band, by the default policy. */
const wantedLabel: Record<Tier, string> = { 1: "workload=monitoring", 2: "workload=application", 3: "workload=async-workers", 4: "workload=storage" };

interface BandProps { shape: BandShape; rollup: Rollup; groups: ReadonlyMap<string, readonly CellGroup[]>; warnings: ReadonlyMap<string, string> }

export const TierBand = memo(function TierBand({ shape, rollup, groups, warnings }: BandProps) {
  const { store } = useMap();
  const { band, slots } = shape;
  const capacities = useDerived(store, capacitiesOf(slots), sameMembers);
  const shares = cardShares(capacities);
  return (
    <section className={css.band} data-tier={band} aria-label={band === "none" ? "No tier" : `Tier ${band}, ${tierNames[band]}`}>
      <BandRollup band={band} rollup={rollup} />
      <div className={css.cards}>
        {slots.length === 0 && band !== "none" && (
          <p className={css.empty}>No node carries this tier’s label. To place one here: <code>kubectl label node &lt;name&gt; {wantedLabel[band]}</code></p>
        )}
        {slots.map((name, at) =>
          name === null ? <div key={`gap ${at}`} className={css.gap} aria-hidden /> : <NodeCard key={name} name={name} groups={groups.get(name) ?? none} share={shares[at] ?? 1} lone={slots.length === 1} warning={warnings.get(name) ?? ""} />,
        )}
      </div>
    </section>
  );
});

const none: readonly CellGroup[] = [];

const selectors = new WeakMap<readonly (string | null)[], (store: PlacementStore) => number[]>();

/** One selector per list of slots, which stays the same array until a node comes or goes. */
function capacitiesOf(slots: readonly (string | null)[]): (store: PlacementStore) => number[] {
  const known = selectors.get(slots);
  if (known) return known;
  const made = ({ tables }: PlacementStore) => slots.map((name) => (name === null ? 0 : (tables.nodes.get(name)?.cpuMillis ?? 0)));
  selectors.set(slots, made);
  return made;
}
