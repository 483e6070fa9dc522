// One way to ask our own server for JSON: errors come back as a sentence with their code and request id.
import { z, type ZodType } from "zod";

const wireError = z.object({ error: z.object({ code: z.string(), say: z.string(), requestId: z.string().default("") }) });

export class FetchError extends Error {
  override name = "FetchError";
  readonly status: number;
  readonly code: string;
  readonly requestId: string;

  constructor(status: number, { code, say, requestId }: { code: string; say: string; requestId: string }) {
    super(say);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** Asks and checks the answer by its schema; throws a FetchError whose message is for the person. */
export async function fetchJson<T>(url: string, schema: ZodType<T>, init?: RequestInit): Promise<T> {
  const response = await reach(url, init);
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toError(response.status, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new FetchError(response.status, { code: "malformed", say: `The server's answer to ${url} was not understood.`, requestId: "" });
}

/** Sends JSON and reads JSON. */
export function postJson<T>(url: string, schema: ZodType<T>, body: unknown): Promise<T> {
  return fetchJson(url, schema, jsonBody(body));
}

export function jsonBody(body: unknown): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

async function reach(url: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, headers: { accept: "application/json", ...init?.headers } });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new FetchError(0, { code: "unreachable", say: "The console does not answer. Check that it runs and that this device reaches it.", requestId: "" });
  }
}

function toError(status: number, body: unknown): FetchError {
  const known = wireError.safeParse(body);
  return new FetchError(status, known.success ? known.data.error : { code: "internal", say: `The server answered ${status} without a reason.`, requestId: "" });
}
