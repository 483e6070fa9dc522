// How each program of the world writes its log: its first lines, what it says from day to day, and its last words.
import type { LogSource } from "./log-lines.ts";

export interface Voice {
  everyMs: number;
  start: string[];
  line: (random: () => number, at: Date) => string;
  crash: string[];
}

function pick<T>(random: () => number, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}
const between = (random: () => number, from: number, to: number): number => Math.floor(from + random() * (to - from));
const hex = (random: () => number, length: number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
const clock = (at: Date): string => at.toISOString().slice(11, 23);
const stamp = (at: Date): string => at.toISOString().replace("T", " ").replace("Z", "").replace(".", ",");

const paths: Record<string, readonly [string, ...string[]]> = {
  "auth-api": ["/api/v1/auth/token", "/api/v1/auth/refresh", "/api/v1/auth/kakao/callback", "/api/v1/auth/me", "/health"],
  "users-api": ["/api/v1/users/me", "/api/v1/users/me/points", "/api/v1/users/ranking", "/health"],
  "locations-api": ["/api/v1/locations?lat=37.5665&lon=126.9780", "/api/v1/locations/nearest", "/health"],
  "waste-api": ["/api/v1/waste/analyze", "/api/v1/waste/jobs/{job}/progress", "/api/v1/waste/upload-complete", "/health"],
  "recycling-api": ["/api/v1/recycling/guide", "/api/v1/recycling/search?q=<b>pet%20bottle</b>", "/health"],
};

const traceback = (error: string): string[] => [
  "Traceback (most recent call last):", '  File "/app/main.py", line 41, in <module>', "    settings = Settings()",
  '  File "/app/core/settings.py", line 18, in __init__', "    raise ConfigError(name)", error,
];

function fastApi(app: string): Voice {
  const known = paths[app] ?? ["/", "/health"];
  return {
    everyMs: 900,
    start: ["INFO:     Started server process [1]", "INFO:     Waiting for application startup.", "INFO:     connected to postgres.default:5432/sesacthon", "INFO:     Application startup complete.", "INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)"],
    line: (random) => {
      const path = pick(random, known).replace("{job}", hex(random, 8));
      const roll = random();
      if (roll > 0.995) return `ERROR:    app.db statement timeout after 3000 ms request_id=${hex(random, 12)} path=${path}`;
      if (roll > 0.98) return `WARNING:  app.cache redis miss ratio above 0.4 for cache:image:hash request_id=${hex(random, 12)}`;
      const [method, status] = path.includes("token") || path.includes("analyze") || path.includes("complete") ? ["POST", roll > 0.95 ? "401 Unauthorized" : "200 OK"] : ["GET", roll > 0.97 ? "404 Not Found" : "200 OK"];
      return `INFO:     192.168.${between(random, 10, 90)}.${between(random, 1, 120)}:${between(random, 32_768, 60_999)} - "${method} ${path} HTTP/1.1" ${status} ${between(random, 4, 180)}ms`;
    },
    crash: traceback("app.core.settings.ConfigError: environment variable OAUTH_CLIENT_SECRET is not set"),
  };
}

function celery(app: string): Voice {
  const tasks: readonly [string, ...string[]] = app === "ai-worker" ? ["ai.vision.classify", "ai.feedback.compose", "ai.image.preprocess"] : app === "batch-worker" ? ["batch.stats.daily", "batch.cache.cleanup", "sched.images.cleanup"] : ["api.points.grant", "api.mail.send", "api.audit.write"];
  return {
    everyMs: 1_700,
    start: ["[INFO/MainProcess] Connected to amqp://rabbitmq.messaging:5672//", "[INFO/MainProcess] mingle: searching for neighbors", "[INFO/MainProcess] mingle: sync complete", `[INFO/MainProcess] celery@${app} ready.`],
    line: (random, at) => {
      const task = `${pick(random, tasks)}[${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}]`;
      const roll = random();
      if (roll > 0.99) return `[${stamp(at)}: WARNING/MainProcess] Task ${task} retry: Retry in ${between(random, 1, 60)}s: ReadTimeout('vision endpoint did not answer in 10 s')`;
      return roll > 0.5 ? `[${stamp(at)}: INFO/MainProcess] Task ${task} received` : `[${stamp(at)}: INFO/ForkPoolWorker-${between(random, 1, 5)}] Task ${task} succeeded in ${(random() * 4).toFixed(3)}s: None`;
    },
    crash: traceback("kombu.exceptions.OperationalError: [Errno 111] Connection refused"),
  };
}

const postgres: Voice = {
  everyMs: 8_000,
  start: ["LOG:  starting PostgreSQL 16.4 on x86_64-pc-linux-musl", 'LOG:  listening on IPv4 address "0.0.0.0", port 5432', "LOG:  database system is ready to accept connections"],
  line: (random, at) => {
    const head = `${at.toISOString().replace("T", " ").slice(0, 23)} UTC [${between(random, 30, 400)}]`;
    return random() > 0.8 ? `${head} LOG:  checkpoint complete: wrote ${between(random, 12, 900)} buffers (${(random() * 4).toFixed(1)}%); write=${(random() * 40).toFixed(3)} s` : `${head} LOG:  duration: ${(200 + random() * 900).toFixed(3)} ms  statement: SELECT count(*) FROM ${pick(random, ["waste.analysis", "users.points", "auth.session"])} WHERE created_at > now() - interval '1 day'`;
  },
  crash: ["FATAL:  could not map anonymous shared memory: Cannot allocate memory"],
};

const redis: Voice = {
  everyMs: 30_000,
  start: ["1:C * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo", "1:M * Running mode=standalone, port=6379.", "1:M * Ready to accept connections tcp"],
  line: (random, at) => `1:M ${at.toUTCString().slice(5, 25)}.${between(random, 100, 999)} * ${pick(random, [`${between(random, 10, 10_000)} changes in 60 seconds. Saving...`, "Background saving terminated with success", "Asynchronous AOF fsync is taking too long (disk is busy?)"])}`,
  crash: ["1:M # Out Of Memory allocating 67108864 bytes!"],
};

const rabbitmq: Voice = {
  everyMs: 12_000,
  start: ["[info] <0.9.0> Starting RabbitMQ 3.13.7 on Erlang 26.2.5", "[info] <0.744.0> started TCP listener on [::]:5672", "[info] <0.9.0> Server startup complete; 5 plugins started."],
  line: (random, at) => `${at.toISOString().replace("T", " ").slice(0, 23)}+00:00 [info] <0.${between(random, 900, 9_000)}.0> ${pick(random, [`connection <0.${between(random, 900, 9_000)}.0> (192.168.30.${between(random, 2, 90)}:${between(random, 32_768, 60_999)} -> 192.168.50.2:5672): user 'default_user' authenticated and granted access to vhost '/'`, "queue 'q.ai' in vhost '/': leader is rabbit@rabbitmq-0", "closing AMQP connection, client closed it"])}`,
  crash: ["[error] <0.9.0> BOOT FAILED: mnesia could not be reached"],
};

function klog(app: string): Voice {
  const messages: readonly [string, ...string[]] = app.includes("apiserver")
    ? ["httplog.go:134] \"HTTP\" verb=\"WATCH\" URI=\"/api/v1/pods\" latency=\"7m12s\" resp=200", "trace.go:236] Trace[1893]: \"List\" url:/api/v1/pods (total time: 512ms)", "alloc.go:330] \"allocated clusterIPs\" service=\"default/redis\""]
    : ["reflector.go:956] \"Watch close\" type=\"*v1.Pod\" totalItems=42", "controller.go:615] \"Syncing\" items=7", "leaderelection.go:268] successfully renewed lease"];
  return {
    everyMs: 11_000,
    start: [`I${app} starting`, "I starting informers", "I caches populated"],
    line: (random, at) => `${random() > 0.97 ? "W" : "I"}${String(at.getUTCMonth() + 1).padStart(2, "0")}${String(at.getUTCDate()).padStart(2, "0")} ${clock(at)}000       1 ${pick(random, messages)}`,
    crash: ["F panic: runtime error: invalid memory address or nil pointer dereference", "goroutine 1 [running]:", "main.main()"],
  };
}

function logfmt(app: string): Voice {
  const messages: readonly [string, ...string[]] = app.startsWith("argocd")
    ? ['msg="Refreshing app status (normal refresh requested), level (2)" application=argocd/recycling', 'msg="Reconciliation completed" application=argocd/auth dedup_ms=0 diff_ms=1 time_ms=38', 'msg="finished unary call with code OK" grpc.method=GetManifest grpc.time_ms=211']
    : ['msg="Completed loading of configuration file"', 'msg="compact blocks" count=3 mint=1763942400000', 'msg="Head GC completed" duration=12.2ms'];
  return {
    everyMs: 6_000,
    start: [`level=info msg="${app} is starting"`, 'level=info msg="configuration loaded"', 'level=info msg="ready"'],
    line: (random, at) => `time="${at.toISOString()}" level=${random() > 0.96 ? "warning" : "info"} ${pick(random, messages)}`,
    crash: ['level=fatal msg="Failed to query provider \\"https://accounts.example.test\\": connection refused"'],
  };
}

/** Which voice a container has, judged by what it is. */
export function voiceOf(source: Pick<LogSource, "app" | "container" | "image">): Voice {
  const { app, container, image } = source;
  if (container === "worker" || container === "beat") return celery(app);
  if (container === "api" || image.startsWith("python")) return fastApi(app);
  if (image.startsWith("postgres")) return postgres;
  if (image.startsWith("redis")) return redis;
  if (image.startsWith("rabbitmq:")) return rabbitmq;
  if (/argocd|prometheus|grafana|alertmanager|dex|argo-rollouts/.test(image)) return logfmt(app);
  return klog(app);
}
