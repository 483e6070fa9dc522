// Waits until something rings or a time has passed; a ring between setting and waiting is not missed.

export interface Alarm {
  /** From now on a ring counts. */
  set(): void;
  ring(): void;
  /** Ends after `forMs` (never by time when null), or at once when it rang since it was set. */
  wait(forMs: number | null): Promise<void>;
}

export function createAlarm(): Alarm {
  let rang = false;
  let wake: () => void = () => undefined;
  return {
    set() {
      rang = false;
    },
    ring() {
      rang = true;
      wake();
    },
    wait: (forMs) =>
      new Promise((resolve) => {
        const timer = rang || forMs !== null ? setTimeout(resolve, rang ? 0 : (forMs ?? 0)) : undefined;
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}
