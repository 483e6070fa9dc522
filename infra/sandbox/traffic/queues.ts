// The broker's queues: what comes in by the rhythm, what the consumers that are there take out, what is left or dropped.
import { queueProfiles, type QueueProfile } from "./profiles.ts";
import { eventsBetween } from "./rhythm.ts";

export interface QueueState {
  profile: QueueProfile;
  ready: number;
  unacknowledged: number;
  consumers: number;
  published: number;
  delivered: number;
  acknowledged: number;
}

export interface Work { queue: QueueState; done: number; seconds: number }

export interface Queues extends ReadonlyArray<QueueState> {
  advance(span: { fromMs: number; toMs: number }, serving: (app: string) => number): Work[];
}

/** Consumers come and go between two looks; a queue is reckoned in steps no longer than this. */
const stepMs = 10_000;
/** A dead-letter queue is never quite empty where nobody looks after it. */
const leftInDeadLetters = 7;

export function createQueues(): Queues {
  const states = queueProfiles.map((profile): QueueState => ({ profile, ready: profile.consumer === "" ? leftInDeadLetters : 0, unacknowledged: 0, consumers: 0, published: 0, delivered: 0, acknowledged: 0 }));
  const deadLetters = states.find(({ profile }) => profile.consumer === "");
  const advance: Queues["advance"] = ({ fromMs, toMs }, serving) => {
    const works = states.map((queue): Work => ({ queue, done: 0, seconds: (toMs - fromMs) / 1000 }));
    if (serving("rabbitmq") === 0) {
      for (const { queue } of works) Object.assign(queue, { consumers: 0, unacknowledged: 0 });
      return [];
    }
    for (let at = fromMs; at < toMs; at += stepMs) {
      const span = { fromMs: at, toMs: Math.min(toMs, at + stepMs) };
      for (const work of works) {
        if (work.queue.profile.consumer === "") continue;
        const { done, dead } = step(work.queue, span, serving);
        work.done += done;
        if (deadLetters) deadLetters.ready = Math.min(deadLetters.profile.maxLength, deadLetters.ready + dead);
      }
    }
    return works;
  };
  return Object.assign(states, { advance });
}

function step(queue: QueueState, span: { fromMs: number; toMs: number }, serving: (app: string) => number): { done: number; dead: number } {
  const { profile } = queue;
  const seconds = (span.toMs - span.fromMs) / 1000;
  const arrived = serving(profile.producer) > 0 ? eventsBetween({ perSecond: profile.perSecond, seed: profile.name }, span.fromMs, span.toMs) : 0;
  queue.consumers = serving(profile.consumer);
  const slots = queue.consumers * profile.concurrency;
  const done = Math.min(queue.ready + arrived, (slots / profile.taskSeconds) * seconds);
  const left = queue.ready + arrived - done;
  // What waits longer than its time to live, or is one too many, goes to the dead letters.
  const kept = Math.min(left, profile.maxLength, profile.perSecond * profile.ttlSeconds);
  const failed = done * profile.failureRate * 0.02;
  queue.ready = kept;
  queue.unacknowledged = Math.min(slots * Math.max(1, profile.prefetch), (done / seconds) * profile.taskSeconds);
  queue.published += arrived;
  queue.delivered += done;
  queue.acknowledged += done;
  return { done, dead: left - kept + failed };
}
