// Why a launch may have to wait: the type is not offered in the zone, sold out there, or more than the account may run.
import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { limitOf, quotas } from "../quotas.ts";
import { instanceTypes, offered, type InstanceType } from "./machine-types.ts";
import { zoneNames } from "./zones.ts";

export interface Wish { type: InstanceType; zone: string; count: number; spot: boolean }

export function refuseCapacity(cloud: Cloud, wish: Wish): void {
  const { type, zone } = wish;
  const others = zoneNames(cloud.state.region).filter((name) => name !== zone && offered(name, type.name) && !soldOut(cloud, type.name, name));
  if (!offered(zone, type.name)) {
    throw new AwsError("Unsupported", `Your requested instance type (${type.name}) is not supported in your requested Availability Zone (${zone}). Please retry your request by not specifying an Availability Zone or choosing ${others.join(", ")}.`);
  }
  refuseVcpus(cloud, wish);
  const sold = soldOut(cloud, type.name, zone);
  if (!sold) return;
  const elsewhere = others.length === 0 ? "" : ` You can currently get ${type.name} capacity by not specifying an Availability Zone in your request or choosing ${others.join(", ")}.`;
  throw new AwsError(sold.code ?? "InsufficientInstanceCapacity", `We currently do not have sufficient ${type.name} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.${elsewhere}`, 500);
}

function soldOut({ settings }: Cloud, type: string, zone: string): Cloud["settings"]["soldOut"][number] | undefined {
  return settings.soldOut.find((one) => one.instanceType === type && (one.zone === undefined || one.zone === zone));
}

/** vCPUs of what is pending or running count (source: "On-Demand Instance quotas", EC2 User Guide). */
export function vcpusInUse({ state }: Cloud, spot: boolean): number {
  return Object.values(state.instance)
    .filter((instance) => instance.spot === spot && (instance.state === "pending" || instance.state === "running"))
    .reduce((sum, { instanceType }) => sum + (instanceTypes.get(instanceType)?.vcpus ?? 0), 0);
}

function refuseVcpus(cloud: Cloud, { type, count, spot }: Wish): void {
  const limit = limitOf(cloud, spot ? quotas.spotVcpus : quotas.standardVcpus);
  if (vcpusInUse(cloud, spot) + type.vcpus * count <= limit) return;
  if (spot) throw new AwsError("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded");
  throw new AwsError("VcpuLimitExceeded", `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`);
}
