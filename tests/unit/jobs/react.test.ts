// Guarantees about what a step's answer does to its job.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError, errorCodes } from "@/lib/base/errors";
import { maxThrown, reactTo, reactToThrown } from "@/lib/jobs/react";

describe("reactions", () => {
  it.each([
    [{ is: "done" }, "done", "done", "RUNNING"],
    [{ is: "degraded", say: "x" }, "degraded", "degraded", "RUNNING"],
    [{ is: "skipped", say: "x" }, "skipped", "skipped", "RUNNING"],
    [{ is: "waiting", afterMs: 5, say: "x" }, "waiting", null, "RETRY_WAIT"],
    [{ is: "try-again", afterMs: 5, say: "x" }, "retrying", "retrying", "RETRY_WAIT"],
    [{ is: "failed", say: "x", code: "c", userError: true }, "failed", "failed", "FAILED"],
  ] as const)("%j", (outcome, step, attempt, to) => {
    expect(reactTo(outcome)).toMatchObject({ step, attempt, to });
  });

  it("an error that only a person can mend ends the job at once; others are tried again, and in the end a person is asked", () => {
    const lasting = ["invalid", "signed-out", "forbidden", "not-found", "conflict", "gone"];
    for (const code of errorCodes) expect(reactToThrown(new AppError(code, "Said."), 1, 0).to, code).toBe(lasting.includes(code) ? "FAILED" : "RETRY_WAIT");
    expect(reactToThrown(new Error("x"), maxThrown, 0).to).toBe("NEEDS_ATTENTION");
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
