// The rules of the AWS imitation for addresses, interfaces, volumes, and who may reach whom, one test per rule of infra/sandbox/aws/RULES.md.
import * as ec2 from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, launch, makeNetwork, refusalOf, region, testAccount, type TestAccount, type TestNetwork } from "./aws-clients";

let account: TestAccount;
let net: TestNetwork;
beforeAll(async () => {
  account = await testAccount();
  net = await makeNetwork(account);
});
afterAll(() => account.aws.stop());

const allocate = async () => (await account.ec2.send(new ec2.AllocateAddressCommand({}))).AllocationId ?? "";
const release = (AllocationId: string) => codeOf(account.ec2.send(new ec2.ReleaseAddressCommand({ AllocationId })));
const associate = (AllocationId: string, InstanceId: string, AllowReassociation = true) => account.ec2.send(new ec2.AssociateAddressCommand({ AllocationId, InstanceId, AllowReassociation }));
const end = (id: string) => account.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));

describe("elastic addresses", () => {
  it("[address] are five", async () => {
    const five = await Promise.all(Array.from({ length: 5 }, allocate));
    expect(await codeOf(allocate())).toBe("AddressLimitExceeded");
    expect(new Set((await account.ec2.send(new ec2.DescribeAddressesCommand({}))).Addresses?.map(({ PublicIp }) => PublicIp)).size).toBe(5);
    expect(await Promise.all(five.map(release))).toEqual(five.map(() => "accepted"));
  });

  it("[address-used] one in use is not released", async () => {
    const [id, address] = [await launch(account, net), await allocate()];
    await account.ec2.send(new ec2.DescribeInstancesCommand({}));
    const { AssociationId } = await associate(address, id);
    expect(await release(address)).toBe("InvalidIPAddress.InUse");
    const part = () => codeOf(account.ec2.send(new ec2.DisassociateAddressCommand({ AssociationId })));
    expect([await part(), await part(), await release(address)]).toEqual(["accepted", "InvalidAssociationID.NotFound", "accepted"]);
    expect(await codeOf(account.ec2.send(new ec2.DescribeAddressesCommand({ PublicIps: ["192.0.2.9"] })))).toBe("InvalidAddress.NotFound");
    await end(id);
  });

  it("[address-again] asked again it answers the same; another's moves unless that is forbidden", async () => {
    const [one, two, address] = [await launch(account, net), await launch(account, net), await allocate()];
    const first = await associate(address, one);
    expect((await associate(address, one)).AssociationId).toBe(first.AssociationId);
    expect(await codeOf(associate(address, two, false))).toBe("Resource.AlreadyAssociated");
    await associate(address, two);
    expect((await account.ec2.send(new ec2.DescribeAddressesCommand({ AllocationIds: [address] }))).Addresses).toMatchObject([{ InstanceId: two }]);
    await Promise.all([end(one), end(two)]);
    await account.ec2.send(new ec2.DescribeVpcsCommand({}));
    await release(address);
  });

  it("[address-pending] waits for a running instance and a gateway", async () => {
    const bare = (await account.ec2.send(new ec2.CreateVpcCommand({ CidrBlock: "10.60.0.0/16" }))).Vpc?.VpcId ?? "";
    const subnetId = (await account.ec2.send(new ec2.CreateSubnetCommand({ VpcId: bare, CidrBlock: "10.60.1.0/24" }))).Subnet?.SubnetId ?? "";
    account.aws.set({ pendingMs: 1_000 });
    const { GroupId = "" } = await account.ec2.send(new ec2.CreateSecurityGroupCommand({ GroupName: "g", Description: "g", VpcId: bare }));
    const [id, address] = [await launch(account, { subnetId, groupId: GroupId }), await allocate()];
    expect(await refusalOf(associate(address, id))).toMatchObject({ code: "InvalidInstanceID", say: `The pending instance '${id}' is not in a valid state for this operation.` });
    account.pass(1_000);
    account.aws.set({ pendingMs: 0 });
    expect(await codeOf(associate(address, id))).toBe("Gateway.NotAttached");
    await end(id);
    await release(address);
  });
});

