// How long to wait before trying again: exponential, with full jitter, capped.

export interface Backoff {
  baseMs: number;
  capMs: number;
}

/** Delay in ms before attempt `attempt` (0 = first retry). `random` is in [0,1). Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 (full jitter, with a floor of half so that a burst of zeros cannot hammer a server). */
export function backoffMs({ baseMs, capMs }: Backoff, attempt: number, random: number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
