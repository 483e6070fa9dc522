// Many channels over one stream: what a browser follows, from the number it has, on a single connection.
import type { Counter } from "./stream";
import type { SseWriter } from "./sse";

/** One thing that can be followed. Texts are JSON, made once for all who follow. */
export interface Topic {
  /** What came after `n`, or null when only a snapshot helps. */
  since(n: number): { n: number; text: string }[] | null;
  /** `text` null: start over from a snapshot. */
  subscribe(listener: (n: number, text: string | null) => void): () => void;
  /** How true the topic is now, as JSON; sent every second, also when nothing changes: a reader takes silence for a dead connection. */
  fresh(): string;
  onFresh(listener: () => void): () => void;
}

export interface Follower {
  counter: Counter;
  topics: ReadonlyMap<string, Topic>;
  /** "<process>.<n>" that the browser saw last, or "" for none. */
  lastSeen: string;
}

/** What is promised to readers: a word on every topic at least so often. */
export const freshEveryMs = 1000;

/** Writes hello, then per topic what was missed or `again`, then what happens, until the stream ends. A reader too slow for a change is told `again` for that topic once it reads on. */
export function follow(writer: SseWriter, { counter, topics, lastSeen }: Follower): void {
  const behind = new Set<string>();
  const send = (topic: string, n: number, text: string | null) => {
    if (behind.has(topic)) return;
    const taken = text === null ? sendAgain(topic) : writer.send({ event: "change", id: `${counter.process}.${n}`, data: `{"topic":${JSON.stringify(topic)},"n":${n},"delta":${text}}` });
    if (!taken) behind.add(topic);
  };
  const sendAgain = (topic: string) => writer.send({ event: "again", data: JSON.stringify({ topic }) });
  const sendFresh = (name: string, topic: Topic) => {
    if (behind.has(name) && sendAgain(name)) behind.delete(name);
    writer.send({ event: "fresh", data: `{"topic":${JSON.stringify(name)},"freshness":${topic.fresh()},"now":${Date.now()}}` });
  };

  writer.send({ event: "hello", data: JSON.stringify({ process: counter.process, n: counter.n }) });
  const ends: (() => void)[] = [];
  for (const [name, topic] of topics) {
    const missed = missedSince(topic, counter, lastSeen);
    ends.push(topic.subscribe((n, text) => send(name, n, text)), topic.onFresh(() => sendFresh(name, topic)));
    if (missed === null) send(name, 0, null);
    else for (const { n, text } of missed) send(name, n, text);
    sendFresh(name, topic);
  }
  const timer = setInterval(() => topics.forEach((topic, name) => sendFresh(name, topic)), freshEveryMs);
  writer.signal.addEventListener("abort", () => {
    clearInterval(timer);
    for (const end of ends) end();
  }, { once: true });
}

function missedSince(topic: Topic, counter: Counter, lastSeen: string): { n: number; text: string }[] | null {
  const dot = lastSeen.lastIndexOf(".");
  if (dot < 0 || lastSeen.slice(0, dot) !== counter.process) return null;
  const n = Number(lastSeen.slice(dot + 1));
  return Number.isSafeInteger(n) ? topic.since(n) : null;
}
