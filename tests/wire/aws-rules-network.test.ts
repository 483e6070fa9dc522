// The rules of the AWS imitation for networks, one test per rule of infra/sandbox/aws/RULES.md, by the official SDK.
import * as ec2 from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, launch, makeNetwork, refusalOf, region, testAccount, type TestAccount, type TestNetwork } from "./aws-clients";

let account: TestAccount;
let net: TestNetwork;
beforeAll(async () => {
  account = await testAccount({ settings: { quotas: { "vpc/L-F678F1CE": 50, "vpc/L-A4707A72": 50, "ec2/L-0263D0A3": 50 } } });
  net = await makeNetwork(account);
});
afterAll(() => account.aws.stop());

const gone = "00000000000000000";
const createVpc = (CidrBlock: string) => account.ec2.send(new ec2.CreateVpcCommand({ CidrBlock }));
const createSubnet = (CidrBlock: string, AvailabilityZone = `${region}b`) => account.ec2.send(new ec2.CreateSubnetCommand({ VpcId: net.vpcId, CidrBlock, AvailabilityZone }));
const createGroup = (GroupName: string, VpcId = net.vpcId) => account.ec2.send(new ec2.CreateSecurityGroupCommand({ GroupName, Description: "d", VpcId }));
const open = (permission: ec2.IpPermission, GroupId = net.groupId) => account.ec2.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] }));
const close = (permission: ec2.IpPermission, GroupId = net.groupId) => account.ec2.send(new ec2.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] }));
const tcp = (FromPort: number, CidrIp = "0.0.0.0/0", ToPort = FromPort) => ({ IpProtocol: "tcp", FromPort, ToPort, IpRanges: [{ CidrIp }] });
const newTable = async () => (await account.ec2.send(new ec2.CreateRouteTableCommand({ VpcId: net.vpcId }))).RouteTable?.RouteTableId ?? "";

