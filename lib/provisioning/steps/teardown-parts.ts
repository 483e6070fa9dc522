// What a teardown takes apart, in AWS' order: machines, what controllers left, addresses, rights, network, identity.
import type { Choice } from "@/lib/adapters/aws/find";
import { iamPath, parameterPath } from "../graph/identity";
import { kubernetesTag, tagKeys } from "../graph/model";
import { ofCluster } from "../look";
import { isOurs, rulesAbout } from "./blockers";
import type { Going, Removal } from "./remove";
import type { Ctx } from "./tools";

const seconds = (value: number): number => value * 1000;
const byKubernetes = (cluster: string): Choice => ({ filters: [{ name: "tag-key", values: [kubernetesTag(cluster)] }] });

/** Ours, and what controllers inside the cluster made under its name. */
async function both<T extends { id: string }>({ tools, signal }: Ctx, find: (choice: Choice, signal: AbortSignal) => Promise<T[]>): Promise<T[]> {
  const found = await Promise.all([find(ofCluster(tools.cluster), signal), find(byKubernetes(tools.cluster), signal)]);
  return [...new Map(found.flat().map((one) => [one.id, one])).values()];
}

async function machines(ctx: Ctx): Promise<Going[]> {
  const { aws, cluster } = ctx.tools;
  return (await aws.instances(ofCluster(cluster), ctx.signal)).filter(({ state }) => state !== "terminated").map(({ id, state, tags }) => {
    const name = tags["Name"] ?? id;
    return state === "shutting-down" ? { id, what: `${name} shuts down` } : { id, what: name, remove: (by) => aws.terminateInstances([id], by) };
  });
}

async function balancers(ctx: Ctx): Promise<Going[]> {
  const { aws, cluster } = ctx.tools;
  const [all, groups] = await Promise.all([aws.loadBalancers(ctx.signal), aws.targetGroups(ctx.signal)]);
  const ours = all.filter(({ tags }) => isOurs(tags, cluster));
  return [
    ...ours.map(({ id, name }): Going => ({ id, what: `the load balancer ${name}`, remove: (by) => aws.deleteLoadBalancer(id, by) })),
    // AWS refuses a target group while a load balancer still leads to it.
    ...groups.filter(({ tags }) => isOurs(tags, cluster)).map(({ id, name, loadBalancers }): Going =>
      ours.some((balancer) => loadBalancers.includes(balancer.id)) ? { id, what: `the target group ${name}, after its load balancer` } : { id, what: `the target group ${name}`, remove: (by) => aws.deleteTargetGroup(id, by) }),
  ];
}

/** Volumes that hold what pods wrote: made by the CSI driver, not with a machine. */
export async function dataVolumes(ctx: Ctx): Promise<{ id: string; what: string; sizeGib: number }[]> {
  const found = await both(ctx, ctx.tools.aws.volumes);
  return found.filter(({ tags, deletedWithInstance }) => tags[tagKeys.resource] === undefined && !deletedWithInstance).map(({ id, sizeGib, tags }) => {
    const claim = tags["kubernetes.io/created-for/pvc/name"];
    return { id, sizeGib, what: `${sizeGib} GiB${claim === undefined ? "" : ` of the claim ${tags["kubernetes.io/created-for/pvc/namespace"] ?? ""}/${claim}`}` };
  });
}

async function volumes(ctx: Ctx): Promise<Going[]> {
  const { aws } = ctx.tools;
  return (await dataVolumes(ctx)).map(({ id, what }) => ({ id, what, blockedAs: "volume", remove: (by) => aws.deleteVolume(id, by) }));
}

async function addresses(ctx: Ctx): Promise<Going[]> {
  const { aws } = ctx.tools;
  return (await both(ctx, aws.addresses)).map(({ id, publicIp, associationId }) => ({
    id, what: `the address ${publicIp}`, blockedAs: "elastic-ip",
    async remove(by) {
      if (associationId !== "") await aws.disassociateAddress(associationId, by);
      await aws.releaseAddress(id, by);
    },
  }));
}

const vpcIds = async ({ tools: { aws, cluster }, signal }: Ctx): Promise<string[]> => (await aws.vpcs(ofCluster(cluster), signal)).map(({ id }) => id);

/** What is left of interfaces in our network after machines and load balancers are gone: those of services go by themselves. */
async function interfaces(ctx: Ctx): Promise<Going[]> {
  const { aws, cluster } = ctx.tools;
  const ids = await vpcIds(ctx);
  if (ids.length === 0) return [];
  return (await aws.interfaces({ filters: [{ name: "vpc-id", values: ids }] }, ctx.signal)).flatMap(({ id, status, requester, description, tags }): Going[] => {
    const what = `a network interface${description === "" ? "" : ` (${description})`}`;
    if (requester === "amazon-elb") return [{ id, what: `${what} of a load balancer that is gone` }];
    return status === "available" && requester === "" && isOurs(tags, cluster) ? [{ id, what, remove: (by) => aws.deleteInterface(id, by) }] : [];
  });
}

async function gateways(ctx: Ctx): Promise<Going[]> {
  const { aws, cluster } = ctx.tools;
  return (await aws.gateways(ofCluster(cluster), ctx.signal)).map(({ id, vpcIds: attached }) => ({
    id, what: "the internet gateway", blockedAs: "internet-gateway",
    async remove(by) {
      for (const vpcId of attached) await aws.detachGateway({ gatewayId: id, vpcId }, by);
      await aws.deleteGateway(id, by);
    },
  }));
}

