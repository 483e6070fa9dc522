// The filter language: what it finds, and what it says of a wrong word.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matches, nodeGroup, parseFilter, replaceTerm, toggleTerm } from "@/lib/placement/filter";
import { createProjection } from "@/lib/placement/project";
import { pictureOf } from "@/lib/placement/picture";
import { defaultTierPolicy } from "@/lib/placement/tier-policy";
import { gib, node, pod, resources } from "./made";

const tables = createProjection(defaultTierPolicy).rebuild(pictureOf([
  node("k8s-worker-1", { labels: { workload: "application", "topology.kubernetes.io/zone": "ap-northeast-2b", "node.kubernetes.io/instance-type": "t3.medium" } }),
  pod("auth-1", { namespace: "auth", nodeName: "k8s-worker-1", labels: { app: "auth-service" }, spec: { requests: resources({ cpuMillis: 1800, memoryBytes: gib }) } }),
  pod("prometheus-0", { namespace: "monitoring", labels: { app: "prometheus" } }),
]));
const worker = tables.nodes.get("k8s-worker-1") ?? null;
const auth = tables.pods.get("auth/auth-1") ?? null;
const prometheus = tables.pods.get("monitoring/prometheus-0") ?? null;

function finds(text: string, of: typeof auth, on: typeof worker): boolean {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.say);
  return matches(parsed.filter, of, on);
}

describe("the filter", () => {
  it.each([
    ["", true, true], ["tier:2", true, false], ["tier:1", false, true], ["tier:1 tier:2", true, true], ["status:pending", false, true], ["-status:pending", true, false],
    ["ns:auth status:running", true, false], ["ns:auth status:pending", false, false], ["node:worker", true, false], ["node:k8s-*-1", true, false], ["app:auth", true, false], ["az:2b", true, false],
    ["group:k8s-worker", true, false], ["type:t3.medium", true, false], ["cpu:>85", true, false], ["cpu:>92", false, false], ["cpu:<=90%", true, false], ["cpu:90", true, false], ["cpu:80..95", true, false], ["cpu:40..60", false, false], ["cpu:40..60 cpu:80..95", true, false], ["mem:>85", false, false],
    ["prom", false, true], ["\"auth\"", true, false], ["drift:true", false, false], ["drift:false", true, true], ["home:1", false, true], ["-ns:auth -ns:monitoring", false, false],
  ])("%s", (text, onAuth, onPrometheus) => {
    expect([finds(text, auth, worker), finds(text, prometheus, null)]).toEqual([onAuth, onPrometheus]);
  });

  it.each([
    ["tier:5", 0, 6, "1, 2, 3, 4, none"], ["ns:auth statsu:pending", 8, 14, "status"], ["cpu:many", 0, 8, "cpu:>85"], ["x drift:yes", 2, 9, "true, false"], ["node:", 0, 5, "text"],
  ])("says what is allowed in place of %s", (text, at, length, say) => {
    const parsed = parseFilter(text);
    expect(parsed).toMatchObject({ ok: false, at, length });
    expect(parsed.ok ? "" : parsed.say).toContain(say);
  });

  it("never throws, and a wrong word lies within the text", () => {
    fc.assert(fc.property(fc.string(), (text) => {
      const parsed = parseFilter(text);
      if (!parsed.ok) expect(text.slice(parsed.at, parsed.at + parsed.length)).not.toBe("");
      else for (const subject of [auth, prometheus, null]) expect(typeof matches(parsed.filter, subject, worker)).toBe("boolean");
    }));
  });

  it("another range of a key takes the place of what was asked of it", () => {
    expect(replaceTerm("ns:auth cpu:>85 cpu:<90 mem:>10", "cpu:40..60")).toBe("ns:auth mem:>10 cpu:40..60");
  });

  it("toggling a term twice gives the text back, and machines made together share a group", () => {
    expect(toggleTerm(toggleTerm("ns:auth", "tier:4"), "tier:4")).toBe("ns:auth");
    expect(nodeGroup("async-c3-0124")).toBe("async-c3");
    expect(nodeGroup("k8s-master")).toBe("k8s-master");
  });
});
