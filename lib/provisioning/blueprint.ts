// What makes a blueprint sound beyond the shape of each field: every fault names its field and its reason.
import type { z } from "zod";
import { machineType } from "../clusters/machine-types";
import { contains, isWorld, overlaps, sizeOf, toRange, type Range } from "../base/cidr";
import { machineNameOf, machinesOf, numbersOf } from "./machines";
import { blueprint as schema, type AddOnName, type Blueprint } from "./model";

export interface Fault {
  /** Dotted path, such as `tiers.0.pools.1.count`; "" for the whole. */
  field: string;
  say: string;
}
export type Checked = { ok: true; blueprint: Blueprint } | { ok: false; faults: readonly Fault[] };

export function checkBlueprint(raw: unknown): Checked {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) return { ok: false, faults: parsed.error.issues.flatMap(toFaults) };
  const faults = rules.flatMap((rule) => rule(parsed.data));
  return faults.length === 0 ? { ok: true, blueprint: parsed.data } : { ok: false, faults };
}

function toFaults(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => ({ field: [...issue.path, key].join("."), say: "there is no such field" }));
  return [{ field: issue.path.join("."), say: issue.message }];
}

/** What an add-on cannot do without. Applications are installed by Argo CD; stateful ones need volumes. */
export const addOnNeeds: Partial<Record<AddOnName, readonly AddOnName[]>> = {
  "kube-prometheus-stack": ["argo-cd"],
  "argo-rollouts": ["argo-cd"],
  "rabbitmq": ["argo-cd", "aws-ebs-csi-driver"],
  "postgresql": ["argo-cd", "aws-ebs-csi-driver"],
  "redis": ["argo-cd"],
  "aws-load-balancer-controller": ["cert-manager"],
};

/** Words that stand for something else in the console's addresses. */
const reservedNames: readonly string[] = ["new"];

function nameIsFree({ name }: Blueprint): Fault[] {
  return reservedNames.includes(name) ? [{ field: "name", say: `${name} is a word of the console's own addresses; choose another name` }] : [];
}

const rules: readonly ((blueprint: Blueprint) => Fault[])[] = [nameIsFree, tiersAreDistinct, namesAreDistinct, oneControlPlane, poolsFit, subnetsFit, rangesFit, roomForMachines, accessIsMeant, addOnsFit, ingressFits, tagsAreFree];

const duplicatesOf = <T>(values: readonly T[]): T[] => values.filter((value, at) => values.indexOf(value) !== at);

function tiersAreDistinct({ tiers }: Blueprint): Fault[] {
  return tiers.flatMap(({ tier }, at) => (tiers.findIndex((each) => each.tier === tier) < at ? [{ field: `tiers.${at}.tier`, say: `tier ${tier} is there twice; put its pools together` }] : []));
}

const eachPool = ({ tiers }: Blueprint) => tiers.flatMap(({ tier, pools }, at) => pools.map((pool, index) => ({ tier, pool, field: `tiers.${at}.pools.${index}` })));

function namesAreDistinct(blueprint: Blueprint): Fault[] {
  const twice = new Set(duplicatesOf(machinesOf(blueprint).map(({ name }) => name)));
  const faults = eachPool(blueprint).flatMap(({ pool, field }) =>
    numbersOf(pool).map((number) => machineNameOf(pool, number)).filter((name) => twice.has(name)).slice(0, 1).map((name) => ({ field: `${field}.name`, say: `two machines would be named ${name}; rename a pool` })));
  return faults;
}

