// States over time: which change is written down, what a day was like, and how much of it was up.
import type { DayMark, Interval, ServiceState } from "./model";

export const dayMs = 86_400_000;
export const shownDays = 90;

export interface Observed { state: ServiceState; reason: string }
/** The open interval of a service, and a state that was seen once and not yet believed. */
export interface Standing { state: ServiceState; reason: string; from: number; seenAt: number; doubt: (Observed & { since: number; times: number }) | null }

/** Silence longer than this was nobody looking. */
export const blindAfterMs = 60_000;
/** A state is believed when it was seen this often in a row. */
const seenTimes = 2;

export interface Step { standing: Standing; closed: Interval[] }

/** What one more look makes of a service. Silence before it becomes time of which nothing is known; a new state is believed at its second sight, and counts from its first. */
export function look(before: Standing | null, seen: Observed, at: number): Step {
  if (before === null) return { standing: { ...seen, from: at, seenAt: at, doubt: null }, closed: [] };
  const closed: Interval[] = [];
  let standing = before;
  if (at - before.seenAt > blindAfterMs && before.state !== "unknown") {
    closed.push({ state: before.state, reason: before.reason, from: before.from, to: before.seenAt });
    closed.push({ state: "unknown", reason: "The console did not look", from: before.seenAt, to: at });
    return { standing: { ...seen, from: at, seenAt: at, doubt: null }, closed };
  }
  if (seen.state === standing.state) return { standing: { ...standing, reason: seen.reason, seenAt: at, doubt: null }, closed };
  const doubt = standing.doubt?.state === seen.state ? { ...seen, since: standing.doubt.since, times: standing.doubt.times + 1 } : { ...seen, since: at, times: 1 };
  if (doubt.times < seenTimes) return { standing: { ...standing, seenAt: at, doubt }, closed };
  closed.push({ state: standing.state, reason: standing.reason, from: standing.from, to: doubt.since });
  standing = { state: seen.state, reason: seen.reason, from: doubt.since, seenAt: at, doubt: null };
  return { standing, closed };
}

type Times = Record<ServiceState, number>;
const noTimes = (): Times => ({ operational: 0, degraded: 0, partial: 0, major: 0, maintenance: 0, unknown: 0 });

/** Down weighs whole, partly down half; maintenance and what nobody knows are on neither side. */
const downWeights: Partial<Times> = { major: 1, partial: 0.5 };

export interface History { days: string; marks: DayMark[]; uptime: number | null; coverage: number | null }

/** `intervals` in any order, not overlapping; days are those of UTC, the last one up to `now`. */
export function historyOf(intervals: readonly Interval[], now: number): History {
  const firstDay = Math.floor(now / dayMs) - shownDays + 1;
  const days = Array.from({ length: shownDays }, noTimes);
  const reasons = new Map<number, Map<ServiceState, string>>();
  for (const { state, reason, from, to } of intervals) {
    // What has only just begun has begun.
    const end = to === null ? Math.max(now, from + 1) : Math.min(to, now);
    for (let day = Math.max(0, Math.floor(from / dayMs) - firstDay); day < shownDays; day += 1) {
      const begin = (firstDay + day) * dayMs;
      if (begin >= end) break;
      const times = days[day];
      if (times) times[state] += Math.max(0, Math.min(end, begin + dayMs) - Math.max(from, begin));
      if (reason !== "" && end > begin) reasons.set(day, (reasons.get(day) ?? new Map<ServiceState, string>()).set(state, reason));
    }
  }
  const marks = days.flatMap((times, day) => markOf(times, new Date((firstDay + day) * dayMs).toISOString().slice(0, 10), reasons.get(day)));
  return { days: days.map(letterOf).join(""), marks, ...shares(days) };
}

function letterOf(times: Times): string {
  const known = times.operational + times.degraded + times.partial + times.major + times.maintenance;
  if (known + times.unknown === 0) return "-";
  if (times.unknown >= known) return "x";
  if (times.major > 0) return "m";
  if (times.partial > 0) return "p";
  if (times.degraded > 0) return "d";
  return times.maintenance > 0 ? "w" : "u";
}

const stateSays: [ServiceState, string][] = [["major", "down"], ["partial", "partly down"], ["degraded", "degraded"], ["maintenance", "in maintenance"], ["unknown", "unknown"]];

function markOf(times: Times, day: string, reasons: ReadonlyMap<ServiceState, string> | undefined): DayMark[] {
  const parts = stateSays.flatMap(([state, word]) => (times[state] >= 1000 ? [`${word} ${spanOf(times[state])}${reasons?.get(state) ? ` (${reasons.get(state)})` : ""}`] : []));
  const total = Object.values(times).reduce((sum, one) => sum + one, 0);
  return parts.length === 0 ? [] : [{ day, say: parts.join(", "), share: Math.min(1, (times.major + times.partial) / Math.max(1, total)) }];
}

export function spanOf(ms: number): string {
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s`;
  if (ms < 5_400_000) return `${Math.floor(ms / 60_000)} min`;
  return ms < 2 * dayMs ? `${Math.floor(ms / 3_600_000)} h` : `${Math.floor(ms / dayMs)} d`;
}

/** Percentages are floored: 99.9996 is not 100. */
function shares(days: readonly Times[]): Pick<History, "uptime" | "coverage"> {
  const all = days.reduce((sum, times) => {
    for (const [state, ms] of Object.entries(times)) sum[stateOf(state)] += ms;
    return sum;
  }, noTimes());
  const counted = all.operational + all.degraded + all.partial + all.major;
  const watched = counted + all.maintenance;
  const down = all.major * (downWeights.major ?? 0) + all.partial * (downWeights.partial ?? 0);
  return { uptime: counted === 0 ? null : floor((counted - down) / counted), coverage: watched + all.unknown === 0 ? null : floor(watched / (watched + all.unknown)) };
}

const floor = (share: number): number => Math.floor(share * 10_000) / 100;

/** The keys of Times are the states; Object.entries forgets it. */
function stateOf(key: string): ServiceState {
  return key as ServiceState;
}
