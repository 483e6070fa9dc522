// The explorer's questions beside charts: a value now as a table, names and labels for completion, an expression laid out.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import { caps } from "../guard";
import { withRate } from "../window";
import { prometheusOf } from "./source";
import { inTurn } from "./queue";

const timeoutMs = 20_000;
const cluster = z.string().min(1).max(63);
const expression = z.string().trim().min(1, "Type an expression.").max(caps.expressionBytes);
const match = z.string().max(caps.expressionBytes).optional();
const rowsAtMost = 10_000;
/** A table shows what is now: rates over two minutes, as a chart of a quarter of an hour has them. */
const tableStepMs = 15_000;

export const instantTable = feed({
  name: "metrics.instant",
  permission: "cluster.read",
  input: z.object({ cluster, expression, at: z.coerce.number().optional() }),
  run: async (ctx, { cluster: slug, expression: text, at }) => {
    const begun = performance.now();
    const answer = await inTurn(ctx.actor.id, ctx.signal, () => prometheusOf(slug).client.query(withRate(text, tableStepMs), { signal: ctx.signal, timeoutMs, ...(at === undefined ? {} : { time: at }) }));
    // What is no number cannot be sent as one; a table shows it as it is written.
    const rows = answer.series.slice(0, rowsAtMost).map(({ labels, at: when, value }) => ({ labels, at: when, value: String(value) }));
    return { rows, of: answer.series.length, tookMs: Math.round(performance.now() - begun), remarks: [...answer.warnings, ...answer.infos] };
  },
});

export const labelNames = feed({
  name: "metrics.labels",
  permission: "cluster.read",
  input: z.object({ cluster, match }),
  run: async (ctx, input) => ({ names: await prometheusOf(input.cluster).client.labelNames({ limit: caps.names, signal: ctx.signal, ...given(input.match) }) }),
});

export const labelValues = feed({
  name: "metrics.values",
  permission: "cluster.read",
  input: z.object({ cluster, label: z.string().min(1).max(256), match }),
  run: async (ctx, input) => ({ values: await prometheusOf(input.cluster).client.labelValues(input.label, { limit: caps.names * 10, signal: ctx.signal, ...given(input.match) }) }),
});

export const seriesOf = feed({
  name: "metrics.series",
  permission: "cluster.read",
  input: z.object({ cluster, match: z.string().min(1).max(caps.expressionBytes) }),
  run: async (ctx, input) => ({ series: await prometheusOf(input.cluster).client.series(input.match, { limit: caps.names, signal: ctx.signal }) }),
});

export const metricMeanings = feed({
  name: "metrics.meanings",
  permission: "cluster.read",
  input: z.object({ cluster, metric: z.string().max(256).default("") }),
  run: async (ctx, input) => ({ meanings: await prometheusOf(input.cluster).client.meanings(input.metric, { limit: caps.names * 10, signal: ctx.signal }) }),
});

export const laidOut = feed({
  name: "metrics.format",
  permission: "cluster.read",
  input: z.object({ cluster, expression }),
  run: async (ctx, input) => ({ expression: await prometheusOf(input.cluster).client.format(input.expression, ctx.signal) }),
});

function given(text: string | undefined): { match?: string } {
  return text ? { match: text } : {};
}
