// What a request needs leave for: its action on which resources, with which conditions known, and whether its caller has it.
// Source: "Actions, resources, and condition keys" of each service, Service Authorization Reference.
import type { Caller, Family } from "./action.ts";
import type { Cloud } from "./cloud.ts";
import { evaluate, type Ask } from "./iam/evaluate.ts";
import { roleArn } from "./iam/names.ts";
import { documentsOf } from "./iam/roles.ts";
import { kinds } from "./kinds.ts";
import { groupsOf, listOf, type Parameters } from "./query.ts";
import type { Tags } from "./state.ts";

interface Request { cloud: Cloud; family: Family; action: string; parameters: Parameters }

export function authorize(request: Request, caller: Caller): void {
  if (caller.kind === "service" || request.action === "GetCallerIdentity") return;
  const { documents, boundary } = policiesOf(request.cloud, caller);
  if (documents === null) return;
  for (const ask of asksOf(request)) {
    const verdict = evaluate(documents, boundary, ask);
    if (verdict === "allowed") continue;
    const because = verdict === "explicitDeny" ? "with an explicit deny in an identity-based policy" : boundary !== null && evaluate(documents, null, ask) === "allowed" ? `because no permissions boundary allows the ${ask.action} action` : `because no identity-based policy allows the ${ask.action} action`;
    throw request.family.denied(`User: ${caller.arn} is not authorized to perform: ${ask.action} on resource: ${ask.resource} ${because}`);
  }
}

function policiesOf(cloud: Cloud, caller: Caller): { documents: string[] | null; boundary: string | null } {
  if (caller.kind === "user") return { documents: cloud.state.userPolicy === null ? null : [cloud.state.userPolicy], boundary: null };
  const role = Object.values(cloud.state.role).find(({ name }) => name === caller.name);
  return role ? documentsOf(cloud, role) : { documents: [], boundary: null };
}

/** All that one request must be let do. */
export function asksOf(request: Request): Ask[] {
  const { family, action, cloud } = request;
  const base = { "aws:requestedregion": [cloud.state.region] };
  const asks = family.service === "ec2" ? ec2Asks(request) : family.service === "ssm" ? ssmAsks(request) : family.service === "iam" ? iamAsks(request) : [{ action: `${family.service}:${action}`, resource: "*", context: {} }];
  return asks.map((ask) => ({ ...ask, context: { ...base, ...ask.context } }));
}

const made: Record<string, string[]> = {
  CreateVpc: ["vpc"], CreateSubnet: ["subnet"], CreateInternetGateway: ["internet-gateway"], CreateRouteTable: ["route-table"], CreateSecurityGroup: ["security-group"], CreateVolume: ["volume"],
  AllocateAddress: ["elastic-ip"], ImportKeyPair: ["key-pair"], RunInstances: ["instance", "volume", "network-interface"], AuthorizeSecurityGroupIngress: ["security-group-rule"], AuthorizeSecurityGroupEgress: ["security-group-rule"],
};

