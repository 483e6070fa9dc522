// What a textbook promises for one look at the end: shown beside the sequential plan, which needs more because it may be looked at all the time.
import { normalQuantile } from "../statistics/normal";
import { bisect } from "../statistics/root";

export interface TwoShares {
  canaryShare: number;
  baselineShare: number;
  /** Requests of the baseline per request of the canary. */
  baselinePerCanary: number;
  alpha: number;
  sided: 1 | 2;
  power: number;
}

/** Requests of the canary to tell two shares apart. */
export function canaryRequests({ canaryShare: c, baselineShare: b, baselinePerCanary: k, alpha, sided, power }: TwoShares): number {
  const pooled = (c + k * b) / (1 + k);
  const doubt = -normalQuantile(alpha / sided) * Math.sqrt(pooled * (1 - pooled) * (1 + 1 / k));
  return (doubt + normalQuantile(power) * Math.sqrt(c * (1 - c) + (b * (1 - b)) / k)) ** 2 / (c - b) ** 2;
}

export interface FixedQuestion { rps: number; baselineShare: number; share: number; minutes: number; alpha?: number; power?: number }

/** The smallest ratio that so many requests tell apart in one look; Infinity where none does. */
export function fixedRatio({ rps, baselineShare, share, minutes, alpha = 0.05, power = 0.8 }: FixedQuestion): number {
  const requests = share * rps * minutes * 60;
  const needs = (canaryShare: number): number => canaryRequests({ canaryShare, baselineShare, baselinePerCanary: (1 - share) / share, alpha, sided: 1, power });
  if (!(needs(1 - 1e-9) <= requests)) return Number.POSITIVE_INFINITY;
  return bisect((canaryShare) => requests - needs(canaryShare), { low: baselineShare * (1 + 1e-9), high: 1 - 1e-9 }) / baselineShare;
}
