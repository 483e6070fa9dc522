// What can be found in IAM, SSM and load balancing: by path, by name, or by the cluster's tag.
import "server-only";
import { DescribeListenersCommand, DescribeLoadBalancersCommand, DescribeTagsCommand, DescribeTargetGroupsCommand, DescribeTargetHealthCommand, type ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  GetPolicyVersionCommand, GetRoleCommand, GetRolePolicyCommand, ListAttachedRolePoliciesCommand, ListInstanceProfilesCommand, ListInstanceProfileTagsCommand, ListPoliciesCommand, ListPolicyTagsCommand, ListRolePoliciesCommand, ListRolesCommand,
  ListRoleTagsCommand, type IAMClient, type Role as WireRole,
} from "@aws-sdk/client-iam";
import { GetParameterCommand, GetParametersByPathCommand, ListTagsForResourceCommand } from "@aws-sdk/client-ssm";
import { AppError } from "@/lib/base/errors";
import type { Line, SendOptions } from "./clients";
import { faultOf } from "./errors";
import { toTags, type Tags } from "./objects";
import { decoded, toListener, toLoadBalancer, toParameter, toPolicy, toProfile, toRole, toTargetGroup, toTargetHealth, type InstanceProfile, type Listener, type LoadBalancer, type Parameter, type Policy, type Role, type TargetGroup, type TargetHealth } from "./objects-account";

export interface NamedUnder { path: string; prefix: string }

export interface AccountFinds {
  /** The roles under a path such as "/quarterdeck/" whose names begin so, with everything that makes them what they are. */
  roles(at: NamedUnder, signal?: AbortSignal): Promise<Role[]>;
  /** Names of all roles and instance profiles of the account that begin so, under whatever path: AWS has each name once. */
  namesBegun(prefix: string, signal?: AbortSignal): Promise<{ roles: string[]; profiles: string[] }>;
  policies(path: string, signal?: AbortSignal): Promise<Policy[]>;
  instanceProfiles(at: NamedUnder, signal?: AbortSignal): Promise<InstanceProfile[]>;
  /** Names and kinds, never values. */
  parameters(path: string, signal?: AbortSignal): Promise<Parameter[]>;
  /** The value of a parameter; null when there is none. It may be a secret. */
  parameterValue(name: string, signal?: AbortSignal): Promise<string | null>;
  loadBalancers(signal?: AbortSignal): Promise<LoadBalancer[]>;
  targetGroups(signal?: AbortSignal): Promise<TargetGroup[]>;
  listeners(balancer: string, signal?: AbortSignal): Promise<Listener[]>;
  targetHealth(group: string, signal?: AbortSignal): Promise<TargetHealth[]>;
}

interface Page<T> { found: T[] | undefined; next: string | undefined }
const maxPages = 200;

