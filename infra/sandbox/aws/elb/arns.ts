// The ARNs of load balancing, and how it says that what they name is not there.
// Source: "Resource types defined by Elastic Load Balancing V2", Service Authorization Reference; "Errors" of each action, ELBv2 API reference.
import { hexOf, type Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { listOf, required, type Parameters } from "../query.ts";
import type { Listener, ListenerRule, LoadBalancer, TargetGroup } from "../state.ts";

export function elbArn({ state }: Cloud, path: string): string {
  return `arn:aws:elasticloadbalancing:${state.region}:${state.accountId}:${path}`;
}

export function shortId(cloud: Cloud, salt: string): string {
  return hexOf(cloud, salt).slice(0, 16);
}

export function needLoadBalancer({ state }: Cloud, arn: string): LoadBalancer {
  const found = Object.hasOwn(state.loadBalancer, arn) ? state.loadBalancer[arn] : undefined;
  if (!found) throw new AwsError("LoadBalancerNotFound", "One or more load balancers not found");
  return found;
}

export function needTargetGroup({ state }: Cloud, arn: string): TargetGroup {
  const found = Object.hasOwn(state.targetGroup, arn) ? state.targetGroup[arn] : undefined;
  if (!found) throw new AwsError("TargetGroupNotFound", "One or more target groups not found");
  return found;
}

export function needListener({ state }: Cloud, arn: string): Listener {
  const found = Object.hasOwn(state.listener, arn) ? state.listener[arn] : undefined;
  if (!found) throw new AwsError("ListenerNotFound", "One or more listeners not found");
  return found;
}

export function needRule({ state }: Cloud, arn: string): ListenerRule {
  const found = Object.hasOwn(state.listenerRule, arn) ? state.listenerRule[arn] : undefined;
  if (!found) throw new AwsError("RuleNotFound", "One or more rules not found");
  return found;
}

/** Names are of up to 32 letters, digits and inner hyphens (source: "CreateLoadBalancer", "CreateTargetGroup"). */
export function nameIn(parameters: Parameters, what: string): string {
  const name = required(parameters, "Name");
  if (name.length > 32) throw new AwsError("ValidationError", `${what} name '${name}' cannot be longer than '32' characters`);
  if (!/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name)) throw new AwsError("ValidationError", `${what} name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`);
  return name;
}

export function pageIn<T>(parameters: Parameters, found: T[]): { members: T[]; NextMarker: string | null } {
  const [start, size] = [Number(parameters.get("Marker") ?? 0), Number(parameters.get("PageSize") ?? 400)];
  return { members: found.slice(start, start + size), NextMarker: start + size < found.length ? String(start + size) : null };
}

export function attributesIn(parameters: Parameters): [string, string][] {
  const keys = new Set([...parameters.keys()].flatMap((key) => /^Attributes\.member\.(\d+)\.Key$/.exec(key)?.[1] ?? []));
  return [...keys].map((n) => [parameters.get(`Attributes.member.${n}.Key`) ?? "", parameters.get(`Attributes.member.${n}.Value`) ?? ""]);
}

export const members = (parameters: Parameters, name: string): string[] => listOf(parameters, `${name}.member`);
