// A plan says exactly what is different between blueprint and world, and nothing after a build.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { kubernetesTag, resourceKinds, tagKeys, type Found } from "@/lib/provisioning/graph/model";
import { planChanges } from "@/lib/provisioning/plan/changed";
import { fieldRules, partsOf, untagged } from "@/lib/provisioning/plan/fields";
import { countActs, isEmpty, type World } from "@/lib/provisioning/plan/model";
import { driftOf, makePlan } from "@/lib/provisioning/plan/plan";
import { anyBlueprint, carriedOut, changedBy, idIn, nothing, pins, seven, sevenGraph } from "./made";

const built = (graph = sevenGraph): World => carriedOut(graph, makePlan(graph, nothing), nothing);

describe("a plan over an empty world", () => {
  it("creates everything, each behind what it needs", () => {
    const plan = makePlan(sevenGraph, nothing);
    expect(countActs(plan)).toEqual({ create: sevenGraph.resources.length, update: 0, replace: 0, delete: 0, keep: 0 });
    expect(plan.problems).toEqual([]);
    const place = new Map(plan.items.map(({ id }, at) => [id, at]));
    for (const { id, needs } of plan.items) for (const need of needs) expect(place.get(need)).toBeLessThan(place.get(id) ?? -1);
  });
});

describe("a plan after a build", () => {
  it("is empty, for any blueprint", () => {
    fc.assert(fc.property(anyBlueprint, (blueprint) => {
      const graph = resourceGraph(blueprint, pins);
      expect(driftOf(makePlan(graph, built(graph)))).toEqual([]);
    }), { numRuns: 60 });
  });

  it("is empty without a ledger too, because the tags say the same", () => {
    const world = built();
    expect(driftOf(makePlan(sevenGraph, { ...world, ledger: [] }))).toEqual([]);
  });

  it("leads from any blueprint to any other of the same cluster, and then is empty", () => {
    fc.assert(fc.property(anyBlueprint, anyBlueprint, (first, second) => {
      const [from, to] = [resourceGraph(first, pins), resourceGraph(second, pins)];
      const world = built(from);
      const plan = makePlan(to, world);
      fc.pre(plan.problems.length === 0);
      expect(driftOf(makePlan(to, carriedOut(to, plan, world)))).toEqual([]);
    }), { numRuns: 60 });
  });
});

/** One manual change per field that the world tells: what the plan must say about it, and about nothing else. */
const fieldCases = resourceKinds.flatMap((kind) => Object.entries(fieldRules[kind]).filter(([, rule]) => rule !== "unseen").map(([field, rule]) => ({ kind, field, rule })));

describe("a change by hand", () => {
  const world = built();
  it.each(fieldCases)("of $kind: $field shows as exactly that drift ($rule)", ({ kind, field, rule }) => {
    const target = world.found.findLast((found) => found.kind === kind);
    if (!target) throw new Error(`nothing of kind ${kind}`);
    const id = world.ledger.find(({ awsId }) => awsId === target.awsId)?.resource;
    const changed = changedBy(world, target.awsId, (found) => ({ ...found, fields: { ...found.fields, [field]: otherThan(found.fields[field]) } }));
    const plan = makePlan(sevenGraph, changed);
    const [item, ...others] = rule === "fixed" ? plan.items.filter(({ changes }) => changes.length > 0) : driftOf(plan);
    expect(item).toMatchObject({ id, act: rule === "fixed" ? "keep" : rule });
    expect(item?.changes.map((change) => change.field)).toEqual([field]);
    if (rule === "fixed") expect(plan.problems).toMatchObject([{ id }]);
    // What is made anew gets another id: what points to it follows, and says so by a reference.
    for (const other of others) expect(rule === "replace" && (other.act === "replace" || other.changes.every(({ wanted }) => JSON.stringify(wanted).includes('"ref"')))).toBe(true);
  });

  it.each(resourceKinds.filter((kind) => !untagged.has(kind)).map((kind) => [kind]))("of a tag of %s shows as that drift alone, and a foreign tag as none", (kind) => {
    const target = world.found.find((found) => found.kind === kind);
    if (!target) throw new Error(`nothing of kind ${kind}`);
    const without = changedBy(world, target.awsId, (found) => ({ ...found, tags: { ...found.tags, [kubernetesTag("stage")]: "shared", theirs: "x" } }));
    expect(driftOf(makePlan(sevenGraph, without))).toMatchObject([{ act: "update", changes: [{ field: `tags.${kubernetesTag("stage")}`, was: "shared", wanted: "owned" }] }]);
    const foreign = changedBy(world, target.awsId, (found) => ({ ...found, tags: { ...found.tags, theirs: "x" } }));
    expect(isEmpty(makePlan(sevenGraph, foreign))).toBe(true);
  });

  it.each(resourceKinds.map((kind) => [kind]))("that removes a %s shows as one to create, with the id that is gone", (kind) => {
    const target = world.found.find((found) => found.kind === kind);
    if (!target) throw new Error(`nothing of kind ${kind}`);
    const plan = makePlan(sevenGraph, changedBy(world, target.awsId, () => null));
    const created = driftOf(plan).filter(({ act }) => act === "create");
    expect(created).toMatchObject([{ kind, reason: `${target.awsId} was made once and is gone` }]);
  });

  it("that stops a machine shows as its state", () => {
    const id = idIn(world, "instance", "k8s-redis");
    expect(driftOf(makePlan(sevenGraph, changedBy(world, id, (found) => ({ ...found, trouble: "it is stopped" }))))).toMatchObject([{ id: "instance/k8s-redis", act: "update", changes: [{ field: "state", was: "it is stopped" }] }]);
  });

  it.each(Object.entries(partsOf))("that puts a %s into something of ours shows as one to delete", (kind, home) => {
    const part = world.found.find((found) => found.kind === kind);
    if (!part || home === undefined) throw new Error(kind);
    const opened: Found = { ...part, awsId: "by-hand", tags: {}, fields: { ...part.fields, description: "", peer: "0.0.0.0/0", fromPort: 22, toPort: 22, destination: "172.16.0.0/12", policyName: "extra", gateway: "pcx-1" } };
    expect(driftOf(makePlan(sevenGraph, { ...world, found: [...world.found, opened] }))).toMatchObject([{ act: "delete", awsId: "by-hand", kind, reason: expect.stringMatching(/^somebody put it into \S+ by hand: \w+ \S/) }]);
  });

  it("is not what the load balancer controller does to our groups, nor AWS' own local route", () => {
    const rule = world.found.find((found) => found.kind === "security-group-rule");
    const route = world.found.find((found) => found.kind === "route");
    if (!rule || !route) throw new Error("no rule or route");
    const theirs: Found = { ...rule, awsId: "sgr-elb", tags: {}, fields: { ...rule.fields, fromPort: 30000, toPort: 30000, peer: "sg-elb", description: "elbv2.k8s.aws/targetGroupBinding=shared" } };
    const local: Found = { ...route, awsId: "local", fields: { ...route.fields, destination: "10.0.0.0/16", gateway: "local" } };
    expect(isEmpty(makePlan(sevenGraph, { ...world, found: [...world.found, theirs, local] }))).toBe(true);
  });
});

