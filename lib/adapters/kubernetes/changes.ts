// What changed, gathered into batches: the first at once, then at most twenty a second and fewer when taking them in is dear, each object once.
import type { Clock } from "@/lib/base/clock";
import type { Kind, ObjectsByKind } from "./objects";
import type { Touch } from "./store";

export interface Touched<K extends Kind = Kind> {
  kind: K;
  /** "ns/name" or "name". */
  key: string;
  before: ObjectsByKind[K] | null;
  after: ObjectsByKind[K] | null;
}
export type ChangeListener = (touched: readonly Touched[]) => void;

const betweenMs = 50;
/** Telling the listeners may take this part of the time, however large the cluster is. */
const timesCost = 4;

export class Changes {
  readonly #clock: Clock;
  readonly #onThrow: (thrown: unknown) => void;
  readonly #listeners = new Set<ChangeListener>();
  readonly #closed = new AbortController();
  #waiting = new Map<string, Touched>();
  #due = false;
  #flushedAt = -Infinity;
  #costMs = 0;

  constructor(clock: Clock, onThrow: (thrown: unknown) => void) {
    this.#clock = clock;
    this.#onThrow = onThrow;
  }

  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add<K extends Kind>(kind: K, touched: readonly Touch<ObjectsByKind[K]>[]): void {
    if (this.#listeners.size === 0) return;
    for (const { key, before, after } of touched) {
      const id = `${kind} ${key}`;
      const earlier = this.#waiting.get(id);
      this.#waiting.set(id, { kind, key, before: earlier ? earlier.before : before, after });
    }
    if (!this.#due) void this.#flushSoon();
  }

  close(): void {
    this.#closed.abort();
    this.#listeners.clear();
    this.#waiting.clear();
  }

  async #flushSoon(): Promise<void> {
    this.#due = true;
    await this.#clock.sleep(Math.max(0, this.#flushedAt + Math.max(betweenMs, this.#costMs * timesCost) - this.#clock.now()), this.#closed.signal);
    this.#due = false;
    this.#flushedAt = this.#clock.now();
    const batch = [...this.#waiting.values()].filter((one) => one.before !== one.after);
    this.#waiting = new Map();
    if (batch.length === 0) return;
    const begun = performance.now();
    this.#tell(batch);
    this.#costMs = performance.now() - begun;
  }

  #tell(batch: readonly Touched[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(batch);
      } catch (thrown) {
        this.#onThrow(thrown);
      }
    }
  }
}
