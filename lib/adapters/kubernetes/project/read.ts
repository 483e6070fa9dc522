// Reading what an API server sends without ever throwing: each reader takes anything and gives the wanted type.

export type Raw = Readonly<Record<string, unknown>>;

const nothing: Raw = Object.freeze({});
const none: readonly unknown[] = Object.freeze([]);

/** A JSON object, or an empty one. The cast holds because typeof and Array.isArray have just said so. */
export function record(value: unknown): Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : nothing;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : none;
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

export function flag(value: unknown): boolean {
  return value === true;
}

/** A finite number, else `otherwise`. */
export function number(value: unknown, otherwise = 0): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function oneOf<const T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T {
  return allowed.find((one) => one === value) ?? otherwise;
}

const maxFlaws = 20;

/** What of one object could not be read. */
export class Flaws {
  found: string[] | null = null;

  note(path: string, value: unknown): void {
    this.found ??= [];
    if (this.found.length >= maxFlaws) return;
    const shown = typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");
    this.found.push(`${path}: ${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}`);
  }
}

/** Epoch ms; null when absent; 0 and a note when unreadable, so that nothing downstream meets an invalid date. */
export function timeOrNull(value: unknown, path: string, flaws: Flaws): number | null {
  if (value === undefined || value === null) return null;
  const at = typeof value === "string" ? Date.parse(value) : NaN;
  if (Number.isFinite(at)) return at;
  flaws.note(path, value);
  return 0;
}

export function time(value: unknown, path: string, flaws: Flaws): number {
  return timeOrNull(value, path, flaws) ?? 0;
}
