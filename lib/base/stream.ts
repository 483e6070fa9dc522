// A numbered channel: what changed after a number, or word that the number is too old.
// Contract: numbers come from one counter per process and only rise; `since(n)` is either every change after n
// in order, or null, and then only a new snapshot is true. A channel remembers a bounded past.

export interface Counter {
  /** Names this run of the process; numbers of another run mean nothing. */
  readonly process: string;
  readonly n: number;
  next(): number;
}

export function createCounter(process: string): Counter {
  let n = 0;
  return {
    process,
    get n() {
      return n;
    },
    next: () => ++n,
  };
}

export interface Change<T> { n: number; change: T }

export interface Channel<T> {
  publish(change: T): number;
  /** All changes after `n`, oldest first; null when the past does not reach back so far. */
  since(n: number): Change<T>[] | null;
  subscribe(listener: (change: Change<T>) => void): () => void;
  readonly listeners: number;
}

/** `bytes` weighs a change; the remembered past is held under `maxBytes` and `maxChanges`. */
export function createChannel<T>(counter: Counter, past: { maxChanges: number; maxBytes: number; bytes: (change: T) => number }): Channel<T> {
  const listeners = new Set<(change: Change<T>) => void>();
  const kept: Change<T>[] = [];
  let keptBytes = 0;
  /** Everything after this number is remembered. */
  let reachesBackTo = counter.n;

  const forget = () => {
    while (kept.length > past.maxChanges || keptBytes > past.maxBytes) {
      const oldest = kept.shift();
      if (!oldest) return;
      keptBytes -= past.bytes(oldest.change);
      reachesBackTo = oldest.n;
    }
  };
  return {
    publish(change) {
      const entry = { n: counter.next(), change };
      kept.push(entry);
      keptBytes += past.bytes(change);
      forget();
      for (const listener of listeners) listener(entry);
      return entry.n;
    },
    since: (n) => (n < reachesBackTo || n > counter.n ? null : kept.filter((entry) => entry.n > n)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get listeners() {
      return listeners.size;
    },
  };
}
