// Guarantees about what a step's answer does to its job.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError, errorCodes } from "@/lib/base/errors";
import { losePatience, maxThrown, reactTo, reactToThrown } from "@/lib/jobs/react";

describe("reactions", () => {
  it.each([
    [{ is: "done" }, "done", "done", null],
    [{ is: "degraded", say: "x" }, "degraded", "degraded", null],
    [{ is: "skipped", say: "x" }, "skipped", "skipped", null],
    [{ is: "waiting", afterMs: 5, say: "x" }, "waiting", null, 5],
    [{ is: "try-again", afterMs: 5, say: "x" }, "retrying", "retrying", 5],
    [{ is: "failed", say: "x", code: "c", userError: true }, "failed", "failed", null],
  ] as const)("%j", (outcome, step, attempt, afterMs) => {
    expect(reactTo(outcome)).toMatchObject({ step, attempt, afterMs });
  });

  it("an error that only a person can mend fails the step at once; others are tried again, and every sixth time a person is asked", () => {
    const lasting = ["invalid", "signed-out", "forbidden", "not-found", "conflict", "gone"];
    for (const code of errorCodes) expect(reactToThrown(new AppError(code, "Said."), 1, 0), code).toMatchObject(lasting.includes(code) ? { step: "failed", userError: true } : { step: "retrying" });
    expect(reactToThrown(new Error("x"), maxThrown, 0)).toMatchObject({ step: "failed", userError: false });
    expect(reactToThrown(new Error("x"), maxThrown + 1, 0).step).toBe("retrying");
    expect(reactToThrown(new Error("x"), 2 * maxThrown, 0).step).toBe("failed");
  });

  it("patience ends only a wait, only once it is used up, and as its step says", () => {
    const waiting = { is: "waiting", afterMs: 5, say: "No pod is ready yet." } as const;
    expect(losePatience(waiting, { ms: 60_000, then: "failed" }, 59_999)).toBe(waiting);
    expect(losePatience(waiting, null, 1e9)).toBe(waiting);
    expect(losePatience(waiting, { ms: 60_000, then: "degraded" }, 60_000)).toEqual({ is: "degraded", say: "No pod is ready yet. That took longer than 1 min." });
    expect(losePatience(waiting, { ms: 60_000, then: "failed" }, 60_000)).toMatchObject({ is: "failed", code: "timeout" });
    expect(losePatience({ is: "done" }, { ms: 1, then: "failed" }, 1e9)).toEqual({ is: "done" });
  });

  it("the wait between attempts is never under half a second and never over thirty", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: maxThrown - 1 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
        const { afterMs } = reactToThrown(new Error("x"), attempt, random);
        expect(afterMs).toBeGreaterThanOrEqual(500);
        expect(afterMs).toBeLessThanOrEqual(30_000);
      }),
    );
  });
});
