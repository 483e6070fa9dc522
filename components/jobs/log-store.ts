// The log of one job in the browser: its end first, earlier lines by number when somebody looks at them, all of them while somebody searches.
import type { LogLine } from "@/lib/jobs/model";

export type FetchLines = (after: number, limit: number) => Promise<LogLine[]>;

export interface LogView {
  /** The line of a number; undefined while it is not here. */
  at(n: number): LogLine | undefined;
  /** All that are here, in order. */
  held: readonly LogLine[];
  /** The number of the last line that is known to exist. */
  last: number;
  /** Why lines are missing for now; "" when none are. */
  say: string;
}

export interface JobLogStore {
  view(): LogView;
  subscribe(listener: () => void): () => void;
  /** The same, and everything is fetched, backwards, as long as anybody listens so. */
  subscribeToAll(listener: () => void): () => void;
  /** Resolves when all lines that are known to exist are here, or cannot be had now. */
  whole(): Promise<void>;
  /** Takes lines in any order, with repeats. */
  add(lines: readonly LogLine[]): void;
  /** There is a line of this number: what the end lacks is fetched. */
  expect(last: number): void;
  /** Somebody looks at these lines: what of them is missing is fetched. */
  need(from: number, to: number): void;
}

interface Stretch { after: number; limit: number }

const pageLines = 5000;
/** What is fetched of the end at first, so that there is something to read at once. */
export const endLines = 400;

/** Lines by their number, in whatever order they came. */
class Holding {
  private readonly lines = new Map<number, LogLine>();

  view(last: number, say: string): LogView {
    const { lines } = this;
    let sorted: readonly LogLine[] | null = null;
    return { at: (n) => lines.get(n), last, say, get held() { return (sorted ??= [...lines.values()].toSorted((a, b) => a.n - b.n)); } };
  }

  /** Whether any of them was new. */
  take(fresh: readonly LogLine[]): boolean {
    const before = this.lines.size;
    for (const line of fresh) if (!this.lines.has(line.n)) this.lines.set(line.n, line);
    return this.lines.size > before;
  }

  /** The last lines that are missing there, without a break and not more than a page; null when none is. */
  missingIn(from: number, to: number): Stretch | null {
    let end = to;
    while (end >= from && this.lines.has(end)) end -= 1;
    if (end < from) return null;
    let begin = end;
    while (begin > from && end - begin + 1 < pageLines && !this.lines.has(begin - 1)) begin -= 1;
    return { after: begin - 1, limit: end - begin + 1 };
  }
}

class Log {
  private readonly lines = new Holding();
  private readonly listeners = new Set<() => void>();
  private readonly fetchLines: FetchLines;
  private listenersToAll = 0;
  /** Everything from this number to the last is to be here; 0 while nothing is known. */
  private endFrom = 0;
  private looked: { from: number; to: number } | null = null;
  private fetching = false;
  now: LogView = this.lines.view(0, "");

  constructor(fetchLines: FetchLines) { this.fetchLines = fetchLines; }

  private show(last: number, say: string): void {
    this.now = this.lines.view(last, say);
    for (const listener of this.listeners) listener();
  }

  private next(): Stretch | null {
    const { lines, now: { last }, looked } = this;
    if (last === 0) return null;
    if (this.endFrom === 0) this.endFrom = Math.max(1, last - endLines + 1);
    return lines.missingIn(this.endFrom, last) ?? (looked && lines.missingIn(Math.max(1, looked.from), Math.min(looked.to, last))) ?? (this.listenersToAll > 0 ? lines.missingIn(1, last) : null);
  }

  private async fill(): Promise<void> {
    if (this.fetching) return;
    this.fetching = true;
    try {
      for (let stretch = this.next(); stretch; stretch = this.next()) {
        if (!this.lines.take(await this.fetchLines(stretch.after, stretch.limit))) break;
        this.show(this.now.last, "");
      }
    } catch (thrown) {
      this.show(this.now.last, thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      this.fetching = false;
    }
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  subscribeToAll(listener: () => void): () => void {
    const leave = this.subscribe(listener);
    this.listenersToAll += 1;
    void this.fill();
    return () => {
      this.listenersToAll -= 1;
      leave();
    };
  }

  whole(): Promise<void> {
    const isWhole = () => this.lines.missingIn(1, this.now.last) === null;
    if (isWhole()) return Promise.resolve();
    return new Promise((resolve) => {
      const leave = this.subscribeToAll(() => {
        if (!isWhole() && this.now.say === "") return;
        leave();
        resolve();
      });
    });
  }

  add(fresh: readonly LogLine[]): void {
    const { last } = this.now;
    if (last === 0 && this.endFrom === 0 && fresh[0]) this.endFrom = fresh[0].n;
    if (this.lines.take(fresh)) this.show(Math.max(last, fresh.at(-1)?.n ?? 0), this.now.say);
  }

  expect(last: number): void {
    if (last > this.now.last) this.show(last, this.now.say);
    void this.fill();
  }

  /** What lies around it comes along, so that scrolling on finds lines. */
  need(from: number, to: number): void {
    this.looked = { from: from - endLines, to: to + endLines };
    if (this.lines.missingIn(Math.max(1, from), Math.min(to, this.now.last))) void this.fill();
  }
}

export function createJobLog(fetchLines: FetchLines): JobLogStore {
  const log = new Log(fetchLines);
  return {
    view: () => log.now, subscribe: (listener) => log.subscribe(listener), subscribeToAll: (listener) => log.subscribeToAll(listener), whole: () => log.whole(),
    add: (lines) => log.add(lines), expect: (last) => log.expect(last), need: (from, to) => log.need(from, to),
  };
}
