// The one stream of a browser: joins what all visible tabs follow, reconnects, and hands each frame to the tabs that show its topic.
import { backoffMs } from "@/lib/base/backoff";
import type { Clock } from "@/lib/base/clock";
import { type Frame, frameReader } from "@/lib/base/sse";
import { freshEveryMs } from "@/lib/base/topics";
import type { FromTab, ToTab } from "./messages";

export interface Member {
  receive(message: FromTab): void;
  leave(): void;
}

export interface Hub {
  join(post: (message: ToTab) => void): Member;
}

interface Tab {
  post: (message: ToTab) => void;
  topics: readonly string[];
  visible: boolean;
  /** Topics of which it missed a change while nobody looked. */
  missed: Set<string>;
}

interface Outside {
  open: (url: string, signal: AbortSignal) => Promise<Response>;
  clock: Clock;
  random: () => number;
}

/** Tabs that come and go within this time share one reopening. */
const gatherMs = 40;
const retry = { baseMs: 300, capMs: 2500 };
const refusedRetryMs = 10_000;
/** So many promised words that did not come are a dead connection. */
const deadMs = 5 * freshEveryMs;

export function createHub(outside: Outside): Hub {
  const tabs = new Set<Tab>();
  let seen = "";
  let open: { topics: readonly string[]; end: AbortController; settled: boolean } | null = null;
  let gathering = false;

  const wanted = () => [...new Set([...tabs].filter(({ visible }) => visible).flatMap(({ topics }) => topics))].sort(pulseLast);
  const show = (topic: string, message: ToTab, isChange: boolean) => {
    for (const tab of tabs) {
      if (!tab.topics.includes(topic)) continue;
      if (tab.visible) tab.post(message);
      else if (isChange) tab.missed.add(topic);
    }
  };
  const onFrame = (frame: Frame) => {
    if (frame.event === "hello") return onHello(frame.data);
    if (frame.event !== "change" && frame.event !== "again" && frame.event !== "fresh") return;
    const topic = topicOf(frame.data);
    if (open && frame.event === "fresh" && topic === open.topics.at(-1)) open.settled = true;
    if (frame.id && (open?.settled || open?.topics.length === 1)) seen = frame.id;
    show(topic, { type: "frame", event: frame.event, topic, text: frame.data }, frame.event !== "fresh");
  };
  const onHello = (text: string) => {
    const hello: unknown = JSON.parse(text);
    if (typeof hello !== "object" || hello === null || !("process" in hello) || !("n" in hello)) return;
    if (!seen.startsWith(`${String(hello.process)}.`)) seen = `${String(hello.process)}.${String(hello.n)}`;
    const following: ToTab = { type: "following", topics: [...(open?.topics ?? [])] };
    for (const tab of tabs) if (tab.visible) tab.post(following);
  };
  const regather = () => {
    if (gathering) return;
    gathering = true;
    void outside.clock.sleep(gatherMs).then(() => {
      gathering = false;
      const topics = wanted();
      if (open && sameList(open.topics, topics)) {
        for (const tab of tabs) if (tab.visible) tab.post({ type: "following", topics });
        return;
      }
      open?.end.abort();
      open = null;
      if (topics.length === 0) return;
      open = { topics, end: new AbortController(), settled: false };
      void keepOpen(open.topics, open.end.signal, { outside, onFrame, seen: () => seen, refused: (status) => tabs.forEach((tab) => tab.post({ type: "refused", status })), begin: () => open && (open.settled = false) });
    });
  };
  return {
    join(post) {
      const tab: Tab = { post, topics: [], visible: true, missed: new Set() };
      tabs.add(tab);
      const leave = () => {
        if (tabs.delete(tab)) regather();
      };
      return { leave, receive: (message) => (message.type === "bye" ? leave() : listenTo(tab, message, { regather, isOpen: (topic) => open?.topics.includes(topic) ?? false })) };
    },
  };
}

/** A tab that was not looked at and comes back starts over from snapshots where it missed something. */
function listenTo(tab: Tab, message: Exclude<FromTab, { type: "bye" }>, { regather, isOpen }: { regather: () => void; isOpen: (topic: string) => boolean }): void {
  if (message.type === "follow") tab.topics = message.topics;
  else if (!message.visible) {
    tab.visible = false;
  } else if (!tab.visible) {
    tab.visible = true;
    for (const topic of tab.topics) {
      if (tab.missed.has(topic) || !isOpen(topic)) tab.post({ type: "frame", event: "again", topic, text: JSON.stringify({ topic }) });
    }
    tab.missed.clear();
  }
  regather();
}

interface Keeping {
  outside: Outside;
  onFrame: (frame: Frame) => void;
  seen: () => string;
  refused: (status: number) => void;
  begin: () => void;
}

async function keepOpen(topics: readonly string[], signal: AbortSignal, { outside, onFrame, seen, refused, begin }: Keeping): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    const query = topics.map((topic) => `topic=${encodeURIComponent(topic)}`);
    if (seen() !== "") query.push(`since=${encodeURIComponent(seen())}`);
    begin();
    const end = await readOnce(`/api/live?${query.join("&")}`, signal, { outside, onFrame });
    if (signal.aborted) return;
    if (end.read) attempt = 0;
    if (end.status >= 400 && end.status < 500) refused(end.status);
    const waitMs = end.status >= 400 && end.status < 500 ? refusedRetryMs : backoffMs(retry, attempt, outside.random());
    await outside.clock.sleep(waitMs, signal);
  }
}

/** Reads one connection to its end; `read`: something came over it. */
async function readOnce(url: string, signal: AbortSignal, { outside, onFrame }: Pick<Keeping, "outside" | "onFrame">): Promise<{ status: number; read: boolean }> {
  const dead = new AbortController();
  const both = AbortSignal.any([signal, dead.signal]);
  let lastAt = outside.clock.now();
  void watchSilence(() => lastAt, dead, { clock: outside.clock, signal });
  let read = false;
  let status = 0;
  try {
    const response = await outside.open(url, both);
    status = response.status;
    if (!response.ok || !response.body) return { status, read };
    const feed = frameReader(onFrame);
    const decoder = new TextDecoder();
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return { status: 0, read };
      lastAt = outside.clock.now();
      read = true;
      feed(decoder.decode(value, { stream: true }));
    }
  } catch {
    // A cut, a refused connection or our own abort: all mean "try again", and none has more to say.
    return { status: 0, read };
  } finally {
    dead.abort();
  }
}

async function watchSilence(lastAt: () => number, dead: AbortController, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<void> {
  while (!signal.aborted && !dead.signal.aborted) {
    const leftMs = lastAt() + deadMs - clock.now();
    if (leftMs <= 0) return dead.abort();
    await clock.sleep(leftMs, dead.signal);
  }
}

/** Placement topics last: their first word of freshness then tells that all that was missed has come. */
function pulseLast(a: string, b: string): number {
  return Number(a.startsWith("placement:")) - Number(b.startsWith("placement:")) || (a < b ? -1 : a > b ? 1 : 0);
}

/** The server writes the topic first: {"topic":"…", so a long change need not be parsed to be handed on. */
function topicOf(text: string): string {
  const found = /^\{"topic":("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  const topic: unknown = found ? JSON.parse(found) : "";
  return typeof topic === "string" ? topic : "";
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
