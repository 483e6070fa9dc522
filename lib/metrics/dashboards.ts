// What each tier's dashboard shows: panels of named questions, with the limits at which somebody should look.
import type { Limit, Panel, PanelLine } from "./model";
import { queries } from "./queries";

const line = (query: PanelLine["query"], by: readonly string[] = [], word?: string): PanelLine => ({ query, by, ...(word === undefined ? {} : { word }) });
const warns = (value: number, say: string): Limit => ({ value, say, level: "warning" });
const fails = (value: number, say: string): Limit => ({ value, say, level: "failed" });

type Draft = Omit<Panel, "unit" | "scale" | "limits"> & Partial<Pick<Panel, "scale" | "limits">>;

/** A panel counts in the unit of its first question. */
function panel({ lines, scale = "linear", limits = [], ...rest }: Draft): Panel {
  return { ...rest, lines, scale, limits, unit: lines[0]?.query.unit ?? "count" };
}

const tier1: readonly Panel[] = [
  panel({ id: "api-requests", title: "API requests", note: "a second, by verb", wide: true, lines: [line(queries.apiRequests, ["verb"])] }),
  panel({ id: "api-latency", title: "API latency", note: "p95 by verb", scale: "log", lines: [line(queries.apiLatency, ["verb"])], limits: [warns(1, "slow above 1 s")] }),
  panel({ id: "api-errors", title: "API errors", note: "share of 5xx", lines: [line(queries.apiErrors, [], "5xx")], limits: [fails(0.05, "alarms above 5 %")] }),
  panel({ id: "etcd-size", title: "etcd database", note: "size", lines: [line(queries.etcdSize, [], "file"), line(queries.etcdInUse, [], "in use")] }),
  panel({ id: "etcd-fsync", title: "etcd disk writes", note: "p99", scale: "log", lines: [line(queries.etcdFsync, [], "log"), line(queries.etcdCommit, [], "commit")], limits: [warns(0.01, "slow above 10 ms")] }),
  panel({ id: "node-cpu", title: "CPU of the nodes", note: "busy", lines: [line(queries.nodeCpuShare, ["node"])], limits: [warns(0.9, "warns above 90 %")] }),
  panel({ id: "node-memory", title: "Memory of the nodes", note: "used", lines: [line(queries.nodeMemoryShare, ["node"])], limits: [warns(0.8, "warns above 80 %")] }),
  panel({ id: "node-disk", title: "Root disks", note: "full", lines: [line(queries.nodeDiskShare, ["node"])], limits: [warns(0.8, "warns above 80 %")] }),
  panel({ id: "scheduler", title: "Scheduler's queues", note: "pods", lines: [line(queries.schedulerPending, ["queue"])] }),
  panel({ id: "api-inflight", title: "API requests in flight", note: "by kind", lines: [line(queries.apiInflight, ["request_kind"])] }),
  panel({ id: "etcd-leader", title: "etcd leader changes", note: "in the last hour", lines: [line(queries.etcdLeaderChanges, [], "changes")], limits: [warns(3, "unsteady above 3")] }),
];

const tier2: readonly Panel[] = [
  panel({ id: "service-rate", title: "Requests", note: "a second, by service", wide: true, lines: [line(queries.serviceRate, ["service"])] }),
  panel({ id: "service-errors", title: "Errors", note: "share of 5xx", lines: [line(queries.serviceErrors, ["service"])], limits: [fails(0.05, "alarms above 5 %")] }),
  panel({ id: "service-latency-95", title: "Latency, p95", note: "by service", scale: "log", lines: [line(queries.serviceLatency95, ["service"])], limits: [warns(1, "slow above 1 s")] }),
  panel({ id: "service-latency-50", title: "Latency, median", note: "by service", scale: "log", lines: [line(queries.serviceLatency50, ["service"])] }),
  panel({ id: "service-available", title: "Replicas available", note: "of those wanted", lines: [line(queries.serviceAvailable, ["deployment"])] }),
  panel({ id: "service-cpu", title: "CPU of the services", note: "millicores", lines: [line(queries.serviceCpu, ["service"])] }),
];

const tier3: readonly Panel[] = [
  panel({ id: "queue-backlog", title: "Queue backlog", note: "messages ready", scale: "log", wide: true, lines: [line(queries.queueBacklog, ["queue"])], limits: [warns(1000, "q.ai warns above 1000"), fails(100, "q.dlq alarms above 100")] }),
  panel({ id: "queue-consumers", title: "Consumers", note: "per queue", lines: [line(queries.queueConsumers, ["queue"])] }),
  panel({ id: "task-rate", title: "Task rate", note: "per minute", lines: [line(queries.taskRate, ["queue"])] }),
  panel({ id: "task-duration", title: "Task duration", note: "p95", scale: "log", lines: [line(queries.taskDuration95, ["queue"])], limits: [warns(10, "slow above 10 s")] }),
  panel({ id: "task-failures", title: "Tasks that fail", note: "share", lines: [line(queries.taskFailures, ["queue"])], limits: [warns(0.1, "warns above 10 %")] }),
  panel({ id: "queue-unacked", title: "In the workers' hands", note: "messages not acknowledged", lines: [line(queries.queueUnacked, ["queue"])] }),
  panel({ id: "dead-letters", title: "Dead letters", note: "messages", lines: [line(queries.deadLetters, [], "q.dlq")], limits: [fails(100, "alarms above 100")] }),
  panel({ id: "workers", title: "Workers", note: "that answer", lines: [line(queries.workersUp, ["worker"])] }),
];

const tier4: readonly Panel[] = [
  panel({ id: "postgres-connections", title: "PostgreSQL connections", note: "by state", wide: true, lines: [line(queries.postgresConnections, ["state"])], limits: [warns(80, "warns above 80 of 100")] }),
  panel({ id: "postgres-commits", title: "PostgreSQL commits", note: "a second", lines: [line(queries.postgresCommits, [], "commits")] }),
  panel({ id: "cache-hits", title: "Found in the cache", note: "share of lookups", lines: [line(queries.postgresCacheHits, [], "PostgreSQL"), line(queries.redisHits, [], "Redis")] }),
  panel({ id: "store-memory", title: "Memory of the stores", note: "of their own limit", lines: [line(queries.redisMemory, [], "Redis"), line(queries.rabbitMemory, [], "RabbitMQ")], limits: [warns(0.8, "warns above 80 %")] }),
  panel({ id: "volumes", title: "Volumes", note: "full", lines: [line(queries.volumeShare, ["persistentvolumeclaim"])], limits: [warns(0.8, "warns above 80 %")] }),
  panel({ id: "rabbit-connections", title: "RabbitMQ connections", note: "open", lines: [line(queries.rabbitConnections, [], "connections")] }),
];

export const dashboards: Record<1 | 2 | 3 | 4, readonly Panel[]> = { 1: tier1, 2: tier2, 3: tier3, 4: tier4 };

export function findPanel(id: string): Panel | undefined {
  return Object.values(dashboards).flat().find((one) => one.id === id);
}

/** How a line is called: the values of its labels, after the panel's own word for it. */
export function lineName({ by, word, query }: PanelLine, labels: Readonly<Record<string, string>>): string {
  const values = by.map((label) => labels[label] ?? "").filter((value) => value !== "");
  return [word ?? "", values.join("/")].filter((part) => part !== "").join(" ") || query.name;
}
