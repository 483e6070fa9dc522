// Asks Prometheus over HTTP: instant and range queries with a deadline, a cap on the answer, and cancellation.
import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/base/errors";
import { catalogueOf, type Catalogue } from "./catalogue";
import { toRangeAnswer, toInstantAnswer, type InstantAnswer, type RangeAnswer } from "./objects";

export interface AskOptions { timeoutMs?: number; signal?: AbortSignal }

export interface PrometheusClient extends Catalogue {
  /** `time` in ms since the epoch; now when absent. */
  query(expression: string, options?: AskOptions & { time?: number }): Promise<InstantAnswer>;
  /** `limit`: as many series as are wanted at most; servers before 3.2 send all. */
  queryRange(expression: string, options: AskOptions & { start: number; end: number; stepMs: number; limit?: number }): Promise<RangeAnswer>;
  ready(timeoutMs?: number): Promise<boolean>;
  buildInfo(): Promise<{ version: string; revision: string }>;
}

const defaultTimeoutMs = 10_000;
const defaultMaxBytes = 16 * 1024 * 1024;
const buildInfoAnswer = z.object({ version: z.string(), revision: z.string().default("") });
const envelope = z.object({ status: z.enum(["success", "error"]), data: z.unknown().optional(), error: z.string().optional(), errorType: z.string().optional(), warnings: z.array(z.string()).optional(), infos: z.array(z.string()).optional() });
type Envelope = z.infer<typeof envelope>;

/** How a path below Prometheus is asked: over HTTP at its address, or by whoever has a way to it. */
export type Way = (path: string, init: { body: URLSearchParams | null; signal: AbortSignal }) => Promise<Response>;

export function httpWay(baseUrl: string): Way {
  const base = baseUrl.replace(/\/+$/, "");
  return (path, { body, signal }) => fetch(base + path, { method: body ? "POST" : "GET", body, signal, redirect: "error" });
}

export function openPrometheus(address: string | Way, { maxBytes = defaultMaxBytes }: { maxBytes?: number } = {}): PrometheusClient {
  const way = typeof address === "string" ? httpWay(address) : address;
  // POST: an expression can be longer than a URL may be.
  const ask = async (path: string, form: Record<string, string> | null, { timeoutMs = defaultTimeoutMs, signal }: AskOptions = {}): Promise<Envelope> => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const ends = signal ? AbortSignal.any([deadline, signal]) : deadline;
    try {
      const body = form === null ? null : new URLSearchParams({ ...form, timeout: `${Math.max(1, Math.ceil(timeoutMs / 1000))}s` });
      const response = await way(path, { body, signal: ends });
      return toEnvelope(response, await textUpTo(response, maxBytes));
    } catch (thrown) {
      throw toAppError(thrown, { gone: signal?.aborted ?? false, late: deadline.aborted, timeoutMs });
    }
  };
  return {
    async query(expression, { time, ...options } = {}) {
      return toInstantAnswer(await ask("/api/v1/query", { query: expression, ...(time === undefined ? {} : { time: String(time / 1000) }) }, options));
    },
    async queryRange(expression, { start, end, stepMs, limit, ...options }) {
      const form = { query: expression, start: String(start / 1000), end: String(end / 1000), step: String(stepMs / 1000), ...(limit === undefined ? {} : { limit: String(limit) }) };
      return toRangeAnswer(await ask("/api/v1/query_range", form, options));
    },
    ...catalogueOf((path, form, { get = false, ...options }) => (get ? ask(`${path}?${new URLSearchParams(form)}`, null, options) : ask(path, form, options))),
    ready: (timeoutMs = 3_000) => way("/-/ready", { body: null, signal: AbortSignal.timeout(timeoutMs) }).then((response) => response.ok, () => false),
    async buildInfo() {
      const parsed = buildInfoAnswer.safeParse((await ask("/api/v1/status/buildinfo", null)).data);
      if (!parsed.success) throw notPrometheus(parsed.error);
      return parsed.data;
    },
  };
}

function notPrometheus(cause: unknown): AppError {
  return new AppError("unavailable", "What answers at Prometheus' address does not answer as Prometheus does. Check PROMETHEUS_URL.", cause);
}

async function textUpTo(response: Response, maxBytes: number): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes += next.value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      throw new AppError("too-many", `The answer is larger than ${Math.round(maxBytes / 1024)} KiB. Ask for fewer series, a shorter time or longer steps.`);
    }
    chunks.push(next.value);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Errors come as JSON with a 4xx or 503; while Prometheus replays its log, a 503 is plain text. */
function toEnvelope(response: Response, text: string): Envelope {
  if (!(response.headers.get("content-type") ?? "").includes("json")) {
    if (response.status === 503) throw new AppError("unavailable", "Prometheus is still starting. It answers once its log is read.", text.slice(0, 200));
    throw notPrometheus(`${response.status} ${text.slice(0, 200)}`);
  }
  const parsed = envelope.safeParse(JSON.parse(text));
  if (!parsed.success) throw notPrometheus(parsed.error);
  if (parsed.data.status === "success") return parsed.data;
  const { errorType = "", error = "" } = parsed.data;
  if (/too many samples/i.test(error)) throw new AppError("too-many", "The question reads more samples at once than this Prometheus allows. Name fewer series with matchers, sum them up, or look at a shorter time.", error);
  if (errorType === "timeout" || response.status === 503) throw new AppError("unavailable", `Prometheus did not finish the query in time: ${error}.`);
  throw new AppError("invalid", `Prometheus does not take this query: ${error}.`);
}

function toAppError(thrown: unknown, { gone, late, timeoutMs }: { gone: boolean; late: boolean; timeoutMs: number }): AppError {
  if (thrown instanceof AppError) return thrown;
  if (gone) return new AppError("gone", "The query was cancelled.", thrown);
  if (late) return new AppError("unavailable", `Prometheus did not answer within ${timeoutMs / 1000} s.`, thrown);
  if (thrown instanceof SyntaxError) return notPrometheus(thrown);
  return new AppError("unavailable", "Prometheus cannot be reached at its address. Check that it runs and that PROMETHEUS_URL is right.", thrown);
}
