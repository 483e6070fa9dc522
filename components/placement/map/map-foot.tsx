// The legend of bars and rings, and the keys that work here.
import { KeyHint } from "@/components/ui/key-hint";
import { TierBadge } from "@/components/placement/tier-badge";
import css from "./map-foot.module.css";

export function MapFoot({ usage, asked, offTier }: { usage: boolean; asked: boolean; offTier: boolean }) {
  return (
    <footer className={css.foot}>
      <span className={css.item}><span className={css.requested} aria-hidden /> requested</span>
      {usage ? <span className={css.item}><span className={css.used} aria-hidden /> in use now</span> : <span className={css.item}>usage not available</span>}
      {asked && <span className={css.item}><span className={css.asked} aria-hidden /> asked by the selected pod</span>}
      {offTier && <span className={css.item}><TierBadge tier={1} size={12} /> belongs to tier 1, runs elsewhere</span>}
      <span className={css.keys}>
        <KeyHint>↑↓←→</KeyHint> move <KeyHint>⏎</KeyHint> open <KeyHint>[ ]</KeyHint> trouble
      </span>
    </footer>
  );
}
