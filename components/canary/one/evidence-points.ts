// What the two charts of evidence draw: signed decades of evidence per metric, and a ratio with its interval in doublings.
import type { MetricLook } from "@/lib/canary/model";
import type { PathPoint } from "@/lib/canary/replay";

export interface EvidencePoint { t: number; [metric: string]: number | null }
export interface RatioPoint { t: number; ratio: number | null; band: [low: number, high: number] }

const decades = Math.log10(Math.E);
/** The chart always shows two decades on both sides. */
const leastReach = 2.15;

/** As far as the farthest line, and a little more. */
export function evidenceReach(metrics: readonly Pick<MetricLook, "logFailLine" | "logPassLine">[]): number {
  return Math.max(leastReach, ...metrics.flatMap(({ logFailLine, logPassLine }) => [logFailLine * decades * 1.15, logPassLine * decades * 1.15]));
}

/** The larger of both sides, clamped at "no evidence"; a metric that has passed or failed leaves the chart at its line. */
export function evidencePoints(path: readonly PathPoint[], metrics: readonly MetricLook[]): EvidencePoint[] {
  const reach = evidenceReach(metrics);
  const over = new Set<number>();
  return path.map(({ at, metrics: looks }) => {
    const point: EvidencePoint = { t: at };
    metrics.forEach(({ name }, index) => {
      const look = Object.hasOwn(looks, name) ? looks[name] : undefined;
      if (!look || over.has(index)) return void (point[`m${index}`] = null);
      const signed = look.logFail > look.logPass ? Math.max(0, look.logFail) : -Math.max(0, look.logPass);
      point[`m${index}`] = Math.max(-reach, Math.min(reach, signed * decades));
      if (look.state === "pass" || look.state === "fail") over.add(index);
    });
    return point;
  });
}

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

const clamp = (doublings: number): number => Math.max(-2.4, Math.min(2.4, doublings));

export function ratioPoints(path: readonly PathPoint[], name: string): RatioPoint[] {
  return path.flatMap(({ at, metrics }): RatioPoint[] => {
    const look = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
    if (!look) return [];
    const { ratio, low, high } = look;
    return [{ t: at, ratio: ratio !== null && ratio > 0 ? clamp(Math.log2(ratio)) : null, band: [clamp(low > 0 ? Math.log2(low) : -9), clamp(high === null ? 9 : Math.log2(high))] }];
  });
}
