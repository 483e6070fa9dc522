// A tab's side of the live feed: which topics it shows, what arrived for them, and whether the feed has gone silent.
import { z } from "zod";
import { openTransport, type Transport } from "./transport";
import type { ToTab } from "./messages";

export interface LiveHandlers {
  /** A numbered change; what `delta` holds is the topic's affair. */
  onChange: (n: number, delta: unknown) => void;
  /** What was known may be wrong: fetch the snapshot anew. */
  onAgain: () => void;
  onFresh?: (freshness: unknown, now: number) => void;
  /** Nothing came since that time (ms since the epoch, this browser's clock). Ends with the next message. */
  onSilence?: (since: number) => void;
  /** The stream is open, for the first time or anew: who one is here may have changed meanwhile. */
  onOpened?: () => void;
  /** The server refuses the stream: 401 the session ended, 403 or 404 the topic is not for this person. */
  onRefused?: (status: number) => void;
}

export interface LiveClient {
  follow(topic: string, handlers: LiveHandlers): () => void;
  /** Whether changes of the topic are being received now. */
  follows(topic: string): boolean;
  /** Resolves when changes of the topic are being received, or when waiting longer would help nobody. */
  following(topic: string): Promise<void>;
}

/** Freshness is said every second; so long without a word is silence. */
const silentAfterMs = 1800;
const lookEveryMs = 150;
const followingWaitMs = 3000;

const change = z.object({ n: z.number(), delta: z.unknown() });
const fresh = z.object({ freshness: z.unknown(), now: z.number() });

/** Browser only. */
export function createLiveClient(): LiveClient {
  const handlersOf = new Map<string, Set<LiveHandlers>>();
  const heardAt = new Map<string, number>();
  const waiting = new Map<string, Set<() => void>>();
  let served: readonly string[] = [];
  let transport: Transport | null = null;

  const sayTopics = () => transport?.send({ type: "follow", topics: [...handlersOf.keys()] });
  const sayVisible = () => {
    const visible = document.visibilityState === "visible";
    if (visible) for (const topic of handlersOf.keys()) heardAt.set(topic, Date.now());
    transport?.send({ type: "visible", visible });
  };
  const onMessage = (message: ToTab) => {
    if (message.type === "refused") return handlersOf.forEach((set) => set.forEach((each) => each.onRefused?.(message.status)));
    if (message.type === "following") {
      served = message.topics;
      for (const topic of served) settle(waiting, topic);
      handlersOf.forEach((set) => set.forEach((each) => each.onOpened?.()));
      return;
    }
    heardAt.set(message.topic, Date.now());
    for (const handlers of handlersOf.get(message.topic) ?? []) deliver(handlers, message);
  };
  const start = () => {
    transport = openTransport({ onMessage, onNewHub: () => queueMicrotask(() => (sayTopics(), sayVisible())) });
    document.addEventListener("visibilitychange", sayVisible);
    window.addEventListener("pagehide", () => transport?.send({ type: "bye" }));
    window.addEventListener("pageshow", ({ persisted }) => persisted && window.location.reload());
    setInterval(() => tellSilence(handlersOf, heardAt), lookEveryMs);
    sayVisible();
  };
  return {
    follow(topic, handlers) {
      if (!transport) start();
      const set = handlersOf.get(topic) ?? new Set();
      handlersOf.set(topic, set.add(handlers));
      if (set.size === 1) {
        heardAt.set(topic, Date.now());
        sayTopics();
      }
      return () => {
        set.delete(handlers);
        if (set.size > 0 || handlersOf.get(topic) !== set) return;
        handlersOf.delete(topic);
        sayTopics();
      };
    },
    follows: (topic) => served.includes(topic),
    following(topic) {
      if (served.includes(topic)) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.set(topic, (waiting.get(topic) ?? new Set()).add(resolve));
        setTimeout(resolve, followingWaitMs);
      });
    },
  };
}

function tellSilence(handlersOf: ReadonlyMap<string, Set<LiveHandlers>>, heardAt: ReadonlyMap<string, number>): void {
  if (document.visibilityState !== "visible") return;
  for (const [topic, set] of handlersOf) {
    const since = heardAt.get(topic) ?? Date.now();
    if (Date.now() - since > silentAfterMs) for (const each of set) each.onSilence?.(since);
  }
}

function settle(waiting: Map<string, Set<() => void>>, topic: string): void {
  for (const resolve of waiting.get(topic) ?? []) resolve();
  waiting.delete(topic);
}

function deliver(handlers: LiveHandlers, { event, text }: Extract<ToTab, { type: "frame" }>): void {
  if (event === "again") return handlers.onAgain();
  const body: unknown = JSON.parse(text);
  if (event === "change") {
    const { n, delta } = change.parse(body);
    handlers.onChange(n, delta);
  } else if (handlers.onFresh) {
    const { freshness, now } = fresh.parse(body);
    handlers.onFresh(freshness, now);
  }
}
