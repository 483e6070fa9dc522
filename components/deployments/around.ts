// Metrics around a deployment: what is asked of Prometheus, and the mean before beside the mean after.
import type { DeploymentRecord } from "@/lib/deployments/model";
import type { ChartAnswer, Unit } from "@/lib/metrics/model";

export interface AroundQuestion { title: string; unit: Unit; expression: string }

/** Names of Kubernetes: they hold no sign that PromQL would read, and of a pattern's only the dot. */
export function questionsAround({ namespace, name }: Pick<DeploymentRecord, "namespace" | "name">): AroundQuestion[] {
  const pods = `namespace="${namespace}",pod=~"${name.replaceAll(".", "\\\\.")}-.+",container!=""`;
  const all = `sum(rate(http_requests_total{service="${name}"}[$rate]))`;
  return [
    { title: "Requests", unit: "per second", expression: all },
    { title: "Errors", unit: "ratio", expression: `(sum(rate(http_requests_total{service="${name}",status=~"5.."}[$rate])) or ${all} * 0) / ${all}` },
    { title: "Latency, 95 %", unit: "seconds", expression: `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{service="${name}"}[$rate])))` },
    { title: "CPU", unit: "millicores", expression: `sum(rate(container_cpu_usage_seconds_total{${pods}}[$rate])) * 1000` },
    { title: "Memory", unit: "bytes", expression: `sum(container_memory_working_set_bytes{${pods}})` },
    { title: "Restarts", unit: "count", expression: `sum(kube_pod_container_status_restarts_total{namespace="${namespace}",pod=~"${name.replaceAll(".", "\\\\.")}-.+"})` },
  ];
}

const aroundMs = 30 * 60_000;
const longestMs = 6 * 3_600_000;

/** Half an hour before and after; a long rollout is cut. */
export function spanAround({ startedAt, finishedAt }: Pick<DeploymentRecord, "startedAt" | "finishedAt">, now: number): { start: number; end: number } {
  const end = Math.min(now, (finishedAt ?? now) + aroundMs, startedAt + longestMs);
  return { start: startedAt - aroundMs, end: Math.max(end, startedAt + 60_000) };
}

export interface Compared { before: number | null; after: number | null; pointsBefore: number; pointsAfter: number }

/** Points of the rollout itself belong to neither. */
export function compare({ start, stepMs, series }: ChartAnswer, { startedAt, finishedAt }: Pick<DeploymentRecord, "startedAt" | "finishedAt">): Compared {
  const values = series[0]?.values ?? [];
  const of = (is: (at: number) => boolean) => values.flatMap((value, index) => (value !== null && is(start + index * stepMs) ? [value] : []));
  const [before, after] = [of((at) => at < startedAt), finishedAt === null ? [] : of((at) => at > finishedAt)];
  const mean = (all: readonly number[]) => (all.length === 0 ? null : all.reduce((sum, one) => sum + one, 0) / all.length);
  return { before: mean(before), after: mean(after), pointsBefore: before.length, pointsAfter: after.length };
}
