// The IAM family: global, over the Query protocol.
import type { Family } from "../action.ts";
import { queryProtocol } from "../query-protocol.ts";
import * as policies from "./policies.ts";
import * as profiles from "./profiles.ts";
import * as roles from "./roles.ts";
import { simulatePrincipalPolicy } from "./simulate.ts";

export const iam: Family = {
  service: "iam",
  version: "2010-05-08",
  ...queryProtocol("https://iam.amazonaws.com/doc/2010-05-08/"),
  actions: {
    CreateRole: roles.createRole, GetRole: roles.getRole, ListRoles: roles.listRoles, UpdateRole: roles.updateRole, UpdateAssumeRolePolicy: roles.updateAssumeRolePolicy, DeleteRole: roles.deleteRole,
    TagRole: roles.tagRole, UntagRole: roles.untagRole, ListRoleTags: roles.listRoleTags,
    PutRolePolicy: roles.putRolePolicy, GetRolePolicy: roles.getRolePolicy, DeleteRolePolicy: roles.deleteRolePolicy, ListRolePolicies: roles.listRolePolicies,
    AttachRolePolicy: roles.attachRolePolicy, DetachRolePolicy: roles.detachRolePolicy, ListAttachedRolePolicies: roles.listAttachedRolePolicies,
    PutRolePermissionsBoundary: roles.putRolePermissionsBoundary, DeleteRolePermissionsBoundary: roles.deleteRolePermissionsBoundary,
    CreatePolicy: policies.createPolicy, GetPolicy: policies.getPolicy, ListPolicies: policies.listPolicies, DeletePolicy: policies.deletePolicy, CreatePolicyVersion: policies.createPolicyVersion,
    GetPolicyVersion: policies.getPolicyVersion, ListPolicyVersions: policies.listPolicyVersions, DeletePolicyVersion: policies.deletePolicyVersion, ListEntitiesForPolicy: policies.listEntitiesForPolicy, ListPolicyTags: policies.listPolicyTags,
    CreateInstanceProfile: profiles.createInstanceProfile, GetInstanceProfile: profiles.getInstanceProfile, ListInstanceProfiles: profiles.listInstanceProfiles, ListInstanceProfilesForRole: profiles.listInstanceProfilesForRole,
    DeleteInstanceProfile: profiles.deleteInstanceProfile, AddRoleToInstanceProfile: profiles.addRoleToInstanceProfile, RemoveRoleFromInstanceProfile: profiles.removeRoleFromInstanceProfile,
    TagInstanceProfile: profiles.tagInstanceProfile, UntagInstanceProfile: profiles.untagInstanceProfile, ListInstanceProfileTags: profiles.listInstanceProfileTags,
    SimulatePrincipalPolicy: simulatePrincipalPolicy,
  },
};
