// The day before the world came up: the same services under the same rhythm, as OpenMetrics with times, for Prometheus' backfill.
import { setImmediate as breathe } from "node:timers/promises";
import { createExporter, targetText } from "./exporter.ts";
import { toBackfill } from "./exposition.ts";
import { noTurns } from "./turns.ts";
import type { Picture } from "./watch.ts";

export interface HistorySpan { fromMs: number; toMs: number; stepMs: number }

/** Pods as they are now, taken as having been there all along; settled copies, so that the picture may change meanwhile. */
function settled(picture: Picture): Picture {
  return { pods: new Map(picture.pods), nodes: new Map(picture.nodes), claims: new Map(picture.claims), services: new Map(picture.services), ingresses: new Map(picture.ingresses), workloads: picture.workloads.map((kind) => new Map(kind)) };
}

/** What hardly changes is written less often, yet within the five minutes for which Prometheus takes a value to hold. */
const stillEverySteps = 4;

/** Text in time order, a moment at a time; ends with the mark that the format demands. */
export async function* historyOf(picture: Picture, { fromMs, toMs, stepMs }: HistorySpan): AsyncGenerator<{ atMs: number; text: string }> {
  // A while to settle first, so that queues and rates are not seen starting.
  const exporter = createExporter(settled(picture), { startMs: fromMs - 10 * stepMs, turns: noTurns() });
  exporter.advance(fromMs);
  const targets = exporter.targets().map((target) => ({ target, text: targetText(target) }));
  for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) {
    exporter.advance(atMs);
    const seconds = atMs / 1000;
    const due = targets.filter(({ target }) => !target.still || Math.round((atMs - fromMs) / stepMs) % stillEverySteps === 0);
    const lines = due.map(({ target, text }) => toBackfill(target.page() ?? [], text, seconds) + `up{${text}} 1 ${seconds}\n`);
    yield { atMs, text: lines.join("") };
    await breathe();
  }
}
