// How often a drain looks while it waits: soon when something moves, ever more rarely when only budgets are in the way.
import { describe, expect, it } from "vitest";
import { nextLookMs } from "@/lib/placement/steps/evict";

const at = { now: 1_000_000 };

describe("the next look of a drain", () => {
  it("comes within a second while a pod is stopping, however long it has waited", () => {
    expect(nextLookMs([{ state: "blocked", retryAt: 0 }, { state: "asked", retryAt: 0 }], { ...at, ageMs: 3_600_000 })).toBe(1000);
  });

  it.each([[0, 1000], [20_000, 5000], [150_000, 15_000], [3_600_000, 15_000]])("after %i ms of waiting for budgets comes in %i ms", (ageMs, wanted) => {
    expect(nextLookMs([{ state: "blocked", retryAt: 0 }, { state: "blocked", retryAt: 0 }], { ...at, ageMs })).toBe(wanted);
  });

  it("never comes before the API server wants to be asked again", () => {
    expect(nextLookMs([{ state: "blocked", retryAt: at.now + 9000 }], { ...at, ageMs: 0 })).toBe(9000);
  });

  it("looks fewer than 40 times in five minutes of waiting", () => {
    let looks = 0;
    for (let ageMs = 0; ageMs < 300_000; looks += 1) ageMs += nextLookMs([{ state: "blocked", retryAt: 0 }], { ...at, ageMs });
    expect(looks).toBeLessThan(40);
  });
});
