// EC2 DescribeAvailabilityZones. Source: "DescribeAvailabilityZones" and "AvailabilityZone", EC2 API reference.
import type { Action } from "../action.ts";
import { AwsError } from "../errors.ts";
import { filtersOf, listOf, matchesAny, type Filter } from "../query.ts";

interface Zone { name: string; id: string; region: string }

/** Seoul has four zones, apne2-az1 … az4 (source: "AWS Availability Zones", zone ids of ap-northeast-2); which letter is which id differs from account to account. */
function zonesOf(region: string): Zone[] {
  return ["a", "b", "c", "d"].map((letter, index) => ({ name: `${region}${letter}`, id: `apne2-az${index + 1}`, region }));
}

export function zoneNames(region: string): string[] {
  return zonesOf(region).map(({ name }) => name);
}

export function zoneIdOf(region: string, name: string): string {
  return zonesOf(region).find((zone) => zone.name === name)?.id ?? "";
}

export function zoneWithId(region: string, id: string): string | undefined {
  return zonesOf(region).find((zone) => zone.id === id)?.name;
}

export const describeRegions: Action = ({ cloud }) => ({
  regionInfo: [{ regionName: cloud.state.region, regionEndpoint: `ec2.${cloud.state.region}.amazonaws.com`, optInStatus: "opt-in-not-required" }],
});

const fields: Record<string, (zone: Zone) => string> = {
  "zone-name": (zone) => zone.name,
  "zone-id": (zone) => zone.id,
  "zone-type": () => "availability-zone",
  "region-name": (zone) => zone.region,
  "group-name": (zone) => `${zone.region}-zg-1`,
  "opt-in-status": () => "opt-in-not-required",
  state: () => "available",
};

export const describeAvailabilityZones: Action = ({ cloud, parameters }) => {
  const all = zonesOf(cloud.state.region);
  const names = listOf(parameters, "ZoneName");
  const ids = listOf(parameters, "ZoneId");
  const wrong = names.find((name) => !all.some((zone) => zone.name === name)) ?? ids.find((id) => !all.some((zone) => zone.id === id));
  if (wrong !== undefined) throw new AwsError("InvalidParameterValue", `Invalid availability zone: [${wrong}]`);
  const filters = filtersOf(parameters);
  const found = all
    .filter((zone) => names.length === 0 || names.includes(zone.name))
    .filter((zone) => ids.length === 0 || ids.includes(zone.id))
    .filter((zone) => filters.every((filter) => satisfies(filter, zone)));
  return {
    availabilityZoneInfo: found.map((zone) => ({
      zoneName: zone.name,
      zoneState: "available",
      regionName: zone.region,
      messageSet: [],
      zoneId: zone.id,
      groupName: `${zone.region}-zg-1`,
      networkBorderGroup: zone.region,
      zoneType: "availability-zone",
      optInStatus: "opt-in-not-required",
    })),
  };
};

function satisfies({ name, values }: Filter, zone: Zone): boolean {
  const field = fields[name];
  if (!field) throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
  return matchesAny(values, field(zone));
}
