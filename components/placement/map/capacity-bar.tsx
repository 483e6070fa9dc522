// One bar of a card: requested of allocatable, a tick for what is in use, a hatch for what the selected pod asks, red for what does not fit.
import { share } from "./amounts";
import css from "./capacity-bar.module.css";

export interface CapacityBarProps {
  requested: number;
  allocatable: number;
  /** In use now; null where no metrics are. */
  used?: number | null;
  /** What the selected pod asks of it. */
  asked?: number;
  label: string;
  height?: number;
}

export function CapacityBar({ requested, allocatable, used = null, asked = 0, label, height = 4 }: CapacityBarProps) {
  const taken = clamp(share(requested, allocatable));
  const wanted = asked > 0 ? taken + clamp(share(asked, allocatable), 9) : taken;
  const over = Math.min(0.5, Math.max(0, wanted - 1));
  const tick = used === null ? Number.NaN : share(used, allocatable);
  return (
    <span className={css.bar} style={{ height }} role="img" aria-label={label} data-unreadable={Number.isNaN(share(requested, allocatable)) || undefined}>
      <span className={css.fill} style={{ width: percent(taken) }} />
      {wanted > taken && <span className={css.asked} style={{ left: percent(taken), width: percent(Math.min(1, wanted) - taken - over) }} />}
      {over > 0 && <span className={css.over} style={{ width: percent(over) }} />}
      {Number.isFinite(tick) && <span className={css.tick} style={{ left: percent(clamp(tick)) }} />}
    </span>
  );
}

function clamp(value: number, most = 1): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(0, value)) : 0;
}

function percent(value: number): string {
  return `${Math.max(0, value) * 100}%`;
}
