// Managed policies and their versions; AWS' own that nodes are given. Sources: "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", IAM API reference; "AWS managed policy reference".
import type { Action } from "../action.ts";
import { iso } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { flag, required } from "../query.ts";
import type { ManagedPolicy, State } from "../state.ts";
import { readTags, tagList } from "../tags.ts";
import type { Element } from "../xml.ts";
import { checkedDocument, findNamed, nameIn, needPolicy, pageIn, pathIn, shownDocument, uniqueId } from "./names.ts";

export const createPolicy: Action = ({ cloud, parameters }) => {
  const name = nameIn(parameters, "PolicyName");
  const document = checkedDocument(required(parameters, "PolicyDocument"), "identity");
  if (findNamed(ownPolicies(cloud.state), name)) throw new AwsError("EntityAlreadyExists", `A policy called ${name} already exists. Duplicate names are not allowed.`, 409);
  const path = pathIn(parameters);
  const policy: ManagedPolicy = {
    id: uniqueId(cloud, "ANPA"), createdAtMs: cloud.clock.nowMs(), tags: readTags(parameters, "Tags.member"), name, path, arn: `arn:aws:iam::${cloud.state.accountId}:policy${path}${name}`,
    versions: { v1: { document } }, defaultVersion: "v1", description: parameters.get("Description") ?? "", awsManaged: false,
  };
  cloud.state.policy[policy.id] = policy;
  return { Policy: toElement(policy, cloud.state) };
};

function ownPolicies({ policy }: State): Record<string, ManagedPolicy> {
  return Object.fromEntries(Object.entries(policy).filter(([, { awsManaged }]) => !awsManaged));
}



export const getPolicy: Action = ({ cloud, parameters }) => ({ Policy: toElement(needPolicy(cloud, required(parameters, "PolicyArn")), cloud.state) });

export const listPolicies: Action = ({ cloud, parameters }) => {
  const [scope, prefix] = [parameters.get("Scope") ?? "All", parameters.get("PathPrefix") ?? "/"];
  const found = Object.values(cloud.state.policy).filter(({ awsManaged, path }) => path.startsWith(prefix) && (scope === "All" || awsManaged === (scope === "AWS")));
  const { members, marker } = pageIn(parameters, found);
  return { Policies: members.map((policy) => ({ ...toElement(policy, cloud.state), Tags: null })), IsTruncated: marker !== null, Marker: marker };
};

function usersOf({ role }: State, arn: string): string[] {
  return Object.values(role).filter(({ attached, boundaryArn }) => attached.includes(arn) || boundaryArn === arn).map(({ name }) => name);
}

export const deletePolicy: Action = ({ cloud, parameters }) => {
  const policy = needPolicy(cloud, required(parameters, "PolicyArn"));
  if (policy.awsManaged) throw new AwsError("AccessDenied", `Policy ${policy.arn} is owned by AWS.`, 403);
  if (usersOf(cloud.state, policy.arn).length > 0) throw new AwsError("DeleteConflict", "Cannot delete a policy attached to entities.", 409);
  if (Object.keys(policy.versions).length > 1) throw new AwsError("DeleteConflict", "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.", 409);
  Reflect.deleteProperty(cloud.state.policy, policy.id);
  return {};
};

export const createPolicyVersion: Action = ({ cloud, parameters }) => {
  const policy = needPolicy(cloud, required(parameters, "PolicyArn"));
  const document = checkedDocument(required(parameters, "PolicyDocument"), "identity");
  if (Object.keys(policy.versions).length >= 5) throw new AwsError("LimitExceeded", "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.", 409);
  const newest = Math.max(...Object.keys(policy.versions).map((id) => Number(id.slice(1)))) + 1;
  policy.versions[`v${newest}`] = { document };
  if (flag(parameters, "SetAsDefault")) policy.defaultVersion = `v${newest}`;
  return { PolicyVersion: versionElement(policy, `v${newest}`) };
};

function versionIn(policy: ManagedPolicy, id: string): string {
  const version = Object.hasOwn(policy.versions, id) ? policy.versions[id] : undefined;
  if (!version) throw new AwsError("NoSuchEntity", `Policy ${policy.arn} version ${id} does not exist or is not attachable.`, 404);
  return version.document;
}

export const getPolicyVersion: Action = ({ cloud, parameters }) => {
  const policy = needPolicy(cloud, required(parameters, "PolicyArn"));
  const id = required(parameters, "VersionId");
  return { PolicyVersion: { ...versionElement(policy, id), Document: shownDocument(versionIn(policy, id)) } };
};

