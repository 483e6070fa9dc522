// One question to an API server and its answer as a stream: the only place that opens connections.
import "server-only";
import http from "node:http";
import https from "node:https";
import { systemClock } from "@/lib/base/clock";
import type { Credentials, Identity } from "./credentials";

export interface Ask {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** With its query. */
  path: string;
  body?: string;
  contentType?: string;
  signal: AbortSignal;
  /** How long the head of the answer may take; the body has no deadline but the signal. */
  headTimeoutMs: number;
}

export interface Answer {
  status: number;
  /** What the server asks us to wait, null when it says nothing. */
  retryAfterMs: number | null;
  body: AsyncIterable<Uint8Array>;
  /** Lets go of an answer whose body nobody will read. */
  discard(): void;
}

export interface Transport {
  /** Throws what the network threw (see trouble.ts for its words); any HTTP status is an answer. */
  ask(ask: Ask): Promise<Answer>;
  close(): void;
}

/** An answer that did not begin in time. */
export class SilentServer extends Error {
  override name = "SilentServer";
}

export function createTransport(credentials: Credentials): Transport {
  let current: { fingerprint: string; agent: http.Agent } | null = null;

  const agentFor = (identity: Identity): http.Agent => {
    if (current?.fingerprint === identity.fingerprint) return current.agent;
    const options = { keepAlive: true, keepAliveMsecs: 15_000, maxFreeSockets: 4, ...identity.tls };
    const agent = identity.agent ?? (credentials.server.protocol === "http:" ? new http.Agent(options) : new https.Agent(options));
    current = { fingerprint: identity.fingerprint, agent };
    return agent;
  };
  const attempt = async (ask: Ask): Promise<Answer> => {
    const identity = await credentials.identity();
    return send(ask, { server: credentials.server, agent: agentFor(identity), headers: identity.headers });
  };
  return {
    async ask(ask) {
      const answer = await attempt(ask).catch((thrown: unknown) => {
        if (thrown instanceof ReusedSocketClosed && (ask.method ?? "GET") === "GET" && !ask.signal.aborted) return attempt(ask);
        throw thrown;
      });
      if (answer.status !== 401 || !credentials.renew()) return answer;
      answer.discard();
      return attempt(ask);
    },
    close: () => current?.agent.destroy(),
  };
}

/** The server closed an idle connection at the moment we used it: nothing was done, ask again. */
class ReusedSocketClosed extends Error {}

interface Line { server: URL; agent: http.Agent; headers: Readonly<Record<string, string>> }

function send(ask: Ask, { server, agent, headers }: Line): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = (server.protocol === "http:" ? http : https).request({
      agent,
      host: server.hostname.replace(/^\[|\]$/g, ""),
      port: server.port || (server.protocol === "http:" ? 80 : 443),
      path: `${server.pathname.replace(/\/$/, "")}${ask.path}`,
      method: ask.method ?? "GET",
      headers: {
        ...headers, accept: "application/json", "user-agent": "quarterdeck",
        ...(ask.body === undefined ? {} : { "content-type": ask.contentType ?? "application/json", "content-length": String(Buffer.byteLength(ask.body)) }),
      },
      signal: ask.signal,
    });
    const answered = new AbortController();
    void systemClock.sleep(ask.headTimeoutMs, answered.signal).then(() => {
      if (answered.signal.aborted) return;
      // An answer may wait in the socket while this process was busy: look once more before giving up.
      setImmediate(() => answered.signal.aborted || request.destroy(new SilentServer(`no answer within ${ask.headTimeoutMs} ms`)));
    });
    request.on("error", (thrown: NodeJS.ErrnoException) => {
      answered.abort();
      reject(request.reusedSocket && thrown.code === "ECONNRESET" ? new ReusedSocketClosed(thrown.message, { cause: thrown }) : thrown);
    });
    request.on("response", (response) => {
      answered.abort();
      // An unread body that breaks must not end the process; who reads it gets the error from the iteration.
      response.on("error", () => undefined);
      const wait = Number(response.headers["retry-after"]);
      resolve({ status: response.statusCode ?? 0, retryAfterMs: Number.isFinite(wait) && wait >= 0 ? wait * 1000 : null, body: response, discard: () => response.destroy() });
    });
    request.end(ask.body);
  });
}

/** The whole body as text; throws above the limit. */
export async function bodyText(answer: Answer, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body) {
    bytes += part.byteLength;
    if (bytes > maxBytes) {
      answer.discard();
      throw new RangeError(`the answer is larger than ${maxBytes} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
