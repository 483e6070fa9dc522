// What is true of the account and region before anything is made, gathered side by side; what cannot be learnt is null, with the reason.
import "server-only";
import type { Aws } from "@/lib/adapters/aws/door";
import { AppError, causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { findConnection } from "@/lib/clusters/connections";
import { sayDenial } from "../denial";
import { boundaryName, iamPath } from "../graph/identity";
import { tagKeys, type ResourceKind } from "../graph/model";
import { groupNames } from "../graph/security";
import { machinesOf } from "../machines";
import type { Blueprint } from "../model";
import type { Facts } from "../preflight";
import type { World } from "../plan/model";
import { consoleAddress } from "./account";
import { imageOf } from "./world";

/** Ubuntu 22.04, as the reference system's machines have; the newest at the time of the plan, and then pinned. */
const imageParameter = "/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id";

export interface Ground { facts: Facts; image: { id: string; name: string; rootDevice: string; available: boolean } | null }

interface Ask { aws: Aws; blueprint: Blueprint; /** What is there of the cluster. */ world: World; signal: AbortSignal }

export async function gatherFacts(ask: Ask): Promise<Ground> {
  const { aws, blueprint, signal } = ask;
  const troubles: string[] = [];
  const orNull = <T>(asked: Promise<T>): Promise<T | null> => asked.catch((thrown: unknown) => {
    troubles.push(thrown instanceof AppError ? thrown.say : "AWS could not be asked.");
    log.warn({ region: aws.region, cause: causeText(thrown) }, "a fact for the plan could not be learnt");
    return null;
  });
  const identity = await orNull(aws.identity(signal));
  const nothing: Facts = { identity, trouble: troubles[0] ?? "", trials: [], quotas: [], offerings: [], zones: [], types: [], image: null, otherNetworks: [], consoleAddress: consoleAddress(), boundary: null, nameTaken: false, foreign: null };
  if (!identity) return { facts: nothing, image: null };
  const types = [...new Set(machinesOf(blueprint).map(({ pool }) => pool.instanceType))];
  const [offerings, zones, typeFacts, networks, image, policies, used, foreign] = await Promise.all([
    orNull(aws.offerings(types, signal)), orNull(aws.zones(signal)), orNull(aws.typeFacts(types, signal)), orNull(aws.vpcs({ filters: [] }, signal)), orNull(pinnedImage(ask)), orNull(aws.policies(iamPath, signal)), usage(ask, orNull), orNull(foreignNames(ask)),
  ]);
  const [network] = networks ?? [];
  const trials = await orNull(tryAll(ask, { vpcId: network?.id ?? "vpc-00000000000000000", imageId: image?.id ?? "ami-00000000", instanceType: types[0] ?? "t3.medium" }));
  return {
    image,
    facts: {
      ...nothing,
      trials: trials ?? [], quotas: used, offerings: offerings ?? [], zones: zones ?? [], image,
      types: (typeFacts ?? []).map(({ name, vcpus, memoryBytes }) => ({ name, cpus: vcpus, memoryBytes })),
      otherNetworks: (networks ?? []).filter(({ tags, isDefault }) => !isDefault && tags[tagKeys.cluster] !== blueprint.name).map(({ id, cidr }) => ({ id, cidr })),
      boundary: policies && policies.some(({ name }) => name === boundaryName),
      nameTaken: isTaken(blueprint.name),
      foreign,
    },
  };
}

/** A cluster that somebody connected by kubeconfig under this name, and that no blueprint ever built. */
const isTaken = (name: string): boolean => findConnection(name)?.source === "environment";

/** Names of which AWS has each once in an account or a region, whoever made the thing and under whatever path. */
async function foreignNames({ aws, blueprint, world, signal }: Ask): Promise<Facts["foreign"]> {
  const roles = groupNames.map((group) => `${blueprint.name}-${group}`);
  const key = `${blueprint.name}-admin`;
  const [begun, keys] = await Promise.all([aws.namesBegun(`${blueprint.name}-`, signal), blueprint.access.publicKey === "" ? [] : aws.keyPairs({ filters: [{ name: "key-name", values: [key] }] }, signal)]);
  const isForeign = (kind: ResourceKind) => (name: string): boolean => !world.found.some((found) => found.kind === kind && found.awsId === name);
  return [
    ...roles.filter((name) => begun.roles.includes(name)).filter(isForeign("iam-role")).map((name) => ({ what: "role", name })),
    ...roles.filter((name) => begun.profiles.includes(name)).filter(isForeign("instance-profile")).map((name) => ({ what: "instance profile", name })),
    ...keys.map(({ name }) => name).filter(isForeign("key-pair")).map((name) => ({ what: "key pair", name })),
  ];
}

async function pinnedImage({ aws, world, signal }: Ask): Promise<Ground["image"]> {
  const id = imageOf(world) ?? (await aws.imageNamedBy(imageParameter, signal));
  if (id === null) return null;
  const [image] = await aws.images([id], signal);
  return image ? { id: image.id, name: image.name, rootDevice: image.rootDevice, available: image.available } : null;
}

const tried = ["CreateVpc", "CreateInternetGateway", "CreateSubnet", "CreateRouteTable", "CreateSecurityGroup", "AllocateAddress", "RunInstances", "CreateTags"] as const;

async function tryAll({ aws, signal }: Ask, about: { vpcId: string; imageId: string; instanceType: string }): Promise<Facts["trials"]> {
  return Promise.all(tried.map(async (action) => {
    const { verdict, say } = await aws.tryOut({ action, instanceId: "i-00000000000000000", ...about }, signal);
    return { action, verdict, say: verdict === "denied" ? await reasonOf(aws, say, signal) : say };
  }));
}

/** AWS tells its reason to those who may read it (sts:DecodeAuthorizationMessage); others learn only that it refuses. */
async function reasonOf(aws: Aws, said: string, signal: AbortSignal): Promise<string> {
  const [, encoded] = /Encoded authorization failure message: (\S+)/.exec(said) ?? [];
  return encoded === undefined ? "" : sayDenial(await aws.decodeDenial(encoded, signal).catch(() => ""));
}

/** Families that the quota of standard on-demand instances counts. Source: "On-Demand instance quotas", EC2 user guide. */
const standard = /^(a|c|d|h|i|m|r|t|z)\d/;
const codes = { vcpu: ["ec2", "L-1216C47A"], addresses: ["ec2", "L-0263D0A3"], vpcs: ["vpc", "L-F678F1CE"] } as const;

async function usage({ aws, signal }: Ask, orNull: <T>(asked: Promise<T>) => Promise<T | null>): Promise<Facts["quotas"]> {
  const limit = async (id: keyof typeof codes): Promise<number | null> => { const [service, code] = codes[id]; return (await orNull(aws.quota({ service, code }, signal)))?.value ?? null; };
  const [vcpu, addresses, vpcs, running, allocated, networks] = await Promise.all([
    limit("vcpu"), limit("addresses"), limit("vpcs"),
    orNull(aws.instances({ filters: [{ name: "instance-state-name", values: ["pending", "running"] }] }, signal)), orNull(aws.addresses({ filters: [] }, signal)), orNull(aws.vpcs({ filters: [] }, signal)),
  ]);
  const counted = (running ?? []).filter(({ type }) => standard.test(type));
  const sizes = new Map((await orNull(aws.typeFacts([...new Set(counted.map(({ type }) => type))], signal)) ?? []).map(({ name, vcpus }) => [name, vcpus]));
  return [
    { id: "vcpu", limit: running ? vcpu : null, used: counted.reduce((sum, { type }) => sum + (sizes.get(type) ?? 0), 0) },
    { id: "addresses", limit: allocated ? addresses : null, used: allocated?.length ?? 0 },
    { id: "vpcs", limit: networks ? vpcs : null, used: networks?.length ?? 0 },
  ];
}
