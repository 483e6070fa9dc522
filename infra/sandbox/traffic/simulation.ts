// The services at work: requests and tasks shared out over the pods that are there, and what it costs them, moment by moment.
import { chanceOf, durationOf, type Chance } from "./chance.ts";
import { partsOf, type Front } from "./front.ts";
import { cpuMillisPerTask, httpProfiles, latencyBounds, restOf, taskBounds, type Endpoint } from "./profiles.ts";
import { createQueues, type QueueState } from "./queues.ts";
import { drift, eventsBetween, shareWithin } from "./rhythm.ts";
import type { SeenPod } from "./seen.ts";
import { incidentFactor, type Behaviour, type Turns } from "./turns.ts";

/** `counts` are cumulative, by latencyBounds; `due` says how far an endpoint is behind its share. */
export interface Answered { good: number; clientErrors: number; serverErrors: number; seconds: number; counts: number[]; due: number }

/** What a pod has counted since it started. */
export interface Life {
  pod: SeenPod;
  requests: number;
  /** By endpoint of its profile, in whole requests. */
  answered: Answered[];
  tasks: Map<string, { done: number; failed: number; seconds: number; counts: number[] }>;
  cpuSeconds: number;
  receivedBytes: number;
  sentBytes: number;
  /** Requests that reached the application, for what sits behind it: PostgreSQL, Redis. */
  upstream: number;
  /** Decides what becomes of each of its requests. */
  chance: Chance;
  /** What it uses now. */
  cpuMillis: number;
  memoryBytes: number;
}

/** What a machine has counted since the exporter began; pods that are gone stay counted. */
export interface MachineTally { cpuSeconds: number; upSeconds: number; receivedBytes: number; sentBytes: number }

export interface Simulation {
  /** Takes the pods as they are: new ones begin at nothing, those that are gone are forgotten, restarted ones begin again. */
  adopt(pods: Iterable<SeenPod>, coresOfRunning: ReadonlyMap<string, number>): void;
  advance(toMs: number): void;
  lives: ReadonlyMap<string, Life>;
  machines: ReadonlyMap<string, MachineTally>;
  queues: readonly QueueState[];
  now(): number;
}

/** The kernel, the kubelet, containerd: what runs on a machine beside its pods. */
export const systemCpuMillis = 65;
/** Something is always idle. */
const fullShare = 0.985;
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
    answered: (httpProfiles[pod.app]?.endpoints ?? []).map(() => ({ good: 0, clientErrors: 0, serverErrors: 0, seconds: 0, counts: latencyBounds.map(() => 0), due: 0 })),
    pod, requests: 0, tasks: new Map(),
    cpuSeconds: 0, receivedBytes: 0, sentBytes: 0, upstream: 0, cpuMillis: 0, memoryBytes: 0,
    chance: chanceOf(`${pod.uid}/${pod.restarts}`),
  };
}

interface Work { turns: Turns; front: Front }

/** By order for the version and for the machine, or by annotations on the pod: another error rate, another pace. */
function behaviourOf(pod: SeenPod, turns: Turns): Required<Omit<Behaviour, "errorRate">> & Pick<Behaviour, "errorRate"> {
  const version = turns.versions.get(pod.version) ?? turns.versions.get(pod.templateHash) ?? turns.versions.get(pod.labels.version ?? "");
  const node = turns.nodes.get(pod.node);
  const noted = (name: string): number | undefined => {
    const text = pod.annotations[`quarterdeck.sandbox/${name}`];
    return text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text);
  };
  const errorRate = node?.errorRate ?? version?.errorRate ?? noted("error-rate");
  return {
    ...(errorRate === undefined ? {} : { errorRate }),
    errorFactor: (version?.errorFactor ?? 1) * (node?.errorFactor ?? 1),
    latencyFactor: (version?.latencyFactor ?? noted("latency-factor") ?? 1) * (node?.latencyFactor ?? 1),
  };
}

export function createSimulation(startMs: number, work: Work): Simulation {
  const lives = new Map<string, Life>();
  const machines = new Map<string, MachineTally>();
  const queues = createQueues();
  let nowMs = startMs;
  let cores: ReadonlyMap<string, number> = new Map();

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
    adopt(pods, coresOfRunning) {
      cores = coresOfRunning;
      for (const node of cores.keys()) if (!machines.has(node)) machines.set(node, { cpuSeconds: 0, upSeconds: 0, receivedBytes: 0, sentBytes: 0 });
      const there = new Map([...pods].filter((pod) => counts(pod) && cores.has(pod.node)).map((pod) => [pod.uid, pod]));
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
      for (const [app, group] of groups) answerRequests(app, group, { ...span, ...work });
      for (const tasks of queues.advance(span, (app) => groups.get(app)?.length ?? 0)) doTasks(tasks, groups.get(tasks.queue.profile.consumer) ?? []);
      serveBehind(groups, { ...span, turns: work.turns });
      throttle(lives.values(), cores);
      settle(lives.values(), { machines, before, seconds: (toMs - span.fromMs) / 1000 });
      nowMs = toMs;
    },
  };
}

