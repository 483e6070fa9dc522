// Going out: one HTTP request or TCP connection, to an address that is checked once more when its name is resolved, so that a name cannot turn after it was allowed.
import "server-only";
import { lookup as resolve, type LookupAddress } from "node:dns";
import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect, isIP, type LookupFunction } from "node:net";
import { AppError } from "@/lib/base/errors";
import { checkHost, isRefusedAddress, readHostPort, readUrl } from "./address";

export interface Went { ok: boolean; status: number; tookMs: number; say: string }

/** Node connects to what this answers; it is asked at the moment of connecting. */
export function guardedLookup(ask: typeof resolve = resolve): LookupFunction {
  return (hostname, options, callback) => {
    ask(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, "", 0);
      const bad = addresses.find(({ address }) => isRefusedAddress(address));
      const [first] = addresses;
      if (bad || !first) return callback(new AppError("invalid", `${hostname} leads to a link-local address or one of a cloud's metadata service`), "", 0);
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

export interface Going { timeoutMs: number; lookup?: LookupFunction; signal?: AbortSignal }

const mostBytes = 64 * 1024;

/** Follows no redirect: where it leads was not configured. */
export function goHttp(address: string, { timeoutMs, lookup = guardedLookup(), signal, ...more }: Going & { method?: string; headers?: Record<string, string>; body?: string }): Promise<Went> {
  const begun = performance.now();
  const url = readUrl(address);
  const done = (ok: boolean, status: number, say: string): Went => ({ ok, status, tookMs: Math.round(performance.now() - begun), say });
  return new Promise((settle) => {
    const late = AbortSignal.timeout(timeoutMs);
    const options: RequestOptions = { method: more.method ?? "GET", headers: { "user-agent": "quarterdeck", ...more.headers }, lookup, signal: signal ? AbortSignal.any([late, signal]) : late, agent: false };
    const going = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, options, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostBytes) answer.destroy();
      });
      const status = answer.statusCode ?? 0;
      answer.once("close", () => settle(done(status >= 200 && status < 400, status, `answered ${status}`)));
    });
    going.once("error", (error) => settle(done(false, 0, late.aborted ? `no answer within ${timeoutMs} ms` : wordOf(error))));
    going.end(more.body);
  });
}

export function goTcp(address: string, { timeoutMs, lookup = guardedLookup(), signal }: Going): Promise<Went> {
  const begun = performance.now();
  const { host, port } = readHostPort(address);
  checkHost(host);
  return new Promise((settle) => {
    const socket = connect({ host, port, ...(isIP(host) === 0 ? { lookup } : {}) });
    const end = (ok: boolean, say: string): void => {
      clearTimeout(timer);
      socket.destroy();
      settle({ ok, status: 0, tookMs: Math.round(performance.now() - begun), say });
    };
    const timer = setTimeout(() => end(false, `no connection within ${timeoutMs} ms`), timeoutMs);
    signal?.addEventListener("abort", () => end(false, "the console ended"), { once: true });
    socket.once("connect", () => end(true, "connected")).once("error", (error) => end(false, wordOf(error)));
  });
}

const words: Record<string, string> = { ECONNREFUSED: "connection refused", ENOTFOUND: "its name is not known", EAI_AGAIN: "its name could not be resolved", ECONNRESET: "connection cut", EHOSTUNREACH: "no way to it", ENETUNREACH: "no way to it", CERT_HAS_EXPIRED: "its certificate has expired", DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not trusted" };

/** In words without an address: this is read by everybody. */
function wordOf(error: Error): string {
  if (error instanceof AppError) return "its name leads to an address that the console does not go to";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return words[code] ?? (code === "" ? "no answer" : `no answer (${code})`);
}
