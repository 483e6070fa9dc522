// The application: five services, their Celery workers, and what guards and scales them.
import type { JsonObject } from "../json.ts";
import { autoscaler, deployment, disruptionBudget, podTemplate, service, type Row } from "./build.ts";

const registry = "ghcr.io/sesacthon/sesacthon-backend";
const broker = "amqp://rabbitmq.messaging:5672//";

type ServiceRow = Pick<Row, "namespace" | "name" | "replicas" | "workload" | "cpuMillis" | "memoryMi" | "cpuLimitMillis" | "memoryLimitMi"> & { image: string };

function api(row: ServiceRow): Row {
  return {
    ...row, container: "api", image: `${registry}/${row.image}`,
    labels: { component: "api", "app.kubernetes.io/part-of": "sesacthon", version: row.image.split(":")[1] ?? "" },
    ports: [{ name: "http", port: 8000 }],
    env: { LOG_LEVEL: "info", DATABASE_HOST: "postgres.default", REDIS_HOST: "redis.default", CELERY_BROKER_URL: broker },
    liveness: { http: "/health", port: 8000, delaySeconds: 30, periodSeconds: 10 },
    readiness: { http: "/health", port: 8000, delaySeconds: 10, periodSeconds: 5 },
    annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "8000", "prometheus.io/path": "/metrics" },
  };
}

interface WorkerRow { name: string; namespace: string; replicas: number; workload: string; queues: string; pool: string; prefetch: number; cpuMillis: number; memoryMi: number; cpuLimitMillis: number; memoryLimitMi: number; image: string }

function worker(row: WorkerRow): Row {
  const { queues, pool, prefetch, ...rest } = row;
  return {
    ...rest, container: "worker", image: `${registry}/${row.image}`, labels: { component: "worker", "app.kubernetes.io/part-of": "sesacthon", version: row.image.split(":")[1] ?? "" },
    command: ["celery", "-A", "app.celery", "worker", "-Q", queues, "-P", pool, "-c", "4", "--prefetch-multiplier", String(prefetch)],
    env: { CELERY_BROKER_URL: broker, CELERY_RESULT_BACKEND: "redis://redis.default:6379/1" },
    liveness: { exec: ["celery", "-A", "app.celery", "inspect", "ping"], port: 0, delaySeconds: 30, periodSeconds: 60 },
  };
}

const auth = api({ namespace: "auth", name: "auth-api", replicas: 2, workload: "application", cpuMillis: 100, memoryMi: 128, cpuLimitMillis: 500, memoryLimitMi: 256, image: "auth-service:3f9c2ab" });
const users = api({ namespace: "users", name: "users-api", replicas: 1, workload: "application", cpuMillis: 100, memoryMi: 128, cpuLimitMillis: 500, memoryLimitMi: 256, image: "users-service:8d01e7c" });
const locations = api({ namespace: "locations", name: "locations-api", replicas: 1, workload: "application", cpuMillis: 100, memoryMi: 128, cpuLimitMillis: 500, memoryLimitMi: 256, image: "locations-service:b52aa90" });
const waste = api({ namespace: "waste", name: "waste-api", replicas: 2, workload: "async-workers", cpuMillis: 200, memoryMi: 256, cpuLimitMillis: 1000, memoryLimitMi: 1024, image: "waste-service:e4c7710" });
const recycling = api({ namespace: "recycling", name: "recycling-api", replicas: 2, workload: "application", cpuMillis: 50, memoryMi: 128, cpuLimitMillis: 500, memoryLimitMi: 256, image: "recycling-service:1a6d3fe" });

const apiWorker = worker({ namespace: "auth", name: "api-worker", replicas: 2, workload: "application", queues: "q.api", pool: "gevent", prefetch: 2, cpuMillis: 100, memoryMi: 256, cpuLimitMillis: 1000, memoryLimitMi: 512, image: "auth-service:3f9c2ab" });
const aiWorker = worker({ namespace: "waste", name: "ai-worker", replicas: 3, workload: "async-workers", queues: "q.ai", pool: "gevent", prefetch: 2, cpuMillis: 200, memoryMi: 512, cpuLimitMillis: 2000, memoryLimitMi: 2048, image: "waste-service:e4c7710" });
const batchWorker = worker({ namespace: "waste", name: "batch-worker", replicas: 2, workload: "async-workers", queues: "q.batch,q.sched", pool: "prefork", prefetch: 1, cpuMillis: 200, memoryMi: 256, cpuLimitMillis: 1000, memoryLimitMi: 1024, image: "waste-service:e4c7710" });