/** A machine gives no more than it has: where pods want more, each gets its part. */
function throttle(lives: Iterable<Life>, cores: ReadonlyMap<string, number>): void {
  for (const [node, here] of Map.groupBy(lives, ({ pod }) => pod.node)) {
    const wanted = here.reduce((sum, { cpuMillis }) => sum + cpuMillis, 0);
    const given = Math.max(0, (cores.get(node) ?? 0) * 1000 * fullShare - systemCpuMillis);
    if (wanted > given) for (const life of here) life.cpuMillis *= given / wanted;
  }
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

/** What comes for a service: by its rhythm, or at the pace that was ordered. */
function asked(app: string, { fromMs, toMs, turns }: Span & { turns: Turns }): number {
  const ordered = turns.rates.get(app);
  return ordered === undefined ? eventsBetween({ perSecond: httpProfiles[app]?.perSecond ?? 0, seed: app }, fromMs, toMs) : ordered * (toMs - fromMs) / 1000;
}

function answerRequests(app: string, group: Life[], { turns, front, ...span }: Span & Work): void {
  const profile = httpProfiles[app];
  if (!profile) return;
  const all = asked(app, { ...span, turns });
  const seconds = (span.toMs - span.fromMs) / 1000;
  const usual = (turns.rates.get(app) ?? profile.perSecond) * seconds;
  // Shared by all pods: what one version has, the other has as well.
  const unrest = (1 + 0.4 * drift(`errors/${app}`, span.toMs)) * incidentFactor(turns.incidents, app, span);
  for (const [life, part] of partsOf(app, group, front)) {
    const share = all * part;
    const { errorRate = profile.errorRate, errorFactor, latencyFactor } = behaviourOf(life.pod, turns);
    const crowd = usual > 0 ? Math.max(0, all / group.length / usual - 0.5) : 0;
    const before = Math.floor(life.requests);
    life.requests += share;
    answerEach(life, Math.floor(life.requests) - before, { endpoints: profile.endpoints, errorRate: Math.min(1, errorRate * errorFactor * unrest), median: profile.latency.median * latencyFactor * (1 + 0.35 * crowd), sigma: profile.latency.sigma });
    life.upstream += share;
    life.cpuMillis += profile.cpuMillisPerRequest * (share / seconds);
    life.receivedBytes += share * 1100;
    life.sentBytes += share * 3800;
  }
}

/** One by one: counts that chance makes scatter as a real service's do, which a judge of them has to stand. */
function answerEach(life: Life, count: number, { endpoints, errorRate, median, sigma }: { endpoints: readonly Endpoint[]; errorRate: number; median: number; sigma: number }): void {
  for (let done = 0; done < count; done += 1) {
    const luck = life.chance();
    const kind = luck < errorRate ? "serverErrors" : luck < errorRate + clientErrorRate * (1 - errorRate) ? "clientErrors" : "good";
    const seconds = durationOf(life.chance, { median, sigma });
    const one = mostDue(life.answered, endpoints);
    if (!one) continue;
    one[kind] += 1;
    one.seconds += seconds;
    for (let index = latencyBounds.length - 1; index >= 0 && seconds <= (latencyBounds[index] ?? 0); index -= 1) one.counts[index] = (one.counts[index] ?? 0) + 1;
  }
}

/** Each endpoint gets its share, request by request, by smooth weighted round robin (source: nginx, ngx_http_upstream_round_robin). */
function mostDue(answered: readonly Answered[], endpoints: readonly Endpoint[]): Answered | undefined {
  let most: Answered | undefined;
  for (const [index, one] of answered.entries()) {
    one.due += endpoints[index]?.share ?? 0;
    if (!most || one.due > most.due) most = one;
  }
  if (most) most.due -= 1;
  return most;
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
function serveBehind(groups: Map<string, Life[]>, span: Span & { turns: Turns }): void {
  const seconds = (span.toMs - span.fromMs) / 1000;
  const events = [...groups.keys()].reduce((sum, app) => (app in httpProfiles ? sum + asked(app, span) : sum), 0);
  for (const [app, cost] of [["postgres", 4.5], ["redis", 1.2], ["rabbitmq", 1]] as const) {
    for (const life of groups.get(app) ?? []) {
      life.upstream += events;
      life.cpuMillis += cost * (events / seconds);
      life.receivedBytes += events * 600;
      life.sentBytes += events * 2400;
    }
  }
}
