// Pages of the application's pods: requests and durations of a service, tasks of a worker.
import { counter, distributionSamples, gauge, type Family } from "../exposition.ts";
import { httpProfiles, latencyBounds, taskBounds, type Endpoint } from "../profiles.ts";
import type { Answered, Life } from "../simulation.ts";

export function servicePage(life: Life): Family[] {
  const profile = httpProfiles[life.pod.app];
  if (!profile) return [];
  const base = ({ method, path }: Endpoint): { service: string; method: string; endpoint: string } => ({ service: life.pod.app, method, endpoint: path });
  const answered = profile.endpoints.flatMap((endpoint, index) => {
    const one = life.answered[index];
    return one ? [{ endpoint, one }] : [];
  });
  const durations = answered.flatMap(({ endpoint, one: { counts, good, clientErrors, serverErrors, seconds } }) =>
    distributionSamples({ ...base(endpoint), pod: life.pod.name }, { bounds: latencyBounds, counts, count: good + clientErrors + serverErrors, sum: seconds }));
  const statuses = ({ method }: Endpoint, { good, clientErrors, serverErrors }: Answered): [string, number][] => [[method === "POST" ? "201" : "200", good], ["404", clientErrors], ["500", serverErrors]];
  return [
    counter("http_requests_total", "Requests answered.", answered.flatMap(({ endpoint, one }) => statuses(endpoint, one).map(([status, value]) => [{ ...base(endpoint), status, pod: life.pod.name }, value] as const))),
    { name: "http_request_duration_seconds", type: "histogram", help: "How long requests took.", samples: durations },
    gauge("process_resident_memory_bytes", "Resident memory size in bytes.", [[{ service: life.pod.app, pod: life.pod.name }, life.memoryBytes]]),
  ];
}

export function workerPage(life: Life): Family[] {
  const tallies = [...life.tasks];
  const labels = (queue: string): { queue: string; worker: string; pod: string } => ({ queue, worker: life.pod.app, pod: life.pod.name });
  return [
    counter("celery_tasks_total", "Tasks that came to an end.", tallies.flatMap(([queue, { done, failed }]) => [[{ ...labels(queue), state: "SUCCESS" }, Math.floor(done - failed)] as const, [{ ...labels(queue), state: "FAILURE" }, Math.floor(failed)] as const])),
    counter("celery_task_failures_total", "Tasks that failed.", tallies.map(([queue, { failed }]) => [labels(queue), Math.floor(failed)] as const)),
    {
      name: "celery_task_duration_seconds", type: "histogram", help: "How long tasks took.",
      samples: tallies.flatMap(([queue, { done, seconds, counts }]) => distributionSamples(labels(queue), { bounds: taskBounds, counts, count: done, sum: seconds })),
    },
    gauge("celery_worker_up", "Whether the worker answers.", [[{ worker: life.pod.app, pod: life.pod.name }, 1]]),
  ];
}