/** Groups that name each other hold each other: first every rule about them goes, then they do. */
async function groups(ctx: Ctx): Promise<Going[]> {
  const { aws } = ctx.tools;
  const ours = (await both(ctx, aws.securityGroups)).filter(({ name }) => name !== "default");
  const own = new Set(ours.map(({ id }) => id));
  return ours.map(({ id, name }) => ({
    id, what: `the security group ${name}`, blockedAs: "security-group",
    async remove(by) {
      const naming = (await rulesAbout({ aws, signal: ctx.signal }, id)).filter((rule) => own.has(rule.groupId));
      for (const rule of naming) await aws.removeRules({ groupId: rule.groupId, direction: rule.direction, ruleIds: [rule.id] }, by);
      await aws.deleteSecurityGroup(id, by);
    },
  }));
}

async function tables(ctx: Ctx): Promise<Going[]> {
  const { aws, cluster } = ctx.tools;
  return (await aws.routeTables(ofCluster(cluster), ctx.signal)).filter(({ main }) => !main).map(({ id, associations }) => ({
    id, what: "the route table",
    async remove(by) {
      for (const one of associations) await aws.disassociateRouteTable(one.id, by);
      await aws.deleteRouteTable(id, by);
    },
  }));
}

async function subnets(ctx: Ctx): Promise<Going[]> {
  const { aws, cluster } = ctx.tools;
  return (await aws.subnets(ofCluster(cluster), ctx.signal)).map(({ id, cidr }) => ({ id, what: `the subnet ${cidr}`, blockedAs: "subnet", remove: (by) => aws.deleteSubnet(id, by) }));
}

async function networks(ctx: Ctx): Promise<Going[]> {
  const { aws, cluster } = ctx.tools;
  return (await aws.vpcs(ofCluster(cluster), ctx.signal)).map(({ id, cidr }) => ({ id, what: `the network ${cidr}`, blockedAs: "vpc", remove: (by) => aws.deleteVpc(id, by) }));
}

async function keyPairs(ctx: Ctx): Promise<Going[]> {
  const { aws, cluster } = ctx.tools;
  return (await aws.keyPairs(ofCluster(cluster), ctx.signal)).map(({ name }) => ({ id: name, what: "the key pair", remove: (by) => aws.deleteKeyPair(name, by) }));
}

async function identities(ctx: Ctx): Promise<Going[]> {
  const { aws, cluster } = ctx.tools;
  const named = { path: iamPath, prefix: `${cluster}-` };
  const [profiles, roles] = await Promise.all([aws.instanceProfiles(named, ctx.signal), aws.roles(named, ctx.signal)]);
  return [
    ...profiles.filter(({ tags }) => isOurs(tags, cluster)).map(({ id, roles: inside }): Going => ({
      id: `${id}`, what: "an instance profile",
      async remove(by) {
        for (const role of inside) await aws.removeRoleFromProfile({ profile: id, role }, by);
        await aws.deleteInstanceProfile(id, by);
      },
    })),
    ...roles.filter(({ tags }) => isOurs(tags, cluster)).map(({ id, inline, attached }): Going => ({
      id, what: "a role",
      async remove(by) {
        for (const name of Object.keys(inline)) await aws.deleteRolePolicy({ role: id, name }, by);
        for (const arn of attached) await aws.detachRolePolicy({ role: id, arn }, by);
        await aws.deleteRole(id, by);
      },
    })),
  ];
}

async function parameters(ctx: Ctx): Promise<Going[]> {
  const { aws, cluster } = ctx.tools;
  return (await aws.parameters(parameterPath(cluster), ctx.signal)).map(({ id }) => ({ id, what: "a parameter", remove: (by) => aws.deleteParameters([id], by) }));
}

/** What controllers did not remove themselves goes after the machines: a controller that still lived would make it anew. */
export function removals(keepVolumes: boolean): Removal[] {
  const part = (name: string, title: string, rest: Omit<Removal, "name" | "title">): Removal => ({ name, title, ...rest });
  return [
    part("machines", "Terminate the machines", { needs: [], expectMs: seconds(60), list: machines }),
    part("load-balancers", "Remove load balancers that controllers left", { needs: ["machines"], expectMs: seconds(30), list: balancers }),
    ...(keepVolumes ? [] : [part("volumes", "Delete the volumes of claims", { needs: ["machines"], expectMs: seconds(10), list: volumes })]),
    part("addresses", "Release the elastic addresses", { needs: ["machines"], expectMs: seconds(5), list: addresses }),
    part("interfaces", "Wait for what services keep in the network", { needs: ["machines", "load-balancers"], expectMs: seconds(30), list: interfaces }),
    part("internet-gateway", "Remove the internet gateway", { needs: ["addresses", "interfaces"], expectMs: seconds(5), list: gateways }),
    part("security-groups", "Remove the security groups", { needs: ["interfaces"], expectMs: seconds(10), list: groups }),
    part("route-tables", "Remove the route tables", { needs: ["interfaces"], expectMs: seconds(5), list: tables }),
    part("subnets", "Remove the subnets", { needs: ["interfaces", "route-tables"], expectMs: seconds(5), list: subnets }),
    part("network", "Remove the network", { needs: ["internet-gateway", "security-groups", "subnets"], expectMs: seconds(5), list: networks }),
    part("key-pair", "Remove the key pair", { needs: ["machines"], expectMs: seconds(2), list: keyPairs }),
    part("identity", "Remove roles and instance profiles", { needs: ["machines"], expectMs: seconds(10), list: identities }),
    part("parameters", "Remove the parameters", { needs: ["machines"], expectMs: seconds(2), list: parameters }),
  ];
}
