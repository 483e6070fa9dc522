// A group of Ingresses as a load balancer: its groups, listeners, rules and target groups made, and taken down again in their order.
// Sources: "Annotations" and "How it works", AWS Load Balancer Controller documentation; names and tags as domain.md §2.2 and §2.4 saw them.
import { createHash } from "node:crypto";
import { listAt, numberAt, textAt, type Json, type JsonObject } from "../../json.ts";
import { machinesOf, tagsOf, unless, type Door } from "./door.ts";

export interface Backend { namespace: string; service: string; port: number; nodePort: number | null; path: string; host: string; health: string }
export interface Stack { group: string; internal: boolean; ports: { protocol: string; port: number }[]; backends: Backend[]; nodes: readonly Json[] }

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 10);
const short = (text: string): string => text.replace(/[^A-Za-z0-9]/g, "").slice(0, 8);
export const stackName = (cluster: string, group: string): string => `k8s-${short(group)}-${hash(`${cluster}/${group}`)}`;
const sharedName = (cluster: string): string => `k8s-traffic-${short(cluster)}-${hash(cluster)}`;
const targetsName = (cluster: string, { group }: { group: string }, one: Backend): string => `k8s-${short(one.namespace)}-${short(one.service)}-${hash(`${cluster}/${group}/${one.namespace}/${one.service}/${one.port}`)}`;
const stackTags = (cluster: string, group: string): Record<string, string> => ({ "elbv2.k8s.aws/cluster": cluster, "ingress.k8s.aws/stack": group });
const nodePorts = { FromPort: "30000", ToPort: "32767" };

function groupNamed({ ec2 }: Door, name: string): string | null {
  return textAt(ec2("DescribeSecurityGroups", { Filter: [{ Name: "group-name", Value: [name] }] }), "securityGroupInfo", 0, "groupId") || null;
}

function ensureGroup(door: Door, { name, vpcId, tags }: { name: string; vpcId: string; tags: Record<string, string> }): string {
  return groupNamed(door, name) ?? textAt(door.ec2("CreateSecurityGroup", { GroupName: name, GroupDescription: "[k8s] Managed SecurityGroup for LoadBalancer", VpcId: vpcId, TagSpecification: [{ ResourceType: "security-group", Tag: tagsOf(tags) }] }), "groupId");
}

function allow(door: Door, groupId: string, permission: JsonObject): void {
  unless(["InvalidPermission.Duplicate"], () => door.ec2("AuthorizeSecurityGroupIngress", { GroupId: groupId, IpPermissions: [permission] }));
}

/** Returns the name under which it answers. */
export function build(door: Door, stack: Stack): string {
  const { cluster } = door;
  const { vpcId, groupIds, instanceIds } = machinesOf(door, stack.nodes);
  if (vpcId === "") throw new Error("No node of the cluster is known to AWS.");
  const tags = stackTags(cluster, stack.group);
  const front = ensureGroup(door, { name: stackName(cluster, stack.group), vpcId, tags: { ...tags, "ingress.k8s.aws/resource": "ManagedLBSecurityGroup" } });
  const back = ensureGroup(door, { name: sharedName(cluster), vpcId, tags: { "elbv2.k8s.aws/cluster": cluster, "elbv2.k8s.aws/resource": "backend-sg" } });
  for (const { port } of stack.ports) allow(door, front, { IpProtocol: "tcp", FromPort: String(port), ToPort: String(port), IpRanges: [{ CidrIp: "0.0.0.0/0" }] });
  for (const groupId of groupIds) allow(door, groupId, { IpProtocol: "tcp", ...nodePorts, Groups: [{ GroupId: back, Description: "elbv2.k8s.aws/targetGroupBinding=shared" }] });
  const made = door.elb("CreateLoadBalancer", {
    Name: stackName(cluster, stack.group), Subnets: subnetsFor(door, vpcId, stack.internal), SecurityGroups: [front, back], Scheme: stack.internal ? "internal" : "internet-facing", Type: "application",
    Tags: tagsOf({ ...tags, "ingress.k8s.aws/resource": "LoadBalancer" }),
  });
  const arn = textAt(made, "LoadBalancers", 0, "LoadBalancerArn");
  const targets = new Map(stack.backends.map((one) => [targetsName(cluster, stack, one), ensureTargets(door, { stack, one, vpcId, instanceIds })]));
  for (const port of stack.ports) listen(door, { arn, stack, port, targetOf: (one) => targets.get(targetsName(cluster, stack, one)) ?? "" });
  return textAt(made, "LoadBalancers", 0, "DNSName");
}

/** One in every zone, by the role that the subnet's tag gives it (source: "Subnet auto-discovery", AWS Load Balancer Controller). */
function subnetsFor({ ec2 }: Door, vpcId: string, internal: boolean): string[] {
  const found = listAt(ec2("DescribeSubnets", { Filter: [{ Name: "vpc-id", Value: [vpcId] }, { Name: "tag-key", Value: [internal ? "kubernetes.io/role/internal-elb" : "kubernetes.io/role/elb"] }] }), "subnetSet");
  const byZone = new Map(found.map((one) => [textAt(one, "availabilityZone"), textAt(one, "subnetId")]));
  if (byZone.size < 2) throw new Error("couldn't auto-discover subnets: fewer than two zones have one with the role's tag");
  return [...byZone.values()].sort();
}

