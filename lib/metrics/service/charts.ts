// Charts: the panels of a tier's dashboard and free expressions, asked within bounds and put on one grid.
import "server-only";
import { z } from "zod";
import { feed, type Ctx } from "@/lib/access/verb";
import type { RangeAnswer } from "@/lib/adapters/prometheus/objects";
import { AppError } from "@/lib/base/errors";
import { keep } from "@/lib/runtime";
import { findPanel, lineName } from "../dashboards";
import { onGrid, type Grid } from "../grid";
import { caps, cutSeries, rangeRefusal, seriesCap } from "../guard";
import type { ChartAnswer } from "../model";
import { keepingPeaks, onSteps, stepFor, withRate } from "../window";
import { prometheusOf } from "./source";
import { inTurn } from "./queue";

const timeoutMs = 20_000;
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")]);
const span = { cluster: z.string().min(1).max(63), start: z.coerce.number(), end: z.coerce.number(), stepMs: z.coerce.number().int().optional(), peaks: flag.default(false) };

export const panelChart = feed({
  name: "metrics.panel",
  permission: "cluster.read",
  input: z.object({ ...span, panel: z.string().max(63) }),
  run: async (ctx, { panel: id, ...wish }): Promise<ChartAnswer> => {
    const panel = findPanel(id);
    if (!panel) throw new AppError("not-found", `There is no panel ${id}.`);
    return chart(ctx, wish, panel.lines.map((line) => ({ expression: line.query.expression, nameOf: (labels) => lineName(line, labels) })));
  },
});

export const rangeChart = feed({
  name: "metrics.range",
  permission: "cluster.read",
  input: z.object({ ...span, expression: z.string().trim().min(1, "Type an expression.").max(caps.expressionBytes) }),
  run: (ctx, { expression, ...wish }) => chart(ctx, wish, [{ expression, nameOf: seriesName }]),
});

interface Wish { cluster: string; start: number; end: number; stepMs?: number | undefined; peaks: boolean }
interface Question { expression: string; nameOf: (labels: Readonly<Record<string, string>>) => string }

async function chart(ctx: Ctx, wish: Wish, questions: readonly Question[]): Promise<ChartAnswer> {
  const stepMs = wish.stepMs ?? stepFor(wish.end - wish.start);
  const grid: Grid = { ...onSteps(wish, stepMs), stepMs };
  const begun = performance.now();
  const asked = questions.map(({ expression }) => toAsked(expression, { stepMs, peaks: wish.peaks }));
  for (const expression of asked) {
    const refusal = rangeRefusal({ ...grid, expression });
    if (refusal) throw new AppError("invalid", refusal);
  }
  const answers = await Promise.all(asked.map((expression) => ask(ctx, wish.cluster, { expression, grid })));
  const all = answers.flatMap(({ series }, index) => series.map(({ labels, points }) => ({ name: questions[index]?.nameOf(labels) ?? "", labels: { ...labels }, values: onGrid(points, grid) })));
  const { kept, of } = cutSeries(all, seriesCap(all[0]?.values.length ?? 1));
  return { ...grid, series: kept, of, tookMs: Math.round(performance.now() - begun), remarks: [...new Set(answers.flatMap(({ warnings, infos }) => [...warnings, ...infos]))] };
}

function toAsked(expression: string, { stepMs, peaks }: { stepMs: number; peaks: boolean }): string {
  const rated = withRate(expression, stepMs);
  return peaks ? keepingPeaks(rated, stepMs) : rated;
}

/** As Prometheus writes a series: its name and its labels. */
function seriesName({ __name__: name = "", ...labels }: Readonly<Record<string, string>>): string {
  const rest = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return rest.length > 0 ? `${name}{${rest.join(", ")}}` : name || "value";
}

interface Kept { until: number; answer: RangeAnswer }
const answers = (): Map<string, Kept> => keep("metrics.answers", () => new Map<string, Kept>());
const keptAtMost = 200;

/** An answer on whole steps stays right until the next step; several who look at one dashboard ask Prometheus once. */
async function ask(ctx: Ctx, cluster: string, { expression, grid }: { expression: string; grid: Grid }): Promise<RangeAnswer> {
  const { url, client } = prometheusOf(cluster);
  const key = JSON.stringify([url, expression, grid]);
  const known = answers().get(key);
  if (known && known.until > Date.now()) return known.answer;
  const answer = await inTurn(ctx.actor.id, ctx.signal, () => client.queryRange(expression, { ...grid, limit: caps.series + 1, signal: ctx.signal, timeoutMs }));
  for (const old of [...answers().keys()].slice(0, Math.max(0, answers().size - keptAtMost))) answers().delete(old);
  answers().set(key, { until: Date.now() + Math.min(grid.stepMs, 15_000), answer });
  return answer;
}
