// The map's layout: stable slots, honest shares, groups in an order that load cannot change.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignSlots, bandKeys, cardShares, groupCells, groupLabel, slotsOf, type SlotBook } from "@/components/placement/map/layout";
import type { Tier } from "@/lib/placement/model";

const node = (name: string, tier: Tier | null, createdAt = 0) => ({ name, tier, createdAt });
const pod = (key: string, more: Partial<Parameters<typeof groupLabel>[0] & { everywhere: boolean; declared: Tier | null; drift: boolean; createdAt: number }> = {}) => ({
  key, namespace: key.split("/")[0] ?? "", app: "app", workload: "Deployment/ns/work", everywhere: false, declared: null, drift: false, createdAt: 0, ...more,
});

describe("slots", () => {
  it("gives first places by age, then by name", () => {
    const book = assignSlots(new Map(), [node("c", 1, 5), node("b", 1, 1), node("a", 1, 5)]);
    expect(slotsOf(book, 1)).toEqual(["b", "a", "c"]);
  });

  it("leaves a gap where a node was, and the next newcomer takes it", () => {
    const first = assignSlots(new Map(), [node("a", 2, 1), node("b", 2, 2), node("c", 2, 3)]);
    const without = assignSlots(first, [node("a", 2, 1), node("c", 2, 3)]);
    expect(slotsOf(without, 2)).toEqual(["a", null, "c"]);
    expect(slotsOf(assignSlots(without, [node("a", 2, 1), node("c", 2, 3), node("new", 2, 9)]), 2)).toEqual(["a", "new", "c"]);
  });

  it("moves a node whose tier changed, and no other", () => {
    const first = assignSlots(new Map(), [node("a", 2, 1), node("b", 2, 2)]);
    const moved = assignSlots(first, [node("a", 4, 1), node("b", 2, 2)]);
    expect(slotsOf(moved, 4)).toEqual(["a"]);
    expect(moved.get("b")).toEqual({ band: 2, index: 1 });
  });

  it("keeps every surviving node's slot through any history, and never gives one slot to two", () => {
    const tier = fc.constantFrom<Tier | null>(1, 2, 3, 4, null);
    const picture = fc.uniqueArray(fc.record({ name: fc.string({ minLength: 1, maxLength: 3 }), tier, createdAt: fc.nat(9) }), { selector: (one) => one.name, maxLength: 12 });
    fc.assert(fc.property(fc.array(picture, { maxLength: 6 }), (history) => {
      let book: SlotBook = new Map();
      for (const nodes of history) {
        const next = assignSlots(book, nodes);
        const places = [...next.values()].map((slot) => `${slot.band}/${slot.index}`);
        expect(new Set(places).size).toBe(nodes.length);
        for (const { name, tier: now } of nodes) {
          const was = book.get(name);
          if (was && was.band === (now ?? "none")) expect(next.get(name)).toEqual(was);
        }
        book = next;
      }
    }));
  });
});

describe("bands", () => {
  it("shows the four tiers of an empty cluster, and a fifth band only for a node without a tier", () => {
    expect(bandKeys([])).toEqual([1, 2, 3, 4]);
    expect(bandKeys([node("a", null)])).toEqual([1, 2, 3, 4, "none"]);
  });
});

describe("card shares", () => {
  it("follow capacity and sum to one when all capacities can be read", () => {
    expect(cardShares([2000, 6000])).toEqual([0.25, 0.75]);
  });

  it("leave room for a node whose capacity is absurd", () => {
    const shares = cardShares([2000, Number.NaN, -5]);
    expect(shares[0]).toBe(1);
    expect(shares[1]).toBeGreaterThan(0);
    expect(cardShares([Number.NaN])).toEqual([1]);
  });
});

describe("groups", () => {
  it("stand in the order home, guests, every node, each by name", () => {
    const groups = groupCells([
      pod("a/daemon-1", { app: "calico", everywhere: true }),
      pod("a/guest-1", { app: "argocd", drift: true, declared: 1 }),
      pod("a/z-1", { app: "zeta" }),
      pod("a/b-1", { app: "beta" }),
      pod("a/daemon-2", { app: "ebs", everywhere: true }),
    ], "app");
    expect(groups.map((group) => [group.label, group.home])).toEqual([["beta", null], ["zeta", null], ["argocd", 1], ["every node", null]]);
    expect(groups[3]?.pods).toEqual(["a/daemon-1", "a/daemon-2"]);
  });

  it("keep static pods under their own names, for they are the control plane", () => {
    const groups = groupCells([pod("kube-system/etcd", { app: "etcd", workload: "", everywhere: true }), pod("a/daemon", { everywhere: true })], "app");
    expect(groups.map((group) => [group.label, group.everywhere])).toEqual([["etcd", false], ["every node", true]]);
  });

  it("put newcomers after those that stand, whatever their names", () => {
    const groups = groupCells([pod("a/aaa", { createdAt: 9 }), pod("a/zzz", { createdAt: 1 })], "app");
    expect(groups[0]?.pods).toEqual(["a/zzz", "a/aaa"]);
  });

  it("name a pod that has no owner and no app by itself", () => {
    expect(groupLabel({ key: "ns/lonely", app: "", namespace: "ns", workload: "" }, "app")).toBe("lonely");
    expect(groupLabel({ key: "ns/lonely", app: "", namespace: "ns", workload: "" }, "workload")).toBe("lonely");
    expect(groupLabel({ key: "ns/x", app: "", namespace: "ns", workload: "Deployment/ns/web" }, "workload")).toBe("web");
    expect(groupLabel({ key: "ns/x", app: "", namespace: "ns", workload: "" }, "namespace")).toBe("ns");
  });

  it("hold every pod exactly once, by any grouping", () => {
    const anyPod = fc.record({ key: fc.uuid().map((id) => `ns/${id}`), app: fc.constantFrom("", "a", "b"), everywhere: fc.boolean(), drift: fc.boolean(), declared: fc.constantFrom<Tier | null>(null, 1, 4), createdAt: fc.nat(5) })
      .map(({ key, ...more }) => pod(key, more));
    fc.assert(fc.property(fc.array(anyPod, { maxLength: 30 }), fc.constantFrom("app" as const, "namespace" as const, "workload" as const), (pods, by) => {
      const placed = groupCells(pods, by).flatMap((group) => group.pods);
      expect([...placed].sort()).toEqual(pods.map((one) => one.key).sort());
    }));
  });
});
