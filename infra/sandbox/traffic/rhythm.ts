// How much happens when: a rate with a day's rise and fall and seeded unrest, and its exact integral, so that counters are functions of time.
import { createHash } from "node:crypto";

export interface Rhythm {
  /** Mean events a second. */
  perSecond: number;
  /** Same seed, same unrest. */
  seed: string;
}

interface Wave { amplitude: number; periodMs: number; phase: number }

const dayMs = 86_400_000;
/** Nine in the evening in Seoul, when people sort their waste. */
const peakUtcMs = 12 * 3_600_000;
/** The amplitudes add up to less than one: a rate never turns negative. */
const unrest = [{ amplitude: 0.12, periodMs: 47 * 60_000 }, { amplitude: 0.08, periodMs: 11.3 * 60_000 }, { amplitude: 0.05, periodMs: 2.7 * 60_000 }];
const dayAmplitude = 0.55;

const known = new Map<string, Wave[]>();

function wavesOf(seed: string): Wave[] {
  const found = known.get(seed);
  if (found) return found;
  const waves = unrest.map((wave, index) => ({ ...wave, phase: fraction(`${seed}/${index}`) * 2 * Math.PI }));
  waves.push({ amplitude: dayAmplitude, periodMs: dayMs, phase: Math.PI / 2 - (2 * Math.PI * peakUtcMs) / dayMs });
  known.set(seed, waves);
  return waves;
}

/** A number in [0,1) that is always the same for a text. */
export function fraction(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}

export function rateAt({ perSecond, seed }: Rhythm, atMs: number): number {
  return perSecond * wavesOf(seed).reduce((sum, { amplitude, periodMs, phase }) => sum + amplitude * Math.sin((2 * Math.PI * atMs) / periodMs + phase), 1);
}

/** Events between two moments. */
export function eventsBetween({ perSecond, seed }: Rhythm, fromMs: number, toMs: number): number {
  const wave = ({ amplitude, periodMs, phase }: Wave): number => {
    const k = (2 * Math.PI) / periodMs;
    return (amplitude / k) * (Math.cos(k * fromMs + phase) - Math.cos(k * toMs + phase));
  };
  return (perSecond / 1000) * wavesOf(seed).reduce((sum, one) => sum + wave(one), toMs - fromMs);
}

/** Between -1 and 1, slow and seeded: the unrest of things that are not counted. */
export function drift(seed: string, atMs: number): number {
  const [long, middle] = wavesOf(seed);
  const part = (one: Wave | undefined): number => (one ? Math.sin((2 * Math.PI * atMs) / one.periodMs + one.phase) : 0);
  return 0.7 * part(long) + 0.3 * part(middle);
}

/** Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-x * x);
  return x < 0 ? tail - 1 : 1 - tail;
}

/** Share of log-normal durations that are at most `limit`. */
export function shareWithin(limit: number, { median, sigma }: { median: number; sigma: number }): number {
  return 0.5 * (1 + erf(Math.log(limit / median) / (sigma * Math.SQRT2)));
}