function oneControlPlane(blueprint: Blueprint): Fault[] {
  const pools = eachPool(blueprint).filter(({ pool }) => pool.role === "control-plane");
  const [first, second] = pools;
  if (!first) return [{ field: "tiers", say: "no pool has the role control-plane; a cluster needs one" }];
  if (second) return [{ field: `${second.field}.role`, say: "a second pool has the role control-plane; there can be one" }];
  const faults: Fault[] = [];
  if (first.pool.count !== 1) faults.push({ field: `${first.field}.count`, say: `the control plane is one machine, not ${first.pool.count}: several would need a load balancer before the API server, which is not built yet` });
  if (first.tier !== 1) faults.push({ field: `${first.field}.role`, say: `the control plane belongs to tier 1, not to tier ${first.tier}` });
  if (first.pool.spot) faults.push({ field: `${first.field}.spot`, say: "a spot machine can be taken away at any time, and with it etcd; the control plane cannot be one" });
  return faults;
}

/** Labels that a kubelet may not set on its own node; see the admission plugin NodeRestriction. */
const reservedLabel = /^((node-role|node-restriction)\.kubernetes\.io\/|([a-z0-9.-]+\.)?(kubernetes|k8s)\.io\/)/;

function poolsFit(blueprint: Blueprint): Fault[] {
  const zones = new Set(blueprint.network.subnets.map(({ zone }) => zone));
  return eachPool(blueprint).flatMap(({ pool, field }) => {
    const faults: Fault[] = [];
    if (pool.zone !== "spread" && !zones.has(pool.zone)) faults.push({ field: `${field}.zone`, say: `no subnet is in ${pool.zone}; choose one of ${[...zones].join(", ")}, or add a subnet` });
    if (/^[a-z]+\d+g[a-z]*\./.test(pool.instanceType)) faults.push({ field: `${field}.instanceType`, say: `${pool.instanceType} has an Arm processor and the image is for amd64; choose a type such as t3 or m6i` });
    const machine = machineType(pool.instanceType);
    if (pool.role === "control-plane" && machine && machine.memoryBytes < 2 * 1024 ** 3) faults.push({ field: `${field}.instanceType`, say: "kubeadm refuses a control plane with less than 2 GiB of memory" });
    for (const key of Object.keys(pool.labels)) if (reservedLabel.test(key)) faults.push({ field: `${field}.labels`, say: `${key} is Kubernetes' own; a machine may not set it on itself` });
    return faults;
  });
}

/** Where fields are no ranges the schema has said so already. */
const known = (text: string): Range => toRange(text) ?? { first: 0, last: 0, prefix: 32 };

function subnetsFit({ region, network: { vpcCidr, subnets } }: Blueprint): Fault[] {
  const vpc = known(vpcCidr);
  return subnets.flatMap(({ zone, cidr }, at) => {
    const range = known(cidr);
    const faults: Fault[] = [];
    if (!zone.startsWith(region)) faults.push({ field: `network.subnets.${at}.zone`, say: `${zone} is not in ${region}` });
    if (subnets.findIndex((each) => each.zone === zone) < at) faults.push({ field: `network.subnets.${at}.zone`, say: `${zone} has a subnet already; one per zone is enough` });
    if (!contains(vpc, range)) faults.push({ field: `network.subnets.${at}.cidr`, say: `${cidr} is not inside the VPC's ${vpcCidr}` });
    if (range.prefix < 16 || range.prefix > 28) faults.push({ field: `network.subnets.${at}.cidr`, say: `AWS takes subnets from /16 to /28, not /${range.prefix}` });
    const other = subnets.slice(0, at).find((each) => overlaps(known(each.cidr), range));
    if (other) faults.push({ field: `network.subnets.${at}.cidr`, say: `${cidr} overlaps ${other.cidr} of ${other.zone}` });
    return faults;
  });
}

