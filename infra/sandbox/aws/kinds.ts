// The kinds of thing that EC2 names by id: where they are kept, and how it says that one is not there.
// Source: "Error codes for the Amazon EC2 API", client error codes; the sentences are those that its callers quote.
import { AwsError } from "./errors.ts";
import type { Cloud } from "./cloud.ts";
import type { State, Thing } from "./state.ts";

export interface Kind<T extends Thing> {
  /** As in TagSpecification's ResourceType and in the ARN. */
  name: string;
  prefix: string;
  of(state: State): Record<string, T>;
  code: string;
  say(ids: readonly string[]): string;
  /** Said of an id that cannot be one; kinds without it say that it is not there. */
  malformed?: string;
}

const plain = (what: string) => (ids: readonly string[]): string => `The ${what} ID '${ids.join(",")}' does not exist`;

export const kinds = {
  vpc: { name: "vpc", prefix: "vpc", of: (state) => state.vpc, code: "InvalidVpcID.NotFound", say: plain("vpc") },
  subnet: { name: "subnet", prefix: "subnet", of: (state) => state.subnet, code: "InvalidSubnetID.NotFound", say: plain("subnet") },
  gateway: { name: "internet-gateway", prefix: "igw", of: (state) => state.gateway, code: "InvalidInternetGatewayID.NotFound", say: plain("internetGateway") },
  routeTable: { name: "route-table", prefix: "rtb", of: (state) => state.routeTable, code: "InvalidRouteTableID.NotFound", say: plain("routeTable") },
  group: { name: "security-group", prefix: "sg", of: (state) => state.group, code: "InvalidGroup.NotFound", say: (ids) => `The security group '${ids.join(", ")}' does not exist`, malformed: "InvalidGroupId.Malformed" },
  rule: { name: "security-group-rule", prefix: "sgr", of: (state) => state.rule, code: "InvalidSecurityGroupRuleId.NotFound", say: (ids) => `The security group rule ID '${ids.join(", ")}' does not exist` },
  networkInterface: { name: "network-interface", prefix: "eni", of: (state) => state.networkInterface, code: "InvalidNetworkInterfaceID.NotFound", say: plain("networkInterface") },
  address: { name: "elastic-ip", prefix: "eipalloc", of: (state) => state.address, code: "InvalidAllocationID.NotFound", say: plain("allocation") },
  volume: { name: "volume", prefix: "vol", of: (state) => state.volume, code: "InvalidVolume.NotFound", say: (ids) => `The volume '${ids.join(", ")}' does not exist.` },
  keyPair: { name: "key-pair", prefix: "key", of: (state) => state.keyPair, code: "InvalidKeyPair.NotFound", say: (ids) => `The key pair '${ids.join(", ")}' does not exist` },
  instance: {
    name: "instance", prefix: "i", of: (state) => state.instance, code: "InvalidInstanceID.NotFound", malformed: "InvalidInstanceID.Malformed",
    say: (ids) => ids.length === 1 ? `The instance ID '${ids[0]}' does not exist` : `The instance IDs '${ids.join(", ")}' do not exist`,
  },
} satisfies { [Name in EcKind]: Kind<State[Name][string]> };

type EcKind = "vpc" | "subnet" | "gateway" | "routeTable" | "group" | "rule" | "networkInterface" | "address" | "volume" | "keyPair" | "instance";

/** A new id is not known everywhere at once (source: "Eventual consistency in the Amazon EC2 API"). */
export function isHidden<T extends Thing>(cloud: Cloud, kind: Kind<T>, thing: Thing): boolean {
  const afterMs = cloud.settings.visibilityByKind[kind.name] ?? cloud.settings.visibilityMs;
  return thing.createdAtMs + afterMs > cloud.clock.nowMs();
}

export function find<T extends Thing>(cloud: Cloud, kind: Kind<T>, id: string): T | undefined {
  const kept = kind.of(cloud.state);
  const thing = Object.hasOwn(kept, id) ? kept[id] : undefined;
  return thing && !isHidden(cloud, kind, thing) ? thing : undefined;
}

export function all<T extends Thing>(cloud: Cloud, kind: Kind<T>): T[] {
  return Object.values(kind.of(cloud.state)).filter((thing) => !isHidden(cloud, kind, thing));
}

/** Malformed is said before NotFound, and all that are missing are named. */
export function needAll<T extends Thing>(cloud: Cloud, kind: Kind<T>, ids: readonly string[]): T[] {
  const shape = new RegExp(`^${kind.prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`);
  const malformed = kind.malformed === undefined ? undefined : ids.find((id) => !shape.test(id));
  if (malformed !== undefined && kind.malformed !== undefined) throw new AwsError(kind.malformed, `Invalid id: "${malformed}"`);
  const missing = ids.filter((id) => !find(cloud, kind, id));
  if (missing.length > 0) throw new AwsError(kind.code, kind.say(missing));
  return ids.flatMap((id) => find(cloud, kind, id) ?? []);
}

export function need<T extends Thing>(cloud: Cloud, kind: Kind<T>, id: string): T {
  const [thing] = needAll(cloud, kind, [id]);
  if (!thing) throw new AwsError(kind.code, kind.say([id]));
  return thing;
}

export function remove<T extends Thing>(cloud: Cloud, kind: Kind<T>, id: string): void {
  Reflect.deleteProperty(kind.of(cloud.state), id);
}
