// Instance profiles: the box in which EC2 gets a role. Sources: "CreateInstanceProfile", "AddRoleToInstanceProfile", "DeleteInstanceProfile", IAM API reference.
import type { Action } from "../action.ts";
import { iso } from "../cloud.ts";
import { profileArn } from "../ec2/profile.ts";
import { AwsError } from "../errors.ts";
import { listOf } from "../query.ts";
import type { InstanceProfile, State } from "../state.ts";
import { readTags, tagList } from "../tags.ts";
import type { Element } from "../xml.ts";
import { findNamed, nameIn, needProfile, needRole, pageIn, pathIn, uniqueId } from "./names.ts";
import { toElement as toRole } from "./roles.ts";

export const createInstanceProfile: Action = ({ cloud, parameters }) => {
  const name = nameIn(parameters, "InstanceProfileName");
  if (findNamed(cloud.state.profile, name)) throw new AwsError("EntityAlreadyExists", `Instance Profile ${name} already exists.`, 409);
  const now = cloud.clock.nowMs();
  const profile: InstanceProfile = { id: uniqueId(cloud, "AIPA"), createdAtMs: now, changedAtMs: now, tags: readTags(parameters, "Tags.member"), name, path: pathIn(parameters), roleName: null };
  cloud.state.profile[profile.id] = profile;
  return { InstanceProfile: toElement(profile, cloud.state) };
};

export const getInstanceProfile: Action = ({ cloud, parameters }) => ({ InstanceProfile: toElement(needProfile(cloud, parameters), cloud.state) });

export const listInstanceProfiles: Action = ({ cloud, parameters }) => {
  const prefix = parameters.get("PathPrefix") ?? "/";
  const { members, marker } = pageIn(parameters, Object.values(cloud.state.profile).filter(({ path }) => path.startsWith(prefix)));
  return { InstanceProfiles: members.map((profile) => ({ ...toElement(profile, cloud.state), Tags: null })), IsTruncated: marker !== null, Marker: marker };
};

export const listInstanceProfilesForRole: Action = ({ cloud, parameters }) => {
  const role = needRole(cloud, parameters);
  const { members, marker } = pageIn(parameters, Object.values(cloud.state.profile).filter(({ roleName }) => roleName === role.name));
  return { InstanceProfiles: members.map((profile) => toElement(profile, cloud.state)), IsTruncated: marker !== null, Marker: marker };
};

export const deleteInstanceProfile: Action = ({ cloud, parameters }) => {
  const profile = needProfile(cloud, parameters);
  if (profile.roleName !== null) throw new AwsError("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.", 409);
  Reflect.deleteProperty(cloud.state.profile, profile.id);
  return {};
};

export const addRoleToInstanceProfile: Action = ({ cloud, parameters }) => {
  const profile = needProfile(cloud, parameters);
  const role = needRole(cloud, parameters);
  if (profile.roleName !== null) throw new AwsError("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1", 409);
  profile.roleName = role.name;
  profile.changedAtMs = cloud.clock.nowMs();
  return {};
};

export const removeRoleFromInstanceProfile: Action = ({ cloud, parameters }) => {
  const profile = needProfile(cloud, parameters);
  const role = needRole(cloud, parameters);
  if (profile.roleName !== role.name) throw new AwsError("NoSuchEntity", `Role ${role.name} in Instance Profile ${profile.name} cannot be found.`, 404);
  profile.roleName = null;
  return {};
};

export const tagInstanceProfile: Action = ({ cloud, parameters }) => {
  Object.assign(needProfile(cloud, parameters).tags, readTags(parameters, "Tags.member"));
  return {};
};

export const untagInstanceProfile: Action = ({ cloud, parameters }) => {
  const { tags } = needProfile(cloud, parameters);
  for (const key of listOf(parameters, "TagKeys.member")) Reflect.deleteProperty(tags, key);
  return {};
};

export const listInstanceProfileTags: Action = ({ cloud, parameters }) => ({ Tags: tagList(needProfile(cloud, parameters).tags), IsTruncated: false });

function toElement(profile: InstanceProfile, state: State): Element {
  const role = Object.values(state.role).find(({ name }) => name === profile.roleName);
  return {
    Path: profile.path, InstanceProfileName: profile.name, InstanceProfileId: profile.id, Arn: profileArn(state, profile), CreateDate: iso(profile.createdAtMs),
    Roles: role ? [toRole(role, state)] : [], Tags: Object.keys(profile.tags).length === 0 ? null : tagList(profile.tags),
  };
}
