// Network, groups, machines and addresses of the AWS imitation, by the official SDK: what is made, found, refused and taken down.
import {
  AllocateAddressCommand, AssociateAddressCommand, AssociateRouteTableCommand, AttachInternetGatewayCommand, AuthorizeSecurityGroupIngressCommand, CreateInternetGatewayCommand, CreateRouteCommand, CreateRouteTableCommand,
  CreateSecurityGroupCommand, CreateSubnetCommand, CreateTagsCommand, CreateVpcCommand, DeleteInternetGatewayCommand, DeleteRouteTableCommand, DeleteSecurityGroupCommand, DeleteSubnetCommand, DeleteVpcCommand,
  DescribeImagesCommand, DescribeInstancesCommand, DescribeNetworkInterfacesCommand, DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVolumesCommand, DescribeVpcsCommand,
  DetachInternetGatewayCommand, DisassociateAddressCommand, DisassociateRouteTableCommand, ModifySubnetAttributeCommand, ReleaseAddressCommand, RevokeSecurityGroupIngressCommand, RunInstancesCommand, TerminateInstancesCommand,
  type RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusalOf, codeOf, region, testAccount, type TestAccount } from "./aws-clients";

let account: TestAccount;
beforeAll(async () => {
  account = await testAccount({ settings: { pendingMs: 10_000, shuttingDownMs: 20_000 } });
});
afterAll(() => account.aws.stop());

const tagged = (ResourceType: "vpc" | "subnet" | "instance" | "volume" | "network-interface", tags: Record<string, string>) => ({ ResourceType, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) });

async function makeNetwork() {
  const { ec2 } = account;
  const vpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16", TagSpecifications: [tagged("vpc", { Name: "net", "quarterdeck/cluster": "one" })] }))).Vpc?.VpcId ?? "";
  const subnetId = (await ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: "10.1.1.0/24", AvailabilityZone: `${region}a` }))).Subnet?.SubnetId ?? "";
  const gatewayId = (await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId ?? "";
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: gatewayId, VpcId: vpcId }));
  const tableId = (await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }))).RouteTable?.RouteTableId ?? "";
  await ec2.send(new CreateRouteCommand({ RouteTableId: tableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: gatewayId }));
  const associationId = (await ec2.send(new AssociateRouteTableCommand({ RouteTableId: tableId, SubnetId: subnetId }))).AssociationId ?? "";
  const groupId = (await ec2.send(new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: "nodes", Description: "nodes" }))).GroupId ?? "";
  return { vpcId, subnetId, gatewayId, tableId, associationId, groupId };
}

async function imageId(): Promise<string> {
  const { Images } = await account.ec2.send(new DescribeImagesCommand({ Owners: ["099720109477"], Filters: [{ Name: "name", Values: ["ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*"] }] }));
  return Images?.at(-1)?.ImageId ?? "";
}

async function launch(net: { subnetId: string; groupId: string }, more: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const { Instances } = await account.ec2.send(new RunInstancesCommand({ ImageId: await imageId(), InstanceType: "t3.large", MinCount: 1, MaxCount: 1, SubnetId: net.subnetId, SecurityGroupIds: [net.groupId], ...more }));
  return Instances?.[0]?.InstanceId ?? "";
}

