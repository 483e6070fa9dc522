// One moment that all charts of a page point at: where the pointer is, or where it was pinned.

export interface Cursor {
  read(): number | null;
  subscribe(listener: () => void): () => void;
  /** Follows the pointer; does nothing while a moment is pinned. */
  point(at: number | null): void;
  pin(at: number | null): void;
  pinned(): boolean;
}

export function createCursor(): Cursor {
  const listeners = new Set<() => void>();
  let at: number | null = null;
  let held = false;
  const set = (next: number | null) => {
    if (next === at) return;
    at = next;
    for (const listener of listeners) listener();
  };
  return {
    read: () => at,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    point: (next) => held || set(next),
    pin(next) {
      held = next !== null;
      set(next);
    },
    pinned: () => held,
  };
}