const otherThan = (value: unknown): unknown => {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return `${value}-other`;
  if (Array.isArray(value)) return [...value, { key: "by", value: "hand", effect: "NoSchedule" }];
  if (typeof value === "object" && value !== null) return { ...value, ...Object.fromEntries(Object.keys(value).map((key) => [key, "other"])) };
  return "other";
};

describe("two things of one name", () => {
  it("are named, and neither is touched", () => {
    const world = built();
    const vpc = world.found.find(({ kind }) => kind === "vpc");
    if (!vpc) throw new Error("no vpc");
    const plan = makePlan(sevenGraph, { ...world, found: [...world.found, { ...vpc, awsId: "vpc-second" }] });
    expect(plan.problems).toMatchObject([{ id: "vpc/main", awsIds: [vpc.awsId, "vpc-second"], say: expect.stringContaining("vpc-second") }]);
    expect(plan.items.find(({ id }) => id === "vpc/main")).toMatchObject({ act: "keep" });
  });

  it("are a taken name when the other is somebody else's", () => {
    const plan = makePlan(sevenGraph, { ledger: [], found: [{ kind: "iam-role", awsId: "AROA1", fields: { roleName: "stage-worker", path: "/" }, tags: {}, trouble: "" }] });
    expect(plan.problems).toMatchObject([{ id: "iam-role/worker", say: expect.stringContaining("the name stage-worker") }]);
  });
});

describe("what the blueprint no longer has", () => {
  it("is deleted, what points to a thing before the thing", () => {
    const world = built();
    const less = resourceGraph({ ...seven, tiers: seven.tiers.map((tier) => (tier.tier === 4 ? { ...tier, pools: tier.pools.filter(({ name }) => name !== "k8s-redis") } : tier)) }, pins);
    const gone = driftOf(makePlan(less, world)).filter(({ act }) => act === "delete");
    expect(gone.map(({ id }) => id).toSorted()).toEqual(["instance/k8s-redis", expect.stringContaining("node/")]);
    expect(gone.find(({ kind }) => kind === "instance")?.needs).toHaveLength(1);
  });

  it("carries no foreign thing along", () => {
    const world = built();
    const foreign: Found = { kind: "vpc", awsId: "vpc-foreign", fields: { cidr: "172.31.0.0/16" }, tags: { [tagKeys.cluster]: "another", [tagKeys.resource]: "vpc/main" }, trouble: "" };
    expect(isEmpty(makePlan(sevenGraph, { ...world, found: [...world.found, foreign] }))).toBe(true);
  });
});

describe("an agreed plan", () => {
  it("is told apart from the plan of a changed world, resource by resource", () => {
    const agreed = makePlan(sevenGraph, nothing);
    const world = built();
    const vpc = world.found.find(({ kind }) => kind === "vpc");
    const now = makePlan(sevenGraph, { ledger: [], found: vpc ? [vpc] : [] });
    expect(planChanges(agreed, agreed)).toEqual([]);
    expect(planChanges(agreed, now)).toEqual([{ id: "vpc/main", was: "create", now: "keep" }]);
  });
});
