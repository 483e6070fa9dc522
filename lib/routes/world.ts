// What is known beside the watched objects: classes and Calico's settings from the API server, balancers and machines from AWS, answers of DNS, certificates.
import type { Instance } from "../adapters/aws/objects";
import type { Listener, LoadBalancer, TargetGroup, TargetHealth } from "../adapters/aws/objects-account";
import type { SecurityGroupRule } from "../adapters/aws/objects-network";
import type { Certificate } from "./model";

/** Something that was asked for: there, not there, or why it is not known. */
export type Told<T> = { known: true; value: T } | { known: false; failing: boolean; say: string };
export const told = <T>(value: T): Told<T> => ({ known: true, value });
export const untold = (say: string, failing = false): Told<never> => ({ known: false, failing, say });

export interface IngressClass { name: string; controller: string; isDefault: boolean }

export interface CalicoSettings {
  pools: readonly { name: string; cidr: string; vxlanMode: string; ipipMode: string; disabled: boolean }[];
  felix: { vxlanEnabled: boolean | null; vxlanMtu: number; vxlanPort: number } | null;
  /** Null: no such object, and then the mesh is on. */
  meshEnabled: boolean | null;
  /** Commands of calico-node's readiness probe; null where it has none that is a command. */
  readiness: readonly string[] | null;
  /** What tells of a second installation, such as the operator's. */
  installers: readonly string[];
}

export interface ClusterWorld { classes: Told<readonly IngressClass[]>; calico: Told<CalicoSettings>; serviceRanges: Told<readonly string[]> }

export interface AmazonWorld {
  balancers: readonly (LoadBalancer & { listeners: readonly Listener[] })[];
  groups: readonly (TargetGroup & { targets: readonly TargetHealth[] })[];
  instances: readonly Instance[];
  /** Of the security groups that the cluster's machines are in. */
  openings: readonly SecurityGroupRule[];
  vpcRange: string;
}

/** What a name leads to as DNS says now; `addresses` is empty where it has none. */
export interface NameAnswer { addresses: readonly string[]; aliases: readonly string[] }

export interface World {
  cluster: ClusterWorld;
  amazon: Told<AmazonWorld>;
  /** By name, lower case: hosts of Ingresses and addresses of balancers. */
  names: ReadonlyMap<string, Told<NameAnswer>>;
  /** By "balancer:port". */
  certificates: ReadonlyMap<string, Told<Certificate>>;
}

const notAsked = untold("It was not asked yet.");
export const emptyWorld: World = { cluster: { classes: notAsked, calico: notAsked, serviceRanges: notAsked }, amazon: notAsked, names: new Map(), certificates: new Map() };
