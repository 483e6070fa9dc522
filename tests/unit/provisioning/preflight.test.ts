// Each check before a build: what it lets through, what it stops, and the fix it names.
import { describe, expect, it } from "vitest";
import { sayDenial } from "@/lib/provisioning/denial";
import { blocking, preflight, type Facts } from "@/lib/provisioning/preflight";
import { makePlan } from "@/lib/provisioning/plan/plan";
import type { Plan } from "@/lib/provisioning/plan/model";
import { carriedOut, four, nothing, seven, sevenGraph } from "./made";

const zones = ["a", "b", "c"].map((letter) => `ap-northeast-2${letter}`);
const good: Facts = {
  identity: { account: "123456789012", arn: "arn:aws:iam::123456789012:user/console" }, trouble: "",
  trials: [{ action: "CreateVpc", verdict: "allowed", say: "" }, { action: "RunInstances", verdict: "allowed", say: "" }],
  quotas: [{ id: "vcpu", limit: 32, used: 0 }, { id: "addresses", limit: 5, used: 1 }, { id: "vpcs", limit: 5, used: 1 }],
  zones: zones.map((name) => ({ name, available: true })),
  offerings: zones.flatMap((zone) => ["t3.small", "t3.medium", "t3.large"].map((type) => ({ type, zone }))),
  types: [], image: { id: "ami-1", name: "ubuntu", available: true }, otherNetworks: [{ id: "vpc-default", cidr: "172.31.0.0/16" }], consoleAddress: "203.0.113.24", boundary: true, nameTaken: false, foreign: [],
};
const fresh = makePlan(sevenGraph, nothing);
const ask = (facts: Partial<Facts> = {}, more: { blueprint?: typeof seven; plan?: Plan } = {}) => preflight({ blueprint: more.blueprint ?? seven, facts: { ...good, ...facts }, plan: more.plan ?? fresh });
const stops = (facts: Partial<Facts>) => blocking(ask(facts)).map(({ id, say }) => `${id}: ${say}`);

describe("a denial that was decoded", () => {
  const of = (explicitDeny: boolean, items: object[] = []) => JSON.stringify({ allowed: false, explicitDeny, matchedStatements: { items }, context: { principal: { arn: "arn:aws:iam::123456789012:user/console" }, action: "ec2:CreateVpc", resource: "arn:aws:ec2:r:1:vpc/*" } });
  it("says who may not do what to which, and whether a policy forbids it or none allows it", () => {
    expect(sayDenial(of(false))).toBe("No policy of user/console allows ec2:CreateVpc on arn:aws:ec2:r:1:vpc/*.");
    expect(sayDenial(of(true, [{ statementId: "NoNetworks" }]))).toContain("denies ec2:CreateVpc on arn:aws:ec2:r:1:vpc/* expressly (statement NoNetworks)");
    expect([sayDenial(""), sayDenial("{}"), sayDenial("no JSON")]).toEqual(["", "", ""]);
  });
});

