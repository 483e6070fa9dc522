// Load balancers: with an interface of the service's own in every subnet, which stays a while after their end.
// Sources: "CreateLoadBalancer", "DeleteLoadBalancer", "DescribeLoadBalancers", ELBv2 API reference; "Requester-managed network interfaces", EC2 User Guide.
import type { Action } from "../action.ts";
import { iso, type Cloud } from "../cloud.ts";
import { makeCard } from "../ec2/cards.ts";
import { publicAddressFor } from "../ec2/public-addresses.ts";
import { AwsError } from "../errors.ts";
import { find, kinds } from "../kinds.ts";
import { required } from "../query.ts";
import { quotas, within } from "../quotas.ts";
import type { LoadBalancer, SecurityGroup, Subnet } from "../state.ts";
import { readTags } from "../tags.ts";
import type { Element } from "../xml.ts";
import { attributesIn, elbArn, members, nameIn, needLoadBalancer, pageIn, shortId } from "./arns.ts";

/** Asked again for the same, it answers with what is there; for another under the name it refuses. */
export const createLoadBalancer: Action = ({ cloud, parameters }) => {
  const name = nameIn(parameters, "Load balancer");
  const subnets = subnetsIn(cloud, members(parameters, "Subnets"));
  const groups = members(parameters, "SecurityGroups").map((id) => groupIn(cloud, id));
  const scheme = parameters.get("Scheme") ?? "internet-facing";
  const before = Object.values(cloud.state.loadBalancer).find((one) => one.name === name);
  if (before) {
    if (before.scheme !== scheme || before.subnetIds.join() !== subnets.map(({ id }) => id).join()) throw new AwsError("DuplicateLoadBalancerName", `A load balancer with the same name '${name}' exists, but with different settings`);
    return { LoadBalancers: [toElement(before, cloud)] };
  }
  within(cloud, quotas.loadBalancers, { count: Object.keys(cloud.state.loadBalancer).length + 1, code: "TooManyLoadBalancers", say: "The maximum number of load balancers has been reached" });
  const [type, vpcId] = [parameters.get("Type") ?? "application", subnets[0]?.vpcId ?? ""];
  const short = type === "network" ? "net" : "app";
  const id = shortId(cloud, name);
  if (scheme === "internet-facing" && !Object.values(cloud.state.gateway).some((one) => one.vpcId === vpcId)) throw new AwsError("InvalidSubnet", `VPC ${vpcId} has no internet gateway`);
  const arn = elbArn(cloud, `loadbalancer/${short}/${name}/${id}`);
  const made: LoadBalancer = {
    id: arn, createdAtMs: cloud.clock.nowMs(), tags: readTags(parameters, "Tags.member"), name, arn, dnsName: `${scheme === "internal" ? "internal-" : ""}${name}-${parseInt(id.slice(0, 8), 16)}.${cloud.state.region}.elb.amazonaws.com`,
    scheme, type, vpcId, subnetIds: subnets.map((one) => one.id), groupIds: groups.map((one) => one.id), ipAddressType: parameters.get("IpAddressType") ?? "ipv4", attributes: { "deletion_protection.enabled": "false", "idle_timeout.timeout_seconds": "60" },
  };
  cloud.state.loadBalancer[arn] = made;
  for (const subnet of subnets) {
    const card = makeCard(cloud, { subnet, groupIds: made.groupIds, privateIp: null, description: `ELB ${short}/${name}/${id}`, tags: {}, requester: "amazon-elb" });
    if (scheme === "internet-facing") card.publicIp = publicAddressFor(cloud);
  }
  return { LoadBalancers: [toElement(made, cloud)] };
};

function subnetsIn(cloud: Cloud, ids: string[]): Subnet[] {
  const subnets = ids.map((id) => {
    const subnet = find(cloud, kinds.subnet, id);
    if (!subnet) throw new AwsError("SubnetNotFound", `The subnet ID '${id}' does not exist`);
    return subnet;
  });
  if (new Set(subnets.map(({ zone }) => zone)).size < 2) throw new AwsError("ValidationError", "At least two subnets in two different Availability Zones must be specified");
  if (new Set(subnets.map(({ zone }) => zone)).size < subnets.length) throw new AwsError("InvalidConfigurationRequest", "A load balancer cannot be attached to multiple subnets in the same Availability Zone");
  return subnets;
}

