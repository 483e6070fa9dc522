// Bands and cards as outlines at about their final size, before the first rows are there.
import { Strip } from "@/components/ui/state-picture";
import { tiers } from "@/lib/placement/model";
import { TierBadge } from "@/components/placement/tier-badge";
import { tierNames } from "@/lib/placement/model";
import css from "./map-skeleton.module.css";

export function MapSkeleton() {
  return (
    <div className={css.bands} role="status" aria-label="Loading the map">
      {tiers.map((tier) => (
        <div key={tier} className={css.band} data-tier={tier}>
          <div className={css.rollup}>
            <span className={css.name}><TierBadge tier={tier} look="fill" /> {tierNames[tier]}</span>
            <span className={css.line}>CPU – <Strip width={60} /></span>
            <span className={css.line}>Mem – <Strip width={60} /></span>
            <span className={css.line}>Pods – <Strip width={60} /></span>
          </div>
          <div className={css.card} />
          {tier === 1 && <div className={css.card} />}
        </div>
      ))}
    </div>
  );
}
