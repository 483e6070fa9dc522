// IPv4 ranges: reading, overlap, containment and size; a range with host bits set is refused, because AWS would silently change it.
import { z } from "zod";

export interface Range { first: number; last: number; prefix: number }

/** Null for what is no IPv4 range in canonical form. */
export function toRange(text: string): Range | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return null;
  const [prefix, octets] = [Number(match[5]), match.slice(1, 5).map(Number)];
  if (prefix > 32 || octets.some((octet) => octet > 255) || match.slice(1).some((part) => /^0\d/.test(part))) return null;
  const first = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : null;
}

export function rangeOf(text: string): Range {
  const range = toRange(text);
  if (!range) throw new RangeError(`${text} is no IPv4 range`);
  return range;
}

export const overlaps = (a: Range, b: Range): boolean => a.first <= b.last && b.first <= a.last;
export const contains = (outer: Range, inner: Range): boolean => outer.first <= inner.first && inner.last <= outer.last;
export const sizeOf = ({ prefix }: Range): number => 2 ** (32 - prefix);
export const isWorld = (text: string): boolean => toRange(text)?.prefix === 0;

export const addressText = (address: number): string => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

/** The range that someone who wrote host bits probably meant; null when it is no range at all. */
export function nearestRange(text: string): string | null {
  const match = /^([\d.]+)\/(\d{1,2})$/.exec(text);
  const host = match && toRange(`${match[1] ?? ""}/32`);
  const prefix = Number(match?.[2]);
  if (!host || prefix > 32) return null;
  const size = 2 ** (32 - prefix);
  return `${addressText(host.first - (host.first % size))}/${prefix}`;
}

export const cidrText = z.string().superRefine((text, ctx) => {
  if (toRange(text)) return;
  const near = nearestRange(text);
  ctx.addIssue({ code: "custom", message: near ? `${text} has bits set behind its prefix; write ${near}` : `"${text}" is no IPv4 range; write it like 10.20.0.0/16` });
});