describe("interfaces and volumes", () => {
  it("[interface-used] one in use stays, and an instance's first is not detached", async () => {
    const id = await launch(account, net);
    const { NetworkInterfaces = [] } = await account.ec2.send(new ec2.DescribeNetworkInterfacesCommand({ Filters: [{ Name: "attachment.instance-id", Values: [id] }] }));
    const [card] = NetworkInterfaces;
    expect(await refusalOf(account.ec2.send(new ec2.DeleteNetworkInterfaceCommand({ NetworkInterfaceId: card?.NetworkInterfaceId })))).toMatchObject({ code: "InvalidParameterValue", say: `Network interface '${card?.NetworkInterfaceId}' is currently in use.` });
    expect(await codeOf(account.ec2.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId: card?.Attachment?.AttachmentId })))).toBe("OperationNotPermitted");
    expect(await codeOf(account.ec2.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId: "eni-attach-00000000000000000" })))).toBe("InvalidAttachmentID.NotFound");
    await end(id);
  });

  it("[volume-used] an attached one is not deleted nor attached again", async () => {
    const [id, other] = [await launch(account, net), await launch(account, net)];
    const made = await account.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 10, ClientToken: "v" }));
    expect((await account.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 10, ClientToken: "v" }))).VolumeId).toBe(made.VolumeId);
    const attach = (InstanceId: string) => codeOf(account.ec2.send(new ec2.AttachVolumeCommand({ VolumeId: made.VolumeId, InstanceId, Device: "/dev/sdf" })));
    const drop = () => codeOf(account.ec2.send(new ec2.DeleteVolumeCommand({ VolumeId: made.VolumeId })));
    const detach = (VolumeId = made.VolumeId) => codeOf(account.ec2.send(new ec2.DetachVolumeCommand({ VolumeId })));
    await account.ec2.send(new ec2.DescribeVpcsCommand({}));
    expect([await attach(id), await attach(other), await drop(), await detach(), await detach(), await drop()]).toEqual(["accepted", "VolumeInUse", "VolumeInUse", "accepted", "IncorrectState", "accepted"]);
    const root = await account.ec2.send(new ec2.DescribeVolumesCommand({ Filters: [{ Name: "attachment.instance-id", Values: [id] }] }));
    expect(await detach(root.Volumes?.[0]?.VolumeId)).toBe("OperationNotPermitted");
    await Promise.all([end(id), end(other)]);
  });

  it("[volume-zone] is of its instance's zone", async () => {
    const id = await launch(account, net);
    const { VolumeId } = await account.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: `${region}b`, Size: 1 }));
    await account.ec2.send(new ec2.DescribeVpcsCommand({}));
    expect(await codeOf(account.ec2.send(new ec2.AttachVolumeCommand({ VolumeId, InstanceId: id, Device: "/dev/sdf" })))).toBe("InvalidVolume.ZoneMismatch");
    expect(await codeOf(account.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: "us-east-1a", Size: 1 })))).toBe("InvalidZone.NotFound");
    await end(id);
  });
});

describe("who may reach whom", () => {
  const group = async (GroupName: string, vpcId: string) => (await account.ec2.send(new ec2.CreateSecurityGroupCommand({ GroupName, Description: "d", VpcId: vpcId }))).GroupId ?? "";
  const open = (GroupId: string, permission: ec2.IpPermission) => account.ec2.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] }));
  const privateIp = (id: string) => account.aws.cloud.state.instance[id]?.privateIp ?? "";

  it("[reach] a group lets in what its rules say, by the sender's group or address, and nobody else", async () => {
    const [master, worker, stranger] = [await group("master", net.vpcId), await group("worker", net.vpcId), await group("stranger", net.vpcId)];
    const [m, w, s] = [await launch(account, { ...net, groupId: master }), await launch(account, { ...net, groupId: worker }), await launch(account, { ...net, groupId: stranger })];
    const may = (from: string, port = 6443, protocol: "tcp" | "udp" = "tcp") => account.aws.mayReach({ from: privateIp(from), instanceId: m, protocol, port });
    expect(may(w)).toBe(false);
    await open(master, { IpProtocol: "tcp", FromPort: 6443, ToPort: 6443, UserIdGroupPairs: [{ GroupId: worker }] });
    expect([may(w), may(s), may(w, 6444), may(w, 6443, "udp")]).toEqual([true, false, false, false]);
    await open(master, { IpProtocol: "-1", IpRanges: [{ CidrIp: `${privateIp(s)}/32` }] });
    expect([may(s), may(s, 1, "udp")]).toEqual([true, true]);
    await account.ec2.send(new ec2.RevokeSecurityGroupEgressCommand({ GroupId: stranger, IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }] }));
    expect(may(s)).toBe(false);
    await Promise.all([m, w, s].map(end));
  });

  it("[reach-public] who comes from outside needs the address, the gateway, the route, and a rule for where they come from", async () => {
    const own = await makeNetwork(account, "10.61");
    const nodes = await group("own", own.vpcId);
    const [id, peer] = [await launch(account, { ...own, groupId: nodes }), await launch(account, { ...own, groupId: nodes })];
    const may = (from: string) => account.aws.mayReach({ from, instanceId: id, protocol: "tcp", port: 6443 });
    await open(nodes, { IpProtocol: "tcp", FromPort: 6443, ToPort: 6443, UserIdGroupPairs: [{ GroupId: nodes }], IpRanges: [{ CidrIp: "127.0.0.1/32" }] });
    expect([may("127.0.0.1"), may(privateIp(peer))]).toEqual([false, true]);
    const table = (await account.ec2.send(new ec2.CreateRouteTableCommand({ VpcId: own.vpcId }))).RouteTable?.RouteTableId ?? "";
    await account.ec2.send(new ec2.CreateRouteCommand({ RouteTableId: table, DestinationCidrBlock: "0.0.0.0/0", GatewayId: own.gatewayId }));
    await account.ec2.send(new ec2.AssociateRouteTableCommand({ RouteTableId: table, SubnetId: own.subnetId }));
    expect(may("127.0.0.1")).toBe(false);
    await account.ec2.send(new ec2.DescribeVpcsCommand({}));
    const [mine, theirs] = [await allocate(), await allocate()];
    await associate(mine, id);
    expect([may("127.0.0.1"), may("192.0.2.1")]).toEqual([true, false]);
    await associate(theirs, peer);
    const publicIp = (await account.ec2.send(new ec2.DescribeAddressesCommand({ AllocationIds: [theirs] }))).Addresses?.[0]?.PublicIp ?? "";
    expect(may(publicIp)).toBe(false);
  });
});
