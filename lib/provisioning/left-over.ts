// What of a cluster is still on AWS, thing by thing, and what it costs an hour: the statement at the end of every job, good or bad.
import type { AwsFind } from "@/lib/adapters/aws/door";
import type { Tagged } from "@/lib/adapters/aws/objects";
import { hoursPerMonth, type PriceItem, type Prices } from "../clusters/prices";
import { iamPath, parameterPath } from "./graph/identity";
import { kubernetesTag, tagKeys } from "./graph/model";
import { ofCluster } from "./look";

export interface LeftOver {
  id: string;
  what: string;
  /** What is paid for it: so many of these, by the hour; none for what is free. */
  paid: readonly { item: PriceItem; amount: number; per: "hour" | "month" }[];
}

interface At { aws: AwsFind; cluster: string; signal?: AbortSignal | undefined }

export async function leftOvers({ aws, cluster, signal }: At): Promise<LeftOver[]> {
  const ours = ofCluster(cluster);
  const theirs = { filters: [{ name: "tag-key", values: [kubernetesTag(cluster)] }] };
  const named = { path: iamPath, prefix: `${cluster}-` };
  const own = (one: Tagged) => one.tags[tagKeys.cluster] === cluster;
  const controllers = (one: Tagged) => own(one) || one.tags[kubernetesTag(cluster)] !== undefined || one.tags["elbv2.k8s.aws/cluster"] === cluster;
  const free = (what: string) => (one: { id: string }): LeftOver => ({ id: one.id, what, paid: [] });
  const unique = <T extends { id: string }>(...lists: T[][]): T[] => [...new Map(lists.flat().map((one) => [one.id, one])).values()];
  const found = await Promise.all([
    aws.instances(ours, signal).then((all) => all.filter(({ state }) => state !== "terminated").map(({ id, type, tags, publicIp }): LeftOver => ({ id, what: `the machine ${tags["Name"] ?? ""}`.trim(), paid: [{ item: `ec2.${type}`, amount: 1, per: "hour" }, ...(publicIp === "" ? [] : [{ item: "ipv4" as const, amount: 1, per: "hour" as const }])] }))),
    Promise.all([aws.volumes(ours, signal), aws.volumes(theirs, signal)]).then((lists) => unique(...lists).filter(({ state }) => state !== "deleting").map(({ id, sizeGib }): LeftOver => ({ id, what: `a volume of ${sizeGib} GiB`, paid: [{ item: "gp3-gib", amount: sizeGib, per: "month" }] }))),
    aws.addresses(ours, signal).then((all) => all.map(({ id, publicIp, instanceId }): LeftOver => ({ id, what: `the address ${publicIp}`, paid: instanceId === "" ? [{ item: "ipv4", amount: 1, per: "hour" }] : [] }))),
    aws.loadBalancers(signal).then((all) => all.filter(controllers).map(({ id, name }): LeftOver => ({ id, what: `the load balancer ${name}`, paid: [{ item: "load-balancer", amount: 1, per: "hour" }] }))),
    aws.targetGroups(signal).then((all) => all.filter(controllers).map(free("a target group"))),
    aws.vpcs(ours, signal).then((all) => all.map(free("a network"))),
    aws.gateways(ours, signal).then((all) => all.map(free("an internet gateway"))),
    aws.subnets(ours, signal).then((all) => all.map(free("a subnet"))),
    aws.routeTables(ours, signal).then((all) => all.filter(({ main }) => !main).map(free("a route table"))),
    Promise.all([aws.securityGroups(ours, signal), aws.securityGroups(theirs, signal)]).then((lists) => unique(...lists).filter(({ name }) => name !== "default").map(free("a security group"))),
    aws.keyPairs(ours, signal).then((all) => all.map(({ name }) => ({ id: name, what: "a key pair", paid: [] }))),
    aws.roles(named, signal).then((all) => all.filter(own).map(free("a role"))),
    aws.instanceProfiles(named, signal).then((all) => all.filter(own).map(free("an instance profile"))),
    aws.parameters(parameterPath(cluster), signal).then((all) => all.map(free("a parameter"))),
  ]);
  return found.flat();
}

/** Null for what nobody knows the price of. */
export function hourlyUsd({ paid }: LeftOver, prices: Prices): number | null {
  return paid.reduce<number | null>((sum, { item, amount, per }) => {
    const price = prices.of(item);
    return sum === null || price === null ? null : sum + (price * amount) / (per === "hour" ? 1 : hoursPerMonth);
  }, 0);
}

export function sayLeftOvers(left: readonly LeftOver[], prices: Prices): string {
  if (left.length === 0) return "Nothing of it is on AWS, and nothing is paid for.";
  const kinds = new Map<string, number>();
  for (const { what } of left) {
    const kind = what.replace(/^(the|an?) (internet gateway|instance profile|security group|load balancer|target group|route table|key pair|\w+).*$/, "$2");
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const list = [...kinds].map(([kind, count]) => `${count} ${kind}${count === 1 ? "" : kind.endsWith("ss") ? "es" : "s"}`).join(", ");
  const costs = left.map((one) => hourlyUsd(one, prices));
  const sum = costs.reduce<number>((total, cost) => total + (cost ?? 0), 0);
  return `On AWS: ${list}. That costs $${sum.toFixed(3)} an hour${costs.includes(null) ? ", besides what no price is known for" : ""}.`;
}
