// The limits of the account: their codes, defaults, and what is said when one is reached.
// Sources: "Amazon VPC quotas", VPC User Guide; "Amazon EC2 service quotas", EC2 User Guide; "Error codes for the Amazon EC2 API".
import type { Cloud } from "./cloud.ts";
import { AwsError } from "./errors.ts";

export interface Quota { service: string; code: string; name: string; value: number; global?: boolean }

export const quotas = {
  standardVcpus: { service: "ec2", code: "L-1216C47A", name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", value: 64 },
  spotVcpus: { service: "ec2", code: "L-34B43A08", name: "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", value: 64 },
  addresses: { service: "ec2", code: "L-0263D0A3", name: "EC2-VPC Elastic IPs", value: 5 },
  vpcs: { service: "vpc", code: "L-F678F1CE", name: "VPCs per Region", value: 5 },
  subnets: { service: "vpc", code: "L-407747CB", name: "Subnets per VPC", value: 200 },
  gateways: { service: "vpc", code: "L-A4707A72", name: "Internet gateways per Region", value: 5 },
  routeTables: { service: "vpc", code: "L-589F43AA", name: "Route tables per VPC", value: 200 },
  groups: { service: "vpc", code: "L-E79EC296", name: "VPC security groups per Region", value: 2500 },
  rules: { service: "vpc", code: "L-0EA8095F", name: "Inbound or outbound rules per security group", value: 60 },
  groupsPerInterface: { service: "vpc", code: "L-2AFB9258", name: "Security groups per network interface", value: 5 },
  routes: { service: "vpc", code: "L-93826ACB", name: "Routes per route table", value: 50 },
  loadBalancers: { service: "elasticloadbalancing", code: "L-53DA6B97", name: "Application Load Balancers per Region", value: 50 },
  targetGroups: { service: "elasticloadbalancing", code: "L-B22855CB", name: "Target Groups per Region", value: 3000 },
} satisfies Record<string, Quota>;

export function limitOf({ settings }: Cloud, quota: Quota): number {
  return settings.quotas[`${quota.service}/${quota.code}`] ?? quota.value;
}

/** Refuses when there are already as many as there may be. */
export function within(cloud: Cloud, quota: Quota, { count, code, say }: { count: number; code: string; say: string }): void {
  if (count > limitOf(cloud, quota)) throw new AwsError(code, say);
}
