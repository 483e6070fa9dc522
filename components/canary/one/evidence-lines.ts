// The charts of evidence as lines that can be read at a moment, put into a table and taken away as a file.
import type { Line } from "@/components/chart/lines";
import type { MetricLook } from "@/lib/canary/model";
import type { MetricPoint, PathPoint } from "@/lib/canary/replay";
import { colourOf, evidenceText, metricMark } from "../words";
import { decades, lookOf, signedEvidence } from "./evidence-points";

const lineOf = (name: string, colour: string, values: (number | null)[]): Line => ({ key: name, name, labels: {}, colour, main: false, values });

/** Signed decades: above 0 speaks for worse, below for not worse. */
export function evidenceLines(path: readonly PathPoint[], metrics: readonly MetricLook[], main: string): Line[] {
  return metrics.map((metric, index) => ({ ...lineOf(metric.name, colourOf[metricMark(metric).mark], signedEvidence(path, metric.name)), key: `m${index}`, main: metric.name === main }));
}

export function writeEvidence(signed: number | null | undefined): string {
  if (signed === null || signed === undefined) return "–";
  return signed === 0 ? "none" : `${evidenceText(Math.abs(signed) / decades)} ${signed > 0 ? "worse" : "not worse"}`;
}

/** In doublings, as the chart is, but whole: without an upper end it is infinite. */
export function ratioLines(path: readonly PathPoint[], name: string): Line[] {
  const along = (read: (look: MetricPoint) => number | null) => looksAt(path, name).map((look) => { const ratio = look ? read(look) : null; return ratio === null ? null : Math.log2(ratio); });
  return [
    lineOf("ratio", "var(--state-starting)", along(({ ratio }) => ratio)),
    lineOf("low", "var(--faint)", along(({ low }) => low)),
    lineOf("high", "var(--faint)", along(({ high }) => high ?? Number.POSITIVE_INFINITY)),
  ];
}

export function writeRatio(doublings: number | null | undefined): string {
  if (doublings === null || doublings === undefined || Number.isNaN(doublings)) return "–";
  return doublings === Number.POSITIVE_INFINITY ? "∞" : `${(2 ** doublings).toFixed(2)}×`;
}

const looksAt = (path: readonly PathPoint[], name: string): (MetricPoint | undefined)[] => path.map(({ metrics }) => lookOf(metrics, name));

export function levelLines(path: readonly PathPoint[], name: string): Line[] {
  const looks = looksAt(path, name);
  return [
    lineOf("canary", "var(--line-3)", looks.map((look) => look?.canary ?? null)),
    lineOf("stable", "var(--line-2)", looks.map((look) => look?.baseline ?? null)),
  ];
}

/** Everything of the charts, unclamped, a column each. */
export function evidenceSheet(path: readonly PathPoint[], metrics: readonly Pick<MetricLook, "name">[]): { name: string; values: (number | null)[] }[] {
  return metrics.flatMap(({ name }) => {
    const looks = looksAt(path, name);
    const column = (what: string, read: (look: MetricPoint) => number | null | undefined) => ({ name: `${name} ${what}`, values: looks.map((look) => (look ? (read(look) ?? null) : null)) });
    return [
      column("evidence of worse", ({ logFail }) => Math.exp(logFail)), column("evidence of not worse", ({ logPass }) => Math.exp(logPass)),
      column("ratio", ({ ratio }) => ratio), column("low", ({ low }) => low), column("high", ({ high }) => high),
      column("canary", ({ canary }) => canary), column("stable", ({ baseline }) => baseline),
    ];
  });
}
