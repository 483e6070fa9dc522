// From a request to a verb and back: who asks, from where, with what; and the one place where errors become HTTP.
import "server-only";
import { isIP } from "node:net";
import { env } from "@/lib/base/env";
import { AppError, causeText, toHttpStatus } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { sseResponse, type SseWriter } from "@/lib/base/sse";
import { ending } from "@/lib/runtime";
import { record } from "./audit";
import { countDenial } from "./denials";
import type { Actor } from "./model";
import { mayDo } from "./policy";
import { currentActor } from "./session";
import { counted, requests } from "./requests";
import { inputFault, perform, type Ctx, type Feed, type Verb } from "./verb";
import type { ZodType } from "zod";

/** A catch-all segment is a list. What of it is right, an act's own input says. */
type Params = Record<string, string | string[]>;
type RouteContext = { params: Promise<Params> };
type Route = (request: Request, context: RouteContext) => Promise<Response>;
type ReadInput = (request: Request, params: Params) => unknown;

/** A verb or feed as a route. Without `readInput`: the JSON body (for GET the search parameters) merged with the parameters of the path. */
export function endpoint<I, O>(act: Verb<I, O> | Feed<I, O>, readInput: ReadInput = defaultInput): Route {
  return counted((request, context) =>
    answering(request, async (requestId) => {
      const ctx = await contextOf(request, requestId, act.name);
      const input = await readInput(request, await context.params);
      const result = await perform(act, ctx, input);
      return result instanceof Response ? result : json(result ?? {});
    }));
}

const recheckMs = 2000;

/** A feed whose result writes events. The session is looked at again every few seconds, and the stream ends with it. */
export function streamEndpoint<I>(act: Feed<I, (writer: SseWriter) => void | Promise<void>>, readInput: ReadInput = defaultInput): Route {
  return counted((request, context) =>
    answering(request, async (requestId) => {
      const ctx = await contextOf(request, requestId, act.name);
      const write = await perform(act, ctx, await readInput(request, await context.params));
      const lost = new AbortController();
      const signal = AbortSignal.any([request.signal, ending().signal, lost.signal]);
      return sseResponse(signal, (writer) => {
        const timer = setInterval(() => void stillMay(request, ctx.actor, act).then((may) => may || lost.abort()), recheckMs);
        requests().streams.inc();
        writer.signal.addEventListener("abort", () => {
          clearInterval(timer);
          requests().streams.dec();
        }, { once: true });
        return write(writer);
      });
    }));
}

/** Whoever cannot be asked is taken as gone: a stream that ends is opened again, one that stays may tell what it should not. */
async function stillMay(request: Request, was: Actor, { permission }: { permission: Parameters<typeof mayDo>[1] | null }): Promise<boolean> {
  const now = await currentActor(request.headers).catch(() => null);
  return now !== null && now.id === was.id && now.role === was.role && (permission === null || mayDo(now.role, permission));
}

/** What an operator may have opened to everybody; where not, it is a feed for whoever is signed in. */
export interface Published<I, O> {
  name: string;
  input: ZodType<I>;
  isOpen(input: I): Promise<boolean>;
  run(input: I): Promise<O>;
}

/** A route of something published. Asks for no session where it is open; a person without one is led to sign in where it is not. */
export function publishedEndpoint<I, O>(page: Published<I, O>, answer: (output: O, request: Request) => Response | Promise<Response>): Route {
  return counted((request, context) =>
    answering(request, async (requestId) => {
      const parsed = page.input.safeParse(await context.params);
      if (!parsed.success) throw inputFault(parsed.error);
      if (!(await page.isOpen(parsed.data))) {
        const leads = /\btext\/html\b/.test(request.headers.get("accept") ?? "") && !request.headers.has("authorization") && (await currentActor(request.headers)) === null;
        if (leads) return new Response(null, { status: 302, headers: { location: `/sign-in?then=${encodeURIComponent(new URL(request.url).pathname)}`, "cache-control": "no-store" } });
        await perform({ ...page, permission: "cluster.read", changes: false, run: async () => null }, await contextOf(request, requestId, page.name), parsed.data);
      }
      return answer(await page.run(parsed.data), request);
    }));
}

export interface Visit { requestId: string; address: string; headers: Headers }

