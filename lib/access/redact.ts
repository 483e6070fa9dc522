// What of a request may stand in the record: secrets struck out by name, long texts cut, deep structures flattened.

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const secret = /pass(word|phrase)?|secret|token|kubeconfig|authorization|cookie|credential|private|api.?key|certificate/i;
const maxText = 500;
const maxItems = 50;
const maxDepth = 6;

export function redact(value: unknown, depth = 0): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value.length > maxText ? `${value.slice(0, maxText)}… (${value.length} characters)` : value;
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : String(value);
  if (typeof value === "boolean") return value;
  if (depth >= maxDepth) return "…";
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => redact(item, depth + 1));
  if (typeof value !== "object") return String(value);
  const entries = Object.entries(value).slice(0, maxItems);
  return Object.fromEntries(entries.map(([key, item]) => [key, secret.test(key) ? "[redacted]" : redact(item, depth + 1)]));
}