describe("what is there, and what is not", () => {
  it("[not-found] each kind says in its own code that it is not there", async () => {
    const { ec2: client } = account;
    const asked: [string, Promise<unknown>][] = [
      ["InvalidVpcID.NotFound", client.send(new ec2.DescribeVpcsCommand({ VpcIds: [`vpc-${gone}`] }))],
      ["InvalidSubnetID.NotFound", client.send(new ec2.DeleteSubnetCommand({ SubnetId: `subnet-${gone}` }))],
      ["InvalidInternetGatewayID.NotFound", client.send(new ec2.DeleteInternetGatewayCommand({ InternetGatewayId: `igw-${gone}` }))],
      ["InvalidRouteTableID.NotFound", client.send(new ec2.DescribeRouteTablesCommand({ RouteTableIds: [`rtb-${gone}`] }))],
      ["InvalidGroup.NotFound", client.send(new ec2.DeleteSecurityGroupCommand({ GroupId: `sg-${gone}` }))],
      ["InvalidGroupId.Malformed", client.send(new ec2.DescribeSecurityGroupsCommand({ GroupIds: ["nodes"] }))],
      ["InvalidSecurityGroupRuleId.NotFound", client.send(new ec2.RevokeSecurityGroupIngressCommand({ GroupId: net.groupId, SecurityGroupRuleIds: [`sgr-${gone}`] }))],
      ["InvalidNetworkInterfaceID.NotFound", client.send(new ec2.DeleteNetworkInterfaceCommand({ NetworkInterfaceId: `eni-${gone}` }))],
      ["InvalidAllocationID.NotFound", client.send(new ec2.ReleaseAddressCommand({ AllocationId: `eipalloc-${gone}` }))],
      ["InvalidVolume.NotFound", client.send(new ec2.DeleteVolumeCommand({ VolumeId: `vol-${gone}` }))],
      ["InvalidInstanceID.NotFound", client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [`i-${gone}`] }))],
      ["InvalidInstanceID.Malformed", client.send(new ec2.TerminateInstancesCommand({ InstanceIds: ["node-1"] }))],
      ["InvalidID", client.send(new ec2.CreateTagsCommand({ Resources: ["thing-1"], Tags: [{ Key: "a", Value: "b" }] }))],
    ];
    expect(await Promise.all(asked.map(([, call]) => codeOf(call)))).toEqual(asked.map(([code]) => code));
  });

  it("[missing] a parameter that must be there is named", async () => {
    expect(await refusalOf(account.ec2.send(new ec2.CreateVpcCommand({})))).toEqual({ code: "MissingParameter", status: 400, say: "The request must contain the parameter CidrBlock" });
  });

  it("[tags] are at most fifty, none of aws:, none twice, and of what the call makes", async () => {
    const make = (ResourceType: ec2.ResourceType, Tags: ec2.Tag[]) => codeOf(account.ec2.send(new ec2.CreateInternetGatewayCommand({ TagSpecifications: [{ ResourceType, Tags }] })));
    const many = Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: "" }));
    expect([await make("internet-gateway", many), await make("internet-gateway", [{ Key: "aws:x", Value: "" }]), await make("internet-gateway", [{ Key: "a", Value: "" }, { Key: "a", Value: "" }]), await make("vpc", [{ Key: "a", Value: "" }])])
      .toEqual(["TagLimitExceeded", "InvalidParameterValue", "InvalidParameterValue", "InvalidParameterValue"]);
  });

  it("[key-pair] a key's name is its own, and a missing one is deleted without a word", async () => {
    const key = (KeyName: string, text = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBLH0000000000000000000000000000000000000000 k") => account.ec2.send(new ec2.ImportKeyPairCommand({ KeyName, PublicKeyMaterial: Buffer.from(text) }));
    expect([await codeOf(key("one")), await codeOf(key("one")), await codeOf(key("two", "nonsense"))]).toEqual(["accepted", "InvalidKeyPair.Duplicate", "InvalidKey.Format"]);
    expect(await codeOf(account.ec2.send(new ec2.DescribeKeyPairsCommand({ KeyNames: ["two"] })))).toBe("InvalidKeyPair.NotFound");
    expect((await account.ec2.send(new ec2.DescribeKeyPairsCommand({ KeyNames: ["one"], IncludePublicKey: true }))).KeyPairs).toMatchObject([{ KeyType: "ed25519", PublicKey: expect.stringContaining("ssh-ed25519") }]);
    expect(await codeOf(account.ec2.send(new ec2.DeleteKeyPairCommand({ KeyName: "two" })))).toBe("accepted");
  });
});