function groupIn(cloud: Cloud, id: string): SecurityGroup {
  const group = find(cloud, kinds.group, id);
  if (!group) throw new AwsError("InvalidSecurityGroup", `Security group '${id}' does not exist`);
  return group;
}

export const describeLoadBalancers: Action = ({ cloud, parameters }) => {
  const [arns, names] = [members(parameters, "LoadBalancerArns"), members(parameters, "Names")];
  const missing = names.find((name) => !Object.values(cloud.state.loadBalancer).some((one) => one.name === name));
  if (missing !== undefined) throw new AwsError("LoadBalancerNotFound", `Load balancers '[${missing}]' not found`);
  const found = arns.length > 0 ? arns.map((arn) => needLoadBalancer(cloud, arn)) : Object.values(cloud.state.loadBalancer).filter(({ name }) => names.length === 0 || names.includes(name));
  const { members: shown, NextMarker } = pageIn(parameters, found);
  return { LoadBalancers: shown.map((one) => toElement(one, cloud)), NextMarker };
};

/** One that is not there is deleted without a word; its listeners and rules go with it, its target groups stay. */
export const deleteLoadBalancer: Action = ({ cloud, parameters }) => {
  const { state } = cloud;
  const one = state.loadBalancer[required(parameters, "LoadBalancerArn")];
  if (!one) return {};
  if (one.attributes["deletion_protection.enabled"] === "true") throw new AwsError("OperationNotPermitted", `Load balancer '${one.arn}' cannot be deleted because deletion protection is enabled`);
  for (const listener of Object.values(state.listener)) {
    if (listener.loadBalancerArn !== one.arn) continue;
    for (const rule of Object.values(state.listenerRule)) if (rule.listenerArn === listener.arn) Reflect.deleteProperty(state.listenerRule, rule.arn);
    Reflect.deleteProperty(state.listener, listener.arn);
  }
  Reflect.deleteProperty(state.loadBalancer, one.arn);
  const description = `ELB ${one.arn.split(":loadbalancer/")[1] ?? ""}`;
  for (const card of Object.values(state.networkInterface)) if (card.description === description) card.goneAtMs = cloud.clock.nowMs() + cloud.settings.interfaceLingerMs;
  return {};
};

export const setSecurityGroups: Action = ({ cloud, parameters }) => {
  const one = needLoadBalancer(cloud, required(parameters, "LoadBalancerArn"));
  one.groupIds = members(parameters, "SecurityGroups").map((id) => groupIn(cloud, id).id);
  const description = `ELB ${one.arn.split(":loadbalancer/")[1] ?? ""}`;
  for (const card of Object.values(cloud.state.networkInterface)) if (card.description === description) card.groupIds = [...one.groupIds];
  return { SecurityGroupIds: one.groupIds };
};

const attributeList = (attributes: Record<string, string>): Element[] => Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));

export const modifyLoadBalancerAttributes: Action = ({ cloud, parameters }) => {
  const one = needLoadBalancer(cloud, required(parameters, "LoadBalancerArn"));
  Object.assign(one.attributes, Object.fromEntries(attributesIn(parameters)));
  return { Attributes: attributeList(one.attributes) };
};

export const describeLoadBalancerAttributes: Action = ({ cloud, parameters }) => ({ Attributes: attributeList(needLoadBalancer(cloud, required(parameters, "LoadBalancerArn")).attributes) });

/** ALBs of Seoul have this hosted zone (source: domain.md §2.3). */
const hostedZone = "ZWKZPGTI48KDX";

function toElement(one: LoadBalancer, cloud: Cloud): Element {
  const active = one.createdAtMs + cloud.settings.loadBalancerMs <= cloud.clock.nowMs();
  return {
    LoadBalancerArn: one.arn, DNSName: one.dnsName, CanonicalHostedZoneId: hostedZone, CreatedTime: iso(one.createdAtMs), LoadBalancerName: one.name, Scheme: one.scheme, VpcId: one.vpcId,
    State: { Code: active ? "active" : "provisioning" }, Type: one.type, IpAddressType: one.ipAddressType, SecurityGroups: one.groupIds,
    AvailabilityZones: one.subnetIds.map((SubnetId) => ({ ZoneName: cloud.state.subnet[SubnetId]?.zone ?? "", SubnetId, LoadBalancerAddresses: [] })),
  };
}
