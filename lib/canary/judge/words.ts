// The judge's sentences: conclusion first, then the figure, then the wait.
import type { GuardLook, MetricLook, ShareLook } from "../model";

export function factorText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "∞";
  return value >= 10 ? String(Math.round(value)) : value >= 0.995 ? String(Number(value.toFixed(value < 3 ? 2 : 1))) : String(Number(value.toPrecision(2)));
}

export function percentText(share: number): string {
  const percent = 100 * share;
  return `${percent >= 10 ? Math.round(percent) : Number(percent.toPrecision(2))} %`;
}

export function minutesText(minutes: number): string {
  if (minutes < 90) return `${Math.max(1, Math.round(minutes))} min`;
  const hours = minutes / 60;
  return hours < 36 ? `${hours < 5 ? Number(hours.toFixed(1)) : Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}

export function ratioText({ ratio, interval: { low, high } }: Pick<MetricLook, "ratio" | "interval">): string {
  return ratio === null ? `[${factorText(low)}, ${factorText(high)}]` : `${factorText(ratio)}× [${factorText(low)}, ${factorText(high)}]`;
}

export function waitText(look: MetricLook): string {
  if (look.expected === null) return "no verdict in sight at this pace";
  return `${look.expected.side === "fail" ? "FAIL" : "PASS"} expected in ${minutesText(look.expected.minutes)} at this pace`;
}

export function undecidedText(look: MetricLook): string {
  const leaning = (look.ratio ?? 1) > 1 ? "leans worse" : "leans well";
  return `${look.name}: ${ratioText(look)} of the baseline, undecided (${leaning}); ${waitText(look)}`;
}

export function guardText({ state, badShare, objective }: GuardLook): string {
  const figures = `${percentText(badShare ?? 0)} of requests are bad where ${percentText(objective ?? 0)} are allowed`;
  if (state === "burning") return `The whole service is ill: ${figures}. Promotion is held until it recovers`;
  return state === "clearing" ? `The whole service has just recovered; promotion is held a little longer` : `Whether the whole service is well is not known; promotion is held`;
}

export function shareText({ state, actual, wanted }: ShareLook): string {
  const figures = `The canary gets ${percentText(actual ?? 0)} of the requests where ${percentText(wanted ?? 0)} are wanted`;
  return state === "none" ? `The canary gets none of the wanted ${percentText(wanted ?? 0)} of the requests` : figures;
}
