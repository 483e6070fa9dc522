// What exists of a cluster on AWS, kind by kind: by the cluster's tag, and what stands inside the things that wear it.
import type { AwsFind } from "@/lib/adapters/aws/door";
import type { Instance } from "@/lib/adapters/aws/objects";
import type { Role } from "@/lib/adapters/aws/objects-account";
import type { RouteTable, SecurityGroupRule, Volume } from "@/lib/adapters/aws/objects-network";
import { canonical } from "./canonical";
import { iamPath, parameterPath } from "./graph/identity";
import { inClusterKinds, resourceKinds, tagKeys, type Found, type ResourceKind } from "./graph/model";

export interface LookAt { aws: AwsFind; cluster: string; signal?: AbortSignal | undefined }
export type Look = (at: LookAt) => Promise<Found[]>;

/** What belongs to a cluster wears this tag. */
export const ofCluster = (cluster: string) => ({ filters: [{ name: `tag:${tagKeys.cluster}`, values: [cluster] }] });
const plain = { trouble: "", tags: {} };
const unique = (ids: readonly string[]): string[] => [...new Set(ids)].filter((one) => one !== "");

/** The parts of a thing have no id of their own on AWS; ours names both halves. */
export const partId = (home: string, part: string): string => `${home}|${part}`;
export const homeOf = (awsId: string): string => awsId.split("|")[0] ?? "";
export const partOf = (awsId: string): string => awsId.split("|")[1] ?? "";

export const looks: Partial<Record<ResourceKind, Look>> = {
  "vpc": async ({ aws, cluster, signal }) => Promise.all((await aws.vpcs(ofCluster(cluster), signal)).map(async ({ id, tags, cidr, available }): Promise<Found> => {
    const dns = await aws.vpcDns(id, signal);
    return { kind: "vpc", awsId: id, tags, trouble: available ? "" : "AWS is still making it", fields: { cidr, dnsSupport: dns.support, dnsHostnames: dns.hostnames } };
  })),
  "internet-gateway": async ({ aws, cluster, signal }) => (await aws.gateways(ofCluster(cluster), signal)).map(({ id, tags, vpcIds: [vpc = null] }) => ({ ...plain, kind: "internet-gateway", awsId: id, tags, fields: { vpc } })),
  "subnet": async ({ aws, cluster, signal }) => (await aws.subnets(ofCluster(cluster), signal)).map(({ id, tags, vpcId, cidr, zone, publicIpOnLaunch, available }) =>
    ({ kind: "subnet", awsId: id, tags, trouble: available ? "" : "AWS is still making it", fields: { vpc: vpcId, cidr, zone, publicIp: publicIpOnLaunch } })),
  "route-table": async (at) => (await tables(at)).map(({ id, tags, vpcId }) => ({ ...plain, kind: "route-table", awsId: id, tags, fields: { vpc: vpcId } })),
  "route": async (at) => (await tables(at)).flatMap(({ id, routes }) => routes.map(({ destination, target, active }) =>
    ({ ...plain, kind: "route", awsId: partId(id, destination), trouble: active ? "" : "it leads nowhere", fields: { routeTable: id, destination, gateway: target } }))),
  "route-table-association": async (at) => (await tables(at)).flatMap((table) => table.associations.filter(({ main }) => !main).map(({ id, subnetId }) =>
    ({ ...plain, kind: "route-table-association", awsId: id, fields: { routeTable: table.id, subnet: subnetId } }))),
  "security-group": async ({ aws, cluster, signal }) => (await aws.securityGroups(ofCluster(cluster), signal)).map(({ id, tags, vpcId, name, description }) =>
    ({ ...plain, kind: "security-group", awsId: id, tags, fields: { vpc: vpcId, groupName: name, description } })),
  "security-group-rule": async ({ aws, cluster, signal }) => {
    const groups = await aws.securityGroups(ofCluster(cluster), signal);
    if (groups.length === 0) return [];
    return (await aws.securityGroupRules({ filters: [{ name: "group-id", values: groups.map(({ id }) => id) }] }, signal)).map(foundRule);
  },
  "iam-role": async (at) => (await roles(at)).map((role) => ({ ...plain, kind: "iam-role", awsId: role.id, tags: role.tags, fields: { path: role.path, roleName: role.id, assumedBy: assumerOf(role.trust), permissionsBoundary: role.boundary } })),
  "iam-role-policy": async (at) => (await roles(at)).flatMap(({ id, inline }) => Object.entries(inline).map(([policyName, document]) =>
    ({ ...plain, kind: "iam-role-policy", awsId: partId(id, policyName), fields: { role: id, policyName, document: canonicalText(document) } }))),
  "instance-profile": async ({ aws, cluster, signal }) => (await aws.instanceProfiles({ path: iamPath, prefix: `${cluster}-` }, signal)).filter(({ tags }) => tags[tagKeys.cluster] === cluster).map(({ id, tags, path, roles: [role = null] }) =>
    ({ ...plain, kind: "instance-profile", awsId: id, tags, fields: { path, profileName: id, role } })),
  "ssm-parameter": async ({ aws, cluster, signal }) => (await aws.parameters(parameterPath(cluster), signal)).map(({ id, tags, secret }) =>
    ({ ...plain, kind: "ssm-parameter", awsId: id, tags, fields: { parameterName: id, type: secret ? "SecureString" : "String" } })),
  "key-pair": async ({ aws, cluster, signal }) => (await aws.keyPairs(ofCluster(cluster), signal)).map(({ tags, name, publicKey }) => ({ ...plain, kind: "key-pair", awsId: name, tags, fields: { keyName: name, publicKey } })),
  "instance": async ({ aws, cluster, signal }) => {
    const instances = (await aws.instances(ofCluster(cluster), signal)).filter(({ state }) => state !== "terminated" && state !== "shutting-down");
    const volumes = new Map((await aws.volumes({ ids: unique(instances.map(({ rootVolumeId }) => rootVolumeId)) }, signal)).map((volume) => [volume.id, volume]));
    return instances.map((instance) => foundInstance(instance, volumes.get(instance.rootVolumeId)));
  },
  "elastic-ip": async ({ aws, cluster, signal }) => (await aws.addresses(ofCluster(cluster), signal)).map(({ id, tags }) => ({ ...plain, kind: "elastic-ip", awsId: id, tags, fields: { domain: "vpc" } })),
  "elastic-ip-association": async ({ aws, cluster, signal }) => (await aws.addresses(ofCluster(cluster), signal)).filter(({ associationId }) => associationId !== "").map(({ id, associationId, instanceId }) =>
    ({ ...plain, kind: "elastic-ip-association", awsId: associationId, fields: { address: id, instance: instanceId } })),
};

