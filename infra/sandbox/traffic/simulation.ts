// The services at work: requests and tasks shared out over the pods that are there, and what it costs them, moment by moment.
import { cpuMillisPerTask, httpProfiles, latencyBounds, restOf, taskBounds } from "./profiles.ts";
import { createQueues, type QueueState } from "./queues.ts";
import { drift, eventsBetween, shareWithin } from "./rhythm.ts";
import type { SeenPod } from "./seen.ts";

export interface Behaviour { errorRate?: number; latencyFactor?: number }

/** What a pod has counted since it started. */
export interface Life {
  pod: SeenPod;
  requests: number;
  clientErrors: number;
  serverErrors: number;
  latencySum: number;
  latencyCounts: number[];
  tasks: Map<string, { done: number; failed: number; seconds: number; counts: number[] }>;
  cpuSeconds: number;
  receivedBytes: number;
  sentBytes: number;
  /** Requests that reached the application, for what sits behind it: PostgreSQL, Redis. */
  upstream: number;
  /** What it uses now. */
  cpuMillis: number;
  memoryBytes: number;
}

/** What a machine has counted since the exporter began; pods that are gone stay counted. */
export interface MachineTally { cpuSeconds: number; upSeconds: number; receivedBytes: number; sentBytes: number }

export interface Simulation {
  /** Takes the pods as they are: new ones begin at nothing, those that are gone are forgotten, restarted ones begin again. */
  adopt(pods: Iterable<SeenPod>, runningNodes: ReadonlySet<string>): void;
  advance(toMs: number): void;
  lives: ReadonlyMap<string, Life>;
  machines: ReadonlyMap<string, MachineTally>;
  queues: readonly QueueState[];
  now(): number;
}

/** The kernel, the kubelet, containerd: what runs on a machine beside its pods. */
export const systemCpuMillis = 65;
const clientErrorRate = 0.014;
const mebibyte = 2 ** 20;

/** A pod that counts: its containers run, and so does its machine. */
function counts(pod: SeenPod): boolean {
  return pod.phase === "Running" && pod.containers.every((container) => container.waiting === "");
}

/** A pod that is sent work: ready, and not being ended. */
function serves(pod: SeenPod): boolean {
  return counts(pod) && pod.ready && !pod.deleting;
}

function newLife(pod: SeenPod): Life {
  return {
    pod, requests: 0, clientErrors: 0, serverErrors: 0, latencySum: 0, latencyCounts: latencyBounds.map(() => 0), tasks: new Map(),
    cpuSeconds: 0, receivedBytes: 0, sentBytes: 0, upstream: 0, cpuMillis: 0, memoryBytes: 0,
  };
}

/** By order for the version, or by annotations on the pod: another error rate, another pace. */
function behaviourOf(pod: SeenPod, behaviours: ReadonlyMap<string, Behaviour>): Behaviour {
  const ordered = behaviours.get(pod.version) ?? behaviours.get(pod.templateHash) ?? behaviours.get(pod.labels.version ?? "");
  const noted = (name: string): number | undefined => {
    const text = pod.annotations[`quarterdeck.sandbox/${name}`];
    return text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text);
  };
  const errorRate = ordered?.errorRate ?? noted("error-rate");
  const latencyFactor = ordered?.latencyFactor ?? noted("latency-factor");
  return { ...(errorRate === undefined ? {} : { errorRate }), ...(latencyFactor === undefined ? {} : { latencyFactor }) };
}

export function createSimulation(startMs: number, behaviours: ReadonlyMap<string, Behaviour>): Simulation {
  const lives = new Map<string, Life>();
  const machines = new Map<string, MachineTally>();
  const queues = createQueues();
  let nowMs = startMs;

  const byApp = (): Map<string, Life[]> => {
    const groups = new Map<string, Life[]>();
    for (const life of lives.values()) if (serves(life.pod)) groups.set(life.pod.app, [...(groups.get(life.pod.app) ?? []), life]);
    return groups;
  };
  return {
    lives,
    machines,
    queues,
    now: () => nowMs,
    adopt(pods, runningNodes) {
      for (const node of runningNodes) if (!machines.has(node)) machines.set(node, { cpuSeconds: 0, upSeconds: 0, receivedBytes: 0, sentBytes: 0 });
      const there = new Map([...pods].filter((pod) => counts(pod) && runningNodes.has(pod.node)).map((pod) => [pod.uid, pod]));
      for (const uid of lives.keys()) if (!there.has(uid)) lives.delete(uid);
      for (const [uid, pod] of there) {
        const life = lives.get(uid);
        if (life && life.pod.restarts === pod.restarts) life.pod = pod;
        else lives.set(uid, newLife(pod));
      }
    },
    advance(toMs) {
      if (toMs <= nowMs) return;
      const span = { fromMs: nowMs, toMs };
      const groups = byApp();
      const before = new Map([...lives.values()].map((life) => [life, { received: life.receivedBytes, sent: life.sentBytes }] as const));
      for (const life of lives.values()) rest(life, span);
      for (const [app, group] of groups) answerRequests(app, group, { ...span, behaviours });
      for (const work of queues.advance(span, (app) => groups.get(app)?.length ?? 0)) doTasks(work, groups.get(work.queue.profile.consumer) ?? []);
      serveBehind(groups, span);
      settle(lives.values(), { machines, before, seconds: (toMs - span.fromMs) / 1000 });
      nowMs = toMs;
    },
  };
}

