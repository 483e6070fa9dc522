// The absolute guard: while the service as a whole misses its objective, both versions may be ill together, and promotion is held.
import type { Evidence, GuardDefinition, GuardLook } from "../model";

const minuteMs = 60_000;
/** A window with fewer bad events is no burn, whatever their share: one of three requests in the night is not an incident. */
const fewestBad = 3;

/** Burning while the share of bad events in the window is above the objective; clearing until it has stayed below for a while. */
export function lookAtGuard(definition: GuardDefinition | null, samples: Evidence["guard"], now: number): GuardLook {
  if (definition === null) return { state: "unset", badShare: null, objective: null, since: null };
  const { objective, windowMinutes, clearMinutes } = definition;
  const known = samples.filter(({ at }) => at <= now);
  const current = windowShare(known, now, windowMinutes);
  if (current === null) return { state: "unknown", badShare: null, objective, since: null };
  const burns = known.filter(({ at }) => at > now - (clearMinutes + windowMinutes) * minuteMs && burnsAt(known, at, definition));
  if (burnsAt(known, now, definition)) return { state: "burning", badShare: current.share, objective, since: burningSince(known, now, definition) };
  const last = burns.at(-1)?.at;
  const clearing = last !== undefined && now - last < clearMinutes * minuteMs;
  return { state: clearing ? "clearing" : "clear", badShare: current.share, objective, since: clearing ? last : null };
}

function windowShare(samples: Evidence["guard"], at: number, windowMinutes: number): { share: number; bad: number } | null {
  const inside = samples.filter((one) => one.at <= at && one.at > at - windowMinutes * minuteMs);
  const [bad, all] = [inside.reduce((sum, { events }) => sum + events, 0), inside.reduce((sum, { exposure }) => sum + exposure, 0)];
  return inside.length === 0 ? null : { share: all > 0 ? bad / all : 0, bad };
}

function burnsAt(samples: Evidence["guard"], at: number, { objective, windowMinutes }: GuardDefinition): boolean {
  const seen = windowShare(samples, at, windowMinutes);
  return seen !== null && seen.bad >= fewestBad && seen.share > objective;
}

function burningSince(samples: Evidence["guard"], now: number, definition: GuardDefinition): number {
  let since = now;
  for (const { at } of samples.toReversed()) {
    if (!burnsAt(samples, at, definition)) break;
    since = at;
  }
  return since;
}
