// Speaks to an API server as the sandbox's own administrator: plain JSON over one kept connection pool.
import { Agent, request } from "node:https";
import { createInterface } from "node:readline";
import type { Json, JsonObject } from "../json.ts";
import { parseJson, textAt } from "../json.ts";
import type { Credentials } from "./pki.ts";

export interface Answer { status: number; body: Json; text: string }
export interface CallInput { method: string; path: string; body?: Json | JsonObject | undefined; /** Sent as it is, in place of a body. */ raw?: string; contentType?: string; timeoutMs?: number }

export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function asJson(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

export class ApiClient {
  private readonly agent: Agent;
  /** A watch keeps its connection for as long as it lasts: among the others, watches would leave none for a call. */
  private readonly watching: Agent;
  private readonly host: string;
  private readonly identity: Record<string, string>;

  /** `socketPath`: where a way to it begins that is none of this host's network. */
  constructor(host: string, credentials: Credentials | { ca: string; token: string }, socketPath?: string) {
    this.host = host;
    const way = socketPath === undefined ? credentials : { ...credentials, socketPath };
    this.agent = new Agent({ keepAlive: true, maxSockets: 12, ...way });
    this.watching = new Agent(way);
    this.identity = "token" in credentials ? { authorization: `Bearer ${credentials.token}` } : {};
  }

  /** Any answer of the server is an answer; only a broken connection is an error. */
  call(input: CallInput): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const payload = input.raw ?? (input.body === undefined ? undefined : JSON.stringify(input.body));
      const sent = request({
        host: this.host, port: 6443, agent: this.agent, method: input.method, path: input.path, timeout: input.timeoutMs ?? 30_000,
        headers: payload === undefined ? { accept: "application/json", ...this.identity } : {
          accept: "application/json", ...this.identity, "content-type": input.contentType ?? "application/json", "content-length": Buffer.byteLength(payload),
        },
      }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: response.statusCode ?? 0, body: asJson(text), text });
        });
      });
      sent.once("timeout", () => sent.destroy(new Error(`${input.method} ${input.path} had no answer in time`)));
      sent.once("error", reject);
      sent.end(payload);
    });
  }

  private async expect(input: CallInput): Promise<Json> {
    const answer = await this.call(input);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw new ApiError(answer.status, `${input.method} ${input.path}: ${textAt(answer.body, "message") || answer.text.slice(0, 200)}`);
  }

  get(path: string): Promise<Json> { return this.expect({ method: "GET", path }); }
  create(path: string, body: JsonObject): Promise<Json> { return this.expect({ method: "POST", path, body }); }
  replace(path: string, body: JsonObject): Promise<Json> { return this.expect({ method: "PUT", path, body }); }
  merge(path: string, body: JsonObject): Promise<Json> {
    return this.expect({ method: "PATCH", path, body, contentType: "application/merge-patch+json" });
  }
  strategic(path: string, body: JsonObject): Promise<Json> {
    return this.expect({ method: "PATCH", path, body, contentType: "application/strategic-merge-patch+json" });
  }
  apply(path: string, body: JsonObject): Promise<Json> {
    return this.expect({ method: "PATCH", path: `${path}?fieldManager=sandbox&force=true`, body, contentType: "application/apply-patch+yaml" });
  }
  delete(path: string, body?: JsonObject): Promise<Json> { return this.expect({ method: "DELETE", path, body }); }

  /** Creates what is not there yet; what is there stays as it is. */
  async ensure(path: string, body: JsonObject): Promise<void> {
    const answer = await this.call({ method: "POST", path, body });
    if (answer.status === 409 || (answer.status >= 200 && answer.status < 300)) return;
    throw new ApiError(answer.status, `POST ${path}: ${textAt(answer.body, "message") || answer.text.slice(0, 200)}`);
  }

  /** Events of a watch until the server ends it or the signal does. */
  async *watch(path: string, signal: AbortSignal): AsyncGenerator<Json> {
    const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
      const sent = request({ host: this.host, port: 6443, agent: this.watching, method: "GET", path, headers: { accept: "application/json", ...this.identity }, signal }, resolve);
      sent.once("error", reject);
      sent.end();
    });
    const lines = createInterface({ input: response, crlfDelay: Infinity });
    // A connection that breaks ends the lines; its error may come after them, when nobody reads any more.
    for (const source of [response, lines]) source.on("error", () => undefined);
    for await (const line of lines) {
      if (line !== "") yield asJson(line);
    }
  }

  close(): void {
    this.agent.destroy();
    this.watching.destroy();
  }
}
