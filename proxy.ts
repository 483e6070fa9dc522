// Headers of every answer: what a page may load and who may frame it. Decides no access; each route and verb does that itself.
import { NextResponse, type NextRequest } from "next/server";
import { env } from "@/lib/base/env";
import { securityHeaders } from "@/lib/base/security-headers";

const openPages = ["/sign-in", "/set-up", "/invite", "/metrics"];

function contentPolicy(nonce: string): string {
  const development = env().NODE_ENV === "development";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = contentPolicy(nonce);
  const secure = env().QUARTERDECK_URL.startsWith("https:");
  const response = leadsToSignIn(request) ? toSignIn(request) : NextResponse.next({ request: { headers: withNonce(request.headers, nonce, policy) } });
  response.headers.set("content-security-policy", policy);
  for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
  if (secure) response.headers.set("strict-transport-security", "max-age=31536000");
  return response;
}

/** The request's own x-nonce is never believed. */
function withNonce(given: Headers, nonce: string, policy: string): Headers {
  const headers = new Headers(given);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  return headers;
}

/** A courtesy: a page without any session cookie would show only refusals. */
function leadsToSignIn({ nextUrl, cookies, headers }: NextRequest): boolean {
  const { pathname } = nextUrl;
  if (pathname.startsWith("/api/") || openPages.includes(pathname) || /\.[a-z0-9]+$/i.test(pathname) || headers.has("authorization")) return false;
  return !cookies.getAll().some(({ name }) => name.endsWith("quarterdeck.session_token"));
}

function toSignIn({ nextUrl }: NextRequest): NextResponse {
  const to = nextUrl.clone();
  to.pathname = "/sign-in";
  to.search = nextUrl.pathname === "/" ? "" : `?then=${encodeURIComponent(nextUrl.pathname + nextUrl.search)}`;
  return NextResponse.redirect(to);
}

/** Status pages are plain documents that bring their own headers; they are asked for often and need nothing of this. */
export const config = { matcher: ["/((?!_next/static|_next/image|status$|status/).*)"] };
