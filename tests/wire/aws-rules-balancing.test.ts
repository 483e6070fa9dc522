// The rules of the AWS imitation for load balancing, one test per rule of infra/sandbox/aws/RULES.md, by the official SDK.
import * as ec2 from "@aws-sdk/client-ec2";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, launch, makeNetwork, refusalOf, region, testAccount, type TestAccount, type TestNetwork } from "./aws-clients";

let account: TestAccount;
let net: TestNetwork;
let second: string;
beforeAll(async () => {
  account = await testAccount({ settings: { loadBalancerMs: 10_000, interfaceLingerMs: 60_000, targetHealthMs: 5_000 } });
  net = await makeNetwork(account);
  second = (await account.ec2.send(new ec2.CreateSubnetCommand({ VpcId: net.vpcId, CidrBlock: "10.0.2.0/24", AvailabilityZone: `${region}b` }))).Subnet?.SubnetId ?? "";
});
afterAll(() => account.aws.stop());

const balancer = async (Name: string, more: Partial<elb.CreateLoadBalancerCommandInput> = {}) =>
  (await account.elb.send(new elb.CreateLoadBalancerCommand({ Name, Subnets: [net.subnetId, second], SecurityGroups: [net.groupId], Tags: [{ Key: "elbv2.k8s.aws/cluster", Value: "one" }], ...more }))).LoadBalancers?.[0]?.LoadBalancerArn ?? "";
const targets = async (Name: string) => (await account.elb.send(new elb.CreateTargetGroupCommand({ Name, Protocol: "HTTP", Port: 30_080, VpcId: net.vpcId, TargetType: "instance", HealthCheckPath: "/healthz" }))).TargetGroups?.[0]?.TargetGroupArn ?? "";
const listen = async (LoadBalancerArn: string, TargetGroupArn: string, Port = 80) => (await account.elb.send(new elb.CreateListenerCommand({ LoadBalancerArn, Port, Protocol: "HTTP", DefaultActions: [{ Type: "forward", TargetGroupArn }] }))).Listeners?.[0]?.ListenerArn ?? "";
const drop = (LoadBalancerArn: string) => codeOf(account.elb.send(new elb.DeleteLoadBalancerCommand({ LoadBalancerArn })));
const cards = async () => (await account.ec2.send(new ec2.DescribeNetworkInterfacesCommand({ Filters: [{ Name: "requester-managed", Values: ["true"] }] }))).NetworkInterfaces ?? [];

describe("load balancers", () => {
  it("[elb-subnets] stand in two zones, with a gateway when they face the internet", async () => {
    expect([await codeOf(balancer("x", { Subnets: [net.subnetId] })), await codeOf(balancer("x", { Subnets: ["subnet-0", second] })), await codeOf(balancer("x", { SecurityGroups: ["sg-0"] })), await codeOf(balancer("x".repeat(33)))])
      .toEqual(["ValidationError", "SubnetNotFoundException", "InvalidSecurityGroupException", "ValidationError"]);
    const third = (await account.ec2.send(new ec2.CreateSubnetCommand({ VpcId: net.vpcId, CidrBlock: "10.0.3.0/24", AvailabilityZone: `${region}b` }))).Subnet?.SubnetId ?? "";
    expect(await codeOf(balancer("x", { Subnets: [net.subnetId, second, third] }))).toBe("InvalidConfigurationRequestException");
  });

  it("[elb-names] are unique; asked for the same again they answer the same", async () => {
    const arn = await balancer("web");
    expect(await balancer("web")).toBe(arn);
    expect(await codeOf(balancer("web", { Scheme: "internal" }))).toBe("DuplicateLoadBalancerNameException");
    await targets("web");
    expect(await codeOf(targets("web"))).toBe("DuplicateTargetGroupNameException");
    account.aws.set({ quotas: { "elasticloadbalancing/L-53DA6B97": 1, "elasticloadbalancing/L-B22855CB": 1 } });
    expect([await codeOf(balancer("more")), await codeOf(targets("more"))]).toEqual(["TooManyLoadBalancersException", "TooManyTargetGroupsException"]);
    account.aws.set({ quotas: {} });
    const shown = async () => (await account.elb.send(new elb.DescribeLoadBalancersCommand({ Names: ["web"] }))).LoadBalancers?.[0];
    expect(await shown()).toMatchObject({ State: { Code: "provisioning" }, DNSName: expect.stringMatching(/^web-\d+\.ap-northeast-2\.elb\.amazonaws\.com$/) });
    account.pass(10_000);
    expect(await shown()).toMatchObject({ State: { Code: "active" } });
    expect((await account.elb.send(new elb.DescribeTagsCommand({ ResourceArns: [arn] }))).TagDescriptions).toMatchObject([{ Tags: [{ Key: "elbv2.k8s.aws/cluster", Value: "one" }] }]);
    await drop(arn);
    account.pass(60_000);
  });

  it("[elb-interfaces] have an interface of the service in each subnet, which holds groups and subnets a while after their end", async () => {
    const { GroupId = "" } = await account.ec2.send(new ec2.CreateSecurityGroupCommand({ GroupName: "lb", Description: "lb", VpcId: net.vpcId }));
    const arn = await balancer("held", { SecurityGroups: [GroupId] });
    expect((await cards()).map(({ Description, RequesterId, Status }) => ({ Description: Description?.split("/").slice(0, 2).join("/"), RequesterId, Status }))).toEqual([1, 2].map(() => ({ Description: "ELB app/held", RequesterId: "amazon-elb", Status: "in-use" })));
    expect(await codeOf(account.ec2.send(new ec2.DetachInternetGatewayCommand({ InternetGatewayId: net.gatewayId, VpcId: net.vpcId })))).toBe("DependencyViolation");
    expect(await drop(arn)).toBe("accepted");
    const group = () => codeOf(account.ec2.send(new ec2.DeleteSecurityGroupCommand({ GroupId })));
    expect([await group(), await codeOf(account.ec2.send(new ec2.DeleteSubnetCommand({ SubnetId: second })))]).toEqual(["DependencyViolation", "DependencyViolation"]);
    account.pass(60_000);
    expect([await group(), (await cards()).length]).toEqual(["accepted", 0]);
  });

  it("[interface-service] its interface is the service's to take away, not the account's", async () => {
    const arn = await balancer("kept");
    const [card] = await cards();
    expect(await codeOf(account.ec2.send(new ec2.DeleteNetworkInterfaceCommand({ NetworkInterfaceId: card?.NetworkInterfaceId })))).toBe("InvalidParameterValue");
    expect(await refusalOf(account.ec2.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId: card?.Attachment?.AttachmentId })))).toMatchObject({ code: "OperationNotPermitted", say: "You are not allowed to manage 'ela-attach' attachments." });
    await drop(arn);
    account.pass(60_000);
  });
});

