// Prometheus' answers as we read them: series with labels, values as numbers, times in ms since the epoch.
import { z } from "zod";
import { AppError } from "@/lib/base/errors";

export type SeriesLabels = Readonly<Record<string, string>>;
export interface InstantSeries { labels: SeriesLabels; at: number; value: number }
export interface RangeSeries { labels: SeriesLabels; points: readonly (readonly [at: number, value: number])[] }
export interface Remarks { warnings: readonly string[]; infos: readonly string[] }
export interface InstantAnswer extends Remarks { series: readonly InstantSeries[] }
export interface RangeAnswer extends Remarks { series: readonly RangeSeries[] }

/** A time in seconds and a value as text, which may be NaN, +Inf or -Inf. */
const sample = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
/** A native histogram comes without `value`; it is left out. */
const vector = z.object({ resultType: z.literal("vector"), result: z.array(z.object({ metric: labels, value: sample.optional() })) });
const scalar = z.object({ resultType: z.literal("scalar"), result: sample });
const matrix = z.object({ resultType: z.literal("matrix"), result: z.array(z.object({ metric: labels, values: z.array(sample).optional() })) });

interface Envelope { data?: unknown; warnings?: string[] | undefined; infos?: string[] | undefined }

export function toValue(text: string): number {
  if (text === "+Inf" || text === "Inf") return Infinity;
  return text === "-Inf" ? -Infinity : Number(text);
}

function remarks({ warnings = [], infos = [] }: Envelope): Remarks {
  return { warnings, infos };
}

function unexpected(cause: unknown): AppError {
  return new AppError("unavailable", "Prometheus answered with something that is neither a number nor series.", cause);
}

export function toInstantAnswer(envelope: Envelope): InstantAnswer {
  const parsed = z.union([vector, scalar]).safeParse(envelope.data);
  if (!parsed.success) throw unexpected(parsed.error);
  const rows = parsed.data.resultType === "scalar" ? [{ metric: {}, value: parsed.data.result }] : parsed.data.result;
  return {
    ...remarks(envelope),
    series: rows.flatMap(({ metric, value }) => (value ? [{ labels: metric, at: value[0] * 1000, value: toValue(value[1]) }] : [])),
  };
}

export function toRangeAnswer(envelope: Envelope): RangeAnswer {
  const parsed = matrix.safeParse(envelope.data);
  if (!parsed.success) throw unexpected(parsed.error);
  return {
    ...remarks(envelope),
    series: parsed.data.result.map(({ metric, values = [] }) => ({ labels: metric, points: values.map(([seconds, text]) => [seconds * 1000, toValue(text)] as const) })),
  };
}