async function everyPage<T>(what: string, page: (next: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  for (let n = 0; n < maxPages; n += 1) {
    const { found = [], next } = await page(token);
    all.push(...found);
    if (!next) return all;
    token = next;
  }
  throw new AppError("unavailable", `AWS' list of ${what} does not come to an end. Check the address that answers for AWS.`);
}

export function openAccountFinds(line: Line): AccountFinds {
  return {
    roles: ({ path, prefix }, signal) => line.ask({ doing: "list roles", signal, send: async ({ iam }, options) => {
      const found = await everyPage("roles", async (Marker) => (({ Roles, Marker: next }) => ({ found: Roles, next }))(await iam.send(new ListRolesCommand({ PathPrefix: path, ...(Marker ? { Marker } : {}) }), options)));
      return Promise.all(found.filter(({ RoleName }) => RoleName?.startsWith(prefix)).map((role) => wholeRole(iam, role, options)));
    } }),
    namesBegun: (prefix, signal) => line.ask({ doing: "list the names of roles", signal, send: async ({ iam }, options) => {
      const [roles, profiles] = await Promise.all([
        everyPage("roles", async (Marker) => (({ Roles, Marker: next }) => ({ found: Roles, next }))(await iam.send(new ListRolesCommand({ ...(Marker ? { Marker } : {}) }), options))),
        everyPage("instance profiles", async (Marker) => (({ InstanceProfiles, Marker: next }) => ({ found: InstanceProfiles, next }))(await iam.send(new ListInstanceProfilesCommand({ ...(Marker ? { Marker } : {}) }), options))),
      ]);
      const begun = (names: readonly (string | undefined)[]): string[] => names.flatMap((name) => (name?.startsWith(prefix) ? [name] : []));
      return { roles: begun(roles.map(({ RoleName }) => RoleName)), profiles: begun(profiles.map(({ InstanceProfileName }) => InstanceProfileName)) };
    } }),
    policies: (path, signal) => line.ask({ doing: "list policies", signal, send: async ({ iam }, options) => {
      const found = await everyPage("policies", async (Marker) => (({ Policies, Marker: next }) => ({ found: Policies, next }))(await iam.send(new ListPoliciesCommand({ PathPrefix: path, Scope: "Local", ...(Marker ? { Marker } : {}) }), options)));
      return Promise.all(found.map(async (policy) => {
        const [{ PolicyVersion }, { Tags }] = await Promise.all([iam.send(new GetPolicyVersionCommand({ PolicyArn: policy.Arn, VersionId: policy.DefaultVersionId }), options), iam.send(new ListPolicyTagsCommand({ PolicyArn: policy.Arn }), options)]);
        return toPolicy(policy, { tags: toTags(Tags), document: decoded(PolicyVersion?.Document) });
      }));
    } }),
    instanceProfiles: ({ path, prefix }, signal) => line.ask({ doing: "list instance profiles", signal, send: async ({ iam }, options) => {
      const found = await everyPage("instance profiles", async (Marker) => (({ InstanceProfiles, Marker: next }) => ({ found: InstanceProfiles, next }))(await iam.send(new ListInstanceProfilesCommand({ PathPrefix: path, ...(Marker ? { Marker } : {}) }), options)));
      return Promise.all(found.filter(({ InstanceProfileName }) => InstanceProfileName?.startsWith(prefix)).map(async (profile) => toProfile(profile, toTags((await iam.send(new ListInstanceProfileTagsCommand({ InstanceProfileName: profile.InstanceProfileName }), options)).Tags))));
    } }),
    parameters: (path, signal) => line.ask({ doing: "list parameters", signal, send: async ({ ssm }, options) => {
      const found = await everyPage("parameters", async (NextToken) => {
        const answer = await ssm.send(new GetParametersByPathCommand({ Path: path.replace(/\/$/, ""), Recursive: true, WithDecryption: false, ...(NextToken ? { NextToken } : {}) }), options);
        return { found: answer.Parameters, next: answer.NextToken };
      });
      return Promise.all(found.map(async (one) => toParameter(one, toTags((await ssm.send(new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: one.Name }), options)).TagList))));
    } }),
    parameterValue: (name, signal) => line.ask({ doing: `read the parameter ${name}`, signal, send: async ({ ssm }, options) => {
      const answer = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }), options).catch(nullWhenAbsent);
      return answer?.Parameter?.Value ?? null;
    } }),
    loadBalancers: (signal) => line.ask({ doing: "list load balancers", signal, send: async ({ elb }, options) => {
      const found = await everyPage("load balancers", async (Marker) => (({ LoadBalancers, NextMarker }) => ({ found: LoadBalancers, next: NextMarker }))(await elb.send(new DescribeLoadBalancersCommand(Marker ? { Marker } : {}), options)));
      const tags = await tagsOf(elb, found.map(({ LoadBalancerArn = "" }) => LoadBalancerArn), options);
      return found.map((one) => toLoadBalancer(one, tags.get(one.LoadBalancerArn ?? "") ?? {}));
    } }),
    targetGroups: (signal) => line.ask({ doing: "list target groups", signal, send: async ({ elb }, options) => {
      const found = await everyPage("target groups", async (Marker) => (({ TargetGroups, NextMarker }) => ({ found: TargetGroups, next: NextMarker }))(await elb.send(new DescribeTargetGroupsCommand(Marker ? { Marker } : {}), options)));
      const tags = await tagsOf(elb, found.map(({ TargetGroupArn = "" }) => TargetGroupArn), options);
      return found.map((one) => toTargetGroup(one, tags.get(one.TargetGroupArn ?? "") ?? {}));
    } }),
    listeners: (balancer, signal) => line.ask({ doing: "list the listeners of a load balancer", signal, send: async ({ elb }, options) =>
      (await everyPage("listeners", async (Marker) => (({ Listeners, NextMarker }) => ({ found: Listeners, next: NextMarker }))(await elb.send(new DescribeListenersCommand({ LoadBalancerArn: balancer, ...(Marker ? { Marker } : {}) }), options)))).map(toListener) }),
    targetHealth: (group, signal) => line.ask({ doing: "ask how a load balancer finds its targets", signal, send: async ({ elb }, options) => ((await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: group }), options)).TargetHealthDescriptions ?? []).map(toTargetHealth) }),
  };
}

/** The list leaves out tags, boundary and policies. */
async function wholeRole(iam: IAMClient, role: WireRole, options: SendOptions): Promise<Role> {
  const at = { RoleName: role.RoleName };
  const [one, { Tags }, { PolicyNames = [] }, { AttachedPolicies = [] }] = await Promise.all([
    iam.send(new GetRoleCommand(at), options), iam.send(new ListRoleTagsCommand(at), options), iam.send(new ListRolePoliciesCommand(at), options), iam.send(new ListAttachedRolePoliciesCommand(at), options),
  ]);
  const inline = await Promise.all(PolicyNames.map(async (PolicyName) => [PolicyName, decoded((await iam.send(new GetRolePolicyCommand({ ...at, PolicyName }), options)).PolicyDocument)] as const));
  return toRole(role, { tags: toTags(Tags), inline: Object.fromEntries(inline), attached: AttachedPolicies.flatMap(({ PolicyArn }) => (PolicyArn ? [PolicyArn] : [])), boundary: one.Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? "" });
}

/** AWS tells the tags of at most twenty at a time. */
const maxTagged = 20;

async function tagsOf(elb: ElasticLoadBalancingV2Client, arns: readonly string[], options: SendOptions): Promise<Map<string, Tags>> {
  const known = new Map<string, Tags>();
  for (let at = 0; at < arns.length; at += maxTagged) {
    const { TagDescriptions = [] } = await elb.send(new DescribeTagsCommand({ ResourceArns: arns.slice(at, at + maxTagged) }), options);
    for (const { ResourceArn = "", Tags } of TagDescriptions) known.set(ResourceArn, toTags(Tags));
  }
  return known;
}

function nullWhenAbsent(thrown: unknown): null {
  if (faultOf(thrown).name === "ParameterNotFound") return null;
  throw thrown;
}
