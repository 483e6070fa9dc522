// Server state that outlives a module instance: made once per process, kept on globalThis and nowhere else.
import "server-only";
import { setMaxListeners } from "node:events";
import { connect, databaseUrl, type Database } from "./adapters/database/client";

const shelf = Symbol.for("quarterdeck.runtime");

/** Reads the shelf off globalThis. The cast holds because only this function writes under the symbol. */
function runtimeShelf(): Map<string, unknown> {
  const holder = globalThis as { [shelf]?: Map<string, unknown> };
  return (holder[shelf] ??= new Map());
}

/** The value made by the first caller under `key`, for all later callers. Keys are `<room>.<thing>`; one key has one type for ever, which is why the cast holds. */
export function keep<T>(key: string, make: () => T): T {
  const kept = runtimeShelf();
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key) as T;
}

/** Aborts when the process is told to end; streams and loops listen to it. */
export function ending(): AbortController {
  return keep("runtime.ending", () => {
    const end = new AbortController();
    setMaxListeners(0, end.signal);
    return end;
  });
}

/** The one client of the database; throws AppError unavailable where no address is given. */
export function database(): Database {
  return keep("runtime.database", () => connect(databaseUrl()));
}
