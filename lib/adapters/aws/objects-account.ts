// Objects of IAM, SSM, Service Quotas and load balancing as we read them; policy documents are decoded.
import type * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type * as iam from "@aws-sdk/client-iam";
import type * as ssm from "@aws-sdk/client-ssm";
import type { Tagged, Tags } from "./objects";

/** Its id is its name: names of IAM are unique in an account. */
export interface Role extends Tagged {
  arn: string;
  path: string;
  /** Who may take it on, as JSON text. */
  trust: string;
  /** The ARN of its permissions boundary; "" for none. */
  boundary: string;
  /** Its inline policies by name, as JSON text. */
  inline: Readonly<Record<string, string>>;
  /** The ARNs of the managed policies attached to it. */
  attached: readonly string[];
}

export interface RoleParts { tags: Tags; inline: Readonly<Record<string, string>>; attached: readonly string[]; boundary: string }

export function toRole(of: iam.Role, parts: RoleParts): Role {
  return { id: of.RoleName ?? "", arn: of.Arn ?? "", path: of.Path ?? "", trust: decoded(of.AssumeRolePolicyDocument), ...parts };
}

/** Its id is its ARN. */
export interface Policy extends Tagged { name: string; path: string; document: string; attachments: number }

export function toPolicy(of: iam.Policy, parts: { tags: Tags; document: string }): Policy {
  return { id: of.Arn ?? "", name: of.PolicyName ?? "", path: of.Path ?? "", attachments: of.AttachmentCount ?? 0, ...parts };
}

/** Its id is its name. */
export interface InstanceProfile extends Tagged { arn: string; path: string; roles: readonly string[] }

export function toProfile(of: iam.InstanceProfile, tags: Tags): InstanceProfile {
  return { id: of.InstanceProfileName ?? "", arn: of.Arn ?? "", path: of.Path ?? "", roles: (of.Roles ?? []).flatMap(({ RoleName }) => (RoleName ? [RoleName] : [])), tags };
}

/** IAM gives documents URL-encoded. */
export function decoded(document: string | undefined): string {
  return document === undefined ? "" : decodeURIComponent(document);
}

/** A parameter of SSM without its value, which may be a secret. Its id is its name. */
export interface Parameter extends Tagged { secret: boolean; version: number; modifiedAt: number | null }

export function toParameter(of: ssm.Parameter, tags: Tags): Parameter {
  return { id: of.Name ?? "", tags, secret: of.Type === "SecureString", version: of.Version ?? 0, modifiedAt: of.LastModifiedDate?.getTime() ?? null };
}

export interface Quota { service: string; code: string; name: string; value: number; adjustable: boolean }

/** Its id is its ARN. */
export interface LoadBalancer extends Tagged { name: string; vpcId: string; dnsName: string; kind: string; state: string; groupIds: readonly string[] }

export function toLoadBalancer(of: elb.LoadBalancer, tags: Tags): LoadBalancer {
  return { id: of.LoadBalancerArn ?? "", name: of.LoadBalancerName ?? "", vpcId: of.VpcId ?? "", dnsName: of.DNSName ?? "", kind: of.Type ?? "", state: of.State?.Code ?? "", groupIds: of.SecurityGroups ?? [], tags };
}

/** Its id is its ARN. */
export interface TargetGroup extends Tagged { name: string; vpcId: string; loadBalancers: readonly string[]; targetType: string; healthPath: string }

export function toTargetGroup(of: elb.TargetGroup, tags: Tags): TargetGroup {
  return { id: of.TargetGroupArn ?? "", name: of.TargetGroupName ?? "", vpcId: of.VpcId ?? "", loadBalancers: of.LoadBalancerArns ?? [], targetType: of.TargetType ?? "", healthPath: of.HealthCheckPath ?? "", tags };
}

/** What comes in on a port of a load balancer. `redirectsTo` is "HTTPS:443" where all that comes in is sent there, else "". Its id is its ARN. */
export interface Listener { id: string; port: number; protocol: string; certificates: readonly string[]; redirectsTo: string }

export function toListener(of: elb.Listener): Listener {
  const redirect = of.DefaultActions?.find(({ Type }) => Type === "redirect")?.RedirectConfig;
  return { id: of.ListenerArn ?? "", port: of.Port ?? 0, protocol: of.Protocol ?? "", certificates: (of.Certificates ?? []).flatMap(({ CertificateArn }) => CertificateArn ?? []), redirectsTo: redirect ? `${redirect.Protocol ?? ""}:${redirect.Port ?? ""}` : "" };
}

/** How a load balancer finds one of its targets: healthy, unhealthy, initial, unused, draining, unavailable; `reason` is AWS' own code, such as "Target.FailedHealthChecks". */
export interface TargetHealth { id: string; port: number; state: string; reason: string; say: string }

export function toTargetHealth(of: elb.TargetHealthDescription): TargetHealth {
  return { id: of.Target?.Id ?? "", port: of.Target?.Port ?? 0, state: of.TargetHealth?.State ?? "unknown", reason: of.TargetHealth?.Reason ?? "", say: of.TargetHealth?.Description ?? "" };
}
