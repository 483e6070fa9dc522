// The chip that names a tier: its digit in a box of the tier's accent; boxed outline for the home tier of a pod elsewhere.
import { type Tier, tierNames } from "@/lib/placement/model";
import css from "./tier-badge.module.css";

/** `fill`: the tier itself (bands, rollups). `outline`: where something belongs. `named` adds the tier's name. */
export function TierBadge({ tier, look = "outline", named = false, size = 16 }: { tier: Tier | null; look?: "fill" | "outline"; named?: boolean; size?: number }) {
  const name = tier === null ? "No tier" : tierNames[tier];
  return (
    <span className={css.wrap} title={named ? undefined : tierLabel(tier)}>
      <span className={css.badge} data-look={look} data-tier={tier ?? "none"} style={{ width: size, height: size, fontSize: size <= 14 ? 10 : 11 }} role={named ? undefined : "img"} aria-label={named ? undefined : tierLabel(tier)}>
        {tier ?? "–"}
      </span>
      {named && <span>{name}</span>}
    </span>
  );
}

export function tierLabel(tier: Tier | null): string {
  return tier === null ? "no tier" : `tier ${tier}, ${tierNames[tier]}`;
}
