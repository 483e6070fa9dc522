// Analyses to begin with, for the kinds of workload that this system has: services that answer requests, and workers that do tasks.
import { analysisDefinition, type AnalysisDefinition } from "./model";

export interface AnalysisTemplate { id: string; title: string; say: string; definition: AnalysisDefinition }

const bad = [{ label: "status", op: "=~" as const, value: "5.." }];
const requests = { series: "http_requests_total", matchers: [] };
const restarts = { kind: "rate", name: "Restarts", meaning: "Restarts of containers, per pod and time.", weight: 10, required: false, margin: 2, events: { series: "kube_pod_container_status_restarts_total", matchers: [] } };

const httpService = analysisDefinition.parse({
  version: 1,
  metrics: [
    { kind: "ratio", name: "Error rate", meaning: "Share of answers that are 5xx.", critical: true, weight: 40, margin: 1.5, marginsByShare: [{ upToShare: 0.1, margin: 3 }, { upToShare: 0.3, margin: 2 }], negligibleShare: 0.0005, events: { series: "http_requests_total", matchers: bad }, exposure: requests },
    { kind: "latency", name: "Slower than 500 ms", meaning: "Share of answers that took longer than 500 ms.", critical: true, weight: 30, margin: 1.5, negligibleShare: 0.001, buckets: { series: "http_request_duration_seconds_bucket", matchers: [] }, edgesSeconds: [0.5] },
    { kind: "gauge", name: "Memory", meaning: "Resident memory, mean over the pods.", weight: 20, required: false, margin: 1.3, series: { series: "process_resident_memory_bytes", matchers: [] } },
    restarts,
  ],
  guard: { name: "Errors of the whole service", events: { series: "http_requests_total", matchers: bad }, exposure: requests, objective: 0.05, windowMinutes: 5, clearMinutes: 3 },
  minutes: 60,
  warmUpMinutes: 1,
});

const worker = analysisDefinition.parse({
  version: 1,
  metrics: [
    { kind: "ratio", name: "Failed tasks", meaning: "Share of tasks that failed.", critical: true, weight: 60, margin: 2, negligibleShare: 0.001, events: { series: "celery_task_failures_total", matchers: [] }, exposure: { series: "celery_tasks_total", matchers: [] } },
    { kind: "latency", name: "Slower than 10 s", meaning: "Share of tasks that took longer than 10 s.", weight: 30, margin: 2, negligibleShare: 0.01, buckets: { series: "celery_task_duration_seconds_bucket", matchers: [] }, edgesSeconds: [10] },
    restarts,
  ],
  guard: { name: "Failed tasks of all versions", events: { series: "celery_task_failures_total", matchers: [] }, exposure: { series: "celery_tasks_total", matchers: [] }, objective: 0.1, windowMinutes: 10, clearMinutes: 5 },
  minutes: 120,
  warmUpMinutes: 1,
});

export const analysisTemplates: readonly AnalysisTemplate[] = [
  { id: "service", title: "A service that answers requests", say: "Errors, slow answers, memory and restarts, from the counters that its pods expose.", definition: httpService },
  { id: "worker", title: "A worker of Celery's", say: "Failed and slow tasks, and restarts.", definition: worker },
];

/** The one that fits the name, as the services here are named. */
export function templateFor(workload: string): AnalysisTemplate | undefined {
  return analysisTemplates.find(({ id }) => id === (/-worker$/.test(workload) ? "worker" : "service"));
}
