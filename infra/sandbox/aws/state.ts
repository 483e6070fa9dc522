// Everything the account holds, as plain JSON: what is written here can be saved, restored and compared.

export type Tags = Record<string, string>;
export interface Thing { id: string; createdAtMs: number; tags: Tags }

export interface Vpc extends Thing { cidr: string; dnsSupport: boolean; dnsHostnames: boolean }
export interface Subnet extends Thing { vpcId: string; cidr: string; zone: string; mapPublicIp: boolean }
export interface Gateway extends Thing { vpcId: string | null }
export interface Route { destination: string; target: string }
export interface RouteTable extends Thing { vpcId: string; main: boolean; routes: Route[]; associations: { id: string; subnetId: string }[] }
export interface SecurityGroup extends Thing { vpcId: string; name: string; description: string }
export interface SecurityRule extends Thing {
  groupId: string;
  egress: boolean;
  /** "-1" is every protocol; ports are then -1 too. */
  protocol: string;
  fromPort: number;
  toPort: number;
  /** One of the two says who: a block of addresses or the members of a group. */
  cidr: string | null;
  sourceGroupId: string | null;
  description: string;
}
export interface KeyPair extends Thing { name: string; fingerprint: string; type: "rsa" | "ed25519"; publicKey: string }

export interface NetworkInterface extends Thing {
  vpcId: string;
  subnetId: string;
  zone: string;
  privateIp: string;
  /** Given at launch, lost at stop; an elastic one is an Address. */
  publicIp: string | null;
  groupIds: string[];
  description: string;
  /** Who keeps it, when not the account itself: "amazon-elb". */
  requester: string | null;
  attachment: { id: string; instanceId: string; attachedAtMs: number; deleteOnTermination: boolean } | null;
  sourceDestCheck: boolean;
  /** When its service, which has ended, lets go of it. */
  goneAtMs: number | null;
}
export interface Address extends Thing { publicIp: string; associationId: string | null; interfaceId: string | null; instanceId: string | null }
export interface Volume extends Thing {
  sizeGiB: number;
  type: string;
  iops: number;
  zone: string;
  encrypted: boolean;
  snapshotId: string;
  attachment: { instanceId: string; device: string; deleteOnTermination: boolean; attachedAtMs: number } | null;
}

/** Source: "InstanceState", EC2 API reference. */
export const instanceStates = { pending: 0, running: 16, "shutting-down": 32, terminated: 48, stopping: 64, stopped: 80 } as const;
export type InstanceState = keyof typeof instanceStates;

export interface Instance extends Thing {
  reservationId: string;
  imageId: string;
  state: InstanceState;
  /** When a state that passes by itself is over; null for one that lasts. */
  untilMs: number | null;
  /** Whether somebody gives it a life; then it dies with that one's process. */
  hasMachine: boolean;
  /** False while whoever gives it its life still takes it down. */
  machineGone: boolean;
  stateReason: { code: string; message: string } | null;
  instanceType: string;
  zone: string;
  vpcId: string;
  subnetId: string;
  privateIp: string;
  interfaceId: string;
  rootVolumeId: string;
  keyName: string | null;
  /** Name of the instance profile; roles are looked up in it. */
  profile: string | null;
  launchedAtMs: number;
  launchIndex: number;
  clientToken: string;
  userData: string;
  spot: boolean;
  terminationProtection: boolean;
  metadata: { tokens: string; hopLimit: number; endpoint: string; tags: string };
}

export interface PolicyVersion { document: string }
export interface ManagedPolicy extends Thing { name: string; path: string; arn: string; versions: Record<string, PolicyVersion>; defaultVersion: string; description: string; awsManaged: boolean }
export interface Role extends Thing {
  name: string;
  path: string;
  description: string;
  trust: string;
  boundaryArn: string | null;
  maxSessionSeconds: number;
  inline: Record<string, string>;
  /** ARNs of managed policies. */
  attached: string[];
}
export interface InstanceProfile extends Thing { name: string; path: string; roleName: string | null; /** When a role last entered it: EC2 learns of it later than IAM. */ changedAtMs: number }

export interface SsmParameter extends Thing { name: string; type: string; value: string; description: string; version: number; dataType: string; modifiedBy: string }

export interface LoadBalancer extends Thing { name: string; arn: string; dnsName: string; scheme: string; type: string; vpcId: string; subnetIds: string[]; groupIds: string[]; ipAddressType: string; attributes: Record<string, string> }
export interface TargetGroup extends Thing { name: string; arn: string; protocol: string; port: number; vpcId: string; targetType: string; health: Record<string, string>; attributes: Record<string, string>; targets: { id: string; port: number; sinceMs: number }[] }
export interface ListenerAction { type: string; targetGroupArn: string; redirect: Record<string, string>; fixed: Record<string, string> }
export interface Listener extends Thing { arn: string; loadBalancerArn: string; port: number; protocol: string; certificates: string[]; sslPolicy: string; actions: ListenerAction[] }
export interface ListenerRule extends Thing { arn: string; listenerArn: string; priority: number; conditions: { field: string; values: string[] }[]; actions: ListenerAction[] }

/** Keys that a role's session signs with, as the metadata service hands them out. */
export interface Session { accessKeyId: string; secretAccessKey: string; token: string; roleName: string; sessionName: string; expiresAtMs: number }

/** What a request under a token did, so that the same token does it once. */
export interface TokenUse { digest: string; ids: string[]; atMs: number }

export interface State {
  accountId: string;
  region: string;
  /** New ids are made of these two, so that a restored state goes on as it would have. */
  seed: string;
  sequence: number;
  vpc: Record<string, Vpc>;
  subnet: Record<string, Subnet>;
  gateway: Record<string, Gateway>;
  routeTable: Record<string, RouteTable>;
  group: Record<string, SecurityGroup>;
  rule: Record<string, SecurityRule>;
  keyPair: Record<string, KeyPair>;
  networkInterface: Record<string, NetworkInterface>;
  address: Record<string, Address>;
  volume: Record<string, Volume>;
  instance: Record<string, Instance>;
  role: Record<string, Role>;
  policy: Record<string, ManagedPolicy>;
  profile: Record<string, InstanceProfile>;
  parameter: Record<string, SsmParameter>;
  loadBalancer: Record<string, LoadBalancer>;
  targetGroup: Record<string, TargetGroup>;
  listener: Record<string, Listener>;
  listenerRule: Record<string, ListenerRule>;
  sessions: Record<string, Session>;
  tokens: Record<string, TokenUse>;
  /** The policy that the account's own user is held to; null: he may do all. */
  userPolicy: string | null;
}

export function emptyState(input: { accountId: string; region: string; seed: string }): State {
  return {
    ...input, sequence: 0,
    vpc: {}, subnet: {}, gateway: {}, routeTable: {}, group: {}, rule: {}, keyPair: {}, networkInterface: {}, address: {}, volume: {}, instance: {},
    role: {}, policy: {}, profile: {}, parameter: {}, loadBalancer: {}, targetGroup: {}, listener: {}, listenerRule: {}, sessions: {}, tokens: {}, userPolicy: null,
  };
}
