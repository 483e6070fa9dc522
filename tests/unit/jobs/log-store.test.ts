// Guarantees of the log in the browser: whatever order lines come in, and whatever is lost, it shows 1…n without gap or repeat.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createJobLog } from "@/components/jobs/log-store";
import type { LogLine } from "@/lib/jobs/model";
import { until } from "../../fixtures/jobs/until";

const line = (n: number): LogLine => ({ n, at: 0, step: "s", attempt: 1, level: "info", text: `line ${n}` });
const lines = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => line(from + at));

describe("the log in the browser", () => {
  it("is 1…n in order after any mix of repeats, gaps and lost messages, once the last number is known", async () => {
    const chunk = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 20 }));
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 12 }), async (chunks) => {
        const log = createJobLog((after, limit) => Promise.resolve(lines(after + 1, Math.min(80, after + Math.min(limit, 7)))));
        for (const [from, length] of chunks) log.add(lines(from, from + length));
        log.expect(80);
        await until("all lines", () => Promise.resolve(log.view().lines.length === 80 || null), 5000);
        expect(log.view().lines.map(({ n }) => n)).toEqual(lines(1, 80).map(({ n }) => n));
      }),
      { numRuns: 60 },
    );
  });

  it("a server that cannot be asked leaves the lines that are there and says why; the next word fills the gap", async () => {
    let broken = true;
    const log = createJobLog((after) => (broken ? Promise.reject(new Error("no answer")) : Promise.resolve(lines(after + 1, 5))));
    log.add(lines(1, 2));
    log.expect(5);
    await until("the reason", () => Promise.resolve(log.view().say === "no answer" || null), 5000);
    expect(log.view().lines).toHaveLength(2);
    broken = false;
    log.expect(5);
    await until("the rest", () => Promise.resolve(log.view().lines.length === 5 || null), 5000);
    expect(log.view().say).toBe("");
  });
});
