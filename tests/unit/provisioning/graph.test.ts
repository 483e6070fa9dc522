// The graph of any sound blueprint has no circle, names nothing twice, refers to nothing that is not there, and opens nothing to the world.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isWorld } from "@/lib/base/cidr";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { resourceKinds, tagKeys, type ResourceGraph } from "@/lib/provisioning/graph/model";
import { longestWay, ordered } from "@/lib/provisioning/graph/order";
import { refsIn } from "@/lib/provisioning/graph/resource";
import { expectedMs } from "@/lib/provisioning/durations";
import { anyBlueprint, pins, seven, sevenGraph } from "./made";

const openings = ({ resources }: ResourceGraph) => resources.flatMap((resource) => (resource.kind === "security-group-rule" && resource.wanted.direction === "ingress" ? [resource.wanted] : []));

describe("the graph", () => {
  it("is ordered and closed, with distinct ids and every reference among the needs, for any blueprint", () => {
    fc.assert(fc.property(anyBlueprint, (blueprint) => {
      const { resources } = resourceGraph(blueprint, pins);
      const seen = new Set<string>();
      for (const { id, kind, needs, wanted, tags } of resources) {
        expect(seen.has(id)).toBe(false);
        expect(id.startsWith(`${kind}/`)).toBe(true);
        for (const need of needs) expect(seen.has(need)).toBe(true);
        expect(needs).toEqual(expect.arrayContaining(refsIn(wanted)));
        expect(tags[tagKeys.resource]).toBe(id);
        seen.add(id);
      }
    }), { numRuns: 80 });
  });

  it("has every kind", () => {
    expect(new Set(sevenGraph.resources.map(({ kind }) => kind))).toEqual(new Set(resourceKinds));
  });

  it("is the same for the same blueprint, down to the last character", () => {
    fc.assert(fc.property(anyBlueprint, (blueprint) => { expect(JSON.stringify(resourceGraph(structuredClone(blueprint), pins))).toBe(JSON.stringify(resourceGraph(blueprint, pins))); }), { numRuns: 20 });
  });

  it("opens nothing to the world unless the blueprint says so, for any blueprint", () => {
    fc.assert(fc.property(anyBlueprint, (blueprint) => { expect(openings(resourceGraph(blueprint, pins)).filter(({ peer }) => typeof peer === "string" && isWorld(peer))).toEqual([]); }), { numRuns: 40 });
  });

  it("opens between nodes what they need, BGP and NodePorts not among it", () => {
    const open = openings(sevenGraph).map(({ group, protocol, fromPort, toPort, peer }) => `${group.ref.split("/")[1]} ${protocol} ${fromPort}-${toPort} ${typeof peer === "string" ? peer : peer.ref.split("/")[1]}`);
    expect(open.toSorted()).toEqual([
      "control-plane tcp 10250-10250 control-plane", "control-plane tcp 10250-10250 worker", "control-plane tcp 10257-10257 control-plane", "control-plane tcp 10259-10259 control-plane",
      "control-plane tcp 2379-2380 control-plane", "control-plane tcp 5473-5473 control-plane", "control-plane tcp 5473-5473 worker",
      "control-plane tcp 6443-6443 203.0.113.24/32", "control-plane tcp 6443-6443 control-plane", "control-plane tcp 6443-6443 worker", "control-plane tcp 9100-9100 worker",
      "control-plane udp 4789-4789 control-plane", "control-plane udp 4789-4789 worker",
      "worker tcp 10250-10250 control-plane", "worker tcp 10250-10250 worker", "worker tcp 10256-10256 worker", "worker tcp 5473-5473 control-plane", "worker tcp 5473-5473 worker", "worker tcp 9100-9100 worker",
      "worker tcp 9443-9443 control-plane", "worker udp 4789-4789 control-plane", "worker udp 4789-4789 worker",
    ]);
  });

  it("keeps the pool's first machine by name when the pool grows", () => {
    const grown = resourceGraph({ ...seven, tiers: seven.tiers.map((tier) => ({ ...tier, pools: tier.pools.map((pool) => (pool.name === "k8s-worker-1" ? { ...pool, count: 3 } : pool)) })) }, pins);
    const names = (graph: ResourceGraph) => graph.resources.filter(({ kind }) => kind === "instance").map(({ name }) => name);
    expect(names(grown).filter((name) => !names(sevenGraph).includes(name))).toEqual(["k8s-worker-1-2", "k8s-worker-1-3"]);
  });

  it("gives workers no power over what the control plane writes, and neither of them a wildcard over parameters", () => {
    const documents = sevenGraph.resources.flatMap((resource) => (resource.kind === "iam-role-policy" ? [{ id: resource.id, text: resource.wanted.document }] : []));
    for (const { id, text } of documents) {
      expect(text).not.toMatch(/"Action":"?\[?"\*"|parameter\/\*|parameter\/quarterdeck\/stage\/\*/);
      if (id.includes("/worker-")) expect(text).not.toContain("PutParameter");
      if (id.includes("/worker-")) expect(text).not.toContain("admin-kubeconfig");
    }
  });
});

describe("order", () => {
  it("names a circle and a need that is not there", () => {
    expect(() => ordered([{ id: "a", needs: ["b"] }, { id: "b", needs: ["a"] }])).toThrow("a → b → a");
    expect(() => ordered([{ id: "a", needs: ["c"] }])).toThrow("a needs c, which is not there");
  });

  it("finds the way that takes longest", () => {
    const way = longestWay(sevenGraph.resources, (id) => expectedMs(sevenGraph.resources.find((resource) => resource.id === id)?.kind ?? "vpc"));
    expect(way.ids).toEqual(expect.arrayContaining(["instance/k8s-master", "control-plane/main", "cni/calico"]));
    expect(way.ms).toBe(way.ids.reduce((sum, id) => sum + expectedMs(sevenGraph.resources.find((resource) => resource.id === id)?.kind ?? "vpc"), 0));
    expect(way.ids.at(-1)).toMatch(/^add-on\//);
  });
});
