// Roles: who may take them, what they may do, how far at most. Sources: "CreateRole", "DeleteRole", "PutRolePolicy", "AttachRolePolicy", IAM API reference.
import type { Action } from "../action.ts";
import { iso, type Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { listOf, required, whole } from "../query.ts";
import type { Role, State } from "../state.ts";
import { readTags, tagList } from "../tags.ts";
import type { Element } from "../xml.ts";
import { checkedDocument, findNamed, nameIn, needPolicy, needRole, pageIn, pathIn, roleArn, shownDocument, uniqueId } from "./names.ts";

export const createRole: Action = ({ cloud, parameters }) => {
  const { state } = cloud;
  const name = nameIn(parameters, "RoleName");
  const trust = checkedDocument(required(parameters, "AssumeRolePolicyDocument"), "trust");
  if (findNamed(state.role, name)) throw new AwsError("EntityAlreadyExists", `Role with name ${name} already exists.`, 409);
  const boundaryArn = parameters.get("PermissionsBoundary") ?? null;
  if (boundaryArn !== null) needPolicy(cloud, boundaryArn);
  const role: Role = {
    id: uniqueId(cloud, "AROA"), createdAtMs: cloud.clock.nowMs(), tags: readTags(parameters, "Tags.member"), name, path: pathIn(parameters), description: parameters.get("Description") ?? "",
    trust, boundaryArn, maxSessionSeconds: whole(parameters, "MaxSessionDuration", 3600), inline: {}, attached: [],
  };
  state.role[role.id] = role;
  return { Role: toElement(role, state) };
};

export const getRole: Action = ({ cloud, parameters }) => ({ Role: toElement(needRole(cloud, parameters), cloud.state) });

export const listRoles: Action = ({ cloud, parameters }) => {
  const prefix = parameters.get("PathPrefix") ?? "/";
  const { members, marker } = pageIn(parameters, Object.values(cloud.state.role).filter(({ path }) => path.startsWith(prefix)));
  return { Roles: members.map((role) => ({ ...toElement(role, cloud.state), Tags: null, PermissionsBoundary: null })), IsTruncated: marker !== null, Marker: marker };
};

export const updateRole: Action = ({ cloud, parameters }) => {
  const role = needRole(cloud, parameters);
  role.description = parameters.get("Description") ?? role.description;
  role.maxSessionSeconds = whole(parameters, "MaxSessionDuration", role.maxSessionSeconds);
  return {};
};

export const updateAssumeRolePolicy: Action = ({ cloud, parameters }) => {
  needRole(cloud, parameters).trust = checkedDocument(required(parameters, "PolicyDocument"), "trust");
  return {};
};

export const deleteRole: Action = ({ cloud, parameters }) => {
  const role = needRole(cloud, parameters);
  if (Object.values(cloud.state.profile).some(({ roleName }) => roleName === role.name)) throw new AwsError("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.", 409);
  if (role.attached.length > 0) throw new AwsError("DeleteConflict", "Cannot delete entity, must detach all policies first.", 409);
  if (Object.keys(role.inline).length > 0) throw new AwsError("DeleteConflict", "Cannot delete entity, must delete policies first.", 409);
  Reflect.deleteProperty(cloud.state.role, role.id);
  return {};
};

export const tagRole: Action = ({ cloud, parameters }) => {
  Object.assign(needRole(cloud, parameters).tags, readTags(parameters, "Tags.member"));
  return {};
};

export const untagRole: Action = ({ cloud, parameters }) => {
  const { tags } = needRole(cloud, parameters);
  for (const key of listOf(parameters, "TagKeys.member")) Reflect.deleteProperty(tags, key);
  return {};
};

export const listRoleTags: Action = ({ cloud, parameters }) => ({ Tags: tagList(needRole(cloud, parameters).tags), IsTruncated: false });

export const putRolePolicy: Action = ({ cloud, parameters }) => {
  const role = needRole(cloud, parameters);
  const document = checkedDocument(required(parameters, "PolicyDocument"), "identity");
  const name = nameIn(parameters, "PolicyName");
  const characters = Object.values({ ...role.inline, [name]: document }).join("").replace(/\s/g, "").length;
  if (characters > 10_240) throw new AwsError("LimitExceeded", `Maximum policy size of 10240 bytes exceeded for role ${role.name}`, 409);
  role.inline[name] = document;
  return {};
};

function inlineOf(role: Role, name: string): string {
  const document = Object.hasOwn(role.inline, name) ? role.inline[name] : undefined;
  if (document === undefined) throw new AwsError("NoSuchEntity", `The role policy with name ${name} cannot be found.`, 404);
  return document;
}

export const getRolePolicy: Action = ({ cloud, parameters }) => {
  const role = needRole(cloud, parameters);
  const name = nameIn(parameters, "PolicyName");
  return { RoleName: role.name, PolicyName: name, PolicyDocument: shownDocument(inlineOf(role, name)) };
};

export const deleteRolePolicy: Action = ({ cloud, parameters }) => {
  const role = needRole(cloud, parameters);
  const name = nameIn(parameters, "PolicyName");
  inlineOf(role, name);
  Reflect.deleteProperty(role.inline, name);
  return {};
};

export const listRolePolicies: Action = ({ cloud, parameters }) => {
  const { members, marker } = pageIn(parameters, Object.keys(needRole(cloud, parameters).inline));
  return { PolicyNames: members, IsTruncated: marker !== null, Marker: marker };
};

export const attachRolePolicy: Action = ({ cloud, parameters }) => {
  const role = needRole(cloud, parameters);
  const { arn } = needPolicy(cloud, required(parameters, "PolicyArn"));
  if (role.attached.includes(arn)) return {};
  if (role.attached.length >= 10) throw new AwsError("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10", 409);
  role.attached.push(arn);
  return {};
};

export const detachRolePolicy: Action = ({ cloud, parameters }) => {
  const role = needRole(cloud, parameters);
  const arn = required(parameters, "PolicyArn");
  if (!role.attached.includes(arn)) throw new AwsError("NoSuchEntity", `Policy ${arn} was not found.`, 404);
  role.attached = role.attached.filter((one) => one !== arn);
  return {};
};

export const listAttachedRolePolicies: Action = ({ cloud, parameters }) => {
  const { members, marker } = pageIn(parameters, needRole(cloud, parameters).attached);
  return { AttachedPolicies: members.map((arn) => ({ PolicyName: arn.split("/").at(-1) ?? "", PolicyArn: arn })), IsTruncated: marker !== null, Marker: marker };
};

export const putRolePermissionsBoundary: Action = ({ cloud, parameters }) => {
  needRole(cloud, parameters).boundaryArn = needPolicy(cloud, required(parameters, "PermissionsBoundary")).arn;
  return {};
};

export const deleteRolePermissionsBoundary: Action = ({ cloud, parameters }) => {
  needRole(cloud, parameters).boundaryArn = null;
  return {};
};

export function toElement(role: Role, state: State): Element {
  return {
    Path: role.path, RoleName: role.name, RoleId: role.id, Arn: roleArn(state, role), CreateDate: iso(role.createdAtMs), AssumeRolePolicyDocument: shownDocument(role.trust),
    Description: role.description === "" ? null : role.description, MaxSessionDuration: role.maxSessionSeconds, RoleLastUsed: {},
    PermissionsBoundary: role.boundaryArn === null ? null : { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: role.boundaryArn },
    Tags: Object.keys(role.tags).length === 0 ? null : tagList(role.tags),
  };
}

/** What weighs on a role's every request. */
export function documentsOf({ state }: Cloud, role: Role): { documents: string[]; boundary: string | null } {
  const documentOf = (arn: string): string[] => {
    const policy = Object.values(state.policy).find((one) => one.arn === arn);
    return policy?.versions[policy.defaultVersion]?.document === undefined ? [] : [policy.versions[policy.defaultVersion]?.document ?? ""];
  };
  const boundary = role.boundaryArn === null ? null : documentOf(role.boundaryArn)[0] ?? '{"Statement":[]}';
  return { documents: [...Object.values(role.inline), ...role.attached.flatMap(documentOf)], boundary };
}
