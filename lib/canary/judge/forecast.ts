// When a verdict is to be expected: the evidence is carried on at the present ratio and the present pace.
import { Likelihood, type Term, merge, logNotWorse, logWorse } from "./engine";

export interface Pace { terms: readonly Term[]; minutes: number }
export interface Lines { logFailLine: number; logPassLine: number; tolerated: number; margin: number; phi: number }
export interface Expected { side: "fail" | "pass"; minutes: number }

/** Further away is "not in sight". */
const horizonMinutes = 14 * 24 * 60;

/** `pace` are the latest terms and how many minutes they took; their ratio gives way to that of the whole analysis. */
export function expectedMinutes(terms: readonly Term[], pace: Pace, lines: Lines): Expected | null {
  const all = coarse(terms);
  const best = presentRatio(all, lines.phi);
  const future = coarse(pace.terms).flatMap(({ events, share }) => (events > 0 ? [{ events, share, canaryEvents: (events * share * best) / (1 - share + share * best) }] : []));
  if (future.length === 0 || !(pace.minutes > 0) || !Number.isFinite(best)) return null;
  const after = (minutes: number): Likelihood => new Likelihood([...all, ...scaled(future, minutes / pace.minutes)], lines.phi);
  const fails = (minutes: number): boolean => logWorse(after(minutes), lines.tolerated) >= lines.logFailLine;
  const passes = (minutes: number): boolean => logNotWorse(after(minutes), lines.margin) >= lines.logPassLine;
  const leansWorse = best > Math.sqrt(lines.tolerated * lines.margin);
  const minutes = firstMinute(leansWorse ? fails : passes) ?? firstMinute(leansWorse ? passes : fails);
  if (minutes === null) return null;
  return { side: fails(minutes) ? "fail" : "pass", minutes };
}

/** Shares within an eighth of each other count as one, at their mean: a forecast needs no more, and is read at every look. */
function coarse(terms: readonly Term[]): Term[] {
  const groups = new Map<number, { events: number; canaryEvents: number; weighted: number }>();
  for (const { events, canaryEvents, share } of merge(terms)) {
    const key = Math.round(8 * Math.log(share / (1 - share)));
    const known = groups.get(key) ?? { events: 0, canaryEvents: 0, weighted: 0 };
    groups.set(key, { events: known.events + events, canaryEvents: known.canaryEvents + canaryEvents, weighted: known.weighted + events * share });
  }
  return [...groups.values()].map(({ events, canaryEvents, weighted }) => ({ events, canaryEvents, share: weighted / events }));
}

/** Where one side has no events the prior keeps the ratio finite. */
function presentRatio(all: readonly Term[], phi: number): number {
  const { best } = new Likelihood(all, phi);
  if (Number.isFinite(best)) return Math.exp(best);
  const half = all.reduce((sum, { events, share }) => ({ canary: sum.canary + events * share, baseline: sum.baseline + events * (1 - share) }), { canary: 0, baseline: 0 });
  const seen = all.reduce((sum, { canaryEvents }) => sum + canaryEvents, 0);
  const events = half.canary + half.baseline;
  return events > 0 ? ((seen + 0.5) * half.baseline) / ((events - seen + 0.5) * half.canary) : Number.NaN;
}

function scaled(terms: readonly Term[], by: number): Term[] {
  return terms.map(({ events, canaryEvents, share }) => ({ events: events * by, canaryEvents: canaryEvents * by, share }));
}

function firstMinute(reached: (minutes: number) => boolean): number | null {
  let high = 1;
  while (!reached(high)) {
    high *= 2;
    if (high > horizonMinutes) return null;
  }
  let low = high / 2;
  while (high - low > Math.max(0.5, high / 50)) {
    const middle = (low + high) / 2;
    if (reached(middle)) high = middle;
    else low = middle;
  }
  return Math.ceil(high);
}
