// Word from PostgreSQL by LISTEN/NOTIFY, over a connection of its own that is made again when it breaks.
import "server-only";
import pg from "pg";
import { backoffMs } from "@/lib/base/backoff";
import { systemClock, type Clock } from "@/lib/base/clock";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { databaseUrl } from "./client";

export interface ListenOptions {
  url?: string;
  clock?: Clock;
  /** Called each time the connection stands, the first time too: what was said before is lost, so look for yourself. */
  onReady?: () => void;
}

const backoff = { baseMs: 200, capMs: 5000 };

/** Calls `handler` with the payload of each NOTIFY on `channel` until the returned function is called. */
export function listen(channel: string, handler: (payload: string) => void, { url = databaseUrl(), clock = systemClock, onReady }: ListenOptions = {}): () => Promise<void> {
  if (!/^[a-z][a-z0-9_]*$/.test(channel)) throw new RangeError(`not a channel: ${channel}`);
  const ended = new AbortController();
  const running = keepListening({ channel, url, handler, onReady, clock }, ended.signal);
  return async () => {
    ended.abort();
    await running;
  };
}

interface Listening { channel: string; url: string; handler: (payload: string) => void; onReady: (() => void) | undefined; clock: Clock }

async function keepListening(listening: Listening, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await listenOnce(listening, signal, () => (attempt = 0));
    } catch (error) {
      log.warn({ channel: listening.channel, cause: causeText(error) }, "listening to the database was interrupted");
    }
    if (!signal.aborted) await listening.clock.sleep(backoffMs(backoff, attempt, Math.random()), signal);
  }
}

async function listenOnce({ channel, url, handler, onReady }: Listening, signal: AbortSignal, onStanding: () => void): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "quarterdeck listen", connectionTimeoutMillis: 5000, keepAlive: true });
  const broken = new Promise<void>((resolve, reject) => {
    client.on("error", reject);
    client.on("end", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  broken.catch(() => undefined);
  client.on("notification", ({ payload }) => handler(payload ?? ""));
  try {
    await client.connect();
    await client.query(`LISTEN ${channel}`);
    onStanding();
    onReady?.();
    await broken;
  } finally {
    await client.end().catch(() => undefined);
  }
}
