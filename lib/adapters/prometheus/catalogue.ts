// What Prometheus knows beside values: names, labels, series, meanings, rules, alerts, targets. Each is one fixed operation; no path is passed through.
import { z, type ZodType } from "zod";
import { AppError } from "@/lib/base/errors";
import { toValue, type SeriesLabels } from "./objects";

export interface NameOptions { match?: string; start?: number; end?: number; limit: number; signal?: AbortSignal }
export interface MetricMeaning { type: string; help: string; unit: string }
export interface WireAlert { labels: SeriesLabels; annotations: SeriesLabels; state: string; activeAt: number | null; value: number | null }
export interface WireRule { group: string; everyMs: number; name: string; expression: string; forMs: number; labels: SeriesLabels; state: string; fault: string; tookMs: number; alerts: readonly WireAlert[] }
export interface WireTarget { labels: SeriesLabels; health: string; fault: string; scrapedAt: number | null; tookMs: number }

export interface Catalogue {
  labelNames(options: NameOptions): Promise<string[]>;
  labelValues(label: string, options: NameOptions): Promise<string[]>;
  series(match: string, options: Omit<NameOptions, "match">): Promise<SeriesLabels[]>;
  /** By metric name; "" asks for all. */
  meanings(metric: string, options: { limit: number; signal?: AbortSignal }): Promise<Record<string, MetricMeaning>>;
  /** Alerting rules with their active alerts. */
  rules(signal?: AbortSignal): Promise<WireRule[]>;
  targets(signal?: AbortSignal): Promise<WireTarget[]>;
  /** The expression laid out as Prometheus does it. */
  format(expression: string, signal?: AbortSignal): Promise<string>;
}

export interface Ask { (path: string, form: Record<string, string>, options: { signal?: AbortSignal; get?: boolean }): Promise<{ data?: unknown }> }

const labels = z.record(z.string(), z.string()).default({});
const time = z.string().optional().transform((text) => {
  const at = Date.parse(text ?? "");
  return Number.isFinite(at) && at > 0 ? at : null;
});
const seconds = z.number().default(0).transform((value) => Math.round(value * 1000));
const names = z.array(z.string());
const meaning = z.object({ type: z.string().default("unknown"), help: z.string().default(""), unit: z.string().default("") });

const alert = z
  .object({ labels, annotations: labels, state: z.string(), activeAt: time, value: z.string().optional() })
  .transform(({ value, ...rest }): WireAlert => ({ ...rest, value: value === undefined || !Number.isFinite(toValue(value)) ? null : toValue(value) }));
const rule = z.object({
  name: z.string(), query: z.string(), duration: seconds, labels, state: z.string().default("inactive"), type: z.string().default("alerting"),
  lastError: z.string().default(""), evaluationTime: seconds, alerts: z.array(alert).default([]),
});
const groups = z.object({ groups: z.array(z.object({ name: z.string(), interval: seconds, rules: z.array(z.unknown()) })) });
const targets = z.object({
  activeTargets: z.array(z.object({ labels, health: z.string().default("unknown"), lastError: z.string().default(""), lastScrape: time, lastScrapeDuration: seconds }))
    .transform((all) => all.map(({ lastError, lastScrape, lastScrapeDuration, ...rest }): WireTarget => ({ ...rest, fault: lastError, scrapedAt: lastScrape, tookMs: lastScrapeDuration }))),
});

function read<T>(schema: ZodType<T>, { data }: { data?: unknown }): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new AppError("unavailable", "Prometheus answered with something that this console does not know. Check its version: 2.40 or newer is expected.", parsed.error);
}

function nameForm({ match, start, end, limit }: Omit<NameOptions, "signal">): Record<string, string> {
  return {
    ...(match ? { "match[]": match } : {}), ...(start === undefined ? {} : { start: String(start / 1000) }), ...(end === undefined ? {} : { end: String(end / 1000) }),
    // Servers older than 2.51 ignore it without a word, so the answer is cut here again.
    limit: String(limit),
  };
}

const within = (signal: AbortSignal | undefined, get = false) => ({ get, ...(signal ? { signal } : {}) });

export function catalogueOf(ask: Ask): Catalogue {
  return {
    labelNames: async ({ signal, ...options }) => read(names, await ask("/api/v1/labels", nameForm(options), within(signal))).slice(0, options.limit),
    labelValues: async (label, { signal, ...options }) => read(names, await ask(`/api/v1/label/${encodeURIComponent(label)}/values`, nameForm(options), within(signal, true))).slice(0, options.limit),
    series: async (match, { signal, ...options }) => read(z.array(labels), await ask("/api/v1/series", nameForm({ ...options, match }), within(signal))).slice(0, options.limit),
    meanings: async (metric, { limit, signal }) => firstMeanings(read(z.record(z.string(), z.array(meaning)), await ask("/api/v1/metadata", { ...(metric ? { metric } : {}), limit: String(limit) }, within(signal, true)))),
    rules: async (signal) => toRules(read(groups, await ask("/api/v1/rules", { type: "alert" }, within(signal, true)))),
    targets: async (signal) => read(targets, await ask("/api/v1/targets", { state: "active" }, within(signal, true))).activeTargets,
    format: async (expression, signal) => read(z.string(), await ask("/api/v1/format_query", { query: expression }, within(signal))),
  };
}

function firstMeanings(all: Record<string, z.infer<typeof meaning>[]>): Record<string, MetricMeaning> {
  return Object.fromEntries(Object.entries(all).flatMap(([name, [first]]) => (first ? [[name, first] as const] : [])));
}

/** Recording rules are left out: they raise nothing. */
function toRules({ groups: all }: z.infer<typeof groups>): WireRule[] {
  return all.flatMap(({ name: group, interval, rules }) =>
    rules.flatMap((raw) => {
      const parsed = rule.safeParse(raw);
      if (!parsed.success || parsed.data.type !== "alerting") return [];
      const { name, query, duration, labels: own, state, lastError, evaluationTime, alerts } = parsed.data;
      return [{ group, everyMs: interval, name, expression: query, forMs: duration, labels: own, state, fault: lastError, tookMs: evaluationTime, alerts }];
    }),
  );
}
