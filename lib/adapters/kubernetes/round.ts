// One round of a reflector: list if need be, then follow the stream until it ends, and say how it ended.
import { record, type Raw } from "./project/read";
import { LineSplitter } from "./lines";
import { bodyText, type Answer, type Transport } from "./transport";
import { refusalOf } from "./trouble";
import { maxLineBytes, pagePath, readPage, readWatchLine, watchPath } from "./watch";

export type RoundEnd =
  /** The server closed the stream; calm: it had lasted, or brought something. */
  | { type: "ended"; calm: boolean }
  | { type: "expired" }
  | { type: "garbage" }
  | { type: "no-watch-list" }
  | { type: "refused"; status: number; message: string; retryAfterMs: number | null }
  | { type: "failed"; thrown: unknown };

/** Who takes what a round brings, in its order. */
export interface Receiver {
  /** Bytes came of what was asked for; a refusal is no sign of life, a proxy can send it for a dead server. */
  heard(): void;
  /** The stream is open. */
  opened(): void;
  /** A list begins: what was collected of an unfinished one is void. */
  begin(): void;
  item(raw: Raw): void;
  complete(resourceVersion: string): void;
  put(raw: Raw, resourceVersion: string): void;
  gone(raw: Raw, resourceVersion: string): void;
  bookmark(resourceVersion: string): void;
}

export interface Round {
  collection: string;
  transport: Transport;
  from: { resourceVersion: string | null; paged: boolean; random: () => number };
  signal: AbortSignal;
  receiver: Receiver;
}

const headTimeoutMs = 20_000;
const maxPageBytes = 400_000_000;

/** Never throws. */
export async function roundOf(round: Round): Promise<RoundEnd> {
  try {
    let { resourceVersion } = round.from;
    if (resourceVersion === null && round.from.paged) {
      const listed = await listPages(round);
      if (typeof listed !== "string") return listed;
      resourceVersion = listed;
    }
    return await follow(round, resourceVersion);
  } catch (thrown) {
    return { type: "failed", thrown };
  }
}

async function refused(answer: Answer, asked: { initial: boolean }): Promise<RoundEnd> {
  const { status, message, retryAfterMs } = await refusalOf(answer);
  if (status === 410) return { type: "expired" };
  // A server without WatchList calls its parameters invalid.
  if (asked.initial && (status === 400 || status === 422)) return { type: "no-watch-list" };
  return { type: "refused", status, message, retryAfterMs };
}

/** The version of the list, or how it failed. */
async function listPages({ collection, transport, signal, receiver }: Round): Promise<string | RoundEnd> {
  receiver.begin();
  let next = "";
  let version = "";
  do {
    const answer = await transport.ask({ path: pagePath(collection, next), signal, headTimeoutMs });
    if (answer.status !== 200) return refused(answer, { initial: false });
    receiver.heard();
    const page = readPage(await bodyText(answer, maxPageBytes));
    if (!page) return { type: "garbage" };
    receiver.heard();
    for (const item of page.items) receiver.item(record(item));
    next = page.next;
    version = page.resourceVersion;
  } while (next !== "");
  receiver.complete(version);
  return version;
}

async function follow({ collection, transport, from, signal, receiver }: Round, resourceVersion: string | null): Promise<RoundEnd> {
  const timeoutSeconds = 300 + Math.floor(from.random() * 300);
  const answer = await transport.ask({ path: watchPath(collection, { resourceVersion, timeoutSeconds }), signal, headTimeoutMs });
  if (answer.status !== 200) return refused(answer, { initial: resourceVersion === null });
  receiver.heard();
  if (resourceVersion === null) receiver.begin();
  receiver.opened();
  const splitter = new LineSplitter(maxLineBytes);
  let initial = resourceVersion === null;
  let calm = false;
  for await (const chunk of answer.body) {
    receiver.heard();
    for (const line of splitter.push(chunk)) {
      const end = take(line, { initial, receiver });
      if (end === "complete") initial = false;
      else if (end !== null) {
        answer.discard();
        return end;
      }
    }
    calm ||= !initial;
  }
  const rest = splitter.rest();
  if (rest === "") return { type: "ended", calm };
  const end = take(rest, { initial, receiver });
  // Half a line at the end is a connection that was cut, not nonsense.
  return end === null || end === "complete" || end.type === "garbage" ? { type: "ended", calm } : end;
}

/** One line to its taker; how the round ends if it does. */
function take(line: string, { initial, receiver }: { initial: boolean; receiver: Receiver }): RoundEnd | "complete" | null {
  if (line === "") return null;
  const event = readWatchLine(line);
  switch (event.type) {
    case "put":
      if (initial) receiver.item(event.raw);
      else receiver.put(event.raw, event.resourceVersion);
      return null;
    case "gone":
      // Between the first events nothing ends; a server that says so is not to be trusted with the rest.
      if (initial) return { type: "garbage" };
      receiver.gone(event.raw, event.resourceVersion);
      return null;
    case "bookmark":
      if (!initial) receiver.bookmark(event.resourceVersion);
      else if (event.complete) receiver.complete(event.resourceVersion);
      return initial && event.complete ? "complete" : null;
    case "error":
      return event.status === 410 ? { type: "expired" } : { type: "refused", status: event.status, message: event.message, retryAfterMs: event.retryAfterMs };
    case "garbage":
      return { type: "garbage" };
  }
}
