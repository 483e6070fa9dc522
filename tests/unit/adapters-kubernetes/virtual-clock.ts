// A clock whose time passes only when everything that could happen at this moment has happened.
import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "@/lib/base/clock";

export interface VirtualClock extends Clock {
  /** Lets `ms` pass, waking every sleeper at its time and in order. */
  pass(ms: number): Promise<void>;
}

interface Sleeper { at: number; order: number; wake: () => void }

export function virtualClock(start = 1_700_000_000_000): VirtualClock {
  let now = start;
  let order = 0;
  const sleepers = new Set<Sleeper>();
  const next = (): Sleeper | undefined => [...sleepers].sort((a, b) => a.at - b.at || a.order - b.order)[0];
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", done);
          resolve();
        };
        const sleeper = { at: now + Math.max(0, ms), order: order++, wake: done };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", done, { once: true });
      }),
    async pass(ms) {
      const end = now + ms;
      for (;;) {
        await turn();
        await turn();
        const sleeper = next();
        if (!sleeper || sleeper.at > end) break;
        now = Math.max(now, sleeper.at);
        sleeper.wake();
      }
      now = end;
      await turn();
    },
  };
}

/** Numbers in [0,1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
