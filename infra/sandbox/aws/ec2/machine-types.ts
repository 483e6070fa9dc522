// The instance types on offer: vCPUs, memory, interfaces, and the zones that have them.
// Sources: "Amazon EC2 instance type specifications" (EC2 Instance Types guide); "DescribeInstanceTypes", "DescribeInstanceTypeOfferings", EC2 API reference.
import type { Action } from "../action.ts";
import { AwsError } from "../errors.ts";
import { filtersOf, listOf, matchesAny, pageOf, tokenAt } from "../query.ts";
import type { Element } from "../xml.ts";
import { zoneIdOf, zoneNames } from "./zones.ts";

export interface InstanceType { name: string; vcpus: number; memoryMiB: number; arm: boolean; interfaces: number; addresses: number; burstable: boolean }

type Size = [size: string, vcpus: number, memoryGiB: number, interfaces: number, addresses: number];

const burst: Size[] = [["nano", 2, 0.5, 2, 2], ["micro", 2, 1, 2, 2], ["small", 2, 2, 3, 4], ["medium", 2, 4, 3, 6], ["large", 2, 8, 3, 12], ["xlarge", 4, 16, 4, 15], ["2xlarge", 8, 32, 4, 15]];
const general: Size[] = [["large", 2, 8, 3, 10], ["xlarge", 4, 16, 4, 15], ["2xlarge", 8, 32, 4, 15], ["4xlarge", 16, 64, 8, 30]];
const scaled = (sizes: Size[], factor: number): Size[] => sizes.map(([size, vcpus, memory, interfaces, addresses]) => [size, vcpus, memory * factor, interfaces, addresses]);

const families: [family: string, sizes: Size[]][] = [
  ["t3", burst], ["t3a", burst], ["t4g", burst],
  ["m5", general], ["m6i", general], ["m6g", general], ["m7i", general], ["m7g", general],
  ["c5", scaled(general, 0.5)], ["c6i", scaled(general, 0.5)], ["c6g", scaled(general, 0.5)], ["c7g", scaled(general, 0.5)],
  ["r5", scaled(general, 2)], ["r6i", scaled(general, 2)], ["r6g", scaled(general, 2)], ["r7g", scaled(general, 2)],
];

export const instanceTypes: ReadonlyMap<string, InstanceType> = new Map(families.flatMap(([family, sizes]) => sizes.map(([size, vcpus, memoryGiB, interfaces, addresses]): [string, InstanceType] => {
  const name = `${family}.${size}`;
  return [name, { name, vcpus, memoryMiB: memoryGiB * 1024, arm: /^[a-z]\d+g/.test(family), interfaces, addresses, burstable: family.startsWith("t") }];
})));

/** Not every zone has every type; in Seoul the b and d zones lack some (source: "DescribeInstanceTypeOfferings"; which, differs over time, and here it is the seventh generation). */
export function offered(zone: string, type: string): boolean {
  return instanceTypes.has(type) && !(/^[a-z]7/.test(type) && /[bd]$/.test(zone));
}

/** Source: "Error codes for the Amazon EC2 API": InvalidInstanceType; the sentence as callers quote it. */
export function needType(name: string): InstanceType {
  const type = instanceTypes.get(name);
  if (!type) throw new AwsError("InvalidParameterValue", `Invalid value '${name}' for InstanceType.`);
  return type;
}

export const describeInstanceTypes: Action = ({ parameters }) => {
  const names = listOf(parameters, "InstanceType");
  const wrong = names.filter((name) => !instanceTypes.has(name));
  if (wrong.length > 0) throw new AwsError("InvalidInstanceType", `The following supplied instance types do not exist: [${wrong.join(", ")}]`);
  const filters = filtersOf(parameters);
  const fields: Record<string, (type: InstanceType) => string> = {
    "instance-type": ({ name }) => name,
    "processor-info.supported-architecture": ({ arm }) => arm ? "arm64" : "x86_64",
    "vcpu-info.default-vcpus": ({ vcpus }) => String(vcpus),
    "memory-info.size-in-mib": ({ memoryMiB }) => String(memoryMiB),
    "current-generation": () => "true",
    "burstable-performance-supported": ({ burstable }) => String(burstable),
  };
  const found = [...instanceTypes.values()].filter(({ name }) => names.length === 0 || names.includes(name)).filter((type) => filters.every(({ name, values }) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
    return matchesAny(values, field(type));
  }));
  const { maxResults, offset } = pageOf(parameters, { min: 5, max: 100, fallback: 100 });
  const end = offset + maxResults;
  return { instanceTypeSet: found.slice(offset, end).map(toElement), nextToken: end < found.length ? tokenAt(end) : null };
};

function toElement(type: InstanceType): Element {
  return {
    instanceType: type.name, currentGeneration: true, freeTierEligible: type.name === "t3.micro", bareMetal: false, hypervisor: "nitro", instanceStorageSupported: false,
    supportedUsageClasses: ["on-demand", "spot"], supportedRootDeviceTypes: ["ebs"], supportedVirtualizationTypes: ["hvm"], burstablePerformanceSupported: type.burstable,
    processorInfo: { supportedArchitectures: [type.arm ? "arm64" : "x86_64"] },
    vCpuInfo: { defaultVCpus: type.vcpus, defaultCores: Math.max(1, type.vcpus / 2), defaultThreadsPerCore: type.arm ? 1 : 2 },
    memoryInfo: { sizeInMiB: type.memoryMiB },
    networkInfo: { maximumNetworkInterfaces: type.interfaces, ipv4AddressesPerInterface: type.addresses, ipv6Supported: true, enaSupport: "required" },
    ebsInfo: { ebsOptimizedSupport: "default", encryptionSupport: "supported", nvmeSupport: "required" },
  };
}

export const describeInstanceTypeOfferings: Action = ({ cloud, parameters }) => {
  const { region } = cloud.state;
  const by = parameters.get("LocationType") ?? "region";
  const filters = filtersOf(parameters);
  const places = by === "region" ? [region] : zoneNames(region);
  const all = places.flatMap((place) => [...instanceTypes.keys()].filter((type) => by === "region" || offered(place, type)).map((type) => ({ type, place: by === "availability-zone-id" ? zoneIdOf(region, place) : place })));
  const found = all.filter(({ type, place }) => filters.every(({ name, values }) => {
    if (name !== "instance-type" && name !== "location") throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
    return matchesAny(values, name === "location" ? place : type);
  }));
  const { maxResults, offset } = pageOf(parameters, { min: 5, max: 1000, fallback: 1000 });
  const end = offset + maxResults;
  return {
    instanceTypeOfferingSet: found.slice(offset, end).map(({ type, place }) => ({ instanceType: type, locationType: by, location: place })),
    nextToken: end < found.length ? tokenAt(end) : null,
  };
};