function tagContext(prefix: string, tags: Tags): Ask["context"] {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`.toLowerCase(), [value]]));
}

function requestTags(parameters: Parameters, type: string): Tags {
  const specification = groupsOf(parameters, "TagSpecification").find((one) => one.get("ResourceType") === type);
  const pairs = specification ? groupsOf(specification, "Tag") : groupsOf(parameters, "Tag");
  return Object.fromEntries(pairs.map((pair) => [pair.get("Key") ?? "", pair.get("Value") ?? ""]));
}

function ec2Asks({ cloud, action, parameters }: Request): Ask[] {
  const name = `ec2:${action}`;
  if (/^(Describe|GetConsole)/.test(action)) return [{ action: name, resource: "*", context: {} }];
  const arn = (path: string): string => `arn:aws:ec2:${cloud.state.region}:${cloud.state.accountId}:${path}`;
  const news = (made[action] ?? []).map((type) => {
    const tags = requestTags(parameters, type);
    return { type, tags, ask: { action: name, resource: arn(`${type}/*`), context: { ...tagContext("aws:RequestTag", tags), "aws:tagkeys": Object.keys(tags) } } };
  });
  const tagging = news.filter(({ tags }) => Object.keys(tags).length > 0).map(({ ask }) => ({ ...ask, action: "ec2:CreateTags", context: { ...ask.context, "ec2:createaction": [action] } }));
  const asks = [...news.map(({ ask }) => ask), ...tagging, ...existing({ cloud, parameters, name, arn })];
  const passes = passedRole(cloud, parameters.get("IamInstanceProfile.Name"), parameters.get("IamInstanceProfile.Arn"));
  return [...(asks.length > 0 ? asks : [{ action: name, resource: "*", context: {} }]), ...passes];
}

/** Every id in the request, with the tags of what it names. */
function existing({ cloud, parameters, name, arn }: { cloud: Cloud; parameters: Parameters; name: string; arn: (path: string) => string }): Ask[] {
  const tags = requestTags(parameters, "");
  const asked = name === "ec2:CreateTags" || name === "ec2:DeleteTags" ? { ...tagContext("aws:RequestTag", tags), "aws:tagkeys": Object.keys(tags) } : {};
  return [...new Set(parameters.values())].flatMap((value): Ask[] => {
    if (/^ami-/.test(value)) return [{ action: name, resource: `arn:aws:ec2:${cloud.state.region}::image/${value}`, context: {} }];
    const kind = Object.values(kinds).find(({ prefix }) => value.startsWith(`${prefix}-`) && /^[a-z]+-[0-9a-f]{8,17}$/.test(value));
    if (!kind) return [];
    const thing = kind.of(cloud.state)[value];
    const has = thing ? { ...tagContext("aws:ResourceTag", thing.tags), ...tagContext("ec2:ResourceTag", thing.tags) } : {};
    return [{ action: name, resource: arn(`${kind.name}/${value}`), context: { ...has, ...asked } }];
  });
}

/** Whoever gives a role to EC2 must be let pass it (source: "Grant a user permissions to pass a role to an AWS service"). */
function passedRole({ state }: Cloud, name: string | undefined, arn: string | undefined): Ask[] {
  const profile = Object.values(state.profile).find((one) => one.name === (name ?? arn?.split("/").at(-1)));
  const role = Object.values(state.role).find((one) => one.name === profile?.roleName);
  return role ? [{ action: "iam:PassRole", resource: roleArn(state, role), context: { "iam:passedtoservice": ["ec2.amazonaws.com"] } }] : [];
}

function ssmAsks({ cloud, action, parameters }: Request): Ask[] {
  const names = [...listOf(parameters, "Names"), ...["Name", "Path", "ResourceId"].flatMap((key) => parameters.get(key) ?? [])];
  const { region, accountId } = cloud.state;
  return (names.length > 0 ? names : ["*"]).map((name) => ({
    action: `ssm:${action}`, context: {},
    resource: name.startsWith("arn:") ? name : `arn:aws:ssm:${region}:${name.startsWith("/aws/service/") ? "" : accountId}:parameter/${name.replace(/^\//, "").replace(/(.)\/$/, "$1").replace(/:\d+$/, "")}`,
  }));
}

function iamAsks({ cloud, action, parameters }: Request): Ask[] {
  const { state } = cloud;
  const role = Object.values(state.role).find(({ name }) => name === parameters.get("RoleName"));
  const profile = Object.values(state.profile).find(({ name }) => name === parameters.get("InstanceProfileName"));
  const boundary = parameters.get("PermissionsBoundary") ?? role?.boundaryArn ?? null;
  const policy = parameters.get("PolicyArn");
  const tags = Object.fromEntries(groupsOf(parameters, "Tags.member").map((one) => [one.get("Key") ?? "", one.get("Value") ?? ""]));
  const context = {
    ...(boundary === null ? {} : { "iam:permissionsboundary": [boundary] }), ...(policy === undefined ? {} : { "iam:policyarn": [policy] }), ...tagContext("aws:RequestTag", tags),
    ...tagContext("aws:ResourceTag", (role ?? profile)?.tags ?? {}),
  };
  const path = parameters.get("Path") ?? "/";
  const arn = (type: string, where: string): string => `arn:aws:iam::${state.accountId}:${type}${where}`;
  const resource = parameters.has("InstanceProfileName") ? arn("instance-profile", `${profile?.path ?? path}${parameters.get("InstanceProfileName")}`)
    : parameters.has("RoleName") ? arn("role", `${role?.path ?? path}${parameters.get("RoleName")}`)
      : policy ?? (parameters.has("PolicyName") ? arn("policy", `${path}${parameters.get("PolicyName")}`) : parameters.get("PolicySourceArn") ?? (parameters.has("PathPrefix") ? arn(action.includes("Role") ? "role" : "instance-profile", `${parameters.get("PathPrefix")}`) : "*"));
  const asks: Ask[] = [{ action: `iam:${action}`, resource, context }];
  if (action === "AddRoleToInstanceProfile" && role) asks.push({ action: "iam:PassRole", resource: roleArn(state, role), context: {} });
  return asks;
}
