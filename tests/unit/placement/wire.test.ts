// The first data of a viewer: carried without loss, and small.
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyDelta, decodeTables, diffTables, encodeTables } from "@/lib/placement/delta";
import { podStates, type NodeRow, type PlacementTables, type PodRow } from "@/lib/placement/model";

const text = fc.oneof(fc.constantFrom("", "a", "k8s-worker-1"), fc.string({ maxLength: 8 }).filter((value) => !value.includes("/")));
const figure = fc.oneof(fc.integer({ min: 0 }), fc.constant(Number.NaN));
const tier = fc.constantFrom(null, 1 as const, 2 as const, 3 as const, 4 as const);
const podRow: fc.Arbitrary<PodRow> = fc.record({
  namespace: text, name: text, node: text, state: fc.constantFrom(...podStates), reason: text, ready: fc.boolean(), restarts: fc.nat(), createdAt: fc.integer(), cpuMillis: figure, memoryBytes: figure,
  memoryLimitBytes: figure, workload: text, app: text, everywhere: fc.boolean(), declared: tier, actual: tier, drift: fc.boolean(),
}).map((row) => ({ ...row, key: `${row.namespace}/${row.name}` }));
const nodeRow: fc.Arbitrary<NodeRow> = fc.record({
  name: text, tier, ready: fc.constantFrom("ready" as const, "not-ready" as const, "unknown" as const), cordoned: fc.boolean(), reason: text, instanceType: text, zone: text, providerId: text, version: text,
  createdAt: figure, taints: fc.array(text), cpuMillis: figure, memoryBytes: figure, podSlots: figure, requestedCpuMillis: fc.nat(), requestedMemoryBytes: fc.nat(), pods: fc.nat(), broken: fc.array(text),
});

function tablesOf(nodes: NodeRow[], pods: PodRow[]): PlacementTables {
  return {
    nodes: new Map(nodes.map((row) => [row.name, row])), pods: new Map(pods.map((row) => [row.key, row])),
    workloads: new Map([["Job/ns/w", { key: "Job/ns/w", kind: "Job", namespace: "ns", name: "w", declared: null, wanted: 1, ready: 0, pods: 1, images: ["a", "b"], createdAt: 5, drift: 0 }]]),
    events: new Map([["u", { uid: "u", at: 7, type: "Warning", reason: "r", message: "<b>", count: 2, kind: "Pod", namespace: "ns", name: "p" }]]),
    kinds: new Map([["Pod", { kind: "Pod", state: "forbidden", say: "no", count: 0 }]]),
  };
}

describe("tables over the wire", () => {
  it("come out as they went in, also through JSON, figures that cannot be read included", () => {
    fc.assert(fc.property(fc.array(nodeRow, { maxLength: 6 }), fc.array(podRow, { maxLength: 12 }), (nodes, pods) => {
      const tables = tablesOf(nodes, pods);
      const back = decodeTables(JSON.parse(JSON.stringify(encodeTables(tables))));
      expect(diffTables(tables, back)).toEqual({});
      expect(diffTables(back, tables)).toEqual({});
    }), { numRuns: 200 });
  });

  it("a delta that went through JSON makes the same tables", () => {
    fc.assert(fc.property(fc.array(podRow, { maxLength: 8 }), fc.array(podRow, { maxLength: 8 }), (before, after) => {
      const [from, to] = [tablesOf([], before), tablesOf([], after)];
      applyDelta(from, JSON.parse(JSON.stringify(diffTables(from, to))));
      expect(diffTables(from, to)).toEqual({});
    }));
  });

  it("30,000 pods on 1,000 nodes are at most a megabyte compressed, and one changed pod at most 2 kB", () => {
    const tables = manyPods(30_000);
    expect(tables.pods.size).toBeGreaterThan(29_900);
    const wire = JSON.stringify(encodeTables(tables));
    const bytes = gzipSync(wire, { level: 4 }).byteLength;
    expect(bytes).toBeLessThanOrEqual(1024 * 1024);
    const pod = [...tables.pods.values()][0];
    const node = [...tables.nodes.values()][0];
    const workload = [...tables.workloads.values()][0];
    expect(JSON.stringify({ pods: { put: [pod], gone: [] }, nodes: { put: [node, node], gone: [] }, workloads: { put: [workload], gone: [] } }).length).toBeLessThanOrEqual(2048);
  });
});

/** Names, times and spread as a live cluster has them: hashes and suffixes that do not repeat. */
function manyPods(count: number): PlacementTables {
  let seed = 42;
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  const hash = (length: number) => Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join("");
  const nodes = Array.from({ length: count / 30 }, (_, i): NodeRow => ({
    name: `async-c${i % 12}-${String(i).padStart(4, "0")}`, tier: 3, ready: "ready", cordoned: false, reason: "", instanceType: "c6i.4xlarge", zone: `ap-northeast-2${"abc"[i % 3]}`,
    providerId: `aws:///ap-northeast-2a/i-0${hash(16)}`, version: "v1.36.3", createdAt: 1.7e12 + Math.floor(random() * 1e9), taints: [], cpuMillis: 15_900, memoryBytes: 32_000_000_000, podSlots: 110,
    requestedCpuMillis: Math.floor(random() * 15_000), requestedMemoryBytes: Math.floor(random() * 3e10), pods: 30, broken: [],
  }));
  const sets = Array.from({ length: 400 }, (_, i) => ({ app: `service-${i}`, set: `service-${i}-${hash(10)}`, ns: `team-${i % 40}` }));
  const pods = Array.from({ length: count }, (): PodRow => {
    const { app, set, ns } = sets[Math.floor(random() * sets.length)] ?? { app: "", set: "", ns: "" };
    const name = `${set}-${hash(5)}`;
    return {
      key: `${ns}/${name}`, namespace: ns, name, node: nodes[Math.floor(random() * nodes.length)]?.name ?? "", state: random() < 0.98 ? "running" : "failed", reason: "", ready: true,
      restarts: random() < 0.05 ? Math.floor(random() * 20) : 0, createdAt: 1.7e12 + Math.floor(random() * 1e9), cpuMillis: 100, memoryBytes: 268_435_456, memoryLimitBytes: 536_870_912,
      workload: `Deployment/${ns}/${app}`, app, everywhere: false, declared: 3, actual: 3, drift: false,
    };
  });
  return tablesOf(nodes, pods);
}
