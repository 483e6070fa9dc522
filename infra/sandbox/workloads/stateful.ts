// What keeps data: PostgreSQL, Redis, RabbitMQ, and the beat that schedules the workers' periodic tasks.
import { randomBytes } from "node:crypto";
import type { JsonObject } from "../json.ts";
import { deployment, disruptionBudget, service, statefulSet, type Row } from "./build.ts";

/** On four machines all of it lives on one; on seven each has a machine of its own. */
export interface StorageLabels { database: string; cache: string; queue: string }
export const sevenLabels: StorageLabels = { database: "database", cache: "cache", queue: "message-queue" };
export const fourLabels: StorageLabels = { database: "storage", cache: "storage", queue: "storage" };

function postgres(labels: StorageLabels, cpuMillis: number): Row {
  const ready = ["pg_isready", "-U", "admin", "-d", "sesacthon"];
  return {
    namespace: "default", name: "postgres", image: "postgres:16-alpine", cpuMillis, memoryMi: 1024, cpuLimitMillis: Math.max(1000, cpuMillis), memoryLimitMi: 2048, workload: labels.database,
    ports: [{ name: "postgres", port: 5432 }], env: { PGDATA: "/var/lib/postgresql/data/pgdata", POSTGRES_DB: "sesacthon", POSTGRES_USER: "admin" },
    liveness: { exec: ready, port: 0, delaySeconds: 30, periodSeconds: 10 }, readiness: { exec: ready, port: 0, delaySeconds: 5, periodSeconds: 5 },
    claims: [{ name: "postgres-data", gibibytes: 50, mountPath: "/var/lib/postgresql/data" }],
  };
}

function redis(labels: StorageLabels): Row {
  return {
    namespace: "default", name: "redis", image: "redis:7-alpine", cpuMillis: 200, memoryMi: 1024, cpuLimitMillis: 1000, memoryLimitMi: 2048, workload: labels.cache,
    ports: [{ name: "redis", port: 6379 }], command: ["redis-server", "--appendonly", "yes", "--maxmemory", "2gb", "--maxmemory-policy", "allkeys-lru"],
    liveness: { tcp: true, port: 6379, delaySeconds: 30, periodSeconds: 10 }, readiness: { exec: ["redis-cli", "ping"], port: 0, delaySeconds: 5, periodSeconds: 5 },
    emptyDirs: ["/data"],
  };
}

function rabbitmq(labels: StorageLabels): Row {
  return {
    namespace: "messaging", name: "rabbitmq", image: "rabbitmq:3.13-management", cpuMillis: 500, memoryMi: 1024, cpuLimitMillis: 2000, memoryLimitMi: 2048, affinityWorkload: labels.queue,
    ports: [{ name: "amqp", port: 5672 }, { name: "management", port: 15672 }, { name: "prometheus", port: 15692 }],
    liveness: { exec: ["rabbitmq-diagnostics", "ping"], port: 0, delaySeconds: 60, periodSeconds: 30 },
    readiness: { exec: ["rabbitmq-diagnostics", "check_port_connectivity"], port: 0, delaySeconds: 20, periodSeconds: 10 },
    claims: [{ name: "persistence", gibibytes: 10, mountPath: "/var/lib/rabbitmq/mnesia" }],
    labels: { "app.kubernetes.io/component": "rabbitmq" },
  };
}

function beat(labels: StorageLabels): Row {
  return {
    namespace: "default", name: "celery-beat", container: "beat", image: "ghcr.io/sesacthon/sesacthon-backend/waste-service:e4c7710", cpuMillis: 50, memoryMi: 128, memoryLimitMi: 256, workload: labels.cache,
    command: ["celery", "-A", "app.celery", "beat", "-S", "database"], labels: { component: "beat" },
  };
}

function secret(namespace: string, name: string, values: Record<string, string>): JsonObject {
  return { apiVersion: "v1", kind: "Secret", type: "Opaque", metadata: { namespace, name }, stringData: values };
}

export function statefulObjects(input: { labels: StorageLabels; postgresCpuMillis?: number }): JsonObject[] {
  const { labels } = input;
  const password = (): string => randomBytes(18).toString("base64url");
  const operator: Row = { namespace: "rabbitmq-system", name: "rabbitmq-cluster-operator", container: "operator", image: "rabbitmqoperator/cluster-operator:2.9.0", prefersWorkload: labels.queue };
  return [
    secret("default", "postgres-secret", { "postgres-password": password() }),
    secret("messaging", "rabbitmq-default-user", { username: "default_user", password: password() }),
    statefulSet(postgres(labels, input.postgresCpuMillis ?? 500)), deployment(redis(labels)), statefulSet(rabbitmq(labels)), deployment(beat(labels)), deployment(operator),
    service({ namespace: "default", name: "postgres", ports: [{ name: "postgres", port: 5432, target: 5432 }] }),
    service({ namespace: "default", name: "redis", ports: [{ name: "redis", port: 6379, target: 6379 }] }),
    service({ namespace: "messaging", name: "rabbitmq", ports: [{ name: "amqp", port: 5672, target: 5672 }, { name: "management", port: 15672, target: 15672 }, { name: "prometheus", port: 15692, target: 15692 }] }),
    service({ namespace: "messaging", name: "rabbitmq-nodes", app: "rabbitmq", headless: true, ports: [{ name: "epmd", port: 4369, target: 4369 }, { name: "cluster-rpc", port: 25672, target: 25672 }] }),
    disruptionBudget({ namespace: "default", name: "postgres", minAvailable: 1 }),
    disruptionBudget({ namespace: "messaging", name: "rabbitmq", minAvailable: 1 }),
  ];
}
