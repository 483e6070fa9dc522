// Chance with a seed: whether one request fails, and how long it takes.
import { fraction } from "./rhythm.ts";

export type Chance = () => number;

/** Mulberry32: small, quick, and the same for a seed. */
export function chanceOf(seed: string): Chance {
  let state = Math.floor(fraction(seed) * 2 ** 32);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box and Muller's way to a normal deviate, as the logarithm of a duration. */
export function durationOf(chance: Chance, { median, sigma }: { median: number; sigma: number }): number {
  const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  return median * Math.exp(sigma * normal);
}
