// A blueprint that is not sound says which field and why, as value and as YAML; a sound one is the same in both.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBlueprint } from "@/lib/provisioning/blueprint";
import { addressText, contains, nearestRange, overlaps, rangeOf, toRange } from "@/lib/base/cidr";
import { machinesOf } from "@/lib/provisioning/machines";
import type { Blueprint } from "@/lib/provisioning/model";
import { presetBlueprint, presetNames } from "@/lib/provisioning/presets";
import { readYaml, toYaml } from "@/lib/provisioning/yaml";
import { anyBlueprint, four, seven } from "./made";

type Draft = Record<string, unknown> & Blueprint;
/** A draft is changed freely, also into what no blueprint may be; the cast is what lets it. */
const spoilt = (change: (draft: Draft) => void): unknown => { const draft = structuredClone(seven) as Draft; change(draft); return draft; };
const faultsOf = (raw: unknown): string[] => { const checked = checkBlueprint(raw); return checked.ok ? [] : checked.faults.map(({ field, say }) => `${field}: ${say}`); };
const poolAt = (draft: Draft, tier: number, at = 0) => { const pool = draft.tiers[tier - 1]?.pools[at]; if (!pool) throw new Error("no pool"); return pool; };

const bad: [title: string, raw: unknown, expected: string][] = [
  ["no object", "hello", ": "],
  ["another version", spoilt((draft) => Object.assign(draft, { version: 2 })), "version: "],
  ["a field nobody knows", spoilt((draft) => Object.assign(draft, { colour: "red" })), "colour: there is no such field"],
  ["a field nobody knows in a pool", spoilt((draft) => Object.assign(poolAt(draft, 2), { colour: "red" })), "tiers.1.pools.0.colour: there is no such field"],
  ["a name in capitals", spoilt((draft) => { draft.name = "Stage"; }), "name: "],
  ["a name too long", spoilt((draft) => { draft.name = "a".repeat(41); }), "name: at most 40"],
  ["a name of our own addresses", spoilt((draft) => { draft.name = "new"; }), "name: new is a word"],
  ["a region of no form", spoilt((draft) => { draft.region = "seoul"; }), "region: name a region"],
  ["half a version", spoilt((draft) => { draft.kubernetesVersion = "1.36"; }), "kubernetesVersion: write the whole version"],
  ["host bits", spoilt((draft) => { draft.network.vpcCidr = "10.0.0.1/16"; }), "network.vpcCidr: 10.0.0.1/16 has bits set behind its prefix; write 10.0.0.0/16"],
  ["no range", spoilt((draft) => { draft.network.podCidr = "pods"; }), 'network.podCidr: "pods" is no IPv4 range'],
  ["a VPC too large for AWS", spoilt((draft) => { draft.network.vpcCidr = "10.0.0.0/8"; }), "network.vpcCidr: AWS takes VPCs from /16 to /28"],
  ["pods over the VPC", spoilt((draft) => { draft.network.podCidr = "10.0.128.0/17"; }), "network.podCidr: 10.0.128.0/17 overlaps the VPC 10.0.0.0/16"],
  ["services over the VPC", spoilt((draft) => { draft.network.serviceCidr = "10.0.0.0/20"; }), "network.serviceCidr: 10.0.0.0/20 overlaps the VPC"],
  ["services over the pods", spoilt((draft) => { draft.network.serviceCidr = "192.168.0.0/20"; }), "network.serviceCidr: 192.168.0.0/20 overlaps the pods' 192.168.0.0/16"],
  ["a huge range of services", spoilt((draft) => { draft.network.serviceCidr = "16.0.0.0/8"; }), "network.serviceCidr: choose from /12 to /24"],
  ["a subnet outside", spoilt((draft) => { draft.network.subnets[0] = { zone: "ap-northeast-2a", cidr: "10.1.0.0/24" }; }), "network.subnets.0.cidr: 10.1.0.0/24 is not inside"],
  ["two subnets on one range", spoilt((draft) => { draft.network.subnets[1] = { zone: "ap-northeast-2b", cidr: "10.0.1.0/25" }; }), "network.subnets.1.cidr: 10.0.1.0/25 overlaps 10.0.1.0/24 of ap-northeast-2a"],
  ["two subnets in one zone", spoilt((draft) => { draft.network.subnets[1] = { zone: "ap-northeast-2a", cidr: "10.0.2.0/24" }; }), "network.subnets.1.zone: ap-northeast-2a has a subnet already"],
  ["a zone of another region", spoilt((draft) => { draft.network.subnets[2] = { zone: "eu-west-1c", cidr: "10.0.3.0/24" }; }), "network.subnets.2.zone: eu-west-1c is not in ap-northeast-2"],
  ["a subnet too small for its machines", spoilt((draft) => { draft.network.subnets[1] = { zone: "ap-northeast-2b", cidr: "10.0.2.0/28" }; poolAt(draft, 2).count = 12; }), "network.subnets.1.cidr: 10.0.2.0/28 has 11 addresses for 14 machines"],
  ["fewer pod blocks than machines", spoilt((draft) => { draft.network.podCidr = "192.168.0.0/24"; }), "network.podCidr: it holds 4 blocks of 64 addresses for 7 machines"],
  ["no control plane", spoilt((draft) => { poolAt(draft, 1).role = "worker"; }), "tiers: no pool has the role control-plane"],
  ["two control planes", spoilt((draft) => { poolAt(draft, 2).role = "control-plane"; }), "tiers.1.pools.0.role: a second pool"],
  ["three machines of control plane", spoilt((draft) => { poolAt(draft, 1).count = 3; }), "tiers.0.pools.0.count: the control plane is one machine, not 3"],
  ["the control plane on spot", spoilt((draft) => { poolAt(draft, 1).spot = true; }), "tiers.0.pools.0.spot: "],
  ["a tier twice", spoilt((draft) => { draft.tiers.push({ tier: 1, pools: [] }); draft.tiers.splice(1, 1); }), "tiers.3.tier: tier 1 is there twice"],
  ["a pool's name twice", spoilt((draft) => { poolAt(draft, 3).name = "k8s-worker-1"; }), "tiers.1.pools.0.name: two machines would be named k8s-worker-1"],
  ["a machine's name that another pool grows into", spoilt((draft) => { poolAt(draft, 2).count = 2; poolAt(draft, 3).name = "k8s-worker-1-2"; }), "two machines would be named k8s-worker-1-2"],
  ["no machines", spoilt((draft) => { poolAt(draft, 2).count = 0; }), "tiers.1.pools.0.count: at least 1"],
  ["half a machine", spoilt((draft) => { poolAt(draft, 2).count = 1.5; }), "tiers.1.pools.0.count: "],
  ["an Arm type", spoilt((draft) => { poolAt(draft, 2).instanceType = "t4g.medium"; }), "tiers.1.pools.0.instanceType: t4g.medium has an Arm processor"],
  ["no type", spoilt((draft) => { poolAt(draft, 2).instanceType = "large"; }), "tiers.1.pools.0.instanceType: name an instance type"],
  ["a tiny disk", spoilt((draft) => { poolAt(draft, 2).rootVolumeGib = 8; }), "tiers.1.pools.0.rootVolumeGib: at least 20"],
  ["a zone without subnet", spoilt((draft) => { poolAt(draft, 2).zone = "ap-northeast-2d"; }), "tiers.1.pools.0.zone: no subnet is in ap-northeast-2d"],
  ["a label that no kubelet may set", spoilt((draft) => { poolAt(draft, 2).labels = { "node-role.kubernetes.io/api": "" }; }), "tiers.1.pools.0.labels: node-role.kubernetes.io/api is Kubernetes' own"],
  ["a label that would end a shell word", spoilt((draft) => { poolAt(draft, 2).labels = { workload: "$(reboot)" }; }), "tiers.1.pools.0.labels.workload: at most 63"],
  ["a taint of no effect", spoilt((draft) => Object.assign(poolAt(draft, 2), { taints: [{ key: "a", value: "b", effect: "Never" }] })), "tiers.1.pools.0.taints.0.effect: "],
  ["nobody who may reach the API", spoilt((draft) => { draft.access.adminCidrs = []; }), "access.adminCidrs: at least one address"],
  ["the world without a yes", spoilt((draft) => { draft.access.adminCidrs = ["0.0.0.0/0"]; }), "access.adminCidrs.0: 0.0.0.0/0 opens port 6443 to the whole internet"],
  ["SSH without a key", spoilt((draft) => { draft.access.ssh = true; draft.access.publicKey = ""; }), "access.publicKey: port 22 would be open with no key"],
  ["a private key", spoilt((draft) => { draft.access.publicKey = "-----BEGIN OPENSSH PRIVATE KEY-----"; }), "access.publicKey: paste an OpenSSH public key"],
  ["an add-on without what it needs", spoilt((draft) => { draft.addOns.chosen = ["rabbitmq"]; }), "addOns.chosen.0: rabbitmq needs argo-cd"],
  ["an add-on nobody knows", spoilt((draft) => Object.assign(draft.addOns, { chosen: ["istio"] })), "addOns.chosen.0: "],
  ["a mirror by file", spoilt((draft) => { draft.addOns.mirror = "file:///etc"; }), "addOns.mirror: "],
  ["a domain without its controller", spoilt((draft) => { draft.ingress.domain = "example.org"; draft.addOns.chosen = []; }), "ingress.domain: a domain needs the add-on"],
  ["a certificate of another region", spoilt((draft) => { draft.ingress.certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"; }), "ingress.certificateArn: the certificate is in us-east-1"],
  ["a tag of AWS", spoilt((draft) => { draft.tags = { "aws:x": "y" }; }), "tags.aws:x: "],
  ["a tag of ours", spoilt((draft) => { draft.tags = { "quarterdeck.dev/cluster": "x" }; }), "tags.quarterdeck.dev/cluster: quarterdeck.dev/cluster is a tag that the console sets"],
];

describe("a bad blueprint", () => {
  it.each(bad)("%s is refused by field and reason", (_title, raw, expected) => {
    expect(faultsOf(raw).join("\n")).toContain(expected);
  });

  it("names the line when it is text", () => {
    const text = toYaml(seven).replace("podCidr: 192.168.0.0/16", "podCidr: 10.0.0.0/17");
    const line = text.split("\n").findIndex((each) => each.includes("podCidr")) + 1;
    expect(readYaml(text)).toMatchObject({ ok: false, faults: [{ field: "network.podCidr", line }] });
  });

  it.each([
    ["no YAML", "a: [1", /no YAML/], ["a key twice", "version: 1\nversion: 1\n", /no YAML.*unique/i], ["an alias", "a: &x 1\nb: *x\n", /anchors and aliases/],
    ["a huge text", "#".repeat(200_001), /at most 200000/], ["nothing", "", /./],
  ])("%s is said in words", (_title, text, say) => {
    const read = readYaml(text);
    expect(read.ok ? "" : read.faults.map((fault) => fault.say).join("\n")).toMatch(say);
  });
});

describe("a sound blueprint", () => {
  it.each(presetNames.map((name) => [name]))("the preset %s is one", (name) => expect(faultsOf(presetBlueprint(name, { name: "x", adminCidr: "10.9.9.9/32" }))).toEqual([]));

  it("a preset without a known console address asks for nothing but that", () => {
    expect(faultsOf(presetBlueprint("four-node", { name: "x", adminCidr: "" }))).toEqual([expect.stringContaining("access.adminCidrs")]);
  });

  it("has the totals of the reference system", () => {
    expect(machinesOf(four).map(({ name, pool }) => `${name} ${pool.instanceType} ${pool.rootVolumeGib}`)).toEqual(["k8s-master t3.large 80", "k8s-worker-1 t3.medium 40", "k8s-worker-2 t3.medium 40", "k8s-storage t3.large 100"]);
    expect(machinesOf(seven).reduce((sum, { pool }) => sum + pool.rootVolumeGib, 0)).toBe(350);
  });

  it("is the same value through YAML and back", () => {
    fc.assert(fc.property(anyBlueprint, (blueprint) => { expect(readYaml(toYaml(blueprint))).toEqual({ ok: true, blueprint }); }), { numRuns: 60 });
  });

  it("may open itself to the world when it says so", () => {
    expect(faultsOf(spoilt((draft) => { draft.access.adminCidrs = ["0.0.0.0/0"]; draft.access.openToWorld = true; }))).toEqual([]);
  });
});

describe("ranges", () => {
  const anyRange = fc.record({ address: fc.integer({ min: 0, max: 2 ** 32 - 1 }), prefix: fc.integer({ min: 0, max: 32 }) }).map(({ address, prefix }) => `${addressText(address - (address % 2 ** (32 - prefix)))}/${prefix}`);

  it("overlap exactly when they share an address, and CIDR ranges overlap only by one holding the other", () => {
    fc.assert(fc.property(anyRange, anyRange, (a, b) => {
      const [left, right] = [rangeOf(a), rangeOf(b)];
      expect(overlaps(left, right)).toBe(Math.max(left.first, right.first) <= Math.min(left.last, right.last));
      expect(overlaps(left, right)).toBe(contains(left, right) || contains(right, left));
    }));
  });

  it("are read back as they were written, and the nearest of one is itself", () => {
    fc.assert(fc.property(anyRange, (text) => { const range = rangeOf(text); expect(`${addressText(range.first)}/${range.prefix}`).toBe(text); expect(nearestRange(text)).toBe(text); }));
  });

  it.each(["10.0.0.0", "10.0.0.0/33", "256.0.0.0/8", "10.0.0/8", "010.0.0.0/8", "::/0", "10.0.0.0/8 "])("%s is none", (text) => expect(toRange(text)).toBeNull());
});
