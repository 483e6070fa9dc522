// A status document as text: drawn once, then given to everybody until it changes or its ages would be wrong.
import { createHash } from "node:crypto";
import type { ReactElement } from "react";
import { toMarkup } from "@/components/status/document/markup";
import { securityHeaders } from "@/lib/base/security-headers";
import { keep } from "@/lib/runtime";

export const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export interface Drawn { body: Uint8Array<ArrayBuffer>; etag: string }

const keptAtMost = 200;
const drawings = (): Map<string, Drawn> => keep("status.drawings", () => new Map<string, Drawn>());

export function drawn(key: string, draw: () => ReactElement): Drawn {
  const known = drawings().get(key);
  if (known) return known;
  const body = new TextEncoder().encode(`<!doctype html>${toMarkup(draw())}`);
  const made = { body, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"` };
  for (const old of [...drawings().keys()].slice(0, Math.max(0, drawings().size - keptAtMost))) drawings().delete(old);
  drawings().set(key, made);
  return made;
}

export interface Sent { body: Uint8Array<ArrayBuffer> | string; type: string; etag: string; open: boolean; policy?: string; elsewhere?: boolean }

/** Open pages may be kept by anybody for moments; others by nobody. `elsewhere`: may be shown within pages of others. */
export function send(request: Request, { body, type, etag, open, policy: own = policy, elsewhere = false }: Sent): Response {
  const headers = new Headers(securityHeaders);
  headers.set("content-type", type);
  headers.set("content-security-policy", own);
  headers.set("cache-control", open ? "public, max-age=10, stale-while-revalidate=60" : "private, no-store");
  headers.set("etag", etag);
  if (open && elsewhere) {
    headers.set("cross-origin-resource-policy", "cross-origin");
    headers.set("access-control-allow-origin", "*");
  }
  const known = (request.headers.get("if-none-match") ?? "").split(",").map((one) => one.trim().replace(/^W\//, ""));
  if (known.includes(etag)) return new Response(null, { status: 304, headers });
  return new Response(body, { headers });
}
