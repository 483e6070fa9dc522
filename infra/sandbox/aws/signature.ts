// Signature Version 4, checked: who signed a request, and whether with the right secret.
// Source: "Create a signed AWS API request", IAM User Guide (canonical request, string to sign, signing key).
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export interface Credential {
  accessKeyId: string;
  secretAccessKey: string;
  /** Temporary keys come with one, and are nothing without it. */
  sessionToken: string | null;
  expiresAtMs: number | null;
  roleName: string | null;
}

export interface SignedRequest {
  method: string;
  /** Path and query as they came. */
  target: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Scope { accessKeyId: string; date: string; region: string; service: string }

interface Authorization extends Scope { signedHeaders: string[]; signature: string }

/** How a request stands: unsigned, unreadable, by nobody we know, altered, too old, or by whom. */
export type Signer =
  | { outcome: "missing" }
  | { outcome: "incomplete"; say: string }
  | { outcome: "unknown-key"; scope: Scope }
  | { outcome: "mismatch"; scope: Scope }
  | { outcome: "expired"; scope: Scope; say: string }
  | { outcome: "ended"; scope: Scope }
  | { outcome: "signed"; scope: Scope; credential: Credential };

/** Source: same guide: a request must reach AWS within five minutes of the time stamp in it. */
const skewMs = 5 * 60_000;

export function signerOf(request: SignedRequest, credentials: readonly Credential[], nowMs: number): Signer {
  const header = request.headers.authorization;
  if (!header) return { outcome: "missing" };
  const authorization = parseAuthorization(header);
  if (!authorization) return { outcome: "incomplete", say: "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters." };
  const { accessKeyId, date, region, service } = authorization;
  const scope = { accessKeyId, date, region, service };
  const credential = credentials.find((one) => one.accessKeyId === accessKeyId);
  if (!credential) return { outcome: "unknown-key", scope };
  if (credential.sessionToken !== null && request.headers["x-amz-security-token"] !== credential.sessionToken) return { outcome: "unknown-key", scope };
  if (credential.expiresAtMs !== null && credential.expiresAtMs <= nowMs) return { outcome: "ended", scope };
  const stamp = String(request.headers["x-amz-date"] ?? "");
  const signedAt = parseStamp(stamp);
  if (signedAt === null) return { outcome: "incomplete", say: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header." };
  if (Math.abs(nowMs - signedAt) > skewMs) return { outcome: "expired", scope, say: `Signature expired: ${stamp} is not within five minutes of the time here.` };
  const expected = signatureFor(request, authorization, { stamp, secret: credential.secretAccessKey });
  return equal(expected, authorization.signature) ? { outcome: "signed", scope, credential } : { outcome: "mismatch", scope };
}

function parseAuthorization(header: string): Authorization | null {
  const match = /^AWS4-HMAC-SHA256\s+Credential=([^/\s,]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(header);
  if (!match) return null;
  const [, accessKeyId = "", date = "", region = "", service = "", signedHeaders = "", signature = ""] = match;
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(";"), signature };
}

function parseStamp(stamp: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp);
  if (!match) return null;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}

function signatureFor(request: SignedRequest, authorization: Authorization, { stamp, secret }: { stamp: string; secret: string }): string {
  const { date, region, service } = authorization;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", stamp, scope, sha256(canonicalRequest(request, authorization.signedHeaders))].join("\n");
  const key = [date, region, service, "aws4_request"].reduce<Buffer>((last, part) => hmac(last, part), Buffer.from(`AWS4${secret}`));
  return hmac(key, toSign).toString("hex");
}

function canonicalRequest({ method, target, headers, body }: SignedRequest, signedHeaders: readonly string[]): string {
  const url = new URL(target, "http://localhost");
  const query = [...url.searchParams]
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const headerLines = signedHeaders.map((name) => `${name}:${String(headers[name] ?? "").trim().replace(/\s+/g, " ")}\n`).join("");
  return [method, url.pathname, query, headerLines, signedHeaders.join(";"), sha256(body)].join("\n");
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
