// Guarantees of the chart of a job: every step has its bar, bars of a row never lie upon each other, and words never cross a bar or the line of now.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layChart, roomBeside } from "@/components/jobs/chart-layout";
import { forecast } from "@/lib/jobs/forecast";
import type { Step } from "@/lib/jobs/model";

const step = (name: string, more: Partial<Step> = {}): Step => ({
  name, title: name, position: 0, lane: "", chain: "", tier: null, needs: [], status: "todo", attempt: 0, say: "", code: "", userError: false, startedAt: null, endedAt: null, wakeAt: null, expectMs: 1000, expectFrom: 0, progress: null, ...more,
});

describe("the chart of a job", () => {
  const made = fc.array(fc.record({ chain: fc.constantFrom("", "vpc", "k8s-worker-1"), expectMs: fc.integer({ min: 1, max: 60_000 }), need: fc.nat(20), needs: fc.boolean() }), { minLength: 1, maxLength: 20 });

  it("has a bar for every step once, a row for every chain, and no bar upon another", () => {
    fc.assert(fc.property(made, (some) => {
      const steps = some.map(({ chain, expectMs, need, needs }, at) => step(`s${at}`, { chain, expectMs, needs: needs && at > 0 ? [`s${need % at}`] : [] }));
      const { rows } = layChart(steps, forecast(steps, 0, 0), { from: 0, now: 0, filter: "all" });
      expect(rows.flatMap(({ bars }) => bars.map(({ step: { name } }) => name)).toSorted()).toEqual(steps.map(({ name }) => name).toSorted());
      expect(rows).toHaveLength(new Set(steps.map(({ name, chain }) => chain || name)).size);
      for (const { bars } of rows) {
        for (const [at, one] of bars.entries()) for (const other of bars.slice(at + 1)) if (one.level === other.level) expect(Math.min(one.left + one.width, other.left + other.width)).toBeLessThanOrEqual(Math.max(one.left, other.left) + 1e-6);
      }
    }));
  });

  it("finds room for words in the widest stretch beside the bars, on one side of now", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(fc.property(fc.array(fc.record({ left: share, width: share }), { minLength: 1, maxLength: 5 }), fc.option(share, { nil: null }), (some, now) => {
      const bars = some.map(({ left, width }) => ({ left, width: width * (1 - left) }));
      const { from, to } = roomBeside(bars, now);
      for (const { left, width } of bars) expect(to <= left + 1e-9 || from >= left + width - 1e-9).toBe(true);
      if (now !== null) expect(now <= from || now >= to).toBe(true);
    }));
    expect(roomBeside([{ left: 0.1, width: 0.1 }], 0.4)).toEqual({ from: 0.4, to: 1, against: "start" });
    expect(roomBeside([{ left: 0.8, width: 0.1 }], null)).toEqual({ from: 0, to: 0.8, against: "end" });
  });
});
