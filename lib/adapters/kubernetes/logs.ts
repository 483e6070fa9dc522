// A container's log as lines, as long as somebody reads them.
import { AppError } from "@/lib/base/errors";
import { kindSources, objectPath } from "./kinds";
import { LineSplitter } from "./lines";
import type { Transport } from "./transport";
import { networkTrouble, refusalError, refusalOf } from "./trouble";

export interface LogRequest {
  namespace: string;
  pod: string;
  container: string;
  follow: boolean;
  previous: boolean;
  tailLines: number;
  sinceSeconds?: number;
  signal: AbortSignal;
}

/** A longer line is given in pieces. */
const maxLineBytes = 64_000;
const headTimeoutMs = 20_000;
/** A kubelet may send the head only with the first line, and a quiet container has none for hours. */
const followTimeoutMs = 24 * 3_600_000;

/** Ends when the log does or the signal aborts; throws an AppError when it cannot be had or breaks off. */
export async function* podLogs(request: LogRequest, at: { transport: Transport; server: string; closing: AbortSignal }): AsyncGenerator<string> {
  const what = `read the log of ${request.namespace}/${request.pod}`;
  const signal = AbortSignal.any([request.signal, at.closing]);
  const query = new URLSearchParams({ container: request.container, follow: String(request.follow), previous: String(request.previous), tailLines: String(request.tailLines) });
  if (request.sinceSeconds !== undefined) query.set("sinceSeconds", String(request.sinceSeconds));
  const path = `${objectPath(kindSources.Pod, { namespace: request.namespace, name: request.pod })}/log?${query}`;
  try {
    const answer = await at.transport.ask({ path, signal, headTimeoutMs: request.follow ? followTimeoutMs : headTimeoutMs });
    if (answer.status !== 200) throw refusalError(what, await refusalOf(answer));
    const splitter = new LineSplitter(maxLineBytes);
    try {
      for await (const chunk of answer.body) yield* splitter.push(chunk);
      const rest = splitter.rest();
      if (rest !== "") yield rest;
    } finally {
      answer.discard();
    }
  } catch (thrown) {
    if (signal.aborted) return;
    if (thrown instanceof AppError) throw thrown;
    throw new AppError("unavailable", `Could not ${what}: ${networkTrouble(thrown, at.server).say}`, thrown);
  }
}
