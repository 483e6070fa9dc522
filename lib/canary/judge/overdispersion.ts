// How much more events cluster than chance would have it, measured on stable pods against stable pods: 1 is chance.
import type { CountInterval } from "../model";

/** Below this many intervals with events the measure would be noise itself. */
const fewestIntervals = 30;

/** Mean of Pearson's square over a history in which both sides are the same version; null: too little history. */
export function measureOverdispersion(history: readonly CountInterval[]): number | null {
  let [sum, used] = [0, 0];
  for (const { canary, baseline } of history) {
    const events = canary.events + baseline.events;
    const share = canary.exposure / (canary.exposure + baseline.exposure);
    if (!(events > 0 && share > 0 && share < 1)) continue;
    sum += (canary.events - events * share) ** 2 / (events * share * (1 - share));
    used += 1;
  }
  return used < fewestIntervals ? null : Math.max(1, sum / used);
}

export interface PodHistory { pod: string; intervals: readonly { at: number; events: number; exposure: number }[] }

/** Over every way to set as many neighbouring stable pods apart as the canary will have: the mean, so that one odd pod does not decide. */
export function overdispersionOfPods(pods: readonly PodHistory[], canaryPods: number): number | null {
  const sorted = [...pods].sort((a, b) => (a.pod < b.pod ? -1 : 1));
  if (sorted.length < 2) return null;
  const apart = Math.min(Math.max(1, canaryPods), sorted.length - 1);
  const measured = sorted.flatMap((_, from) => {
    const chosen = new Set(Array.from({ length: apart }, (_none, i) => sorted[(from + i) % sorted.length]?.pod));
    return measureOverdispersion(splitPods(sorted, (pod) => chosen.has(pod))) ?? [];
  });
  return measured.length === 0 ? null : measured.reduce((sum, value) => sum + value, 0) / measured.length;
}

function splitPods(pods: readonly PodHistory[], isApart: (pod: string) => boolean): CountInterval[] {
  const byTime = new Map<number, CountInterval>();
  for (const { pod, intervals } of pods) {
    for (const { at, events, exposure } of intervals) {
      const interval = byTime.get(at) ?? { at, canary: { events: 0, exposure: 0 }, baseline: { events: 0, exposure: 0 } };
      const side = isApart(pod) ? interval.canary : interval.baseline;
      side.events += events;
      side.exposure += exposure;
      byTime.set(at, interval);
    }
  }
  return [...byTime.values()];
}