const fastapiTest: Row = {
  namespace: "default", name: "fastapi-test", replicas: 0, image: "python:3.11-slim", cpuMillis: 100, memoryMi: 128, cpuLimitMillis: 500, memoryLimitMi: 512,
  ports: [{ name: "http", port: 8000 }], nodeSelector: { "kubernetes.io/hostname": "k8s-worker-1" },
};

const nodePorts: Record<string, number> = { "auth-api": 31441, "users-api": 32044, "locations-api": 31371, "waste-api": 31493, "recycling-api": 31520 };

export function applicationObjects(): JsonObject[] {
  const apis = [auth, users, locations, waste];
  return [
    ...apis.map(deployment), ...[apiWorker, aiWorker, batchWorker, fastapiTest].map(deployment),
    ...[...apis, recycling].map((row) => service({ namespace: row.namespace, name: row.name, ports: [{ name: "http", port: 80, target: 8000, nodePort: nodePorts[row.name] ?? 31600 }] })),
    disruptionBudget({ namespace: "auth", name: "auth-api", minAvailable: 1 }),
    disruptionBudget({ namespace: "waste", name: "waste-api", minAvailable: 1 }),
    disruptionBudget({ namespace: "waste", name: "ai-worker", minAvailable: 2 }),
    autoscaler({ namespace: "auth", name: "auth-api", min: 2, max: 5, cpuPercent: 70 }),
    autoscaler({ namespace: "waste", name: "waste-api", min: 2, max: 5, cpuPercent: 70, memoryPercent: 80 }),
  ];
}

/** What is a Rollout elsewhere, in a cluster without Argo Rollouts. */
export function plainObjects(): JsonObject[] {
  return [deployment(recycling), disruptionBudget({ namespace: "recycling", name: "recycling-api", minAvailable: 1 })];
}

/** One service is rolled out by Argo Rollouts: two steps, each held until somebody promotes it. */
export function rolloutObjects(): JsonObject[] {
  const query = (filter: string): string => `sum(rate(http_requests_total{service="{{args.service-name}}",${filter}}[5m])) / sum(rate(http_requests_total{service="{{args.service-name}}"}[5m]))`;
  const prometheus = (text: string): JsonObject => ({ prometheus: { address: "http://prometheus-kube-prometheus-prometheus.monitoring:9090", query: text } });
  const template = (name: string, metric: JsonObject): JsonObject => ({
    apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisTemplate", metadata: { namespace: "recycling", name },
    spec: { args: [{ name: "service-name" }], metrics: [{ name, interval: "1m", count: 5, failureLimit: 3, ...metric }] },
  });
  return [
    {
      apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { namespace: recycling.namespace, name: recycling.name, labels: { app: recycling.name } },
      spec: {
        replicas: recycling.replicas ?? 2, revisionHistoryLimit: 5, minReadySeconds: 5, selector: { matchLabels: { app: recycling.name } }, template: podTemplate(recycling),
        strategy: { canary: { maxSurge: 1, maxUnavailable: 0, steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 50 }, { pause: { duration: "5m" } }] } },
      },
    },
    template("success-rate", { successCondition: "result[0] >= 0.95", provider: prometheus(query('status!~"5.."')) }),
    {
      apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisTemplate", metadata: { namespace: "recycling", name: "canary-success-rate" },
      spec: {
        args: [{ name: "service-name" }, { name: "canary-hash" }],
        metrics: [{
          name: "canary-success-rate", interval: "15s", count: 4, failureLimit: 1, successCondition: "result[0] >= 0.97",
          provider: prometheus('sum(rate(http_requests_total{service="{{args.service-name}}",pod_template_hash="{{args.canary-hash}}",status!~"5.."}[1m])) / sum(rate(http_requests_total{service="{{args.service-name}}",pod_template_hash="{{args.canary-hash}}"}[1m]))'),
        }],
      },
    },
    template("latency-p95", { successCondition: "result[0] < 500", provider: prometheus('histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket{service="{{args.service-name}}"}[5m])) by (le)) * 1000') }),
    disruptionBudget({ namespace: "recycling", name: "recycling-api", minAvailable: 1 }),
  ];
}
