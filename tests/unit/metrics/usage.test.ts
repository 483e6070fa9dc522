// Usage folded from four answers: every machine and pod that is named in one of them, and nothing that is no number.
import { describe, expect, it } from "vitest";
import { toInstantAnswer, toRangeAnswer, toValue } from "@/lib/adapters/prometheus/objects";
import { toUsage } from "@/lib/metrics/usage";

const answer = (...rows: [labels: Record<string, string>, value: number][]) => ({ warnings: [], infos: [], series: rows.map(([labels, value]) => ({ labels, at: 1000, value })) });

describe("usage", () => {
  it("joins CPU and memory by name; what one answer lacks is NaN, what names nothing is left out", () => {
    const usage = toUsage({
      nodeCpu: answer([{ node: "a" }, 120], [{ instance: "10.0.0.1:9100" }, 80], [{}, 5]),
      nodeMemory: answer([{ node: "a" }, 1024]),
      podCpu: answer([{ namespace: "x", pod: "p" }, 7], [{ namespace: "x" }, 9], [{ namespace: "x", pod: "broken" }, Number.NaN]),
      podMemory: answer([{ namespace: "x", pod: "p" }, 2048], [{ namespace: "x", pod: "q" }, 4096]),
    });
    expect(usage).toEqual({
      at: 1000, nodes: { a: { cpuMillis: 120, memoryBytes: 1024 }, "10.0.0.1": { cpuMillis: 80, memoryBytes: Number.NaN } },
      pods: { "x/p": { cpuMillis: 7, memoryBytes: 2048 }, "x/q": { cpuMillis: Number.NaN, memoryBytes: 4096 } },
    });
  });

  it("a pod or node called __proto__ is one like any other", () => {
    const usage = toUsage({ nodeCpu: answer([{ node: "__proto__" }, 1]), nodeMemory: answer(), podCpu: answer(), podMemory: answer() });
    expect(Object.keys(usage.nodes)).toEqual(["__proto__"]);
    expect("cpuMillis" in {}).toBe(false);
  });
});

describe("Prometheus' answers", () => {
  it.each([["1.5", 1.5], ["NaN", Number.NaN], ["+Inf", Infinity], ["-Inf", -Infinity]])("the value %s is %d", (text, value) => expect(toValue(text)).toBe(value));

  it("read as series with times in ms, warnings kept, native histograms left out", () => {
    expect(toInstantAnswer({ warnings: ["partial"], data: { resultType: "vector", result: [{ metric: { a: "b" }, value: [1.5, "2"] }, { metric: {}, histogram: [1, {}] }] } })).toEqual({ warnings: ["partial"], infos: [], series: [{ labels: { a: "b" }, at: 1500, value: 2 }] });
    expect(toInstantAnswer({ data: { resultType: "scalar", result: [1, "3"] } }).series).toEqual([{ labels: {}, at: 1000, value: 3 }]);
    expect(toRangeAnswer({ data: { resultType: "matrix", result: [{ metric: {}, values: [[1, "4"], [2, "NaN"]] }] } }).series[0]?.points).toEqual([[1000, 4], [2000, Number.NaN]]);
  });

  it.each([[undefined], [null], ["text"], [{ resultType: "string", result: [1, "x"] }], [{ resultType: "vector", result: [{ metric: 1 }] }]])("what is no answer (%j) is said to be none", (data) => {
    expect(() => toInstantAnswer({ data })).toThrow(expect.objectContaining({ code: "unavailable" }));
    expect(() => toRangeAnswer({ data })).toThrow(expect.objectContaining({ code: "unavailable" }));
  });
});
