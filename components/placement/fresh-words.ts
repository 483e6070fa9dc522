// Freshness in words: a mark, one word, and since when.
import type { FreshView } from "./store";

export function freshWords({ state, ageMs, staleSince, say }: FreshView): { mark: "running" | "starting" | "warning" | "failed"; word: string; detail: string } {
  if (state === "live") return { mark: "running", word: "live", detail: ageMs === null ? "" : `${(ageMs / 1000).toFixed(1)} s` };
  if (state === "connecting") return { mark: "starting", word: "connecting", detail: "" };
  const since = staleSince === null ? "" : `since ${clockTime(staleSince)}`;
  if (state === "unreachable") return { mark: "failed", word: `unreachable ${since}`.trim(), detail: say ? "reconnecting" : "" };
  return { mark: "warning", word: `stale ${since},`, detail: "reconnecting" };
}

/** 03:12:44 in the reader's zone. */
export function clockTime(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB", { hour12: false });
}
