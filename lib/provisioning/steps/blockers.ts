// What stands in the way of a removal, by name: which interface, group, address or load balancer it is, and whose.
import type { AwsFind } from "@/lib/adapters/aws/door";
import type { Tags } from "@/lib/adapters/aws/objects";
import type { NetworkInterface, SecurityGroupRule } from "@/lib/adapters/aws/objects-network";
import { kubernetesTag, tagKeys } from "../graph/model";

export interface Blocker {
  id: string;
  /** What it is and whose, as part of a sentence. */
  what: string;
  /** Ours: it goes by itself or by another step. Foreign: nobody but a person may remove it. */
  ours: boolean;
  /** The machine that has it, "" for none; absent where no machine can. */
  instanceId?: string;
}

export const isOurs = (tags: Tags, cluster: string): boolean => tags[tagKeys.cluster] === cluster || tags[kubernetesTag(cluster)] !== undefined || tags["elbv2.k8s.aws/cluster"] === cluster;

export interface Asking { aws: AwsFind; cluster: string; signal: AbortSignal }
type Find = (at: Asking, id: string) => Promise<Blocker[]>;

const where = (name: string, value: string) => ({ filters: [{ name, values: [value] }] });

export const blockersOf: Record<"security-group" | "subnet" | "vpc" | "internet-gateway" | "elastic-ip" | "volume", Find> = {
  "security-group": async (at, id) => [...(await interfacesIn(at, "group-id", id)), ...(await referencesTo(at, id))],
  "subnet": (at, id) => interfacesIn(at, "subnet-id", id),
  "internet-gateway": async (at, id) => {
    const [gateway] = await at.aws.gateways({ ids: [id] }, at.signal);
    const inside = await Promise.all((gateway?.vpcIds ?? []).map((vpcId) => at.aws.interfaces(where("vpc-id", vpcId), at.signal)));
    return inside.flat().filter(({ publicIp }) => publicIp !== "").map((one) => ({ ...interfaceAs(one, at.cluster), what: `${interfaceAs(one, at.cluster).what} with the public address ${one.publicIp}` }));
  },
  "elastic-ip": async (at, id) => {
    const [address] = await at.aws.addresses({ ids: [id] }, at.signal);
    if (!address || address.associationId === "") return [];
    return (await at.aws.interfaces({ ids: [address.interfaceId] }, at.signal)).map((one) => interfaceAs(one, at.cluster));
  },
  "volume": async (at, id) => (await at.aws.volumes({ ids: [id] }, at.signal)).filter(({ instanceId }) => instanceId !== "").map(({ instanceId }) => ({ id: instanceId, what: "a machine that has it attached", ours: false })),
  "vpc": vpcBlockers,
};

async function interfacesIn(at: Asking, filter: string, id: string): Promise<Blocker[]> {
  return (await at.aws.interfaces(where(filter, id), at.signal)).map((one) => interfaceAs(one, at.cluster));
}

/** An interface of a service goes when what it belongs to goes; AWS lets nobody else remove it. */
function interfaceAs({ id, tags, description, requester, instanceId, status }: NetworkInterface, cluster: string): Blocker {
  const of = requester !== "" ? `kept by ${requester}` : instanceId !== "" ? `of the machine ${instanceId}` : status === "available" ? "attached to nothing" : "in use";
  return { id, what: `a network interface ${of}${description === "" ? "" : ` (${description})`}`, ours: isOurs(tags, cluster) || (requester === "amazon-elb" && instanceId === ""), instanceId };
}

/** What stands in the cluster's networks and is not its own: a teardown would come to a halt at it. */
export async function foreignIn(at: Asking): Promise<Blocker[]> {
  const own = { filters: [{ name: `tag:${tagKeys.cluster}`, values: [at.cluster] }] };
  const [vpcs, instances] = await Promise.all([at.aws.vpcs(own, at.signal), at.aws.instances(own, at.signal)]);
  const machines = new Set(instances.map(({ id }) => id));
  const found = await Promise.all(vpcs.map(({ id }) => vpcBlockers(at, id)));
  return found.flat().filter(({ ours, instanceId }) => !ours && !(instanceId !== undefined && machines.has(instanceId)));
}

/** Rules in groups of the same network that let the members of this group in or out. */
export async function rulesAbout({ aws, signal }: Pick<Asking, "aws" | "signal">, groupId: string): Promise<SecurityGroupRule[]> {
  const [group] = await aws.securityGroups({ ids: [groupId] }, signal);
  if (!group) return [];
  const all = await aws.securityGroups(where("vpc-id", group.vpcId), signal);
  return (await aws.securityGroupRules({ filters: [{ name: "group-id", values: all.map(({ id }) => id) }] }, signal)).filter((rule) => rule.peerGroupId === groupId && rule.groupId !== groupId);
}

async function referencesTo(at: Asking, groupId: string): Promise<Blocker[]> {
  const rules = await rulesAbout(at, groupId);
  const groups = new Map((await at.aws.securityGroups({ ids: [...new Set(rules.map((rule) => rule.groupId))] }, at.signal)).map((group) => [group.id, group]));
  return rules.map((rule) => ({ id: rule.id, what: `a rule of the security group ${groups.get(rule.groupId)?.name ?? ""} (${rule.groupId}) that names it`, ours: isOurs(groups.get(rule.groupId)?.tags ?? {}, at.cluster) }));
}

async function vpcBlockers(at: Asking, vpcId: string): Promise<Blocker[]> {
  const { aws, cluster, signal } = at;
  const inVpc = where("vpc-id", vpcId);
  const [interfaces, subnets, groups, tables, gateways, occupants, balancers] = await Promise.all([
    aws.interfaces(inVpc, signal), aws.subnets(inVpc, signal), aws.securityGroups(inVpc, signal), aws.routeTables(inVpc, signal), aws.gateways(where("attachment.vpc-id", vpcId), signal), aws.occupants(vpcId, signal), aws.loadBalancers(signal),
  ]);
  const named = (id: string, what: string, tags: Tags): Blocker => ({ id, what, ours: isOurs(tags, cluster) });
  return [
    ...interfaces.map((one) => interfaceAs(one, cluster)),
    ...balancers.filter((one) => one.vpcId === vpcId).map(({ id, name, kind, tags }) => named(id, `the ${kind} load balancer ${name}`, tags)),
    ...occupants.map(({ id, kind, tags }) => named(id, kind === "nat-gateway" ? "a NAT gateway" : "a VPC endpoint", tags)),
    ...subnets.map(({ id, cidr, tags }) => named(id, `the subnet ${cidr}`, tags)),
    ...groups.filter(({ name }) => name !== "default").map(({ id, name, tags }) => named(id, `the security group ${name}`, tags)),
    ...tables.filter(({ main }) => !main).map(({ id, tags }) => named(id, "a route table", tags)),
    ...gateways.map(({ id, tags }) => named(id, "an internet gateway", tags)),
  ];
}

export function sayBlockers(blockers: readonly Blocker[]): string {
  const shown = blockers.slice(0, 5).map(({ id, what }) => `${id}, ${what}`);
  return `${shown.join("; ")}${blockers.length > shown.length ? `; and ${blockers.length - shown.length} more` : ""}`;
}
