// Who still holds on to a thing, so that AWS refuses to delete it.
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import type { NetworkInterface, SecurityRule } from "../state.ts";

export function refuseDependents(say: string, dependents: readonly string[]): void {
  if (dependents.length > 0) throw new AwsError("DependencyViolation", say);
}

const interfaces = (cloud: Cloud): NetworkInterface[] => Object.values(cloud.state.networkInterface);

/** Source: "Delete your VPC", VPC User Guide: what must be gone first. The main route table and the default group go with it. */
export function holdersOfVpc({ state }: Cloud, vpcId: string): string[] {
  return [
    ...Object.values(state.subnet).filter((one) => one.vpcId === vpcId),
    ...Object.values(state.gateway).filter((one) => one.vpcId === vpcId),
    ...Object.values(state.routeTable).filter((one) => one.vpcId === vpcId && !one.main),
    ...Object.values(state.group).filter((one) => one.vpcId === vpcId && one.name !== "default"),
    ...Object.values(state.networkInterface).filter((one) => one.vpcId === vpcId),
  ].map(({ id }) => id);
}

/** Source: "Delete a subnet", VPC User Guide: instances and interfaces in it must be gone. */
export function holdersOfSubnet(cloud: Cloud, subnetId: string): string[] {
  return interfaces(cloud).filter((one) => one.subnetId === subnetId).map(({ id }) => id);
}

/** Source: "Delete a security group", EC2 User Guide: neither in use by an interface nor named by a rule of another group. */
export function holdersOfGroup(cloud: Cloud, groupId: string): string[] {
  const named = Object.values(cloud.state.rule).filter((rule: SecurityRule) => rule.sourceGroupId === groupId && rule.groupId !== groupId);
  return [...interfaces(cloud).filter((one) => one.groupIds.includes(groupId)), ...named].map(({ id }) => id);
}

/** Source: provisioning.md, failure table (kubernetes-sigs/cluster-api-provider-aws#773): public addresses in the VPC keep its gateway. */
export function mappedAddresses({ state }: Cloud, vpcId: string): string[] {
  const mine = Object.values(state.networkInterface).filter((one) => one.vpcId === vpcId);
  const elastic = Object.values(state.address).filter(({ interfaceId }) => mine.some(({ id }) => id === interfaceId));
  return [...mine.flatMap(({ publicIp }) => publicIp ?? []), ...elastic.map(({ publicIp }) => publicIp)];
}
