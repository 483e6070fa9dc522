// An API server in memory for one collection: versions, history that can be forgotten, streams that can be broken in every way.
import type { Answer, Ask, Transport } from "@/lib/adapters/kubernetes/transport";
import type { Clock } from "@/lib/base/clock";

export interface FakeObject { metadata: { name: string; namespace: string; uid: string; resourceVersion: string; labels: Record<string, string> }; spec: object; status: object }
interface Entry { version: number; type: "ADDED" | "MODIFIED" | "DELETED"; object: FakeObject }

/** How the server behaves from now on; chosen anew by the test at every step. */
export interface Weather {
  /** Answers every request with this status instead. */
  status: number | null;
  /** Refuses connections. */
  down: boolean;
  /** Takes requests and says nothing; open streams say nothing either. */
  stalled: boolean;
  watchList: boolean;
  /** Chance that a line of a stream is sent twice. */
  duplicate: number;
  /** Chance that a line of a stream is followed by nonsense. */
  garbage: number;
  /** Chance that a stream breaks after a chunk. */
  reset: number;
}

export const fairWeather: Weather = { status: null, down: false, stalled: false, watchList: true, duplicate: 0, garbage: 0, reset: 0 };

interface Stream { push(text: string): void; end(thrown: Error | null): void; after: number }

export class FakeApi implements Transport {
  weather: Weather = { ...fairWeather };
  readonly objects = new Map<string, FakeObject>();
  /** Requests about pods, answered or not. */
  asked = 0;
  #lists = 0;
  #version = 100;
  #uids = 0;
  #history: Entry[] = [];
  #forgotten = 100;
  #pages = new Map<string, { items: FakeObject[]; version: number }>();
  readonly #streams = new Set<Stream>();
  readonly #random: () => number;
  readonly #clock: Clock;

  constructor(random: () => number, clock: Clock) {
    this.#random = random;
    this.#clock = clock;
  }

