// The mark of a pod's state: a colour and a shape, the same at every size and on every screen.
import type { ReactNode } from "react";
import type { PodState } from "@/lib/placement/model";
import css from "./pod-mark.module.css";

const shapes: Record<PodState, ReactNode> = {
  running: <rect x="1" y="1" width="14" height="14" rx="2.5" />,
  starting: <circle className={css.line} cx="8" cy="8" r="5.6" strokeWidth="2.8" />,
  warning: <path d="M8 1.6c.5 0 .9.2 1.1.7l5.8 10.6c.5.9-.1 1.9-1.1 1.9H2.2c-1 0-1.6-1-1.1-1.9L6.9 2.3c.2-.5.6-.7 1.1-.7Z" />,
  failed: (
    <>
      <path d="M8 .4 15.6 8 8 15.6.4 8Z" />
      <path className={css.cut} d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" />
    </>
  ),
  pending: <rect className={css.line} x="1.5" y="1.5" width="13" height="13" rx="2" strokeWidth="2" strokeDasharray="3 2.2" />,
  terminating: (
    <>
      <rect className={css.line} x="1.5" y="1.5" width="13" height="13" rx="2" strokeWidth="1.4" />
      <path d="M1.5 8.4h13v4.1a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2Z" />
    </>
  ),
  unknown: (
    <>
      <rect className={css.line} x="1.5" y="1.5" width="13" height="13" rx="2" strokeWidth="1.4" />
      <path className={css.line} strokeWidth="1.4" d="M2 7 7 2M2 11.5 11.5 2M3 15 15 3M7.5 15 15 7.5M12 15l3-3" />
    </>
  ),
  done: <path className={css.line} strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" d="m3.5 8.5 3 3 6-7" />,
};

/** `label` speaks it where no word stands beside; without it the mark is decoration. */
export function PodMark({ state, size = 12, label }: { state: PodState; size?: number; label?: string }) {
  return (
    <svg className={css.mark} data-state={state} width={size} height={size} viewBox="0 0 16 16" role={label ? "img" : undefined} aria-label={label} aria-hidden={label ? undefined : true}>
      {shapes[state]}
    </svg>
  );
}