/** The costs of a step go to the pods and to the machines they are on. */
function settle(lives: Iterable<Life>, { machines, before, seconds }: { machines: Map<string, MachineTally>; before: Map<Life, { received: number; sent: number }>; seconds: number }): void {
  for (const tally of machines.values()) {
    tally.upSeconds += seconds;
    tally.cpuSeconds += (systemCpuMillis / 1000) * seconds;
  }
  for (const life of lives) {
    const used = (life.cpuMillis / 1000) * seconds;
    const { received, sent } = before.get(life) ?? { received: life.receivedBytes, sent: life.sentBytes };
    const tally = machines.get(life.pod.node);
    life.cpuSeconds += used;
    if (!tally) continue;
    tally.cpuSeconds += used;
    tally.receivedBytes += life.receivedBytes - received;
    tally.sentBytes += life.sentBytes - sent;
  }
}

interface Span { fromMs: number; toMs: number }

function rest(life: Life, { toMs, fromMs }: Span): void {
  const { pod } = life;
  const { cpuMillis, memoryMiB } = restOf(pod.app);
  life.cpuMillis = cpuMillis * (1 + 0.25 * drift(`cpu/${pod.name}`, toMs));
  const limit = pod.containers.reduce((sum, one) => sum + one.memoryLimit, 0);
  const wanted = memoryMiB * mebibyte * (1 + 0.12 * drift(`memory/${pod.name}`, toMs));
  life.memoryBytes = Math.round(limit > 0 ? Math.min(wanted, limit * 0.96) : wanted);
  const seconds = (toMs - fromMs) / 1000;
  life.receivedBytes += 900 * seconds;
  life.sentBytes += 1400 * seconds;
}

function answerRequests(app: string, group: Life[], { fromMs, toMs, behaviours }: Span & { behaviours: ReadonlyMap<string, Behaviour> }): void {
  const profile = httpProfiles[app];
  if (!profile) return;
  const share = eventsBetween({ perSecond: profile.perSecond, seed: app }, fromMs, toMs) / group.length;
  const seconds = (toMs - fromMs) / 1000;
  const crowd = Math.max(0, share / seconds / profile.perSecond - 0.5);
  for (const life of group) {
    const { errorRate = profile.errorRate, latencyFactor = 1 } = behaviourOf(life.pod, behaviours);
    const unrest = 1 + 0.4 * drift(`errors/${life.pod.name}`, toMs);
    const latency = { median: profile.latency.median * latencyFactor * (1 + 0.35 * crowd), sigma: profile.latency.sigma };
    life.requests += share;
    life.serverErrors += share * Math.min(1, errorRate * unrest);
    life.clientErrors += share * clientErrorRate * (1 - Math.min(1, errorRate));
    life.latencySum += share * latency.median * Math.exp((latency.sigma * latency.sigma) / 2);
    latencyBounds.forEach((bound, index) => { life.latencyCounts[index] = (life.latencyCounts[index] ?? 0) + share * shareWithin(bound, latency); });
    life.upstream += share;
    life.cpuMillis += profile.cpuMillisPerRequest * (share / seconds);
    life.receivedBytes += share * 1100;
    life.sentBytes += share * 3800;
  }
}

function doTasks({ queue, done, seconds }: { queue: QueueState; done: number; seconds: number }, group: Life[]): void {
  const { name, taskSeconds, failureRate, consumer } = queue.profile;
  const share = group.length === 0 ? 0 : done / group.length;
  for (const life of group) {
    const tally = life.tasks.get(name) ?? { done: 0, failed: 0, seconds: 0, counts: taskBounds.map(() => 0) };
    tally.done += share;
    tally.failed += share * failureRate;
    tally.seconds += share * taskSeconds;
    taskBounds.forEach((bound, index) => { tally.counts[index] = (tally.counts[index] ?? 0) + share * shareWithin(bound, { median: taskSeconds * 0.9, sigma: 0.5 }); });
    life.tasks.set(name, tally);
    life.cpuMillis += (cpuMillisPerTask[consumer] ?? 100) * (share / seconds);
  }
}

/** PostgreSQL and Redis work as the services do: some queries and some commands per request. */
function serveBehind(groups: Map<string, Life[]>, { fromMs, toMs }: Span): void {
  const seconds = (toMs - fromMs) / 1000;
  const events = [...groups.keys()].reduce((sum, app) => {
    const profile = httpProfiles[app];
    return profile ? sum + eventsBetween({ perSecond: profile.perSecond, seed: app }, fromMs, toMs) : sum;
  }, 0);
  for (const [app, cost] of [["postgres", 4.5], ["redis", 1.2], ["rabbitmq", 1]] as const) {
    for (const life of groups.get(app) ?? []) {
      life.upstream += events;
      life.cpuMillis += cost * (events / seconds);
      life.receivedBytes += events * 600;
      life.sentBytes += events * 2400;
    }
  }
}