  put(name: string, labels: Record<string, string>): void {
    const known = this.objects.get(`ns/${name}`);
    const object: FakeObject = { metadata: { name, namespace: "ns", uid: known?.metadata.uid ?? `uid-${++this.#uids}`, resourceVersion: String(++this.#version), labels }, spec: { nodeName: labels["node"] ?? "" }, status: {} };
    this.objects.set(`ns/${name}`, object);
    this.#record({ version: this.#version, type: known ? "MODIFIED" : "ADDED", object });
  }

  remove(name: string): void {
    const known = this.objects.get(`ns/${name}`);
    if (!known) return;
    this.objects.delete(`ns/${name}`);
    const object = { ...known, metadata: { ...known.metadata, resourceVersion: String(++this.#version) } };
    this.#record({ version: this.#version, type: "DELETED", object });
  }

  /** Forgets all history and every unfinished list: who comes from before is answered with 410. */
  compact(): void {
    // A stream that lags behind what is forgotten cannot be served on.
    for (const stream of this.#streams) if (this.#history.some((one) => one.version > stream.after)) stream.end(new Error("read ECONNRESET"));
    this.#version += 1;
    this.#forgotten = this.#version;
    this.#history = [];
    this.#pages.clear();
  }

  /** Sends a bookmark on every stream. */
  bookmark(): void {
    if (!this.weather.stalled) for (const stream of this.#streams) this.#send(stream, this.#bookmarkLine(false));
  }

  /** Breaks every open stream in one of the ways in which streams break. */
  breakStreams(how: "reset" | "close" | "expire" | "error" | "half"): void {
    for (const stream of [...this.#streams]) {
      if (how === "expire" || how === "error") this.#send(stream, JSON.stringify({ type: "ERROR", object: { kind: "Status", code: how === "expire" ? 410 : 500, message: how } }));
      if (how === "half") stream.push('{"type":"ADDED","object":{"metadata":{"na');
      stream.end(how === "reset" ? new Error("read ECONNRESET") : null);
    }
  }

  /** Lets held lines go after a stall. */
  resume(): void {
    this.weather = { ...this.weather, stalled: false };
    for (const stream of this.#streams) this.#catchUp(stream);
  }

  close(): void {
    this.breakStreams("close");
  }

  async ask(ask: Ask): Promise<Answer> {
    if (ask.path.startsWith("/api/v1/pods")) this.asked += 1;
    await this.#clock.sleep(1 + Math.floor(this.#random() * 5), ask.signal);
    if (this.weather.stalled) await this.#silence(ask);
    if (ask.signal.aborted) throw new Error("aborted");
    if (this.weather.down) throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    if (this.weather.status !== null) return answerOf(this.weather.status, JSON.stringify({ kind: "Status", message: "stormy", code: this.weather.status }));
    const url = new URL(ask.path, "http://fake");
    if (url.pathname === "/readyz") return answerOf(200, "ok");
    if (url.pathname === "/version") return answerOf(200, JSON.stringify({ gitVersion: "v1.99.0" }));
    if (url.pathname !== "/api/v1/pods") return url.searchParams.has("watch") ? this.#emptyWatch(ask.signal) : answerOf(200, JSON.stringify({ metadata: { resourceVersion: "1" }, items: [] }));
    return url.searchParams.has("watch") ? this.#watch(url, ask.signal) : this.#page(url);
  }

  async #silence(ask: Ask): Promise<void> {
    const deadline = this.#clock.now() + ask.headTimeoutMs;
    while (this.weather.stalled && !ask.signal.aborted) {
      if (this.#clock.now() >= deadline) throw new Error("no answer");
      await this.#clock.sleep(100, ask.signal);
    }
  }

  #page(url: URL): Answer {
    this.#lists += 1;
    const token = url.searchParams.get("continue") ?? "";
    const limit = 3;
    const rest = token === "" ? { items: [...this.objects.values()], version: this.#version } : this.#pages.get(token);
    if (!rest) return answerOf(410, JSON.stringify({ kind: "Status", code: 410, reason: "Expired" }));
    this.#pages.delete(token);
    const next = rest.items.length > limit ? `token-${this.#lists}` : "";
    if (next) this.#pages.set(next, { items: rest.items.slice(limit), version: rest.version });
    return answerOf(200, JSON.stringify({ metadata: { resourceVersion: String(rest.version), continue: next }, items: rest.items.slice(0, limit) }));
  }

  #emptyWatch(signal: AbortSignal): Answer {
    const { stream, answer } = openStream(signal, this.#version);
    stream.push(`${this.#bookmarkLine(true)}\n`);
    return answer;
  }

  #watch(url: URL, signal: AbortSignal): Answer {
    const initial = url.searchParams.has("sendInitialEvents");
    if (initial && !this.weather.watchList) return answerOf(422, JSON.stringify({ kind: "Status", code: 422, message: "sendInitialEvents is forbidden" }));
    const from = Number(url.searchParams.get("resourceVersion") ?? "0");
    if (!initial && from < this.#forgotten && this.#random() < 0.5) return answerOf(410, JSON.stringify({ kind: "Status", code: 410 }));
    const { stream, answer } = openStream(signal, initial ? this.#version : from);
    this.#streams.add(stream);
    signal.addEventListener("abort", () => this.#streams.delete(stream));
    if (!initial && from < this.#forgotten) {
      stream.push(`${JSON.stringify({ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } })}\n`);
      stream.end(null);
      this.#streams.delete(stream);
      return answer;
    }
    if (initial) {
      for (const object of this.objects.values()) this.#send(stream, JSON.stringify({ type: "ADDED", object }));
      this.#send(stream, this.#bookmarkLine(true));
    } else this.#catchUp(stream);
    return answer;
  }

  #bookmarkLine(complete: boolean): string {
    return JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: String(this.#version), ...(complete ? { annotations: { "k8s.io/initial-events-end": "true" } } : {}) } } });
  }

  #record(entry: Entry): void {
    this.#history.push(entry);
    if (!this.weather.stalled) for (const stream of [...this.#streams]) this.#catchUp(stream);
  }

  #catchUp(stream: Stream): void {
    for (const entry of this.#history.filter((one) => one.version > stream.after)) {
      if (!this.#streams.has(stream)) return;
      stream.after = entry.version;
      this.#send(stream, JSON.stringify({ type: entry.type, object: entry.object }));
    }
  }

  /** Lines leave in pieces of any size, sometimes twice, sometimes with nonsense behind them, sometimes for the last time. */
  #send(stream: Stream, line: string): void {
    const cut = Math.floor(this.#random() * line.length);
    stream.push(line.slice(0, cut));
    stream.push(`${line.slice(cut)}\n`);
    if (this.#random() < this.weather.duplicate) stream.push(`${line}\n`);
    if (this.#random() < this.weather.garbage) stream.push('{"type":"MODI\u0000\n');
    if (this.#random() < this.weather.reset) {
      this.#streams.delete(stream);
      stream.end(new Error("read ECONNRESET"));
    }
  }
}

function answerOf(status: number, body: string): Answer {
  const bytes = Buffer.from(body);
  return { status, retryAfterMs: null, discard: () => undefined, body: (async function* () { yield bytes; })() };
}

function openStream(signal: AbortSignal, after: number): { stream: Stream; answer: Answer } {
  const waiting: Buffer[] = [];
  let over = false;
  let failure: Error | null = null;
  let wake: () => void = () => undefined;
  const stream: Stream = {
    after,
    push(text) {
      if (!over && text !== "") waiting.push(Buffer.from(text));
      wake();
    },
    end(thrown) {
      over = true;
      failure ??= thrown;
      wake();
    },
  };
  signal.addEventListener("abort", () => stream.end(new Error("aborted")), { once: true });
  const body = (async function* () {
    for (;;) {
      const chunk = waiting.shift();
      if (chunk) yield chunk;
      else if (failure) throw failure;
      else if (over) return;
      else await new Promise<void>((resolve) => { wake = resolve; });
    }
  })();
  return { stream, answer: { status: 200, retryAfterMs: null, body, discard: () => stream.end(null) } };
}
