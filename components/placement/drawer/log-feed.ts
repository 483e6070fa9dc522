// Log lines as they come: read from the server's stream, kept in a bounded list, told to the screen at most once per frame.
import { frameReader } from "@/lib/base/sse";

export interface LogLine { /** Rises by one per line, also when old ones were dropped. */ n: number; pod: string; text: string }
export interface LogView { lines: readonly LogLine[]; dropped: number; state: "connecting" | "open" | "ended" | "failed"; say: string }

export interface LogFeed {
  view(): LogView;
  subscribe(listener: () => void): () => void;
  /** Starts reading; call the answer to stop. */
  start(): () => void;
}

const linesMax = 20_000;

/** `together`: the stream holds several pods, and each line is led by its pod's name and a tab. */
export function createLogFeed(url: string, together: boolean): LogFeed {
  const listeners = new Set<() => void>();
  let lines: LogLine[] = [];
  let view: LogView = { lines, dropped: 0, state: "connecting", say: "" };
  let next = 0;
  let dropped = 0;
  let frame = 0;

  const tell = (change: Partial<LogView> = {}) => {
    view = { ...view, ...change, lines: lines.slice(), dropped };
    for (const listener of listeners) listener();
  };
  const add = (data: string) => {
    const tab = together ? data.indexOf("\t") : -1;
    lines.push({ n: next++, pod: tab < 0 ? "" : data.slice(0, tab), text: data.slice(tab + 1) });
    if (lines.length > linesMax * 1.1) {
      dropped += lines.length - linesMax;
      lines = lines.slice(-linesMax);
    }
    if (frame === 0) frame = requestAnimationFrame(() => { frame = 0; tell({ state: "open" }); });
  };
  const read = async (signal: AbortSignal) => {
    const response = await fetch(url, { signal, headers: { accept: "text/event-stream" } });
    if (!response.ok || !response.body) throw new Error(await sayOf(response));
    const take = frameReader(({ event, data }) => {
      if (event === "line") add(data);
      else if (event === "failed") tell({ state: "failed", say: data.replace("\t", ": ") });
      else if (event === "waiting") tell({ say: data.replace("\t", ": ") });
    });
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) take(chunk);
  };
  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      const stop = new AbortController();
      read(stop.signal)
        .then(() => view.state !== "failed" && tell({ state: "ended" }))
        .catch((error: unknown) => !stop.signal.aborted && tell({ state: "failed", say: error instanceof Error ? error.message : String(error) }));
      return () => {
        stop.abort();
        cancelAnimationFrame(frame);
      };
    },
  };
}

async function sayOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  const say = typeof body === "object" && body !== null && "error" in body && typeof body.error === "object" && body.error !== null && "say" in body.error ? body.error.say : null;
  return typeof say === "string" ? say : `The server answered ${response.status}.`;
}
