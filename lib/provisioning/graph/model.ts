// The nouns of the resource graph: what a cluster is made of, each thing with the fields that are wanted of it and what it needs first.
import type { AddOnName, Taint } from "../model";

/** Points to another resource of the graph; known as an id of AWS only once that one exists. */
export interface Ref { ref: string }

interface SubnetChoice { zone: string; subnet: Ref }

/** Per kind, what is wanted. Names are ours; the adapter says what AWS calls them. */
export interface WantedFields {
  "vpc": { cidr: string; dnsHostnames: boolean; dnsSupport: boolean };
  "internet-gateway": { vpc: Ref };
  "subnet": { vpc: Ref; cidr: string; zone: string; publicIp: boolean };
  "route-table": { vpc: Ref };
  "route": { routeTable: Ref; destination: string; gateway: Ref };
  "route-table-association": { routeTable: Ref; subnet: Ref };
  "security-group": { vpc: Ref; groupName: string; description: string };
  /** Ports are -1 where the protocol has none or all are meant. `peer` is a range or a group. */
  "security-group-rule": { group: Ref; direction: "ingress" | "egress"; protocol: "tcp" | "udp" | "all"; fromPort: number; toPort: number; peer: string | Ref; description: string };
  "iam-role": { path: string; roleName: string; assumedBy: string; permissionsBoundary: string };
  /** The document is canonical JSON: keys sorted, no spaces. */
  "iam-role-policy": { role: Ref; policyName: string; document: string };
  "instance-profile": { path: string; profileName: string; role: Ref };
  /** Its value is filled by a machine of the cluster; here only its place and kind are made, so that it carries our tags. */
  "ssm-parameter": { parameterName: string; type: "SecureString"; filledBy: "control-plane" };
  "key-pair": { keyName: string; publicKey: string };
  "instance": {
    imageId: string; instanceType: string; zone: string; subnet: Ref;
    /** Where it may be made instead when its zone has none left; in this order, and only these. */
    elsewhere: readonly SubnetChoice[];
    securityGroups: readonly Ref[]; profile: Ref; keyPair: Ref | null;
    rootDevice: string; rootVolumeGib: number; rootVolumeType: "gp3"; rootVolumeEncrypted: boolean;
    spot: boolean; metadataTokens: "required"; metadataHopLimit: number;
  };
  "elastic-ip": { domain: "vpc" };
  "elastic-ip-association": { address: Ref; instance: Ref };
  /** The API server answers at `endpoint`, a name that nodes resolve to the private address. */
  "control-plane": { instance: Ref; address: Ref; kubernetesVersion: string; endpoint: string; podCidr: string; serviceCidr: string };
  "cni": { name: "calico"; encapsulation: "vxlan"; podCidr: string };
  /** Registered under its name with these labels and taints, and Ready. */
  "node": { instance: Ref; nodeName: string; labels: Readonly<Record<string, string>>; taints: readonly Taint[] };
  "add-on": { name: AddOnName; mirror: string };
}

export type ResourceKind = keyof WantedFields;

export interface ResourceOf<K extends ResourceKind> {
  /** `<kind>/<name>`, the same for as long as the blueprint means the same thing. */
  id: string;
  kind: K;
  name: string;
  wanted: WantedFields[K];
  /** Ids of what must be there first; holds every reference in `wanted`. */
  needs: readonly string[];
  tags: Readonly<Record<string, string>>;
  /** The machine it belongs to, and its tier; null for what the whole cluster shares. */
  machine: { name: string; tier: 1 | 2 | 3 | 4 } | null;
}
export type Resource = { [K in ResourceKind]: ResourceOf<K> }[ResourceKind];

export const resourceKinds = [
  "vpc", "internet-gateway", "subnet", "route-table", "route", "route-table-association", "security-group", "security-group-rule",
  "iam-role", "iam-role-policy", "instance-profile", "ssm-parameter", "key-pair", "instance", "elastic-ip", "elastic-ip-association",
  "control-plane", "cni", "node", "add-on",
] as const satisfies readonly ResourceKind[];

/** What lives in the cluster and is seen by the Kubernetes API; all else is AWS'. */
export const inClusterKinds: ReadonlySet<ResourceKind> = new Set(["control-plane", "cni", "node", "add-on"]);

export interface ResourceGraph {
  cluster: string;
  region: string;
  /** Every resource stands behind what it needs. */
  resources: readonly Resource[];
}

export const tagKeys = {
  cluster: "quarterdeck.dev/cluster",
  resource: "quarterdeck.dev/resource",
  /** Set with the create call to the ledger's intent. */
  intent: "quarterdeck.dev/intent",
  job: "quarterdeck.dev/job",
} as const;

export const kubernetesTag = (cluster: string): string => `kubernetes.io/cluster/${cluster}`;

/** A thing as it was found: its fields under the names of `WantedFields`, references as ids of AWS. */
export interface Found {
  kind: ResourceKind;
  awsId: string;
  fields: Readonly<Record<string, unknown>>;
  tags: Readonly<Record<string, string>>;
  /** A sentence when it exists but cannot be used as it is, such as an instance that is shutting down; "" otherwise. */
  trouble: string;
}
