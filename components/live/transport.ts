// How a tab reaches the hub: a SharedWorker; else the leader among the tabs; else a hub of its own.
import { systemClock } from "@/lib/base/clock";
import { createHub, type Hub, type Member } from "./hub";
import { type FromTab, fromTab, type ToTab, toTab } from "./messages";

export interface Transport {
  send(message: FromTab): void;
}

/** `again`: the hub is another one now, so everything must be said to it anew. */
export interface Ears { onMessage: (message: ToTab) => void; onNewHub: () => void }

export function openTransport(ears: Ears): Transport {
  if (typeof SharedWorker === "function") return toWorker(ears);
  if ("locks" in navigator && typeof BroadcastChannel === "function") return toLeader(ears);
  return toMember(ownHub().join(apart(ears)));
}

/** What a listener throws is its own affair: it must not end the stream from which others are told. */
function apart({ onMessage }: Ears): (message: ToTab) => void {
  return (message) => queueMicrotask(() => onMessage(message));
}

function ownHub(): Hub {
  return createHub({ open: (url, signal) => fetch(url, { signal, headers: { accept: "text/event-stream" } }), clock: systemClock, random: Math.random });
}

function toMember(member: Member): Transport {
  return { send: (message) => member.receive(message) };
}

function toWorker(ears: Ears): Transport {
  const worker = new SharedWorker(new URL("./live-worker.ts", import.meta.url), { type: "module", name: "quarterdeck-live" });
  worker.port.addEventListener("message", ({ data }) => hear(data, ears));
  worker.port.start();
  return { send: (message) => worker.port.postMessage(message) };
}

function hear(data: unknown, ears: Ears): void {
  const message = toTab.safeParse(data);
  if (message.success) ears.onMessage(message.data);
}

const channelName = "quarterdeck-live";

/** All tabs wait for one lock; who holds it runs the hub and speaks to the others over a broadcast channel. */
function toLeader(ears: Ears): Transport {
  const me = crypto.randomUUID();
  const channel = new BroadcastChannel(channelName);
  let own: Member | null = null;
  channel.addEventListener("message", ({ data }) => {
    if (isLeaderCall(data)) ears.onNewHub();
    else if (isLetter(data) && data.to === me) hear(data.message, ears);
  });
  void navigator.locks.request(channelName, () => {
    const hub = ownHub();
    own = hub.join(apart(ears));
    lead(hub, channel);
    ears.onNewHub();
    return new Promise<void>(() => undefined);
  });
  return { send: (message) => (own ? own.receive(message) : channel.postMessage({ from: me, message })) };
}

function lead(hub: Hub, channel: BroadcastChannel): void {
  const members = new Map<string, Member>();
  channel.addEventListener("message", ({ data }) => {
    if (!isNote(data)) return;
    const { from } = data;
    const member = members.get(from) ?? hub.join((message) => channel.postMessage({ to: from, message }));
    members.set(from, member);
    const message = fromTab.safeParse(data.message);
    if (message.success) member.receive(message.data);
    if (message.data?.type === "bye") members.delete(from);
  });
  channel.postMessage({ leader: true });
}

function isLeaderCall(data: unknown): boolean {
  return typeof data === "object" && data !== null && "leader" in data;
}
function isLetter(data: unknown): data is { to: string; message: unknown } {
  return typeof data === "object" && data !== null && "to" in data && "message" in data;
}
function isNote(data: unknown): data is { from: string; message: unknown } {
  return typeof data === "object" && data !== null && "from" in data && typeof data.from === "string" && "message" in data;
}
