// How freshness is said: never blank, never silently old.
import { describe, expect, it } from "vitest";
import { clockTime, freshWords } from "@/components/placement/fresh-words";

const since = Date.UTC(2026, 10, 24, 3, 12, 44);

describe("freshness", () => {
  it("says its age while live", () => expect(freshWords({ state: "live", ageMs: 412, staleSince: null, say: "" })).toEqual({ mark: "running", word: "live", detail: "0.4 s" }));
  it("says since when it is stale, and that it is being mended", () => expect(freshWords({ state: "stale", ageMs: null, staleSince: since, say: "" })).toEqual({ mark: "warning", word: `stale since ${clockTime(since)},`, detail: "reconnecting" }));
  it("has another mark for each state", () => {
    const marks = (["live", "connecting", "stale", "unreachable"] as const).map((state) => freshWords({ state, ageMs: 1, staleSince: since, say: "x" }).mark);
    expect(new Set(marks).size).toBe(4);
  });
});
