// What each workload does: requests it answers, tasks it works off, and what that costs its machine.

export interface Endpoint { method: string; path: string; share: number }

/** A service that answers requests. */
export interface HttpProfile {
  perSecond: number;
  endpoints: Endpoint[];
  latency: { median: number; sigma: number };
  errorRate: number;
  /** Beside what it costs to be there. */
  cpuMillisPerRequest: number;
}

/** Source of latencies and paths: domain.md 5.3. */
export const httpProfiles: Record<string, HttpProfile> = {
  "auth-api": {
    perSecond: 14, latency: { median: 0.22, sigma: 0.55 }, errorRate: 0.002, cpuMillisPerRequest: 9,
    endpoints: [{ method: "POST", path: "/api/v1/auth/login", share: 0.2 }, { method: "POST", path: "/api/v1/auth/refresh", share: 0.3 }, { method: "GET", path: "/api/v1/auth/me", share: 0.5 }],
  },
  "users-api": {
    perSecond: 7, latency: { median: 0.035, sigma: 0.5 }, errorRate: 0.001, cpuMillisPerRequest: 6,
    endpoints: [{ method: "GET", path: "/api/v1/users/{id}", share: 0.8 }, { method: "PATCH", path: "/api/v1/users/{id}", share: 0.2 }],
  },
  "locations-api": {
    perSecond: 9, latency: { median: 0.16, sigma: 0.6 }, errorRate: 0.003, cpuMillisPerRequest: 7,
    endpoints: [{ method: "GET", path: "/api/v1/locations/nearby", share: 0.9 }, { method: "GET", path: "/api/v1/locations/{id}", share: 0.1 }],
  },
  "waste-api": {
    perSecond: 22, latency: { median: 0.045, sigma: 0.6 }, errorRate: 0.004, cpuMillisPerRequest: 6,
    endpoints: [{ method: "POST", path: "/api/v1/waste/analyze", share: 0.08 }, { method: "POST", path: "/api/v1/waste/upload-complete", share: 0.08 }, { method: "GET", path: "/api/v1/waste/status/{job}", share: 0.84 }],
  },
  "recycling-api": {
    perSecond: 5, latency: { median: 0.3, sigma: 0.45 }, errorRate: 0.003, cpuMillisPerRequest: 12,
    endpoints: [{ method: "GET", path: "/api/v1/recycling/guide", share: 0.7 }, { method: "POST", path: "/api/v1/recycling/ask", share: 0.3 }],
  },
  "fastapi-test": { perSecond: 1, latency: { median: 0.02, sigma: 0.4 }, errorRate: 0, cpuMillisPerRequest: 5, endpoints: [{ method: "GET", path: "/", share: 1 }] },
};

export interface QueueProfile {
  name: string;
  perSecond: number;
  /** Who puts messages in, and who takes them out; "" for nobody. */
  producer: string;
  consumer: string;
  concurrency: number;
  prefetch: number;
  taskSeconds: number;
  failureRate: number;
  maxLength: number;
  /** 0: messages stay. */
  ttlSeconds: number;
}

/** Scheme B, domain.md 5.4. */
export const queueProfiles: QueueProfile[] = [
  { name: "q.ai", perSecond: 1.7, producer: "waste-api", consumer: "ai-worker", concurrency: 4, prefetch: 2, taskSeconds: 3.5, failureRate: 0.008, maxLength: 5000, ttlSeconds: 300 },
  { name: "q.api", perSecond: 2.5, producer: "auth-api", consumer: "api-worker", concurrency: 4, prefetch: 2, taskSeconds: 0.8, failureRate: 0.004, maxLength: 2000, ttlSeconds: 300 },
  { name: "q.batch", perSecond: 0.12, producer: "celery-beat", consumer: "batch-worker", concurrency: 4, prefetch: 1, taskSeconds: 25, failureRate: 0.01, maxLength: 1000, ttlSeconds: 3600 },
  { name: "q.sched", perSecond: 0.05, producer: "celery-beat", consumer: "batch-worker", concurrency: 4, prefetch: 1, taskSeconds: 12, failureRate: 0.002, maxLength: 500, ttlSeconds: 3600 },
  { name: "q.dlq", perSecond: 0, producer: "", consumer: "", concurrency: 0, prefetch: 0, taskSeconds: 0, failureRate: 0, maxLength: 10_000, ttlSeconds: 0 },
];

/** What it costs to be there: CPU, and memory that wanders around a mean. */
export interface RestProfile { cpuMillis: number; memoryMiB: number }

const rests: [pattern: RegExp, profile: RestProfile][] = [
  [/^kube-apiserver/, { cpuMillis: 90, memoryMiB: 410 }],
  [/^etcd/, { cpuMillis: 45, memoryMiB: 120 }],
  [/^kube-controller-manager/, { cpuMillis: 22, memoryMiB: 95 }],
  [/^kube-scheduler/, { cpuMillis: 8, memoryMiB: 48 }],
  [/^kube-proxy/, { cpuMillis: 4, memoryMiB: 30 }],
  [/^coredns/, { cpuMillis: 6, memoryMiB: 28 }],
  [/^calico-node/, { cpuMillis: 38, memoryMiB: 135 }],
  [/node-exporter/, { cpuMillis: 4, memoryMiB: 18 }],
  [/alertmanager/, { cpuMillis: 5, memoryMiB: 38 }],
  [/^prometheus-prometheus-kube/, { cpuMillis: 210, memoryMiB: 1480 }],
  [/grafana/, { cpuMillis: 18, memoryMiB: 190 }],
  [/^argocd-application-controller/, { cpuMillis: 70, memoryMiB: 340 }],
  [/^argocd/, { cpuMillis: 9, memoryMiB: 75 }],
  [/-api$/, { cpuMillis: 12, memoryMiB: 105 }],
  [/^ai-worker/, { cpuMillis: 18, memoryMiB: 430 }],
  [/-worker$/, { cpuMillis: 14, memoryMiB: 190 }],
  [/^postgres/, { cpuMillis: 40, memoryMiB: 640 }],
  [/^redis/, { cpuMillis: 25, memoryMiB: 310 }],
  [/^rabbitmq$/, { cpuMillis: 70, memoryMiB: 420 }],
];

export function restOf(app: string): RestProfile {
  return rests.find(([pattern]) => pattern.test(app))?.[1] ?? { cpuMillis: 6, memoryMiB: 48 };
}

/** CPU that one task of a worker takes, in millicore-seconds. */
export const cpuMillisPerTask: Record<string, number> = { "ai-worker": 420, "api-worker": 70, "batch-worker": 3200 };

/** Upper bounds in seconds: the defaults of the Prometheus clients. */
export const latencyBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
export const taskBounds = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
