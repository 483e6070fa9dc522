// Reads an AnalysisTemplate of Argo Rollouts for what makes it succeed without evidence, fail without cause, or look at the wrong pods.
import { z } from "zod";
import type { Finding } from "./model";
import { argumentsUsed, divides, longestRangeSeconds, picksOf, toSeconds } from "./promql-text";

const limit = z.union([z.number(), z.string()]).optional();
const metricSpec = z.object({
  name: z.string(), interval: z.string().optional(), count: limit, successCondition: z.string().optional(), failureCondition: z.string().optional(),
  failureLimit: limit, inconclusiveLimit: limit, consecutiveErrorLimit: limit, consecutiveSuccessLimit: limit,
  provider: z.object({ prometheus: z.looseObject({ query: z.string().default(""), rangeQuery: z.looseObject({ step: z.string().optional() }).optional() }).optional(), web: z.looseObject({}).optional() }).catchall(z.unknown()).default({}),
});
/** The part of a template that is read; whatever else it holds is left alone. */
export const templateSpec = z.object({
  metrics: z.array(metricSpec).default([]),
  args: z.array(z.object({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() })).default([]),
  dryRun: z.array(z.object({ metricName: z.string() })).default([]),
  templates: z.array(z.unknown()).default([]),
});
export type TemplateSpec = z.infer<typeof templateSpec>;
type MetricSpec = TemplateSpec["metrics"][number];

const set = (condition: string | undefined): boolean => condition !== undefined && condition.trim() !== "";
const numberOf = (value: string | number | undefined, otherwise: number): number => (value === undefined || Number.isNaN(Number(value)) ? otherwise : Number(value));

export function lintTemplate(spec: TemplateSpec): Finding[] {
  const whole: Finding[] = [];
  if (spec.metrics.length === 0 && spec.templates.length === 0) whole.push({ code: "no-metrics", severity: "error", metric: null, say: "The template measures nothing, and a run without a measurement is successful." });
  const dry = spec.metrics.filter(({ name }) => spec.dryRun.some(({ metricName }) => matches(metricName, name)));
  if (dry.length > 0 && dry.length === spec.metrics.length) whole.push({ code: "dry-run-only", severity: "error", metric: null, say: "Every metric is a dry run, so the run is successful whatever they measure." });
  const emptyHashes = spec.args.filter(({ name, value }) => /hash/i.test(name) && value !== undefined && value.trim() === "");
  whole.push(...emptyHashes.map(({ name }): Finding => ({ code: "empty-hash", severity: "error", metric: null, say: `The argument ${name} is empty: a filter on it matches no pod, or all. Leave out its value and give it by podTemplateHashValue in the Rollout.` })));
  return [...whole, ...spec.metrics.flatMap((metric) => [...lintConditions(metric), ...lintCounts(metric), ...lintQuery(metric, spec)])];
}

function matches(pattern: string, name: string): boolean {
  return new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(name);
}

function lintConditions({ name, successCondition, failureCondition, provider }: MetricSpec): Finding[] {
  const [success, failure] = [set(successCondition), set(failureCondition)];
  const conditions = `${successCondition ?? ""} ${failureCondition ?? ""}`;
  if (!success && !failure) return [{ code: "empty-success", severity: "error", metric: name, say: "It has neither a success nor a failure condition: every measurement is successful. Set at least one." }];
  const out: Finding[] = [];
  const query = provider.prometheus?.query;
  if (query === undefined) return out;
  if (/result\s*\[\s*0\s*\]/.test(conditions) && !/\blen\s*\(\s*result\s*\)|\bdefault\s*\(|\bisNil\s*\(/.test(conditions)) out.push({ code: "empty-result", severity: "warning", metric: name, say: "result[0] is an error while the query finds no series, and five errors in a row abort the rollout. Ask for len(result) first." });
  if (divides(query) && !/\bisNaN\s*\(|\bdefault\s*\(/.test(conditions) && !/\bor\b/.test(query)) {
    const effect = success && failure ? "makes the measurement inconclusive" : success ? "fails it: a quiet night aborts the rollout" : "is successful: no traffic passes";
    out.push({ code: "nan", severity: success !== failure ? "error" : "warning", metric: name, say: `Without requests the division is 0/0, and NaN ${effect}. Ask for isNaN(result[0]) in both conditions.` });
  }
  return out;
}

function lintCounts(metric: MetricSpec): Finding[] {
  const { name, interval, provider } = metric;
  const failures = numberOf(metric.failureLimit, 0);
  const successes = numberOf(metric.consecutiveSuccessLimit, 0);
  const count = metric.count === undefined ? null : numberOf(metric.count, Number.NaN);
  const out: Finding[] = [];
  if (count === null && interval !== undefined) out.push({ code: "no-count", severity: "error", metric: name, say: "It has an interval and no count, so it never ends: as a step it is refused, and in the background it only ends with the rollout. Set count for a step." });
  if (count === null && interval === undefined) out.push({ code: "single-look", severity: "warning", metric: name, say: "It is measured once: one moment decides. Set interval and count." });
  if (failures < 0 && successes <= 0) out.push({ code: "limits-off", severity: "error", metric: name, say: "Failures are not limited and successes are not asked for: nothing it measures decides." });
  if (count !== null && (count < failures + successes || count < numberOf(metric.inconclusiveLimit, 0))) out.push({ code: "limits-contradict", severity: "error", metric: name, say: `count ${count} is too small for its limits (failureLimit ${failures}, consecutiveSuccessLimit ${successes}).` });
  if (failures === 0 && (count === null || count > 1) && provider.web === undefined) out.push({ code: "one-failure", severity: "note", metric: name, say: "One failed measurement of the whole run aborts it, and every further look is another chance for that." });
  if (provider.web !== undefined && numberOf(metric.consecutiveErrorLimit, 4) < 30) out.push({ code: "few-errors", severity: "warning", metric: name, say: "When the judge is away for a few measurements the rollout is aborted. Raise consecutiveErrorLimit to 30." });
  return out;
}

function lintQuery({ name, interval, provider }: MetricSpec, spec: TemplateSpec): Finding[] {
  const query = provider.prometheus?.query;
  if (query === undefined) return [];
  const out: Finding[] = [];
  if (query.trim() === "") return [{ code: "no-query", severity: "error", metric: name, say: "It asks Prometheus nothing." }];
  const picks = picksOf(query);
  if (!picks.includes("canary")) out.push({ code: "no-canary-filter", severity: "error", metric: name, say: "No selector picks the canary's pods, so the stable version's traffic hides the canary's. Filter by its pod hash, as in pod=~\"name-{{args.canary-hash}}-.*\"." });
  else if (picks.includes("all")) out.push({ code: "half-filtered", severity: "warning", metric: name, say: "One selector picks the canary's pods and another picks all: their quotient is neither the canary's nor the service's." });
  const unknown = argumentsUsed(query).filter((used) => !spec.args.some((one) => one.name === used));
  if (unknown.length > 0) out.push({ code: "unknown-argument", severity: "error", metric: name, say: `It uses ${unknown.map((one) => `{{args.${one}}}`).join(", ")}, which the template does not declare.` });
  const range = longestRangeSeconds(query);
  const step = toSeconds(provider.prometheus?.rangeQuery?.step ?? "") ?? toSeconds(interval ?? "");
  if (range !== null && step !== null && step < range) out.push({ code: "step-below-range", severity: "warning", metric: name, say: `It looks every ${step} s at the last ${range} s: neighbouring measurements share most of their data, and one bad minute fails several of them.` });
  return out;
}
