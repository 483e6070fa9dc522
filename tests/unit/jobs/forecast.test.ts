// Guarantees of the expected end of a job: honest when late, never earlier than now, decided by the longest chain.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forecast } from "@/lib/jobs/forecast";
import type { Step } from "@/lib/jobs/model";

type Known = Parameters<typeof forecast>[0][number];
const step = (name: string, needs: string[], expectMs: number | null, more: Partial<Step> = {}): Known => ({ name, needs, expectMs, status: "todo", startedAt: null, endedAt: null, ...more });
const done = (startedAt: number, endedAt: number): Partial<Step> => ({ status: "done", startedAt, endedAt });

describe("the forecast of a job", () => {
  it("ends when its longest chain ends, and names that chain", () => {
    const { end, path, lateMs, spans } = forecast([step("a", [], 100), step("b", ["a"], 500), step("c", ["a"], 50), step("d", ["b", "c"], 10)], 1000, 1000);
    expect([end, path, lateMs]).toEqual([1610, ["a", "b", "d"], 0]);
    expect(spans.get("c")).toEqual({ from: 1100, to: 1150, overdueMs: 0 });
  });

  it("what took longer than expected is later by as much; what was quicker, earlier", () => {
    const after = (endedAt: number) => forecast([step("a", [], 100, done(0, endedAt)), step("b", ["a"], 500)], 0, endedAt);
    expect([after(180).end, after(180).lateMs]).toEqual([680, 80]);
    expect([after(40).end, after(40).lateMs]).toEqual([540, -60]);
  });

  it("a step that runs over its time is overdue, and the end moves on with the clock instead of standing in the past", () => {
    const at = (now: number) => forecast([step("a", [], 100, { status: "running", startedAt: 0 }), step("b", ["a"], 50)], 0, now);
    expect([at(60).overdue, at(60).end]).toEqual([false, 150]);
    expect([at(400).overdue, at(400).end, at(400).spans.get("a")?.overdueMs]).toEqual([true, 450, 300]);
  });

  it("says of how many steps nobody knows", () => {
    expect(forecast([step("a", [], null), step("b", [], 5), step("c", [], null, done(0, 1))], 0, 0).unknown).toBe(1);
    expect(forecast([step("a", [], null)], 0, 0).done).toBeNull();
  });

  it("never expects an end in the past, no step before its needs, and no more than all of the work done", () => {
    const some = fc.array(fc.record({ expectMs: fc.option(fc.nat(1000), { nil: null }), state: fc.constantFrom("todo", "running", "done"), began: fc.nat(500), took: fc.nat(500), need: fc.nat(9) }), { minLength: 1, maxLength: 10 });
    fc.assert(fc.property(some, fc.nat(2000), (made, now) => {
      const steps = made.map(({ expectMs, state, began, took, need }, at) =>
        step(`s${at}`, at > 0 ? [`s${need % at}`] : [], expectMs, state === "done" ? done(began, began + took) : state === "running" ? { status: "running", startedAt: Math.min(began, now) } : {}));
      const { end, spans, done: share, path } = forecast(steps, 0, now);
      if (made.some(({ state }) => state !== "done")) expect(end).toBeGreaterThanOrEqual(now);
      for (const one of steps) {
        const span = spans.get(one.name);
        expect(span?.to).toBeGreaterThanOrEqual(span?.from ?? 0);
        if (one.status === "todo") for (const need of one.needs) expect(span?.from).toBeGreaterThanOrEqual(spans.get(need)?.to ?? 0);
      }
      if (share !== null) expect(share >= 0 && share <= 1).toBe(true);
      expect(spans.get(path.at(-1) ?? "")?.to).toBe(end);
    }));
  });
});
