// Making what says who may do what: security groups with their rules, roles with their policies, instance profiles, parameters, key pairs.
import { isRef } from "../../graph/resource";
import type { WantedFields } from "../../graph/model";
import { homeOf, partOf } from "../../look";
import type { Makers, Making } from "./maker";

export const groupMakers: Makers<"security-group" | "security-group-rule"> = {
  "security-group": {
    repeatable: true,
    create: ({ aws, resource: { wanted }, id, tags, send }) => send("make the security group", (by) => aws.createSecurityGroup({ vpcId: id(wanted.vpc), name: wanted.groupName, description: wanted.description, tags }, by)),
    remove: ({ aws, send }, { awsId }) => send("delete the security group", (by) => aws.deleteSecurityGroup(awsId, by)),
  },
  "security-group-rule": {
    repeatable: true,
    create: ({ aws, resource: { wanted }, id, tags, send }) => send("open a port", (by) => aws.addRule({ groupId: id(wanted.group), opening: openingOf(wanted, id), description: wanted.description, tags }, by)),
    async update({ aws, resource, id, send }, { awsId }) {
      const { wanted } = resource;
      await send("close a port", (by) => aws.removeRules({ groupId: id(wanted.group), direction: wanted.direction, ruleIds: [awsId] }, by));
      await send("open a port", (by) => aws.addRule({ groupId: id(wanted.group), opening: openingOf(wanted, id), description: wanted.description, tags: resource.tags }, by));
    },
    remove: ({ aws, send }, { awsId, fields: { group, direction } }) => send("close a port", (by) => aws.removeRules({ groupId: String(group), direction: direction === "egress" ? "egress" : "ingress", ruleIds: [awsId] }, by)),
  },
};

function openingOf({ direction, protocol, fromPort, toPort, peer }: WantedFields["security-group-rule"], id: Making<"security-group-rule">["id"]) {
  return { direction, protocol: protocol === "all" ? "-1" : protocol, fromPort, toPort, cidr: isRef(peer) ? "" : peer, peerGroupId: isRef(peer) ? id(peer) : "" };
}

const trustOf = (service: string): string => JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }] });
/** A parameter has to have a value; the control plane writes the true one over it. */
export const emptyParameter = "waiting-for-the-control-plane";

export const identityMakers: Makers<"iam-role" | "iam-role-policy" | "instance-profile" | "ssm-parameter" | "key-pair"> = {
  "iam-role": {
    repeatable: true,
    async create({ aws, resource: { wanted }, tags, send }) {
      await send("make the role", (by) => aws.createRole({ name: wanted.roleName, path: wanted.path, trust: trustOf(wanted.assumedBy), boundary: wanted.permissionsBoundary, tags }, by));
      return wanted.roleName;
    },
    async update({ aws, resource: { wanted }, send }, { awsId }, fields) {
      if (fields.includes("assumedBy")) await send("set who may take on the role", (by) => aws.setTrust({ role: awsId, trust: trustOf(wanted.assumedBy) }, by));
      if (fields.includes("permissionsBoundary")) await send("bound the role", (by) => aws.setBoundary({ role: awsId, boundary: wanted.permissionsBoundary }, by));
    },
    tag: ({ aws, send }, { awsId }, tags) => send("set tags", (by) => aws.tagOther({ kind: "role", id: awsId, tags }, by)),
    remove: ({ aws, send }, { awsId }) => send("delete the role", (by) => aws.deleteRole(awsId, by)),
  },
  "iam-role-policy": {
    repeatable: true,
    async create({ aws, resource: { wanted }, id, send }) {
      const role = id(wanted.role);
      await send("set what the role may do", (by) => aws.putRolePolicy({ role, name: wanted.policyName, document: wanted.document }, by));
      return `${role}|${wanted.policyName}`;
    },
    update: ({ aws, resource: { wanted }, id, send }) => send("set what the role may do", (by) => aws.putRolePolicy({ role: id(wanted.role), name: wanted.policyName, document: wanted.document }, by)),
    remove: ({ aws, send }, { awsId }) => send("take a policy from the role", (by) => aws.deleteRolePolicy({ role: homeOf(awsId), name: partOf(awsId) }, by)),
  },
  "instance-profile": {
    repeatable: true,
    async create({ aws, resource: { wanted }, tags, send }) {
      await send("make the instance profile", (by) => aws.createInstanceProfile({ name: wanted.profileName, path: wanted.path, tags }, by));
      return wanted.profileName;
    },
    async update({ aws, resource: { wanted }, id, send }, { awsId, fields: { role } }) {
      if (typeof role === "string") await send("take a role from the profile", (by) => aws.removeRoleFromProfile({ profile: awsId, role }, by));
      await send("put the role into the profile", (by) => aws.addRoleToProfile({ profile: awsId, role: id(wanted.role) }, by));
    },
    tag: ({ aws, send }, { awsId }, tags) => send("set tags", (by) => aws.tagOther({ kind: "instance-profile", id: awsId, tags }, by)),
    async remove({ aws, send }, { awsId, fields: { role } }) {
      if (typeof role === "string") await send("take a role from the profile", (by) => aws.removeRoleFromProfile({ profile: awsId, role }, by));
      await send("delete the instance profile", (by) => aws.deleteInstanceProfile(awsId, by));
    },
  },
  "ssm-parameter": {
    repeatable: true,
    async create({ aws, resource: { wanted }, tags, send }) {
      await send("make the parameter", (by) => aws.createParameter({ name: wanted.parameterName, value: emptyParameter, secret: true, tags }, by));
      return wanted.parameterName;
    },
    tag: ({ aws, send }, { awsId }, tags) => send("set tags", (by) => aws.tagOther({ kind: "parameter", id: awsId, tags }, by)),
    remove: ({ aws, send }, { awsId }) => send("delete the parameter", (by) => aws.deleteParameters([awsId], by)),
  },
  "key-pair": {
    repeatable: true,
    async create({ aws, resource: { wanted }, tags, send }) {
      await send("import the key pair", (by) => aws.importKeyPair({ name: wanted.keyName, publicKey: wanted.publicKey, tags }, by));
      return wanted.keyName;
    },
    async tag({ aws, send }, { awsId }, tags) {
      const [pair] = await aws.keyPairs({ filters: [{ name: "key-name", values: [awsId] }] });
      if (pair) await send("set tags", (by) => aws.setTags({ ids: [pair.id], tags }, by));
    },
    remove: ({ aws, send }, { awsId }) => send("delete the key pair", (by) => aws.deleteKeyPair(awsId, by)),
  },
};
