// A horizontal bar: how much of a whole is taken, with marks for a limit or for what is in use now.
import css from "./bar.module.css";

interface BarProps {
  /** 0..1 and beyond; what goes over 1 is drawn red at the end. */
  value: number;
  /** Where the white tick stands, 0..1. */
  tick?: number | null;
  height?: number;
  colour?: string;
  label: string;
}

export function Bar({ value, tick = null, height = 4, colour = "var(--fill)", label }: BarProps) {
  const filled = Math.min(1, Math.max(0, Number.isFinite(value) ? value : 0));
  const over = value > 1;
  return (
    <span className={css.bar} style={{ height }} role="img" aria-label={label} title={label}>
      <span className={css.fill} style={{ width: `${filled * 100}%`, background: colour }} />
      {over && <span className={css.over} style={{ width: `${Math.min(30, (value - 1) * 100)}%` }} />}
      {tick !== null && <span className={css.tick} style={{ left: `${Math.min(1, Math.max(0, tick)) * 100}%` }} />}
    </span>
  );
}
