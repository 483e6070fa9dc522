// What an order to a running world is, and how a length of time is written in it.
import type { Site } from "./site.ts";

export interface Order { usage: string; say: string; run: (site: Site, args: readonly string[]) => Promise<string> }

/** `10s`, `500ms`, `2m`; a bare number means seconds. */
export function durationMs(text: string | undefined, otherwiseMs: number): number {
  if (text === undefined) return otherwiseMs;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  if (match === null) throw new Error(`${text} is no duration; say 10s, 500ms or 2m.`);
  return Number(match[1]) * (match[2] === "ms" ? 1 : match[2] === "m" ? 60_000 : 1_000);
}
