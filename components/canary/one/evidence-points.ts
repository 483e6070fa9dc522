// What the two charts of evidence draw: signed decades of evidence per metric, and a ratio with its interval in doublings.
import type { MetricLook } from "@/lib/canary/model";
import type { MetricPoint, PathPoint } from "@/lib/canary/replay";

export interface RatioPoint { t: number; ratio: number | null; band: [low: number, high: number] }

/** Natural logarithms of evidence are multiplied with it to stand on the chart. */
export const decades = Math.log10(Math.E);
/** The chart always shows two decades on both sides. */
const leastReach = 2.15;

/** As far as the farthest line, and a little more. */
export function evidenceReach(metrics: readonly Pick<MetricLook, "logFailLine" | "logPassLine">[]): number {
  return Math.max(leastReach, ...metrics.flatMap(({ logFailLine, logPassLine }) => [logFailLine * decades * 1.15, logPassLine * decades * 1.15]));
}

/** In signed decades the larger of both sides, at least "no evidence"; from the look at which a metric has passed or failed it is not told any more. */
export function signedEvidence(path: readonly PathPoint[], name: string): (number | null)[] {
  let over = false;
  return path.map(({ metrics }) => {
    const look = lookOf(metrics, name);
    if (!look || over) return null;
    over = look.state === "pass" || look.state === "fail";
    return decades * (look.logFail > look.logPass ? Math.max(0, look.logFail) : -Math.max(0, look.logPass));
  });
}

export const lookOf = (looks: PathPoint["metrics"], name: string): MetricPoint | undefined => (Object.hasOwn(looks, name) ? looks[name] : undefined);

/** A place on a mirrored axis; nothing beyond its edges, so that a line that goes there stays in sight. */
export const within = (reach: number) => (value: number): number => Math.max(-reach, Math.min(reach, value));

/** Where metrics fail, lines that are the same put together; in decades. */
export function failLines(metrics: readonly Pick<MetricLook, "name" | "logFailLine">[]): { at: number; names: string[] }[] {
  const byLine = new Map<string, { at: number; names: string[] }>();
  for (const { name, logFailLine } of metrics) {
    const key = (logFailLine * decades).toFixed(3);
    const known = byLine.get(key);
    if (known) known.names.push(name);
    else byLine.set(key, { at: logFailLine * decades, names: [name] });
  }
  return [...byLine.values()].sort((a, b) => a.at - b.at);
}

/** How many doublings the chart of ratios shows on both sides. */
export const ratioReach = 2.4;
const clamp = within(ratioReach);

export function ratioPoints(path: readonly PathPoint[], name: string): RatioPoint[] {
  return path.flatMap(({ at, metrics }): RatioPoint[] => {
    const look = lookOf(metrics, name);
    if (!look) return [];
    const { ratio, low, high } = look;
    return [{ t: at, ratio: ratio !== null && ratio > 0 ? clamp(Math.log2(ratio)) : null, band: [clamp(low > 0 ? Math.log2(low) : -9), clamp(high === null ? 9 : Math.log2(high))] }];
  });
}