describe("preflight", () => {
  it("stops nothing where all is well, and warns of what the layout itself risks", () => {
    expect(blocking(ask())).toEqual([]);
    expect(ask().filter(({ state }) => state === "warn").map(({ id, machine }) => `${id} ${machine}`)).toEqual(["memory-rabbitmq k8s-rabbitmq", "memory-postgresql k8s-postgresql", "memory-redis k8s-redis", "one k8s-master"]);
    expect(ask().find(({ id }) => id === "vcpu")).toMatchObject({ state: "ok", say: "14 of 32" });
  });

  it.each<[string, Partial<Facts>, string]>([
    ["no credentials", { identity: null }, "identity: AWS does not know these credentials"],
    ["expired credentials", { identity: null, trouble: "The session has expired." }, "identity: The session has expired."],
    ["a permission missing", { trials: [{ action: "CreateVpc", verdict: "denied", say: "" }] }, "permissions: AWS refuses CreateVpc"],
    ["a permission missing, in AWS' own reason", { trials: [{ action: "CreateVpc", verdict: "denied", say: "No policy of user/console allows ec2:CreateVpc on arn:aws:ec2:vpc/*." }] }, "permissions: AWS refuses CreateVpc. No policy of user/console allows ec2:CreateVpc"],
    ["a role of somebody else's by the name that it needs", { foreign: [{ what: "role", name: "stage-worker" }] }, "names: The role stage-worker is in this account already and is not of this cluster."],
    ["a quota of nothing", { quotas: [{ id: "vcpu", limit: 0, used: 0 }] }, "vcpu: 14 running on-demand vCPUs are needed, 0 of 0"],
    ["a quota used up", { quotas: [{ id: "addresses", limit: 5, used: 5 }] }, "addresses: 1 elastic addresses are needed, 5 of 5"],
    ["no network more", { quotas: [{ id: "vpcs", limit: 5, used: 5 }] }, "vpcs: 1 VPCs are needed, 5 of 5"],
    ["a type not offered", { offerings: good.offerings.filter(({ type, zone }) => !(type === "t3.small" && zone.endsWith("c"))) }, "offered-k8s-redis: t3.small is not offered in ap-northeast-2c"],
    ["a closed zone", { zones: good.zones.filter(({ name }) => !name.endsWith("b")) }, "offered: ap-northeast-2b is no zone"],
    ["no image", { image: null }, "image: The Ubuntu image could not be found"],
    ["an image that is not ready", { image: { id: "ami-1", name: "", available: false } }, "image: ami-1 is there but"],
    ["a name that another cluster has", { nameTaken: true }, "names: A cluster stage is connected already"],
    ["a console outside its own admin ranges", { consoleAddress: "198.51.100.7" }, "reach: The console's own address 198.51.100.7 is in none"],
    ["no boundary", { boundary: false }, "boundary: The policy /quarterdeck/quarterdeck-boundary is not"],
  ])("stops at %s", (_title, facts, expected) => {
    expect(stops(facts).join("\n")).toContain(expected);
    expect(blocking(ask(facts)).every(({ fix }) => fix !== "")).toBe(true);
  });

  it.each<[string, Partial<Facts>, string]>([
    ["quotas that cannot be read", { quotas: [{ id: "vcpu", limit: null, used: 0 }] }, "vcpu"], ["an address nobody told", { consoleAddress: null }, "reach"], ["dry runs that were not clear", { trials: [] }, "permissions"],
    ["a network on the same range", { otherNetworks: [{ id: "vpc-old", cidr: "10.0.0.0/20" }] }, "cidr"], ["a boundary nobody could look for", { boundary: null }, "boundary"],
  ])("only warns of %s", (_title, facts, id) => {
    expect(blocking(ask(facts))).toEqual([]);
    expect(ask(facts).find((check) => check.id === id)).toMatchObject({ state: "warn" });
  });

  it("counts against quotas only what is still to be made", () => {
    const world = carriedOut(sevenGraph, fresh, nothing);
    const again = makePlan(sevenGraph, world);
    expect(blocking(ask({ quotas: [{ id: "vcpu", limit: 14, used: 14 }, { id: "addresses", limit: 1, used: 1 }, { id: "vpcs", limit: 1, used: 1 }] }, { plan: again }))).toEqual([]);
  });

  it("names a tier without a worker for what belongs there", () => {
    expect(ask({}, { blueprint: four }).find(({ id }) => id === "home-kube-prometheus-stack")).toMatchObject({ state: "warn", say: expect.stringContaining("Tier 1 has no worker") });
  });

  it("names what two things of one name keep from going on", () => {
    expect(blocking(ask({}, { plan: { ...fresh, problems: [{ id: "vpc/main", say: "2 things wear the name vpc/main", awsIds: [] }] } }))).toMatchObject([{ id: "names", say: expect.stringContaining("vpc/main") }]);
  });
});