describe("VPCs and subnets", () => {
  it("[vpc-range] a VPC is of /16 to /28", async () => {
    expect([await codeOf(createVpc("10.0.0.0/8")), await codeOf(createVpc("10.0.0.0/29")), await codeOf(createVpc("10.0.0/16"))]).toEqual(["InvalidVpc.Range", "InvalidVpc.Range", "InvalidParameterValue"]);
  });

  it("[vpc-born] with a main route table and a default group, that go with it", async () => {
    const { Vpc } = await createVpc("10.200.0.5/16");
    const of = [{ Name: "vpc-id", Values: [Vpc?.VpcId ?? ""] }];
    expect(Vpc?.CidrBlock).toBe("10.200.0.0/16");
    expect((await account.ec2.send(new ec2.DescribeRouteTablesCommand({ Filters: of }))).RouteTables).toMatchObject([{ Associations: [{ Main: true }], Routes: [{ GatewayId: "local" }] }]);
    expect((await account.ec2.send(new ec2.DescribeSecurityGroupsCommand({ Filters: of }))).SecurityGroups).toMatchObject([{ GroupName: "default" }]);
    await account.ec2.send(new ec2.DeleteVpcCommand({ VpcId: Vpc?.VpcId }));
    expect((await account.ec2.send(new ec2.DescribeSecurityGroupsCommand({ Filters: of }))).SecurityGroups).toEqual([]);
  });

  it("[vpc-attribute] one is changed at a time, and shown", async () => {
    const change = (more: Partial<ec2.ModifyVpcAttributeCommandInput>) => codeOf(account.ec2.send(new ec2.ModifyVpcAttributeCommand({ VpcId: net.vpcId, ...more })));
    expect(await change({ EnableDnsHostnames: { Value: true }, EnableDnsSupport: { Value: true } })).toBe("InvalidParameterCombination");
    expect(await change({ EnableDnsHostnames: { Value: true } })).toBe("accepted");
    expect(await account.ec2.send(new ec2.DescribeVpcAttributeCommand({ VpcId: net.vpcId, Attribute: "enableDnsHostnames" }))).toMatchObject({ EnableDnsHostnames: { Value: true } });
  });

  it("[vpc-holders] a VPC with anything of the user's in it stays", async () => {
    expect(await refusalOf(account.ec2.send(new ec2.DeleteVpcCommand({ VpcId: net.vpcId })))).toEqual({ code: "DependencyViolation", status: 400, say: `The vpc '${net.vpcId}' has dependencies and cannot be deleted.` });
  });

  it("[quota-vpc] the sixth is one too many", async () => {
    account.aws.set({ quotas: {} });
    const codes: string[] = [];
    for (let n = 0; n < 5; n += 1) codes.push(await codeOf(createVpc(`10.${100 + n}.0.0/16`)));
    account.aws.set({ quotas: { "vpc/L-F678F1CE": 50, "vpc/L-A4707A72": 50, "ec2/L-0263D0A3": 50 } });
    expect(codes).toEqual(["accepted", "accepted", "accepted", "accepted", "VpcLimitExceeded"]);
  });

  it("[quota-network] the other limits each have their own code", async () => {
    const { quotas } = account.aws.cloud.settings;
    account.aws.set({ quotas: { "vpc/L-407747CB": 1, "vpc/L-A4707A72": 1, "vpc/L-589F43AA": 1, "vpc/L-E79EC296": 1 } });
    expect(await Promise.all([codeOf(createSubnet("10.0.90.0/24")), codeOf(account.ec2.send(new ec2.CreateInternetGatewayCommand({}))), codeOf(newTable()), codeOf(createGroup("many"))]))
      .toEqual(["SubnetLimitExceeded", "InternetGatewayLimitExceeded", "RouteTableLimitExceeded", "SecurityGroupLimitExceeded"]);
    account.aws.set({ quotas });
  });

  it("[subnet-range] a subnet is within its VPC, beside the others, in a zone that there is", async () => {
    expect([await codeOf(createSubnet("10.1.1.0/24")), await codeOf(createSubnet("10.0.1.128/25")), await codeOf(createSubnet("10.0.2.0/24", "us-east-1a")), await codeOf(createSubnet("10.0.2.0/24"))])
      .toEqual(["InvalidSubnet.Range", "InvalidSubnet.Conflict", "InvalidParameterValue", "accepted"]);
  });

  it("[subnet-holders] a subnet with an interface stays", async () => {
    const id = await launch(account, net);
    expect(await refusalOf(account.ec2.send(new ec2.DeleteSubnetCommand({ SubnetId: net.subnetId })))).toMatchObject({ code: "DependencyViolation", say: `The subnet '${net.subnetId}' has dependencies and cannot be deleted.` });
    await account.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
  });
});

