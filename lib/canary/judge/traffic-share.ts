// Does the canary get the traffic it should: a sequential sample-ratio test, and the interval of its real share.
import type { ShareLook, TrafficInterval } from "../model";
import { lnBeta } from "../statistics/gamma";
import { bisect } from "../statistics/root";

export interface ShareEvidence { logE: number; p: number; interval: [low: number, high: number] }
export interface ShareCounts { canary: number; baseline: number; share: number }

/** A beta prior about the wanted share, as heavy as `strength` requests, against that share itself. */
export function weighShare({ canary, baseline, share }: ShareCounts, { strength = 1000, alpha = 0.05 } = {}): ShareEvidence {
  const count = canary + baseline;
  if (!(share > 0 && share < 1)) return { logE: 0, p: 1, interval: [0, 1] };
  const [a, b] = [strength * share, strength * (1 - share)];
  const mixture = lnBeta(a + canary, b + baseline) - lnBeta(a, b);
  const likelihood = (t: number): number => (canary > 0 ? canary * Math.log(t) : 0) + (baseline > 0 ? baseline * Math.log1p(-t) : 0);
  const logE = mixture - likelihood(share);
  const level = mixture + Math.log(alpha);
  const seen = count > 0 ? canary / count : share;
  const low = canary === 0 ? 0 : bisect((t) => likelihood(t) - level, { low: 0, high: seen });
  const high = baseline === 0 ? 1 : bisect((t) => level - likelihood(t), { low: seen, high: 1 });
  return { logE, p: Math.min(1, Math.exp(-logE)), interval: count > 0 ? [low, high] : [0, 1] };
}

/** Deviations smaller than this part of the wanted share are the router's way of rounding, however sure they are. */
const deviationThatMatters = 0.25;
const logLine = Math.log(1000);
/** With so few requests nothing is said. */
const fewest = 50;

/** The share since the wanted share was last changed: what was sent earlier followed another wish. */
export function lookAtShare(traffic: readonly TrafficInterval[]): ShareLook {
  const wanted = traffic.at(-1)?.wantedShare;
  if (wanted === undefined) return { state: "unknown", wanted: null, actual: null, logEvidence: 0 };
  const changed = traffic.findLastIndex(({ wantedShare }) => wantedShare !== wanted);
  let [canary, baseline] = [0, 0];
  for (const interval of traffic.slice(changed + 1)) {
    canary += interval.canary;
    baseline += interval.baseline;
  }
  const count = canary + baseline;
  if (count < fewest) return { state: "unknown", wanted, actual: count > 0 ? canary / count : null, logEvidence: 0 };
  const actual = canary / count;
  const { logE } = weighShare({ canary, baseline, share: wanted });
  const matters = logE >= logLine && Math.abs(actual - wanted) > deviationThatMatters * Math.min(wanted, 1 - wanted);
  const state = !matters ? "as-wanted" : canary === 0 ? "none" : actual < wanted ? "less" : "more";
  return { state, wanted, actual, logEvidence: logE };
}