/** A route for someone who is not signed in and brings a one-time token or a password instead. */
export function visitorEndpoint<I, O>(input: ZodType<I>, run: (visit: Visit, input: I) => Promise<O>): (request: Request) => Promise<Response> {
  return counted((request) =>
    answering(request, async (requestId) => {
      checkOrigin(request);
      const parsed = input.safeParse(await readJson(request));
      if (!parsed.success) throw inputFault(parsed.error);
      const result = await run({ requestId, address: addressOf(request.headers), headers: request.headers }, parsed.data);
      return result instanceof Response ? result : json(result ?? {});
    }));
}

export interface Delivery extends Visit { bytes: Buffer }

/** A route for a program that proves itself by what it sends: the bytes as they came, not more than `maxBytes`. Nothing of them is read before `run` has checked the proof. */
export function deliveryEndpoint(maxBytes: number, run: (delivery: Delivery) => Promise<Record<string, unknown>>): (request: Request) => Promise<Response> {
  return counted((request) =>
    answering(request, async (requestId) => {
      const bytes = await readBytes(request, maxBytes);
      return json(await run({ requestId, address: addressOf(request.headers), headers: request.headers, bytes }), { status: 202 });
    }));
}

async function contextOf(request: Request, requestId: string, action: string): Promise<Ctx> {
  const actor = await currentActor(request.headers);
  if (!actor) {
    countDenial(action);
    throw new AppError("signed-out", "You are not signed in, or your session has ended. Sign in and try again.");
  }
  const address = addressOf(request.headers);
  if (actor.kind === "user" && !isFromOwnPages(request)) {
    const fault = foreignOrigin();
    await record({ actor, address, requestId, action, target: { kind: "origin", name: request.headers.get("origin") || "none" }, outcome: "denied", reason: fault.say });
    throw fault;
  }
  return { actor, requestId, signal: AbortSignal.any([request.signal, ending().signal]), address };
}

/** A cookie goes along with whatever page sends the request: what changes something must come from our own pages. */
export function checkOrigin(request: Request): void {
  if (isFromOwnPages(request)) return;
  countDenial(`${request.method} from a foreign origin`);
  throw foreignOrigin();
}

const ownOrigin = (): string => new URL(env().QUARTERDECK_URL).origin;
const foreignOrigin = () => new AppError("forbidden", `The request does not come from the console's own pages. Open it at ${ownOrigin()}; programs use an API key.`);

function isFromOwnPages({ method, headers }: Request): boolean {
  return method === "GET" || method === "HEAD" || headers.get("origin") === ownOrigin() || headers.get("sec-fetch-site") === "same-origin";
}

/** The last hop's word on where the request comes from. A client may have set it, so nothing is allowed because of it. */
export function addressOf(headers: Headers): string {
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  return isIP(last) ? last : "";
}

async function defaultInput(request: Request, params: Params): Promise<unknown> {
  if (request.method === "GET" || request.method === "HEAD") return { ...Object.fromEntries(new URL(request.url).searchParams), ...params };
  const body = await readJson(request);
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new AppError("invalid", "The body is to be a JSON object.");
  return { ...body, ...params };
}

export async function readJson(request: Request): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(request, env().QUARTERDECK_MAX_BODY_BYTES));
  if (text === "") return {};
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) throw new AppError("invalid", "The body is to be JSON, sent with the header content-type: application/json.");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid", "The body is not valid JSON.", cause);
  }
}

async function readBytes(request: Request, maxBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new AppError("invalid", `The body is larger than ${maxBytes} bytes. Send less.`);
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

/** JSON with the database's big integers as text. */
export function json(value: unknown, init: { status?: number } = {}, cookies: readonly string[] = []): Response {
  const text = JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
  const headers = new Headers({ "content-type": "application/json", "cache-control": "private, no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(text, { status: init.status ?? 200, headers });
}

export async function answering(request: Request, act: (requestId: string) => Promise<Response>): Promise<Response> {
  const requestId = crypto.randomUUID();
  try {
    return await act(requestId);
  } catch (error) {
    return toErrorResponse(error, requestId, new URL(request.url).pathname);
  }
}

function toErrorResponse(error: unknown, requestId: string, path: string): Response {
  const known = error instanceof AppError ? error : new AppError("internal", `Something went wrong on the server. Its log has it under ${requestId}.`, error);
  if (known.code === "internal" || known.code === "unavailable") log.error({ requestId, path, cause: causeText(known.cause ?? known.say) }, known.say);
  return json({ error: { code: known.code, say: known.say, requestId } }, { status: toHttpStatus(known.code) });
}
