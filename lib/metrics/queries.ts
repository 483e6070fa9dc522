// Every PromQL text of the console by its name, with its unit and what it means.
import type { NamedQuery, Unit } from "./model";

/** The last two scrapes within this, however slow they are: what is used now, right for a pod of half a minute too, where a rate over the whole window would say too little. */
const recent = "2m";

/** Names each question by its key, so that no name stands twice. */
function named<const T extends Record<string, readonly [unit: Unit, meaning: string, expression: string]>>(questions: T): { [Name in keyof T]: NamedQuery } {
  const entries = Object.entries(questions).map(([name, [unit, meaning, expression]]) => [name, { name, unit, meaning, expression }] as const);
  return asNamed<T>(Object.fromEntries(entries));
}

/** Object.fromEntries forgets the keys; they are those of the record that the entries came from. */
function asNamed<T>(record: Record<string, NamedQuery>): { [Name in keyof T]: NamedQuery } {
  return record as { [Name in keyof T]: NamedQuery };
}

/** An error that never happened has no series: where there are requests and no error, the share is 0 and not unknown. */
export const queries = named({
  // Usage, as placement shows it.
  nodeCpu: ["millicores", "CPU that a node uses, over all its processors and everything that runs on it.", `sum by (node, instance) (irate(node_cpu_seconds_total{mode!="idle"}[${recent}])) * 1000`],
  nodeMemory: ["bytes", "Memory of a node that is not available to new programs.", "sum by (node, instance) (node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes)"],
  podCpu: ["millicores", "CPU that the containers of a pod use together.", `sum by (namespace, pod) (irate(container_cpu_usage_seconds_total{container!="",pod!=""}[${recent}])) * 1000`],
  podMemory: ["bytes", "Memory of a pod's containers that cannot be given back: what the kernel's OOM killer looks at.", 'sum by (namespace, pod) (container_memory_working_set_bytes{container!="",pod!=""})'],

  // Tier 1: control plane and machines.
  apiRequests: ["per second", "Requests to the API server, by verb.", "sum by (verb) (rate(apiserver_request_total[$rate]))"],
  apiErrors: ["ratio", "Share of requests that the API server answered with 5xx.", '(sum(rate(apiserver_request_total{code=~"5.."}[$rate])) or vector(0)) / sum(rate(apiserver_request_total[$rate]))'],
  apiLatency: ["seconds", "Time within which 95 % of the API server's answers came, watches aside.", 'histogram_quantile(0.95, sum by (le, verb) (rate(apiserver_request_duration_seconds_bucket{verb!~"WATCH|CONNECT"}[$rate])))'],
  apiInflight: ["count", "Requests that the API server works on right now.", "sum by (request_kind) (apiserver_current_inflight_requests)"],
  etcdSize: ["bytes", "Size of etcd's database file.", "max(etcd_mvcc_db_total_size_in_bytes)"],
  etcdInUse: ["bytes", "Part of etcd's database that holds data.", "max(etcd_mvcc_db_total_size_in_use_in_bytes)"],
  etcdFsync: ["seconds", "Time within which 99 % of etcd's log writes reached the disk; above 10 ms the disk is too slow.", "histogram_quantile(0.99, sum by (le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[$rate])))"],
  etcdCommit: ["seconds", "Time within which 99 % of etcd's commits reached its database.", "histogram_quantile(0.99, sum by (le) (rate(etcd_disk_backend_commit_duration_seconds_bucket[$rate])))"],
  etcdLeaderChanges: ["count", "How often etcd changed its leader within the last hour.", "max(increase(etcd_server_leader_changes_seen_total[1h]))"],
  schedulerPending: ["count", "Pods that wait for the scheduler, by queue.", "sum by (queue) (scheduler_pending_pods)"],
  nodeCpuShare: ["ratio", "Share of a node's processors that is busy.", '1 - avg by (node) (rate(node_cpu_seconds_total{mode="idle"}[$rate]))'],
  nodeMemoryShare: ["ratio", "Share of a node's memory that is not available to new programs.", "1 - max by (node) (node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)"],
  nodeDiskShare: ["ratio", "Share of a node's root disk that is full.", '1 - max by (node) (node_filesystem_avail_bytes{mountpoint="/"} / node_filesystem_size_bytes{mountpoint="/"})'],

  // Tier 2: the services that answer requests.
  serviceRate: ["per second", "Requests that a service answers.", "sum by (service) (rate(http_requests_total[$rate]))"],
  serviceErrors: ["ratio", "Share of a service's answers that are 5xx.", '(sum by (service) (rate(http_requests_total{status=~"5.."}[$rate])) or sum by (service) (rate(http_requests_total[$rate])) * 0) / sum by (service) (rate(http_requests_total[$rate]))'],
  serviceLatency95: ["seconds", "Time within which 95 % of a service's answers came.", "histogram_quantile(0.95, sum by (le, service) (rate(http_request_duration_seconds_bucket[$rate])))"],
  serviceLatency50: ["seconds", "Time within which half of a service's answers came.", "histogram_quantile(0.5, sum by (le, service) (rate(http_request_duration_seconds_bucket[$rate])))"],
  serviceAvailable: ["ratio", "Share of the wanted replicas that are available; deployments scaled to nothing are left out.", "min by (deployment) (kube_deployment_status_replicas_available{deployment=~\".*-api\"} / (kube_deployment_spec_replicas{deployment=~\".*-api\"} > 0))"],
  serviceCpu: ["millicores", "CPU that the pods of a service use together.", 'sum by (service) (label_replace(rate(container_cpu_usage_seconds_total{container!="",pod=~".*-api-.*"}[$rate]), "service", "$1", "pod", "(.*-api)-.*")) * 1000'],

  // Tier 3: queues and workers.
  queueBacklog: ["count", "Messages that wait in a queue and nobody has taken.", "sum by (queue) (rabbitmq_queue_messages_ready)"],
  queueConsumers: ["count", "Consumers that take from a queue.", "sum by (queue) (rabbitmq_queue_consumers)"],
  queueUnacked: ["count", "Messages that a worker has taken and not yet finished.", "sum by (queue) (rabbitmq_queue_messages_unacked)"],
  taskRate: ["per minute", "Tasks that came to an end, well or not.", "sum by (queue) (rate(celery_tasks_total[$rate])) * 60"],
  taskFailures: ["ratio", "Share of the tasks that failed.", "(sum by (queue) (rate(celery_task_failures_total[$rate])) or sum by (queue) (rate(celery_tasks_total[$rate])) * 0) / sum by (queue) (rate(celery_tasks_total[$rate]))"],
  taskDuration95: ["seconds", "Time within which 95 % of the tasks ended.", "histogram_quantile(0.95, sum by (le, queue) (rate(celery_task_duration_seconds_bucket[$rate])))"],
  deadLetters: ["count", "Messages that nobody could handle; they wait for a person.", 'sum(rabbitmq_queue_messages_ready{queue="q.dlq"})'],
  workersUp: ["count", "Workers that answer.", "sum by (worker) (celery_worker_up)"],

  // Tier 4: what keeps data.
  postgresConnections: ["count", "Connections to PostgreSQL, by state.", "sum by (state) (pg_stat_activity_count)"],
  postgresCommits: ["per second", "Transactions that PostgreSQL committed.", "sum(rate(pg_stat_database_xact_commit[$rate]))"],
  postgresCacheHits: ["ratio", "Share of the blocks that PostgreSQL found in its cache.", "sum(rate(pg_stat_database_blks_hit[$rate])) / (sum(rate(pg_stat_database_blks_hit[$rate])) + sum(rate(pg_stat_database_blks_read[$rate])))"],
  redisMemory: ["ratio", "Share of Redis' own limit of memory that is used.", "max(redis_memory_used_bytes / (redis_memory_max_bytes > 0))"],
  redisHits: ["ratio", "Share of the lookups for which Redis had the key.", "sum(rate(redis_keyspace_hits_total[$rate])) / (sum(rate(redis_keyspace_hits_total[$rate])) + sum(rate(redis_keyspace_misses_total[$rate])))"],
  rabbitMemory: ["ratio", "Share of RabbitMQ's high watermark of memory that is used; at 1 it blocks who publishes.", "max(rabbitmq_process_resident_memory_bytes / rabbitmq_resident_memory_limit_bytes)"],
  rabbitConnections: ["count", "Connections to RabbitMQ.", "sum(rabbitmq_connections)"],
  volumeShare: ["ratio", "Share of a volume that is full.", "max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes)"],
});