function ensureTargets(door: Door, { stack, one, vpcId, instanceIds }: { stack: Stack; one: Backend; vpcId: string; instanceIds: string[] }): string {
  const name = targetsName(door.cluster, stack, one);
  const there = listAt(door.elb("DescribeTargetGroups", {}), "TargetGroups").find((group) => textAt(group, "TargetGroupName") === name);
  const arn = textAt(there, "TargetGroupArn") || textAt(door.elb("CreateTargetGroup", {
    Name: name, Protocol: "HTTP", Port: String(one.nodePort ?? 1), VpcId: vpcId, TargetType: "instance", HealthCheckPath: one.health, Tags: tagsOf({ ...stackTags(door.cluster, stack.group), "ingress.k8s.aws/resource": `${one.namespace}/${one.service}:${one.port}` }),
  }), "TargetGroups", 0, "TargetGroupArn");
  if (one.nodePort !== null && instanceIds.length > 0) door.elb("RegisterTargets", { TargetGroupArn: arn, Targets: instanceIds.map((Id) => ({ Id, Port: String(one.nodePort) })) });
  return arn;
}

function listen(door: Door, { arn, stack, port, targetOf }: { arn: string; stack: Stack; port: Stack["ports"][number]; targetOf: (one: Backend) => string }): void {
  const there = listAt(door.elb("DescribeListeners", { LoadBalancerArn: arn }), "Listeners").find((one) => numberAt(one, "Port") === port.port);
  const certificate = port.protocol === "HTTPS" ? { Certificates: [{ CertificateArn: `arn:aws:acm:ap-northeast-2:123456789012:certificate/${stackName(door.cluster, stack.group)}` }] } : {};
  const listener = textAt(there, "ListenerArn") || textAt(door.elb("CreateListener", {
    LoadBalancerArn: arn, Port: String(port.port), Protocol: port.protocol, ...certificate, DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain" } }],
  }), "Listeners", 0, "ListenerArn");
  const wanted = stack.backends.map((one) => ({ conditions: [`path-pattern:${one.path}`, ...(one.host === "" ? [] : [`host-header:${one.host}`])], target: targetOf(one) }));
  const rules = listAt(door.elb("DescribeRules", { ListenerArn: listener }), "Rules").filter((rule) => textAt(rule, "Priority") !== "default");
  const now = rules.map((rule) => ({ conditions: listAt(rule, "Conditions").map((one) => `${textAt(one, "Field")}:${textAt(one, "Values", 0)}`), target: textAt(rule, "Actions", 0, "TargetGroupArn") }));
  if (JSON.stringify(now) === JSON.stringify(wanted)) return;
  for (const rule of rules) door.elb("DeleteRule", { RuleArn: textAt(rule, "RuleArn") });
  wanted.forEach(({ conditions, target }, index) => door.elb("CreateRule", {
    ListenerArn: listener, Priority: String(index + 1), Actions: [{ Type: "forward", TargetGroupArn: target }],
    Conditions: conditions.map((condition) => ({ Field: condition.slice(0, condition.indexOf(":")), Values: [condition.slice(condition.indexOf(":") + 1)] })),
  }));
}

/** The group of the load balancer is held by its interfaces for a while: what is refused is tried again by the caller. */
export function takeDown(door: Door, group: string, last: boolean): void {
  const { cluster } = door;
  const balancers = listAt(door.elb("DescribeLoadBalancers", {}), "LoadBalancers").filter((one) => textAt(one, "LoadBalancerName") === stackName(cluster, group));
  for (const one of balancers) door.elb("DeleteLoadBalancer", { LoadBalancerArn: textAt(one, "LoadBalancerArn") });
  for (const one of listAt(door.elb("DescribeTargetGroups", {}), "TargetGroups")) {
    const arn = textAt(one, "TargetGroupArn");
    const tags = listAt(door.elb("DescribeTags", { ResourceArns: [arn] }), "TagDescriptions", 0, "Tags");
    const has = (key: string, value: string): boolean => tags.some((tag) => textAt(tag, "Key") === key && textAt(tag, "Value") === value);
    if (has("elbv2.k8s.aws/cluster", cluster) && has("ingress.k8s.aws/stack", group)) door.elb("DeleteTargetGroup", { TargetGroupArn: arn });
  }
  const front = groupNamed(door, stackName(cluster, group));
  if (front !== null) door.ec2("DeleteSecurityGroup", { GroupId: front });
  const back = last ? groupNamed(door, sharedName(cluster)) : null;
  if (back === null) return;
  for (const group of listAt(door.ec2("DescribeSecurityGroups", {}), "securityGroupInfo")) {
    const about = listAt(group, "ipPermissions").filter((one) => listAt(one, "groups").some((peer) => textAt(peer, "groupId") === back));
    for (const one of about) door.ec2("RevokeSecurityGroupIngress", { GroupId: textAt(group, "groupId"), IpPermissions: [{ IpProtocol: textAt(one, "ipProtocol"), FromPort: String(numberAt(one, "fromPort")), ToPort: String(numberAt(one, "toPort")), Groups: [{ GroupId: back }] }] });
  }
  door.ec2("DeleteSecurityGroup", { GroupId: back });
}