describe("a network from nothing and back to nothing", () => {
  it("is made, carries a machine that becomes what AWS says, and comes down only in its order", async () => {
    const { ec2 } = account;
    const net = await makeNetwork();
    const worker = (await ec2.send(new CreateSecurityGroupCommand({ VpcId: net.vpcId, GroupName: "workers", Description: "workers" }))).GroupId ?? "";
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: net.groupId, IpPermissions: [{ IpProtocol: "tcp", FromPort: 6443, ToPort: 6443, UserIdGroupPairs: [{ GroupId: worker }], IpRanges: [{ CidrIp: "192.0.2.7/32", Description: "console" }] }] }));
    const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [net.groupId] }] }));
    expect(SecurityGroupRules.filter(({ IsEgress }) => !IsEgress)).toMatchObject([{ CidrIpv4: "192.0.2.7/32", Description: "console", FromPort: 6443 }, { ReferencedGroupInfo: { GroupId: worker } }]);
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId: net.subnetId, MapPublicIpOnLaunch: { Value: true } }));
    const id = await launch(net, {
      TagSpecifications: [tagged("instance", { Name: "node-1" }), tagged("volume", { owner: "one" }), tagged("network-interface", { owner: "one" })],
      BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { VolumeSize: 80, VolumeType: "gp3", DeleteOnTermination: true } }], MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
    });
    const one = async () => (await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations?.[0]?.Instances?.[0];
    expect(await one()).toMatchObject({ State: { Name: "pending" }, PrivateIpAddress: "10.1.1.4", MetadataOptions: { HttpTokens: "required" }, Tags: [{ Key: "Name", Value: "node-1" }] });
    account.pass(10_000);
    expect(await one()).toMatchObject({ State: { Name: "running" }, PublicIpAddress: expect.stringMatching(/^203\.0\.113\./) });
    expect((await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: "tag:owner", Values: ["one"] }] }))).Volumes).toMatchObject([{ Size: 80, State: "in-use" }]);
    expect((await ec2.send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: "group-id", Values: [net.groupId] }] }))).NetworkInterfaces).toMatchObject([{ Attachment: { InstanceId: id }, TagSet: [{ Key: "owner" }] }]);
    const address = await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
    const { AssociationId } = await ec2.send(new AssociateAddressCommand({ AllocationId: address.AllocationId, InstanceId: id }));
    expect(await one()).toMatchObject({ PublicIpAddress: address.PublicIp });

    expect(await refusalOf(ec2.send(new ReleaseAddressCommand({ AllocationId: address.AllocationId })))).toMatchObject({ code: "InvalidIPAddress.InUse" });
    expect(await refusalOf(ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: net.gatewayId, VpcId: net.vpcId })))).toEqual({ code: "DependencyViolation", status: 400, say: `Network ${net.vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.` });
    await ec2.send(new DisassociateAddressCommand({ AssociationId }));
    await ec2.send(new ReleaseAddressCommand({ AllocationId: address.AllocationId }));
    expect(await refusalOf(ec2.send(new DeleteSecurityGroupCommand({ GroupId: worker })))).toMatchObject({ code: "DependencyViolation", say: `resource ${worker} has a dependent object` });
    expect(await codeOf(ec2.send(new DeleteSubnetCommand({ SubnetId: net.subnetId })))).toBe("DependencyViolation");
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(await one()).toMatchObject({ State: { Name: "shutting-down" } });
    expect(await codeOf(ec2.send(new DeleteSecurityGroupCommand({ GroupId: net.groupId })))).toBe("DependencyViolation");
    account.pass(20_000);
    expect(await one()).toMatchObject({ State: { Name: "terminated" }, BlockDeviceMappings: [], NetworkInterfaces: [] });
    expect((await ec2.send(new DescribeVolumesCommand({}))).Volumes).toEqual([]);

    expect(await codeOf(ec2.send(new DeleteSubnetCommand({ SubnetId: net.subnetId })))).toBe("accepted");
    expect(await codeOf(ec2.send(new DeleteVpcCommand({ VpcId: net.vpcId })))).toBe("DependencyViolation");
    expect(await codeOf(ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: net.gatewayId })))).toBe("DependencyViolation");
    await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: net.gatewayId, VpcId: net.vpcId }));
    await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: net.gatewayId }));
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: net.groupId, IpPermissions: [{ IpProtocol: "tcp", FromPort: 6443, ToPort: 6443, UserIdGroupPairs: [{ GroupId: worker }] }] }));
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId: worker }));
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId: net.groupId }));
    expect(await codeOf(ec2.send(new DeleteVpcCommand({ VpcId: net.vpcId })))).toBe("DependencyViolation");
    await ec2.send(new DeleteRouteTableCommand({ RouteTableId: net.tableId }));
    await ec2.send(new DeleteVpcCommand({ VpcId: net.vpcId }));
    expect((await ec2.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
    expect((await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups).toEqual([]);
  });

  it("is found by its tags, given at birth or later", async () => {
    const { ec2 } = account;
    const net = await makeNetwork();
    await ec2.send(new CreateTagsCommand({ Resources: [net.subnetId], Tags: [{ Key: "quarterdeck/cluster", Value: "one" }] }));
    expect((await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: "tag:quarterdeck/cluster", Values: ["one"] }] }))).Vpcs).toMatchObject([{ VpcId: net.vpcId }]);
    expect((await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: "tag-key", Values: ["quarterdeck/cluster"] }, { Name: "vpc-id", Values: [net.vpcId] }] }))).Subnets).toMatchObject([{ SubnetId: net.subnetId, AvailableIpAddressCount: 251 }]);
    expect(await codeOf(ec2.send(new DeleteRouteTableCommand({ RouteTableId: net.tableId })))).toBe("DependencyViolation");
    await ec2.send(new DisassociateRouteTableCommand({ AssociationId: net.associationId }));
    expect(await codeOf(ec2.send(new DeleteRouteTableCommand({ RouteTableId: net.tableId })))).toBe("accepted");
  });
});
