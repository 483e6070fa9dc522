// Pages of what keeps data: RabbitMQ, PostgreSQL, Redis, named as their exporters name them.
import { counter, gauge, type Family } from "../exposition.ts";
import type { QueueState } from "../queues.ts";
import { drift } from "../rhythm.ts";
import type { Life } from "../simulation.ts";

const gibibyte = 2 ** 30;

export function rabbitmqPage(life: Life, queues: readonly QueueState[]): Family[] {
  const perQueue = (name: string, help: string, value: (queue: QueueState) => number): Family => gauge(name, help, queues.map((queue) => [{ queue: queue.profile.name, vhost: "/" }, Math.round(value(queue))] as const));
  const connections = 4 + queues.reduce((sum, { consumers }) => sum + consumers, 0);
  return [
    perQueue("rabbitmq_queue_messages", "Messages ready and unacknowledged.", ({ ready, unacknowledged }) => ready + unacknowledged),
    perQueue("rabbitmq_queue_messages_ready", "Messages ready to be delivered.", ({ ready }) => ready),
    perQueue("rabbitmq_queue_messages_unacked", "Messages delivered and not yet acknowledged.", ({ unacknowledged }) => unacknowledged),
    perQueue("rabbitmq_queue_messages_unacknowledged", "Messages delivered and not yet acknowledged.", ({ unacknowledged }) => unacknowledged),
    perQueue("rabbitmq_queue_consumers", "Consumers of a queue.", ({ consumers }) => consumers),
    counter("rabbitmq_queue_messages_published_total", "Messages published to a queue.", queues.map(({ profile, published }) => [{ queue: profile.name, vhost: "/" }, Math.floor(published)] as const)),
    counter("rabbitmq_queue_messages_delivered_total", "Messages delivered from a queue.", queues.map(({ profile, delivered }) => [{ queue: profile.name, vhost: "/" }, Math.floor(delivered)] as const)),
    counter("rabbitmq_queue_messages_acked_total", "Messages acknowledged.", queues.map(({ profile, acknowledged }) => [{ queue: profile.name, vhost: "/" }, Math.floor(acknowledged)] as const)),
    gauge("rabbitmq_connections", "Connections open.", [[{}, connections]]),
    gauge("rabbitmq_process_resident_memory_bytes", "Memory used.", [[{}, life.memoryBytes]]),
    gauge("rabbitmq_resident_memory_limit_bytes", "High watermark of memory.", [[{}, 0.4 * 2 * gibibyte]]),
    gauge("rabbitmq_process_open_fds", "Open file descriptors.", [[{}, 60 + connections * 2]]),
    gauge("rabbitmq_process_max_fds", "Limit of open file descriptors.", [[{}, 1_048_576]]),
  ];
}

const schemas = ["auth", "users", "waste", "recycling", "locations"];

export function postgresPage(life: Life, atMs: number): Family[] {
  const database = { datname: "sesacthon" };
  const busy = Math.max(1, Math.round(6 + 4 * drift("pg/active", atMs)));
  return [
    gauge("pg_up", "Whether the server answered.", [[{}, 1]]),
    counter("pg_stat_database_xact_commit", "Transactions committed.", [[database, Math.floor(life.upstream * 2.1)]]),
    counter("pg_stat_database_xact_rollback", "Transactions rolled back.", [[database, Math.floor(life.upstream * 0.004)]]),
    counter("pg_stat_database_blks_hit", "Blocks found in the cache.", [[database, Math.floor(life.upstream * 61)]]),
    counter("pg_stat_database_blks_read", "Blocks read from disk.", [[database, Math.floor(life.upstream * 0.9)]]),
    counter("pg_stat_database_tup_fetched", "Rows fetched.", [[database, Math.floor(life.upstream * 17)]]),
    counter("pg_stat_database_tup_inserted", "Rows inserted.", [[database, Math.floor(life.upstream * 0.31)]]),
    counter("pg_stat_database_deadlocks", "Deadlocks.", [[database, 0]]),
    gauge("pg_stat_activity_count", "Connections by state.", [[{ ...database, state: "active" }, busy], [{ ...database, state: "idle" }, 21], [{ ...database, state: "idle in transaction" }, busy > 8 ? 1 : 0]]),
    gauge("pg_stat_database_numbackends", "Connections.", [[database, busy + 22]]),
    gauge("pg_settings_max_connections", "The limit of connections.", [[{}, 100]]),
    gauge("pg_database_size_bytes", "Size of the database.", [[database, Math.round(3.4 * gibibyte + life.upstream * 310)]]),
    gauge("pg_stat_user_tables_n_live_tup", "Rows by schema.", schemas.map((schemaname, index) => [{ ...database, schemaname }, Math.floor(40_000 * (index + 1) + life.upstream * 0.06)] as const)),
  ];
}

/** What the databases are for: domain.md 5.5. */
const keysOf: [db: string, keys: number][] = [["db0", 5200], ["db1", 10_400], ["db2", 340], ["db3", 910], ["db4", 120]];
const hitRatio = 0.74;

export function redisPage(life: Life, atMs: number): Family[] {
  const lookups = life.upstream * 0.8;
  return [
    gauge("redis_up", "Whether the server answered.", [[{}, 1]]),
    gauge("redis_memory_used_bytes", "Memory used.", [[{}, Math.round(life.memoryBytes * 0.82)]]),
    gauge("redis_memory_max_bytes", "maxmemory.", [[{}, 2 * gibibyte]]),
    gauge("redis_mem_fragmentation_ratio", "Resident over used memory.", [[{}, 1.22]]),
    gauge("redis_memory_fragmentation_ratio", "Resident over used memory.", [[{}, 1.22]]),
    counter("redis_commands_processed_total", "Commands.", [[{}, Math.floor(life.upstream * 3.3)]]),
    counter("redis_keyspace_hits_total", "Lookups that found a key.", [[{}, Math.floor(lookups * hitRatio)]]),
    counter("redis_keyspace_misses_total", "Lookups that found none.", [[{}, Math.floor(lookups * (1 - hitRatio))]]),
    counter("redis_evicted_keys_total", "Keys evicted for want of memory.", [[{}, 0]]),
    gauge("redis_connected_clients", "Clients.", [[{}, Math.round(38 + 9 * drift("redis/clients", atMs))]]),
    gauge("redis_connected_slaves", "Replicas.", [[{}, 0]]),
    gauge("redis_db_keys", "Keys by database.", keysOf.map(([db, keys]) => [{ db }, Math.round(keys * (1 + 0.2 * drift(`redis/${db}`, atMs)))] as const)),
  ];
}