describe("listeners and targets", () => {
  it("[elb-listeners] are one on a port, with one rule of a priority, to what there is", async () => {
    const [arn, group] = [await balancer("ears"), await targets("ears")];
    const listener = await listen(arn, group);
    expect([await codeOf(listen(arn, group)), await codeOf(listen(arn, `${group}x`, 81)), await codeOf(listen(`${arn}x`, group))]).toEqual(["DuplicateListenerException", "TargetGroupNotFoundException", "LoadBalancerNotFoundException"]);
    const rule = () => account.elb.send(new elb.CreateRuleCommand({ ListenerArn: listener, Priority: 10, Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } }], Actions: [{ Type: "forward", TargetGroupArn: group }] }));
    await rule();
    expect(await codeOf(rule())).toBe("PriorityInUseException");
    expect((await account.elb.send(new elb.DescribeRulesCommand({ ListenerArn: listener }))).Rules).toMatchObject([{ Priority: "10", Conditions: [{ Values: ["/api/*"] }] }, { Priority: "default", IsDefault: true }]);
    expect([await codeOf(account.elb.send(new elb.DeleteListenerCommand({ ListenerArn: `${listener}x` }))), await codeOf(account.elb.send(new elb.DeleteRuleCommand({ RuleArn: "arn:x" })))]).toEqual(["ListenerNotFoundException", "RuleNotFoundException"]);
    await drop(arn);
  });

  it("[elb-used] what is in use or protected stays", async () => {
    const [arn, group] = [await balancer("used"), await targets("used")];
    await listen(arn, group);
    const dropGroup = () => codeOf(account.elb.send(new elb.DeleteTargetGroupCommand({ TargetGroupArn: group })));
    expect(await dropGroup()).toBe("ResourceInUseException");
    const protect = (Value: string) => account.elb.send(new elb.ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: arn, Attributes: [{ Key: "deletion_protection.enabled", Value }] }));
    await protect("true");
    expect(await drop(arn)).toBe("OperationNotPermittedException");
    await protect("false");
    expect([await drop(arn), await drop(arn), await dropGroup()]).toEqual(["accepted", "accepted", "accepted"]);
  });

  it("[elb-targets] run in the group's VPC; unused without a listener, then initial, then healthy", async () => {
    const [arn, group, id] = [await balancer("aim"), await targets("aim"), await launch(account, net)];
    await account.ec2.send(new ec2.DescribeInstancesCommand({}));
    const register = (Id: string) => codeOf(account.elb.send(new elb.RegisterTargetsCommand({ TargetGroupArn: group, Targets: [{ Id }] })));
    const health = async () => (await account.elb.send(new elb.DescribeTargetHealthCommand({ TargetGroupArn: group }))).TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State);
    expect([await register("i-00000000000000000"), await register(id), await health()]).toEqual(["InvalidTargetException", "accepted", ["unused"]]);
    await listen(arn, group);
    expect(await health()).toEqual(["initial"]);
    account.pass(5_000);
    expect(await health()).toEqual(["healthy"]);
    expect((await account.elb.send(new elb.DescribeTargetGroupsCommand({ LoadBalancerArn: arn }))).TargetGroups).toMatchObject([{ TargetGroupArn: group, HealthCheckPath: "/healthz" }]);
  });
});
