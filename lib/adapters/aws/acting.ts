// Who sends a request that changes something: checked as the last thing before it leaves, and written into it.
import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";

/** What every request that changes something is given. */
export interface Acting {
  /** Throws when this process may no longer act. A process that was frozen finds out here, after it woke. */
  guard(): void;
  /** Ends up in the user agent, and so in CloudTrail: on whose behalf, such as "job-0042#7". */
  mark: string;
}

const now = new AsyncLocalStorage<Acting>();

export function actAs<T>(by: Acting, send: () => Promise<T>): Promise<T> {
  return now.run(by, send);
}

/** A step of the SDK's own way of a request: after signing, before the socket. The user agent is not signed. */
export function sealRequest(request: unknown): void {
  const by = now.getStore();
  if (!by) throw new Error("A request that changes something left without anyone acting.");
  by.guard();
  if (!hasHeaders(request)) return;
  request.headers["user-agent"] = `${request.headers["user-agent"] ?? ""} quarterdeck/${by.mark}`.trim();
}

function hasHeaders(request: unknown): request is { headers: Record<string, string> } {
  return typeof request === "object" && request !== null && "headers" in request && typeof request.headers === "object" && request.headers !== null;
}
