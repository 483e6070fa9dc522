// The shell's words: where we are, what the palette finds.
import { describe, expect, it } from "vitest";
import { verdictOf } from "@/components/overview/verdict";
import { createPlacementStore } from "@/components/placement/store";
import { toCrumbs } from "@/components/shell/crumbs";
import { initials } from "@/components/shell/initials";
import { findActions } from "@/components/shell/palette-search";
import { type Permission, permissions } from "@/lib/access/model";
import { sevenNodeTables } from "../../fixtures/seven-node";

describe("crumbs", () => {
  it.each([
    ["/clusters/sesac-prod", ["sesac-prod", "Overview"]],
    ["/clusters/sesac-prod/placement", ["sesac-prod", "Placement", "Map"]],
    ["/clusters/sesac-prod/placement/what-if", ["sesac-prod", "Placement", "What-if"]],
    ["/clusters/sesac-prod/canary", ["sesac-prod", "Canary"]],
    ["/clusters/sesac-prod/canary/planner", ["sesac-prod", "Canary", "Planner"]],
    ["/clusters/sesac-prod/canary/shop/web/analysis", ["sesac-prod", "Canary", "shop/web"]],
    ["/clusters/sesac-prod/deployments/workload/Deployment/shop/web", ["sesac-prod", "Deployments", "web"]],
    ["/clusters/sesac-prod/health/history", ["sesac-prod", "Health", "History"]],
    ["/clusters/a%20b", ["a b", "Overview"]],
    ["/clusters", ["Clusters"]],
    ["/jobs/42", ["Jobs", "42"]],
    ["/", []],
  ])("of %s are %j, each with an address of its own", (path, labels) => {
    const crumbs = toCrumbs(path);
    expect(crumbs.map(({ label }) => label)).toEqual(labels);
    expect(new Set(crumbs.map(({ href }) => href)).size).toBe(crumbs.length);
  });
});

describe("initials", () => {
  it.each([["Jisoo Han", "JH"], ["admin@example.test", "AE"], ["x", "X"], ["", "–"]])("of %j are %s", (name, letters) => expect(initials(name)).toBe(letters));
});

describe("the palette", () => {
  const store = createPlacementStore("sesac-prod");
  store.replace(sevenNodeTables(), "p.1", { slug: "sesac-prod", title: "", version: null, policy: null });
  const find = (query: string, allowed: readonly Permission[] = permissions) => findActions({ query, cluster: "sesac-prod", store, permissions: allowed, limit: 40 });

  it("finds nodes, pods and workloads by any part of their names, those that begin so first", () => {
    const found = find("redis");
    expect(new Set(found.map(({ group }) => group))).toEqual(new Set(["Action", "Node", "Workload", "Pod"]));
    expect(find("k8s-redis")[0]).toMatchObject({ group: "Node", label: "k8s-redis", href: "/clusters/sesac-prod/placement?node=k8s-redis" });
  });

  it("offers only pages and actions that the person may use", () => {
    const words = (allowed: readonly Permission[]) => find("", allowed).map(({ label }) => label);
    expect(words(["cluster.read"])).not.toContain("Audit");
    expect(words(["cluster.read"]).some((label) => label.startsWith("Drain"))).toBe(false);
    expect(words(permissions)).toContain("Audit");
  });

  it("gives each offer an identity of its own", () => {
    const found = findActions({ query: "", cluster: "sesac-prod", store, permissions, limit: 1000 });
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
  });
});

describe("the verdict", () => {
  const well = { nodes: 7, ready: 7, pods: 71, drift: 0, failed: 0, pending: 0, starting: 0, cpuMillis: 0, memoryBytes: 0 };
  it.each([
    [{}, "Serving. All pods run where they belong."],
    [{ pending: 1, drift: 7 }, "Serving. 1 pod cannot start, 7 run outside their tier."],
    [{ ready: 0, failed: 2 }, "Not serving. 7 of 7 nodes not ready, 2 pods failed."],
    [{ nodes: 0, ready: 0 }, "No node has joined this cluster."],
  ])("with %j says %s", (over, say) => expect(verdictOf({ ...well, ...over })).toBe(say));
});
