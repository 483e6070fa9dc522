// Alertmanager over its API v2: silences listed, made and ended. Each is one fixed operation.
import "server-only";
import { z, type ZodType } from "zod";
import { AppError, causeText } from "@/lib/base/errors";

export interface SilenceMatcher { name: string; value: string; isRegex: boolean; isEqual: boolean }
export interface WireSilence { id: string; state: "active" | "pending" | "expired"; matchers: readonly SilenceMatcher[]; startsAt: number; endsAt: number; createdBy: string; comment: string }
export interface NewSilence { matchers: readonly SilenceMatcher[]; startsAt: number; endsAt: number; createdBy: string; comment: string }

export interface AlertmanagerClient {
  silences(signal?: AbortSignal): Promise<WireSilence[]>;
  /** Its id. */
  silence(wanted: NewSilence, signal?: AbortSignal): Promise<string>;
  expire(id: string, signal?: AbortSignal): Promise<void>;
}

const timeoutMs = 8_000;
const maxBytes = 4 * 1024 * 1024;
const time = z.string().transform((text) => Date.parse(text));
const matcher = z.object({ name: z.string(), value: z.string(), isRegex: z.boolean().default(false), isEqual: z.boolean().default(true) });
const silence = z
  .object({ id: z.string(), status: z.object({ state: z.enum(["active", "pending", "expired"]) }), matchers: z.array(matcher), startsAt: time, endsAt: time, createdBy: z.string().default(""), comment: z.string().default("") })
  .transform(({ status, ...rest }): WireSilence => ({ ...rest, state: status.state }));

export function openAlertmanager(address: string): AlertmanagerClient {
  const base = `${address.replace(/\/+$/, "")}/api/v2`;
  const ask = async <T>(path: string, schema: ZodType<T>, init: RequestInit & { signal?: AbortSignal | null | undefined }): Promise<T> => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([deadline, init.signal]) : deadline;
    const response = await fetch(base + path, { ...init, signal, redirect: "error" }).catch((thrown: unknown) => { throw unreachable(thrown, { late: deadline.aborted, gone: init.signal?.aborted === true }); });
    const text = (await response.text()).slice(0, maxBytes);
    if (!response.ok) throw new AppError(response.status < 500 ? "invalid" : "unavailable", `Alertmanager does not do it: ${saidIn(text) || `it answered ${response.status}`}.`);
    const parsed = schema.safeParse(text === "" ? null : readable(text));
    if (parsed.success) return parsed.data;
    throw new AppError("unavailable", "What answers at Alertmanager's address does not answer as Alertmanager's API v2 does. Check ALERTMANAGER_URL.", parsed.error);
  };
  const within = (signal: AbortSignal | undefined): { signal?: AbortSignal } => (signal ? { signal } : {});
  return {
    silences: (signal) => ask("/silences", z.array(silence), within(signal)),
    async silence({ startsAt, endsAt, ...wanted }, signal) {
      const body = JSON.stringify({ ...wanted, startsAt: new Date(startsAt).toISOString(), endsAt: new Date(endsAt).toISOString() });
      return (await ask("/silences", z.object({ silenceID: z.string() }), { method: "POST", headers: { "content-type": "application/json" }, body, ...within(signal) })).silenceID;
    },
    async expire(id, signal) {
      await ask(`/silence/${encodeURIComponent(id)}`, z.unknown(), { method: "DELETE", ...within(signal) });
    },
  };
}

function unreachable(thrown: unknown, { late, gone }: { late: boolean; gone: boolean }): AppError {
  if (gone) return new AppError("gone", "The question was cancelled.", thrown);
  return new AppError("unavailable", late ? `Alertmanager did not answer within ${timeoutMs / 1000} s.` : `Alertmanager cannot be reached: ${causeText(thrown)}.`, thrown);
}

/** A refusal is JSON: a sentence, or an object that holds one. */
function saidIn(text: string): string {
  const said = z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]).safeParse(readable(text));
  return (said.success ? said.data : text).trim().slice(0, 300).replace(/\.$/, "");
}

function readable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
