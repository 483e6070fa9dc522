// The words of a watch: how to ask for one, and what each line of it says.
import { list, number, record, text, type Raw } from "./project/read";

export type WatchEvent =
  | { type: "put" | "gone"; raw: Raw; resourceVersion: string }
  /** `complete`: everything that existed when we asked has been sent. */
  | { type: "bookmark"; resourceVersion: string; complete: boolean }
  | { type: "error"; status: number; message: string; retryAfterMs: number | null }
  | { type: "garbage" };

/** An object on the wire may not be larger than this; etcd's own limit is 1.5 MB. */
export const maxLineBytes = 16_000_000;
const initialEventsEnd = "k8s.io/initial-events-end";

export function readWatchLine(line: string): WatchEvent {
  let parsed: Raw;
  try {
    parsed = record(JSON.parse(line));
  } catch {
    return { type: "garbage" };
  }
  const raw = record(parsed["object"]);
  const meta = record(raw["metadata"]);
  const resourceVersion = text(meta["resourceVersion"]);
  switch (parsed["type"]) {
    case "ADDED":
    case "MODIFIED":
      return text(meta["name"]) === "" ? { type: "garbage" } : { type: "put", raw, resourceVersion };
    case "DELETED":
      return text(meta["name"]) === "" ? { type: "garbage" } : { type: "gone", raw, resourceVersion };
    case "BOOKMARK":
      return resourceVersion === "" ? { type: "garbage" } : { type: "bookmark", resourceVersion, complete: record(meta["annotations"])[initialEventsEnd] === "true" };
    case "ERROR": {
      const wait = number(record(raw["details"])["retryAfterSeconds"]);
      return { type: "error", status: number(raw["code"], 500), message: text(raw["message"]), retryAfterMs: wait > 0 ? wait * 1000 : null };
    }
    default:
      return { type: "garbage" };
  }
}

/** With a version: what changed since. Without: everything there is, then a bookmark that says so, then what changes (WatchList). */
export function watchPath(collection: string, from: { resourceVersion: string | null; timeoutSeconds: number }): string {
  const since = from.resourceVersion === null ? "sendInitialEvents=true&resourceVersionMatch=NotOlderThan" : `resourceVersion=${encodeURIComponent(from.resourceVersion)}`;
  return `${collection}?watch=1&allowWatchBookmarks=true&${since}&timeoutSeconds=${from.timeoutSeconds}`;
}

const pageSize = 1000;

export function pagePath(collection: string, next: string): string {
  return `${collection}?limit=${pageSize}${next === "" ? "" : `&continue=${encodeURIComponent(next)}`}`;
}

export interface Page { items: readonly unknown[]; resourceVersion: string; next: string }

/** null when it is no list. */
export function readPage(body: string): Page | null {
  let parsed: Raw;
  try {
    parsed = record(JSON.parse(body));
  } catch {
    return null;
  }
  const meta = record(parsed["metadata"]);
  const resourceVersion = text(meta["resourceVersion"]);
  return resourceVersion === "" ? null : { items: list(parsed["items"]), resourceVersion, next: text(meta["continue"]) };
}

/** Whether `a` is older than `b`: the API says that versions of one resource are decimal numbers of any length. Unknown shapes are never older. */
export function isOlder(a: string, b: string): boolean {
  if (!/^[1-9]\d*$/.test(a) || !/^[1-9]\d*$/.test(b)) return false;
  return a.length === b.length ? a < b : a.length < b.length;
}
