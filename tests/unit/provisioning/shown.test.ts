// What is shown of a plan: groups that add up, an order of teardown in which nothing stands in the way, lines that come back as they were.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pricesOf } from "@/lib/clusters/prices";
import { consoleLink } from "@/lib/provisioning/console-link";
import { costOf } from "@/lib/provisioning/cost";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { resourceKinds, tagKeys, type Found } from "@/lib/provisioning/graph/model";
import { linesToMap, linesToTaints, mapToLines, taintsToLines } from "@/lib/provisioning/lines";
import { groupPlan } from "@/lib/provisioning/plan/groups";
import { makePlan } from "@/lib/provisioning/plan/plan";
import { planTeardown, teardownOrder } from "@/lib/provisioning/plan/teardown";
import { anyBlueprint, carriedOut, nothing, pins, sevenGraph } from "./made";

const seoul = pricesOf("ap-northeast-2");

describe("the groups of a plan", () => {
  it("hold every item once and add up to the cost, for any blueprint", () => {
    fc.assert(fc.property(anyBlueprint, (blueprint) => {
      const plan = makePlan(resourceGraph(blueprint, pins), nothing);
      const cost = costOf(blueprint, seoul);
      const groups = groupPlan(plan.items, cost.lines);
      expect(groups.flatMap(({ items }) => items.map(({ id }) => id)).toSorted()).toEqual(plan.items.map(({ id }) => id).toSorted());
      expect(groups.reduce((sum, { monthlyUsd }) => sum + (monthlyUsd ?? 0), 0)).toBeCloseTo(cost.totalUsd, 6);
    }), { numRuns: 30 });
  });
});

describe("a teardown", () => {
  const world = carriedOut(sevenGraph, makePlan(sevenGraph, nothing), nothing);

  it("names everything that was built once, and what stands on a thing before the thing", () => {
    expect(teardownOrder.toSorted()).toEqual([...resourceKinds].toSorted());
    const { items, problems } = planTeardown(sevenGraph, world, []);
    expect(problems).toEqual([]);
    expect(items.map(({ awsId }) => awsId).toSorted()).toEqual(world.found.map(({ awsId }) => awsId).toSorted());
    const place = new Map(items.map(({ awsId }, at) => [awsId, at]));
    // A gateway leaves its network, a route its table: what refers to a thing goes before it. Groups name each other in rules only, and those are gone by then.
    for (const { awsId, fields } of world.found) for (const [, id] of Object.entries(fields)) if (typeof id === "string" && place.has(id)) expect(place.get(awsId), `${awsId} before ${id}`).toBeLessThan(place.get(id) ?? -1);
  });

  it("takes a half-made cluster too, and things of it that the blueprint does not know", () => {
    const half = world.found.slice(0, 7);
    const stray: Found = { kind: "subnet", awsId: "subnet-stray", fields: {}, trouble: "", tags: { [tagKeys.cluster]: "stage", [tagKeys.resource]: "subnet/old" } };
    expect(planTeardown(sevenGraph, { found: [...half, stray], ledger: [] }, []).items.map(({ awsId }) => awsId)).toContain("subnet-stray");
    expect(planTeardown(sevenGraph, { found: half, ledger: [] }, []).items).toHaveLength(7);
    expect(planTeardown(sevenGraph, nothing, []).items).toEqual([]);
  });

  it("names what holds data: claims, the disks of tier 4, etcd", () => {
    const { data } = planTeardown(sevenGraph, world, [{ kind: "volume", awsId: "vol-1", name: "", claim: "default/postgres-data", sizeGib: 50 }, { kind: "load-balancer", awsId: "arn:x", name: "front", claim: "", sizeGib: 0 }]);
    expect(data).toEqual(["default/postgres-data: 50 GiB on vol-1", "what the disks of k8s-rabbitmq, k8s-postgresql, k8s-redis hold", expect.stringContaining("etcd on k8s-master")]);
    expect(planTeardown(sevenGraph, nothing, []).data).toEqual([]);
  });
});

describe("lines of a text field", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
  it("come back as the labels and taints that they were", () => {
    fc.assert(fc.property(fc.dictionary(word, word), (map) => { expect(linesToMap(mapToLines(map))).toEqual({ ...map }); }));
    const taint = fc.record({ key: word, value: fc.oneof(fc.constant(""), word), effect: fc.constantFrom("NoSchedule", "NoExecute") });
    fc.assert(fc.property(fc.array(taint), (taints) => { expect(linesToTaints(taintsToLines(taints))).toEqual(taints); }));
  });
});

describe("links to AWS' console", () => {
  it("lead to the region's page of a thing, and nowhere for what has none", () => {
    expect(consoleLink("instance", "i-1", "ap-northeast-2")).toBe("https://ap-northeast-2.console.aws.amazon.com/ec2/home?region=ap-northeast-2#InstanceDetails:instanceId=i-1");
    expect(consoleLink("route", "rtb-1|0.0.0.0/0", "ap-northeast-2")).toBeNull();
  });
});