/** Everything of a cluster that AWS knows. */
export async function lookAtAws(at: LookAt): Promise<Found[]> {
  const kinds = resourceKinds.filter((kind) => !inClusterKinds.has(kind));
  return (await Promise.all(kinds.map((kind) => looks[kind]?.(at) ?? []))).flat();
}

const tables = ({ aws, cluster, signal }: LookAt): Promise<RouteTable[]> => aws.routeTables(ofCluster(cluster), signal);
const roles = async ({ aws, cluster, signal }: LookAt): Promise<Role[]> => (await aws.roles({ path: iamPath, prefix: `${cluster}-` }, signal)).filter(({ tags }) => tags[tagKeys.cluster] === cluster);

export function foundRule({ id, tags, groupId, direction, protocol, fromPort, toPort, cidr, peerGroupId, description }: SecurityGroupRule): Found {
  return { ...plain, kind: "security-group-rule", awsId: id, tags, fields: { group: groupId, direction, protocol: protocol === "-1" ? "all" : protocol, fromPort, toPort, peer: peerGroupId === "" ? cidr : peerGroupId, description } };
}

function foundInstance(instance: Instance, root: Volume | undefined): Found {
  const { id, tags, state, stateReason } = instance;
  return {
    kind: "instance", awsId: id, tags,
    trouble: state === "running" || state === "pending" ? "" : `it is ${state}${stateReason === "" ? "" : ` (${stateReason})`}`,
    fields: {
      imageId: instance.imageId, instanceType: instance.type, zone: instance.zone, subnet: instance.subnetId, securityGroups: instance.securityGroups.map((group) => group.id), profile: instance.instanceProfile, keyPair: instance.keyName === "" ? null : instance.keyName,
      rootVolumeGib: root?.sizeGib ?? 0, rootVolumeType: root?.type ?? "", rootVolumeEncrypted: root?.encrypted ?? false, spot: instance.spot, metadataTokens: instance.metadata.tokenRequired ? "required" : "optional", metadataHopLimit: instance.metadata.hopLimit,
    },
  };
}

function canonicalText(document: string): string {
  try {
    return canonical(JSON.parse(document));
  } catch {
    return document;
  }
}

/** Who a trust document lets take on the role; the document itself when it is not of our making. */
function assumerOf(trust: string): string {
  return /"Service"\s*:\s*\[?\s*"([^"]+)"/.exec(trust)?.[1] ?? trust;
}
