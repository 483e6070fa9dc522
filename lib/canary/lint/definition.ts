// Reads an analysis of ours for what would make it wait for ever, pass on nothing, or notice too little with the traffic there is.
import type { AnalysisDefinition, MetricDefinition, Selector } from "../model";
import { linesOf } from "../judge/lines";
import { foldText, noticeableRatio, minutesToNotice, type Traffic } from "../planner/plan";
import { minutesText, percentText } from "../judge/words";
import type { Finding } from "./model";

/** What is known of a metric's baseline, by name; a share while no step is known. */
export interface KnownTraffic { share: number; byMetric: Readonly<Record<string, Traffic>> }

export function lintDefinition(definition: AnalysisDefinition, known?: KnownTraffic): Finding[] {
  const out: Finding[] = [];
  if (!definition.metrics.some(({ required }) => required)) out.push({ code: "nothing-required", severity: "error", metric: null, say: "No metric is required, so nothing can pass: every analysis would end undecided." });
  if (!definition.metrics.some(({ critical }) => critical)) out.push({ code: "nothing-critical", severity: "note", metric: null, say: "No metric is critical: the canary fails only by all of them together." });
  if (definition.guard === null) out.push({ code: "no-guard", severity: "warning", metric: null, say: "There is no guard: a fault that both versions share is not seen by comparing them." });
  if (definition.warmUpMinutes >= definition.minutes) out.push({ code: "warm-up-too-long", severity: "error", metric: null, say: `The warm-up of ${definition.warmUpMinutes} min leaves nothing of the ${definition.minutes} min.` });
  return [...out, ...definition.metrics.flatMap((metric) => [...lintMetric(metric), ...lintReach(metric, definition, known)])];
}

function lintMetric(metric: MetricDefinition): Finding[] {
  const out: Finding[] = [];
  const say = (code: string, severity: Finding["severity"], text: string): void => void out.push({ code, severity, metric: metric.name, say: text });
  const selectors = selectorsOf(metric);
  for (const { series, matchers } of selectors) {
    if (series.includes(":")) say("recorded", "error", `${series} has the name of a recording rule; evidence needs the raw series as it is scraped.`);
    if (matchers.some(({ label }) => /^(pod|pod_name|.*pod_template_hash)$/.test(label))) say("pods-chosen", "error", `${series} is filtered by pods already; the console picks those of both versions itself.`);
  }
  if (metric.kind === "ratio" && JSON.stringify(metric.events) === JSON.stringify(metric.exposure)) say("same-series", "error", "Events and requests are the same series: the share is always 1.");
  if (metric.kind === "latency" && !metric.buckets.series.endsWith("_bucket")) say("no-buckets", "error", `${metric.buckets.series} is not a histogram's bucket series, which ends in _bucket.`);
  const widening = metric.marginsByShare.some(({ upToShare }, i, all) => i > 0 && upToShare <= (all[i - 1]?.upToShare ?? 0));
  if (widening) say("margins-unordered", "error", "Its margins by share are not in ascending order of the share, so a later one never holds.");
  return out;
}

function selectorsOf(metric: MetricDefinition): Selector[] {
  if (metric.kind === "ratio") return [metric.events, metric.exposure];
  return [metric.kind === "rate" ? metric.events : metric.kind === "latency" ? metric.buckets : metric.series];
}

function lintReach({ name, margin, tolerated }: MetricDefinition, definition: AnalysisDefinition, known: KnownTraffic | undefined): Finding[] {
  const traffic = known && Object.hasOwn(known.byMetric, name) ? known.byMetric[name] : undefined;
  if (known === undefined || traffic === undefined || !(traffic.rps > 0 && traffic.baselineShare > 0)) return [];
  const lines = linesOf(definition);
  const judging = { logFailLine: lines.fail.get(name) ?? Number.POSITIVE_INFINITY, logPassLine: lines.pass, margin, tolerated };
  const minutes = definition.minutes - definition.warmUpMinutes;
  const seen = noticeableRatio({ traffic, steps: [{ share: known.share, minutes }], judging });
  const passes = minutesToNotice({ traffic, share: known.share, ratio: 1, judging }, "pass");
  const out: Finding[] = [];
  if (seen === null || seen > 2 * margin) out.push({ code: "sees-little", severity: "warning", metric: name, say: `${minutesText(minutes)} at ${percentText(known.share)} notice only about a ${seen === null ? "hundred-fold" : foldText(seen)} rate.` });
  if (passes === null || passes > minutes) out.push({ code: "passes-late", severity: "warning", metric: name, say: `A healthy canary is proven ${passes === null ? "not within two weeks" : `after about ${minutesText(passes)}`}, and the analysis ends after ${minutesText(minutes)}.` });
  return out;
}