export const listPolicyVersions: Action = ({ cloud, parameters }) => {
  const policy = needPolicy(cloud, required(parameters, "PolicyArn"));
  return { Versions: Object.keys(policy.versions).map((id) => versionElement(policy, id)), IsTruncated: false };
};

export const deletePolicyVersion: Action = ({ cloud, parameters }) => {
  const policy = needPolicy(cloud, required(parameters, "PolicyArn"));
  const id = required(parameters, "VersionId");
  versionIn(policy, id);
  if (policy.defaultVersion === id) throw new AwsError("DeleteConflict", "Cannot delete the default version of a policy.", 409);
  Reflect.deleteProperty(policy.versions, id);
  return {};
};

export const listEntitiesForPolicy: Action = ({ cloud, parameters }) => {
  const policy = needPolicy(cloud, required(parameters, "PolicyArn"));
  const roles = Object.values(cloud.state.role).filter(({ name }) => usersOf(cloud.state, policy.arn).includes(name));
  return { PolicyRoles: roles.map(({ name, id }) => ({ RoleName: name, RoleId: id })), PolicyUsers: [], PolicyGroups: [], IsTruncated: false };
};

export const listPolicyTags: Action = ({ cloud, parameters }) => ({ Tags: tagList(needPolicy(cloud, required(parameters, "PolicyArn")).tags), IsTruncated: false });

function versionElement(policy: ManagedPolicy, id: string): Element {
  return { VersionId: id, IsDefaultVersion: policy.defaultVersion === id, CreateDate: iso(policy.createdAtMs) };
}

function toElement(policy: ManagedPolicy, state: State): Element {
  return {
    PolicyName: policy.name, PolicyId: policy.id, Arn: policy.arn, Path: policy.path, DefaultVersionId: policy.defaultVersion, AttachmentCount: Object.values(state.role).filter(({ attached }) => attached.includes(policy.arn)).length,
    PermissionsBoundaryUsageCount: Object.values(state.role).filter(({ boundaryArn }) => boundaryArn === policy.arn).length, IsAttachable: true,
    Description: policy.description === "" ? null : policy.description, CreateDate: iso(policy.createdAtMs), UpdateDate: iso(policy.createdAtMs), Tags: Object.keys(policy.tags).length === 0 ? null : tagList(policy.tags),
  };
}

/** Whoever gives a node the first of these lets it read every parameter of the account: it is so at AWS too. */
const awsPolicies: [path: string, name: string, actions: string[]][] = [
  ["/", "AmazonSSMManagedInstanceCore", ["ssm:DescribeAssociation", "ssm:GetDeployablePatchSnapshotForInstance", "ssm:GetDocument", "ssm:DescribeDocument", "ssm:GetManifest", "ssm:GetParameter", "ssm:GetParameters", "ssm:ListAssociations", "ssm:ListInstanceAssociations", "ssm:PutInventory", "ssm:PutComplianceItems", "ssm:PutConfigurePackageResult", "ssm:UpdateAssociationStatus", "ssm:UpdateInstanceAssociationStatus", "ssm:UpdateInstanceInformation", "ssmmessages:*", "ec2messages:*"]],
  ["/", "CloudWatchAgentServerPolicy", ["cloudwatch:PutMetricData", "ec2:DescribeVolumes", "ec2:DescribeTags", "logs:PutLogEvents", "logs:PutRetentionPolicy", "logs:DescribeLogStreams", "logs:DescribeLogGroups", "logs:CreateLogStream", "logs:CreateLogGroup"]],
  ["/service-role/", "AmazonEBSCSIDriverPolicy", ["ec2:CreateSnapshot", "ec2:AttachVolume", "ec2:DetachVolume", "ec2:ModifyVolume", "ec2:CreateVolume", "ec2:DeleteVolume", "ec2:CreateTags", "ec2:Describe*"]],
];

export function addAwsPolicies(state: State): void {
  for (const [path, name, actions] of awsPolicies) {
    const document = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });
    state.policy[`ANPA-aws-${name}`] = { id: `ANPA-aws-${name}`, createdAtMs: 0, tags: {}, name, path, arn: `arn:aws:iam::aws:policy${path}${name}`, versions: { v1: { document } }, defaultVersion: "v1", description: "", awsManaged: true };
  }
}
