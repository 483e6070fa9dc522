// What may be made and unmade in IAM and SSM, and the load balancers that controllers left: one request per call.
import "server-only";
import { DeleteLoadBalancerCommand, DeleteTargetGroupCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import * as api from "@aws-sdk/client-iam";
import { AddTagsToResourceCommand, DeleteParametersCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import type { Acting } from "./acting";
import type { Line } from "./clients";
import { toWireTags } from "./make-network";
import type { Tags } from "./objects";

type Change<I> = (input: I, by: Acting) => Promise<void>;

export interface AccountMakes {
  /** The name is its id. `boundary` is the ARN of a policy, or "". */
  createRole: Change<{ name: string; path: string; trust: string; boundary: string; tags: Tags }>;
  setTrust: Change<{ role: string; trust: string }>;
  setBoundary: Change<{ role: string; boundary: string }>;
  putRolePolicy: Change<{ role: string; name: string; document: string }>;
  deleteRolePolicy: Change<{ role: string; name: string }>;
  attachRolePolicy: Change<{ role: string; arn: string }>;
  detachRolePolicy: Change<{ role: string; arn: string }>;
  deleteRole: Change<string>;
  createInstanceProfile: Change<{ name: string; path: string; tags: Tags }>;
  addRoleToProfile: Change<{ profile: string; role: string }>;
  removeRoleFromProfile: Change<{ profile: string; role: string }>;
  deleteInstanceProfile: Change<string>;
  /** Refused when there is one of this name: its value may be somebody's by now. */
  createParameter: Change<{ name: string; value: string; secret: boolean; tags: Tags }>;
  /** Gives one that is there another value; its kind and its tags stay. */
  writeParameter: Change<{ name: string; value: string }>;
  /** Names that are not there are no error. */
  deleteParameters: Change<readonly string[]>;
  /** Tags of what EC2 does not hold. */
  tagOther: Change<{ kind: "role" | "instance-profile" | "parameter"; id: string; tags: Tags }>;
  deleteLoadBalancer: Change<string>;
  deleteTargetGroup: Change<string>;
}

/** SSM takes at most ten names at a time. */
export const maxNames = 10;

export function openAccountMakes(line: Line): AccountMakes {
  return { ...roleMakes(line), ...profileMakes(line), ...otherMakes(line) };
}

function roleMakes(line: Line): Pick<AccountMakes, "createRole" | "setTrust" | "setBoundary" | "putRolePolicy" | "deleteRolePolicy" | "attachRolePolicy" | "detachRolePolicy" | "deleteRole"> {
  return {
    createRole: ({ name, path, trust, boundary, tags }, by) => line.act({ doing: `make the role ${name}`, by, send: async ({ iam }) => {
      await iam.send(new api.CreateRoleCommand({ RoleName: name, Path: path, AssumeRolePolicyDocument: trust, ...(boundary === "" ? {} : { PermissionsBoundary: boundary }), Tags: toWireTags(tags) }));
    } }),
    setTrust: ({ role, trust }, by) => line.act({ doing: `set who may take on ${role}`, by, send: async ({ iam }) => void (await iam.send(new api.UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument: trust }))) }),
    setBoundary: ({ role, boundary }, by) => line.act({ doing: `bound ${role}`, by, send: async ({ iam }) => void (await iam.send(new api.PutRolePermissionsBoundaryCommand({ RoleName: role, PermissionsBoundary: boundary }))) }),
    putRolePolicy: ({ role, name, document }, by) => line.act({ doing: `set what ${role} may do`, by, send: async ({ iam }) => void (await iam.send(new api.PutRolePolicyCommand({ RoleName: role, PolicyName: name, PolicyDocument: document }))) }),
    deleteRolePolicy: ({ role, name }, by) => line.act({ doing: `take ${name} from ${role}`, by, send: async ({ iam }) => void (await iam.send(new api.DeleteRolePolicyCommand({ RoleName: role, PolicyName: name }))) }),
    attachRolePolicy: ({ role, arn }, by) => line.act({ doing: `set what ${role} may do`, by, send: async ({ iam }) => void (await iam.send(new api.AttachRolePolicyCommand({ RoleName: role, PolicyArn: arn }))) }),
    detachRolePolicy: ({ role, arn }, by) => line.act({ doing: `take ${arn} from ${role}`, by, send: async ({ iam }) => void (await iam.send(new api.DetachRolePolicyCommand({ RoleName: role, PolicyArn: arn }))) }),
    deleteRole: (RoleName, by) => line.act({ doing: `delete the role ${RoleName}`, by, send: async ({ iam }) => void (await iam.send(new api.DeleteRoleCommand({ RoleName }))) }),
  };
}