describe("gateways and routes", () => {
  const attach = (InternetGatewayId: string, VpcId = net.vpcId) => codeOf(account.ec2.send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId, VpcId })));
  const newGateway = async () => (await account.ec2.send(new ec2.CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId ?? "";

  it("[gateway-one] a gateway is of one VPC, and a VPC has one", async () => {
    const other = await newGateway();
    expect([await attach(net.gatewayId), await attach(other), await codeOf(account.ec2.send(new ec2.DetachInternetGatewayCommand({ InternetGatewayId: other, VpcId: net.vpcId })))]).toEqual(["Resource.AlreadyAssociated", "InvalidParameterValue", "Gateway.NotAttached"]);
  });

  it("[gateway-attached] an attached one is not deleted", async () => {
    expect(await refusalOf(account.ec2.send(new ec2.DeleteInternetGatewayCommand({ InternetGatewayId: net.gatewayId })))).toMatchObject({ code: "DependencyViolation", say: `The internetGateway '${net.gatewayId}' has dependencies and cannot be deleted.` });
  });

  it("[gateway-mapped] public addresses keep it attached", async () => {
    const id = await launch(account, net, { NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: net.subnetId, Groups: [net.groupId], AssociatePublicIpAddress: true }] });
    const detach = () => refusalOf(account.ec2.send(new ec2.DetachInternetGatewayCommand({ InternetGatewayId: net.gatewayId, VpcId: net.vpcId })));
    expect(await detach()).toMatchObject({ code: "DependencyViolation", say: expect.stringContaining("has some mapped public address(es)") });
    await account.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
    expect((await detach()).code).toBe("accepted");
    expect(await attach(net.gatewayId)).toBe("accepted");
  });

  it("[route] is of one destination and one target of the same VPC", async () => {
    const table = await newTable();
    const route = (GatewayId: string | undefined, DestinationCidrBlock = "0.0.0.0/0") => codeOf(account.ec2.send(new ec2.CreateRouteCommand({ RouteTableId: table, DestinationCidrBlock, ...(GatewayId ? { GatewayId } : {}) })));
    const foreign = await newGateway();
    expect([await route(`igw-${gone}`), await route(foreign), await route(undefined), await route(net.gatewayId), await route(net.gatewayId)]).toEqual(["InvalidGatewayID.NotFound", "InvalidParameterValue", "InvalidParameterCombination", "accepted", "accepted"]);
    expect(await codeOf(account.ec2.send(new ec2.DeleteRouteCommand({ RouteTableId: table, DestinationCidrBlock: "10.9.0.0/16" })))).toBe("InvalidRoute.NotFound");
    expect(await codeOf(account.ec2.send(new ec2.ReplaceRouteCommand({ RouteTableId: table, DestinationCidrBlock: "10.9.0.0/16", GatewayId: net.gatewayId })))).toBe("InvalidParameterValue");
    account.aws.set({ quotas: { ...account.aws.cloud.settings.quotas, "vpc/L-93826ACB": 1 } });
    expect(await route(net.gatewayId, "192.0.2.0/24")).toBe("RouteLimitExceeded");
    const other = await makeNetwork(account, "10.77");
    await account.ec2.send(new ec2.DetachInternetGatewayCommand({ InternetGatewayId: net.gatewayId, VpcId: net.vpcId }));
    await attach(foreign);
    expect(await route(foreign)).toBe("RouteAlreadyExists");
    await account.ec2.send(new ec2.DetachInternetGatewayCommand({ InternetGatewayId: foreign, VpcId: net.vpcId }));
    await attach(net.gatewayId);
    expect(other.vpcId).not.toBe(net.vpcId);
    await account.ec2.send(new ec2.DeleteRouteTableCommand({ RouteTableId: table }));
  });

  it("[route-blackhole] a route whose gateway is gone stays, as a blackhole", async () => {
    const lone = await makeNetwork(account, "10.78");
    const table = (await account.ec2.send(new ec2.CreateRouteTableCommand({ VpcId: lone.vpcId }))).RouteTable?.RouteTableId;
    await account.ec2.send(new ec2.CreateRouteCommand({ RouteTableId: table, DestinationCidrBlock: "0.0.0.0/0", GatewayId: lone.gatewayId }));
    await account.ec2.send(new ec2.DetachInternetGatewayCommand({ InternetGatewayId: lone.gatewayId, VpcId: lone.vpcId }));
    const shown = await account.ec2.send(new ec2.DescribeRouteTablesCommand({ RouteTableIds: [table ?? ""] }));
    expect(shown.RouteTables?.[0]?.Routes).toMatchObject([{ State: "active" }, { State: "blackhole" }]);
  });

  it("[table-association] a subnet has one table; a table with subnets, and the main one, stay", async () => {
    const [one, two] = [await newTable(), await newTable()];
    const join = (RouteTableId: string) => account.ec2.send(new ec2.AssociateRouteTableCommand({ RouteTableId, SubnetId: net.subnetId }));
    const { AssociationId } = await join(one);
    expect((await join(one)).AssociationId).toBe(AssociationId);
    expect(await codeOf(join(two))).toBe("Resource.AlreadyAssociated");
    const drop = (RouteTableId: string) => codeOf(account.ec2.send(new ec2.DeleteRouteTableCommand({ RouteTableId })));
    expect(await drop(one)).toBe("DependencyViolation");
    const main = await account.ec2.send(new ec2.DescribeRouteTablesCommand({ Filters: [{ Name: "association.main", Values: ["true"] }, { Name: "vpc-id", Values: [net.vpcId] }] }));
    expect(await drop(main.RouteTables?.[0]?.RouteTableId ?? "")).toBe("DependencyViolation");
    await account.ec2.send(new ec2.DisassociateRouteTableCommand({ AssociationId }));
    expect(await codeOf(account.ec2.send(new ec2.DisassociateRouteTableCommand({ AssociationId })))).toBe("InvalidAssociationID.NotFound");
    expect([await drop(one), await drop(two)]).toEqual(["accepted", "accepted"]);
  });
});

