// Guarantees of the log in the browser: its end comes first, whatever is lost is fetched by number, and whoever looks at all of it sees 1…n without gap or repeat.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchBeside } from "@/components/jobs/log-pick";
import { createJobLog } from "@/components/jobs/log-store";
import type { LogLine } from "@/lib/jobs/model";
import { until } from "../../fixtures/jobs/until";

const line = (n: number): LogLine => ({ n, at: 0, step: "s", attempt: 1, level: "info", text: `line ${n}` });
const lines = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => line(from + at));
const numbers = (held: readonly LogLine[]) => held.map(({ n }) => n);

describe("the log in the browser", () => {
  it("is 1…n in order after any mix of repeats, gaps and lost messages, once the last number is known and all of it is looked at", async () => {
    const chunk = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 20 }));
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 12 }), async (chunks) => {
        const log = createJobLog((after, limit) => Promise.resolve(lines(after + 1, Math.min(80, after + Math.min(limit, 7)))));
        for (const [from, length] of chunks) log.add(lines(from, from + length));
        log.expect(80);
        await log.whole();
        expect(numbers(log.view().held)).toEqual(numbers(lines(1, 80)));
      }),
      { numRuns: 60 },
    );
  });

  it("asks for its end first, for earlier lines only when they are looked at, and for all of them when somebody searches", async () => {
    const asked: [number, number][] = [];
    const log = createJobLog((after, limit) => { asked.push([after, limit]); return Promise.resolve(lines(after + 1, after + limit)); });
    log.expect(50_000);
    await until("the end", () => Promise.resolve(log.view().at(50_000) ?? null), 5000);
    expect(asked).toEqual([[49_600, 400]]);
    log.need(20_000, 20_030);
    await until("the middle", () => Promise.resolve(log.view().at(20_010) ?? null), 5000);
    expect(asked.slice(1)).toEqual([[19_599, 831]]);
    await log.whole();
    expect(log.view().held.length).toBe(50_000);
    expect(asked.every(([, limit]) => limit <= 5000)).toBe(true);
  });

  it("a server that cannot be asked leaves the lines that are there and says why; the next word fills the gap", async () => {
    let broken = true;
    const log = createJobLog((after, limit) => (broken ? Promise.reject(new Error("no answer")) : Promise.resolve(lines(after + 1, Math.min(5, after + limit)))));
    log.add(lines(1, 2));
    log.expect(5);
    await until("the reason", () => Promise.resolve(log.view().say === "no answer" || null), 5000);
    expect(log.view().held).toHaveLength(2);
    broken = false;
    log.expect(5);
    await until("the rest", () => Promise.resolve(log.view().held.length === 5 || null), 5000);
    expect(log.view().say).toBe("");
  });

  it("goes from match to match, and around the end", () => {
    const matches = lines(3, 5);
    expect([matchBeside(matches, 0, true)?.n, matchBeside(matches, 3, true)?.n, matchBeside(matches, 5, true)?.n, matchBeside(matches, 3, false)?.n, matchBeside([], 1, true)]).toEqual([3, 4, 3, 5, null]);
  });
});
