// The time as something a component can stand on: steps in whole seconds or more, one timer for all who look.
import { useSyncExternalStore } from "react";

const steps = new Map<number, ReturnType<typeof ticker>>();

/** Milliseconds since the epoch, renewed every `stepMs`; 0 on the server, where nobody's now is right. */
export function useNow(stepMs = 15_000): number {
  const clock = steps.get(stepMs) ?? ticker(stepMs);
  steps.set(stepMs, clock);
  return useSyncExternalStore(clock.subscribe, clock.read, () => 0);
}

function ticker(stepMs: number) {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    read: () => now,
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (listeners.size === 1) {
        timer = setInterval(tick, stepMs);
        now = Date.now();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
  };
}
