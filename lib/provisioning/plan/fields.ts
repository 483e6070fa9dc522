// What a difference in each field asks for, and by what a thing is known that wears no tags. The types see to it that no field is forgotten.
import type { ResourceKind, WantedFields } from "../graph/model";

/** `fixed`: it cannot become another without building the cluster anew. `unseen`: the world does not tell it. */
export type FieldRule = "update" | "replace" | "fixed" | "unseen";

export const fieldRules: { readonly [K in ResourceKind]: Readonly<Record<keyof WantedFields[K], FieldRule>> } = {
  "vpc": { cidr: "fixed", dnsHostnames: "update", dnsSupport: "update" },
  "internet-gateway": { vpc: "update" },
  "subnet": { vpc: "replace", cidr: "replace", zone: "replace", publicIp: "update" },
  "route-table": { vpc: "replace" },
  "route": { routeTable: "replace", destination: "replace", gateway: "update" },
  "route-table-association": { routeTable: "update", subnet: "replace" },
  "security-group": { vpc: "replace", groupName: "replace", description: "replace" },
  "security-group-rule": { group: "replace", direction: "replace", protocol: "replace", fromPort: "replace", toPort: "replace", peer: "replace", description: "update" },
  "iam-role": { path: "replace", roleName: "replace", assumedBy: "update", permissionsBoundary: "update" },
  "iam-role-policy": { role: "replace", policyName: "replace", document: "update" },
  "instance-profile": { path: "replace", profileName: "replace", role: "update" },
  "ssm-parameter": { parameterName: "replace", type: "replace", filledBy: "unseen" },
  "key-pair": { keyName: "replace", publicKey: "replace" },
  "instance": {
    imageId: "replace", instanceType: "replace", zone: "replace", subnet: "replace", elsewhere: "unseen", securityGroups: "update", profile: "update", keyPair: "replace",
    rootDevice: "unseen", rootVolumeGib: "replace", rootVolumeType: "replace", rootVolumeEncrypted: "replace", spot: "replace", metadataTokens: "update", metadataHopLimit: "update",
  },
  "elastic-ip": { domain: "unseen" },
  "elastic-ip-association": { address: "replace", instance: "update" },
  "control-plane": { instance: "unseen", address: "unseen", kubernetesVersion: "fixed", endpoint: "fixed", podCidr: "fixed", serviceCidr: "fixed" },
  "cni": { name: "fixed", encapsulation: "fixed", podCidr: "fixed" },
  "node": { instance: "unseen", nodeName: "replace", labels: "update", taints: "update" },
  "add-on": { name: "replace", mirror: "unseen" },
};

/** Fields that tell a thing apart where tags and ledger do not. Where a kind is missing, only tags and ledger do. */
export const naturalKeys: { readonly [K in ResourceKind]?: readonly (keyof WantedFields[K] & string)[] } = {
  "route": ["routeTable", "destination"],
  "route-table-association": ["subnet"],
  "security-group": ["vpc", "groupName"],
  "security-group-rule": ["group", "direction", "protocol", "fromPort", "toPort", "peer"],
  "iam-role": ["roleName"],
  "iam-role-policy": ["role", "policyName"],
  "instance-profile": ["profileName"],
  "ssm-parameter": ["parameterName"],
  "key-pair": ["keyName"],
  "elastic-ip-association": ["address"],
  "control-plane": [],
  "cni": ["name"],
  "node": ["nodeName"],
  "add-on": ["name"],
};

/** AWS lets these wear no tags of their own or does not list them, or they are no things of AWS. */
export const untagged: ReadonlySet<ResourceKind> = new Set(["route", "route-table-association", "iam-role-policy", "elastic-ip-association", "ssm-parameter", "control-plane", "cni", "node", "add-on"]);

/** What stands in something of ours and belongs to it, so that one more is a change by hand: rules in groups, routes in tables, policies in roles. */
export const partsOf: { readonly [K in ResourceKind]?: keyof WantedFields[K] & string } = {
  "security-group-rule": "group", "route": "routeTable", "iam-role-policy": "role",
};
