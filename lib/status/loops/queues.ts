// The queues of a cluster from its Prometheus: what waits now, who takes from it, and the last six hours.
import "server-only";
import type { InstantAnswer } from "@/lib/adapters/prometheus/objects";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { prometheusOf } from "@/lib/metrics/service/source";
import { queries } from "@/lib/metrics/queries";
import { toAlerts } from "@/lib/metrics/alerts";
import type { FiringAlert } from "../observed";
import { usualQueueLevels, type PageSettings, type QueueLine } from "../model";
import { queueLine } from "../queue-line";

const timeoutMs = 5000;
const spanMs = 6 * 3_600_000;
const stepMs = 300_000;
const mostQueues = 20;

export interface Measured { queues: QueueLine[]; queuesSay: string; alerts: FiringAlert[] }

/** What Prometheus tells; where it does not, the page says that it is missing, and services are judged without it. */
export async function measure(cluster: string, settings: PageSettings, now: number): Promise<Measured> {
  try {
    const { client } = prometheusOf(cluster);
    const ask = { timeoutMs };
    const [backlog, consumers, past, rules] = await Promise.all([
      client.query(queries.queueBacklog.expression, ask), client.query(queries.queueConsumers.expression, ask),
      client.queryRange(queries.queueBacklog.expression, { ...ask, start: now - spanMs, end: now, stepMs }), client.rules(AbortSignal.timeout(timeoutMs)),
    ]);
    const taking = new Map(backlogOf(consumers));
    const points = new Map(past.series.map(({ labels, points: all }) => [labels.queue ?? "", all.flatMap(([, value]) => (Number.isFinite(value) ? [value] : []))]));
    const queues = backlogOf(backlog).sort(([a], [b]) => a.localeCompare(b)).slice(0, mostQueues)
      .map(([name, waiting]) => queueLine({ name, waiting, consumers: taking.get(name) ?? null, warnAt: settings.queues[name] ?? usualQueueLevels[name] ?? null, points: points.get(name) ?? [], stepMs }));
    const alerts = toAlerts(rules, () => 0).filter(({ state }) => state === "firing");
    return { queues, queuesSay: "", alerts };
  } catch (cause) {
    log.debug({ cluster, cause: causeText(cause) }, "the status page is written without metrics");
    return { queues: [], queuesSay: "Metrics are missing right now; services are judged without them.", alerts: [] };
  }
}

function backlogOf({ series }: InstantAnswer): [queue: string, value: number][] {
  return series.flatMap(({ labels, value }) => (labels.queue === undefined || !Number.isFinite(value) ? [] : [pair(labels.queue, Math.round(value))]));
}

const pair = (queue: string, value: number): [string, number] => [queue, value];