describe("security groups", () => {
  it("[group-name] a name is its own in its VPC", async () => {
    expect([await codeOf(createGroup("nodes")), await codeOf(createGroup("default")), await codeOf(createGroup("sg-x")), await codeOf(createGroup("naïve"))]).toEqual(["InvalidGroup.Duplicate", "InvalidGroup.Reserved", "InvalidParameterValue", "InvalidParameterValue"]);
  });

  it("[group-default] the default one is not deleted by a user", async () => {
    const found = await account.ec2.send(new ec2.DescribeSecurityGroupsCommand({ Filters: [{ Name: "vpc-id", Values: [net.vpcId] }, { Name: "group-name", Values: ["default"] }] }));
    expect(await codeOf(account.ec2.send(new ec2.DeleteSecurityGroupCommand({ GroupId: found.SecurityGroups?.[0]?.GroupId })))).toBe("CannotDelete");
  });

  it("[group-holders] one that another's rule names, or an interface has, stays", async () => {
    const { GroupId = "" } = await createGroup("named");
    await open({ IpProtocol: "-1", UserIdGroupPairs: [{ GroupId }] });
    const drop = () => refusalOf(account.ec2.send(new ec2.DeleteSecurityGroupCommand({ GroupId })));
    expect(await drop()).toMatchObject({ code: "DependencyViolation", say: `resource ${GroupId} has a dependent object` });
    await close({ IpProtocol: "-1", UserIdGroupPairs: [{ GroupId }] });
    const id = await launch(account, { ...net, groupId: GroupId });
    expect((await drop()).code).toBe("DependencyViolation");
    await account.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
    expect((await drop()).code).toBe("accepted");
  });

  it("[rule-twice] a rule is there once", async () => {
    await open(tcp(22));
    expect(await refusalOf(open(tcp(22)))).toMatchObject({ code: "InvalidPermission.Duplicate", say: 'the specified rule "peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW" already exists' });
    expect(await codeOf(account.ec2.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId: net.groupId, IpPermissions: [tcp(23), tcp(23)] })))).toBe("InvalidParameterValue");
  });

  it("[rule-gone] one that is not there cannot be taken away", async () => {
    expect([await codeOf(close(tcp(22))), await codeOf(close(tcp(22)))]).toEqual(["accepted", "InvalidPermission.NotFound"]);
  });

  it("[rule-words] ports, protocols, blocks and named groups are checked", async () => {
    const elsewhere = await makeNetwork(account, "10.79");
    expect([await codeOf(open(tcp(70_000))), await codeOf(open(tcp(22, "10.0.0.1/24"))), await codeOf(open(tcp(22, "anywhere"))), await codeOf(open({ IpProtocol: "quic" })), await codeOf(open({ IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: elsewhere.groupId }] }))])
      .toEqual(["InvalidParameterValue", "InvalidParameterValue", "InvalidParameterValue", "InvalidParameterValue", "InvalidGroup.NotFound"]);
  });

  it("[quota-rules] sixty, each way", async () => {
    const { GroupId = "" } = await createGroup("full");
    const ranges = Array.from({ length: 60 }, (_, n) => ({ CidrIp: `192.0.2.${n}/32` }));
    expect(await codeOf(open({ ...tcp(80), IpRanges: ranges }, GroupId))).toBe("accepted");
    expect(await codeOf(open(tcp(81), GroupId))).toBe("RulesPerSecurityGroupLimitExceeded");
  });
});