function profileMakes(line: Line): Pick<AccountMakes, "createInstanceProfile" | "addRoleToProfile" | "removeRoleFromProfile" | "deleteInstanceProfile"> {
  return {
    createInstanceProfile: ({ name, path, tags }, by) => line.act({ doing: `make the instance profile ${name}`, by, send: async ({ iam }) => {
      await iam.send(new api.CreateInstanceProfileCommand({ InstanceProfileName: name, Path: path, Tags: toWireTags(tags) }));
    } }),
    addRoleToProfile: ({ profile, role }, by) => line.act({ doing: `put ${role} into ${profile}`, by, send: async ({ iam }) => void (await iam.send(new api.AddRoleToInstanceProfileCommand({ InstanceProfileName: profile, RoleName: role }))) }),
    removeRoleFromProfile: ({ profile, role }, by) => line.act({ doing: `take ${role} from ${profile}`, by, send: async ({ iam }) => void (await iam.send(new api.RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: profile, RoleName: role }))) }),
    deleteInstanceProfile: (InstanceProfileName, by) => line.act({ doing: `delete the instance profile ${InstanceProfileName}`, by, send: async ({ iam }) => void (await iam.send(new api.DeleteInstanceProfileCommand({ InstanceProfileName }))) }),
  };
}

function otherMakes(line: Line): Pick<AccountMakes, "createParameter" | "writeParameter" | "deleteParameters" | "tagOther" | "deleteLoadBalancer" | "deleteTargetGroup"> {
  return {
    createParameter: ({ name, value, secret, tags }, by) => line.act({ doing: `make the parameter ${name}`, by, send: async ({ ssm }) => {
      await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: secret ? "SecureString" : "String", Overwrite: false, Tags: toWireTags(tags) }));
    } }),
    writeParameter: ({ name, value }, by) => line.act({ doing: `write the parameter ${name}`, by, send: async ({ ssm }) => {
      await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: "SecureString", Overwrite: true }));
    } }),
    deleteParameters: (names, by) => line.act({ doing: "delete parameters", by, send: async ({ ssm }) => {
      for (let at = 0; at < names.length; at += maxNames) await ssm.send(new DeleteParametersCommand({ Names: names.slice(at, at + maxNames) }));
    } }),
    tagOther: ({ kind, id, tags }, by) => line.act({ doing: `set tags of ${id}`, by, send: async ({ iam, ssm }) => {
      const Tags = toWireTags(tags);
      if (kind === "role") await iam.send(new api.TagRoleCommand({ RoleName: id, Tags }));
      else if (kind === "instance-profile") await iam.send(new api.TagInstanceProfileCommand({ InstanceProfileName: id, Tags }));
      else await ssm.send(new AddTagsToResourceCommand({ ResourceType: "Parameter", ResourceId: id, Tags }));
    } }),
    deleteLoadBalancer: (LoadBalancerArn, by) => line.act({ doing: `delete the load balancer ${LoadBalancerArn}`, by, send: async ({ elb }) => void (await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }))) }),
    deleteTargetGroup: (TargetGroupArn, by) => line.act({ doing: `delete the target group ${TargetGroupArn}`, by, send: async ({ elb }) => void (await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }))) }),
  };
}
