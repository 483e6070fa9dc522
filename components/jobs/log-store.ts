// The log of one job in the browser: lines 1…n without a gap. What the stream skipped is fetched by number.
import type { LogLine } from "@/lib/jobs/model";

export type FetchLines = (after: number, limit: number) => Promise<LogLine[]>;

export interface LogView {
  lines: readonly LogLine[];
  /** The number of the last line that is known to exist. */
  last: number;
  /** Why lines are missing for now; "" when none are. */
  say: string;
}

export interface JobLogStore {
  view(): LogView;
  subscribe(listener: () => void): () => void;
  /** Takes lines in any order, with repeats; those that follow on what is there are shown. */
  add(lines: readonly LogLine[]): void;
  /** There is a line of this number: fetches what is missing up to it. */
  expect(last: number): void;
}

const pageLines = 5000;
/** The first page is small, so that there is something to read at once. */
const firstLines = 400;

export function createJobLog(fetchLines: FetchLines): JobLogStore {
  const listeners = new Set<() => void>();
  let view: LogView = { lines: [], last: 0, say: "" };
  let fetching = false;

  const show = (next: Partial<LogView>) => {
    view = { ...view, ...next };
    for (const listener of listeners) listener();
  };
  const add = (lines: readonly LogLine[]) => {
    const fresh: LogLine[] = [];
    for (const line of lines) if (line.n === view.lines.length + fresh.length + 1) fresh.push(line);
    if (fresh.length === 0) return;
    const all = [...view.lines, ...fresh];
    show({ lines: all, last: Math.max(view.last, all.length), say: "" });
  };
  const fill = async () => {
    if (fetching) return;
    fetching = true;
    try {
      for (let had = -1; view.lines.length < view.last && had < view.lines.length; ) {
        had = view.lines.length;
        add(await fetchLines(had, had === 0 ? firstLines : pageLines));
      }
    } catch (thrown) {
      show({ say: thrown instanceof Error ? thrown.message : String(thrown) });
    } finally {
      fetching = false;
    }
  };
  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add,
    expect(last) {
      if (last > view.last) show({ last });
      if (view.lines.length < view.last) void fill();
    },
  };
}