function rangesFit({ network: { vpcCidr, podCidr, serviceCidr } }: Blueprint): Fault[] {
  const faults: Fault[] = [];
  const vpc = known(vpcCidr);
  if (vpc.prefix < 16 || vpc.prefix > 28) faults.push({ field: "network.vpcCidr", say: `AWS takes VPCs from /16 to /28, not /${vpc.prefix}` });
  const pairs = [["podCidr", podCidr, "the VPC", vpcCidr], ["serviceCidr", serviceCidr, "the VPC", vpcCidr], ["serviceCidr", serviceCidr, "the pods'", podCidr]] as const;
  for (const [field, mine, whose, theirs] of pairs) if (overlaps(known(mine), known(theirs))) faults.push({ field: `network.${field}`, say: `${mine} overlaps ${whose} ${theirs}; packets could not tell them apart` });
  const service = known(serviceCidr);
  if (service.prefix < 12 || service.prefix > 24) faults.push({ field: "network.serviceCidr", say: `choose from /12 to /24, not /${service.prefix}: the API server refuses larger, and smaller runs out of Services` });
  return faults;
}

/** AWS keeps the first four addresses of a subnet and the last. Source: "Subnet sizing for IPv4", VPC user guide. */
const keptByAws = 5;
/** Calico gives each node blocks of this size. */
const podBlock = 64;

function roomForMachines(blueprint: Blueprint): Fault[] {
  const machines = machinesOf(blueprint);
  const faults = blueprint.network.subnets.flatMap(({ zone, cidr }, at) => {
    const [needed, room] = [machines.filter((machine) => machine.zone === zone).length, sizeOf(known(cidr)) - keptByAws];
    return needed > room ? [{ field: `network.subnets.${at}.cidr`, say: `${cidr} has ${room} addresses for ${needed} machines` }] : [];
  });
  const blocks = Math.floor(sizeOf(known(blueprint.network.podCidr)) / podBlock);
  if (blocks < machines.length) faults.push({ field: "network.podCidr", say: `it holds ${blocks} blocks of ${podBlock} addresses for ${machines.length} machines; each needs at least one` });
  return faults;
}

function accessIsMeant({ access }: Blueprint): Fault[] {
  const faults: Fault[] = [];
  access.adminCidrs.forEach((cidr, at) => {
    if (isWorld(cidr) && !access.openToWorld) faults.push({ field: `access.adminCidrs.${at}`, say: `0.0.0.0/0 opens port 6443${access.ssh ? " and port 22" : ""} to the whole internet; name the addresses of administrators, or say yes to it with openToWorld` });
    if (access.adminCidrs.indexOf(cidr) < at) faults.push({ field: `access.adminCidrs.${at}`, say: `${cidr} is there twice` });
  });
  if (access.ssh && access.publicKey === "") faults.push({ field: "access.publicKey", say: "port 22 would be open with no key that opens it; paste a public key or close SSH" });
  return faults;
}

function addOnsFit({ addOns: { chosen } }: Blueprint): Fault[] {
  return chosen.flatMap((name, at) => {
    const missing = (addOnNeeds[name] ?? []).filter((needed) => !chosen.includes(needed));
    const faults = missing.map((needed) => ({ field: `addOns.chosen.${at}`, say: `${name} needs ${needed}` }));
    return chosen.indexOf(name) < at ? [...faults, { field: `addOns.chosen.${at}`, say: `${name} is there twice` }] : faults;
  });
}

function ingressFits({ region, ingress, addOns: { chosen } }: Blueprint): Fault[] {
  const faults: Fault[] = [];
  if (ingress.domain !== "" && !chosen.includes("aws-load-balancer-controller")) faults.push({ field: "ingress.domain", say: "a domain needs the add-on aws-load-balancer-controller, which makes its load balancer" });
  const [, , , home = ""] = ingress.certificateArn.split(":");
  if (ingress.certificateArn !== "" && home !== region) faults.push({ field: "ingress.certificateArn", say: `the certificate is in ${home}; a load balancer takes only one of ${region}` });
  return faults;
}

function tagsAreFree({ tags }: Blueprint): Fault[] {
  return Object.keys(tags).filter((key) => /^(quarterdeck\.dev|kubernetes\.io)\/|^Name$/.test(key)).map((key) => ({ field: `tags.${key}`, say: `${key} is a tag that the console sets itself` }));
}
