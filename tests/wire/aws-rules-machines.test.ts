// The rules of the AWS imitation for machines, addresses and volumes, one test per rule of infra/sandbox/aws/RULES.md, by the official SDK.
import * as ec2 from "@aws-sdk/client-ec2";
import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { codeOf, launch, makeNetwork, refusalOf, region, testAccount, ubuntu, type TestAccount, type TestNetwork } from "./aws-clients";

const base = { pendingMs: 10_000, shuttingDownMs: 20_000, stoppingMs: 10_000, quotas: {}, soldOut: [] };
let account: TestAccount;
let net: TestNetwork;
beforeAll(async () => {
  account = await testAccount();
  net = await makeNetwork(account);
});
beforeEach(() => account.aws.set(base));
afterAll(() => account.aws.stop());

const run = (more: Partial<ec2.RunInstancesCommandInput> = {}) => refusalOf(launch(account, net, more));
const runCode = async (more: Partial<ec2.RunInstancesCommandInput> = {}) => (await run(more)).code;
const one = async (id: string) => (await account.ec2.send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations?.[0]?.Instances?.[0];
const stateOf = async (id: string) => (await one(id))?.State?.Name;
const end = (id: string) => account.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
async function running(more: Partial<ec2.RunInstancesCommandInput> = {}): Promise<string> {
  const id = await launch(account, net, more);
  account.pass(10_000);
  return id;
}

describe("a launch", () => {
  it("[run-states] is pending, then running; an end is shutting-down, then terminated; neither at once", async () => {
    const id = await launch(account, net);
    expect(await stateOf(id)).toBe("pending");
    account.pass(9_999);
    expect(await stateOf(id)).toBe("pending");
    account.pass(1);
    expect(await stateOf(id)).toBe("running");
    expect((await end(id)).TerminatingInstances).toMatchObject([{ PreviousState: { Name: "running" }, CurrentState: { Name: "shutting-down" } }]);
    account.pass(20_000);
    expect(await stateOf(id)).toBe("terminated");
  });

  it("[run-image] wants an image that is there and fits the type", async () => {
    expect([await runCode({ ImageId: "ami-00000000000000000" }), await runCode({ ImageId: "ubuntu" }), await runCode({ ImageId: await ubuntu(account, "arm64") })]).toEqual(["InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidParameterValue"]);
    expect(await runCode({ ImageId: await ubuntu(account, "arm64"), InstanceType: "t4g.small" })).toBe("accepted");
  });

  it("[run-type] wants a type that there is", async () => {
    const odd = JSON.parse('"t9.huge"');
    expect(await run({ InstanceType: odd })).toMatchObject({ code: "InvalidParameterValue", say: "Invalid value 't9.huge' for InstanceType." });
    expect(await codeOf(account.ec2.send(new ec2.DescribeInstanceTypesCommand({ InstanceTypes: [odd] })))).toBe("InvalidInstanceType");
    expect((await account.ec2.send(new ec2.DescribeInstanceTypesCommand({ InstanceTypes: ["m5.xlarge"] }))).InstanceTypes).toMatchObject([{ VCpuInfo: { DefaultVCpus: 4 }, MemoryInfo: { SizeInMiB: 16_384 } }]);
  });

  it("[run-zone] of a type that the zone does not have is refused, with the zones that have it", async () => {
    const subnet = await account.ec2.send(new ec2.CreateSubnetCommand({ VpcId: net.vpcId, CidrBlock: "10.0.20.0/24", AvailabilityZone: `${region}b` }));
    expect(await refusalOf(launch(account, { ...net, subnetId: subnet.Subnet?.SubnetId ?? "" }, { InstanceType: "m7i.large" }))).toMatchObject({ code: "Unsupported", status: 400, say: expect.stringContaining(`choosing ${region}a, ${region}c.`) });
    const offers = await account.ec2.send(new ec2.DescribeInstanceTypeOfferingsCommand({ LocationType: "availability-zone", Filters: [{ Name: "instance-type", Values: ["m7i.large"] }] }));
    expect(offers.InstanceTypeOfferings?.map(({ Location }) => Location)).toEqual([`${region}a`, `${region}c`]);
  });

  it("[run-capacity] of what is sold out is 500, and says where there is some", async () => {
    account.aws.set({ soldOut: [{ instanceType: "m5.xlarge", zone: `${region}a` }] });
    expect(await run({ InstanceType: "m5.xlarge" })).toMatchObject({ code: "InsufficientInstanceCapacity", status: 500, say: expect.stringContaining(`choosing ${region}b, ${region}c, ${region}d.`) });
    expect(await runCode({ InstanceType: "m5.large" })).toBe("accepted");
  });

  it("[quota-vcpu] beyond the vCPUs is refused; spot has its own", async () => {
    account.aws.set({ quotas: { "ec2/L-1216C47A": 0, "ec2/L-34B43A08": 4 } });
    expect(await runCode()).toBe("VcpuLimitExceeded");
    const spot: Partial<ec2.RunInstancesCommandInput> = { InstanceMarketOptions: { MarketType: "spot" }, MinCount: 2, MaxCount: 2 };
    expect([await runCode(spot), await runCode(spot)]).toEqual(["accepted", "MaxSpotInstanceCountExceeded"]);
  });

  it("[run-profile] with a profile that is not there, empty or too new is refused", async () => {
    const profile = (name: string) => run({ IamInstanceProfile: { Name: name } });
    expect(await profile("none")).toMatchObject({ code: "InvalidParameterValue", say: "Value (none) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name" });
    account.aws.set({ profileReachMs: 5_000 });
    await account.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "box" }));
    expect((await profile("box")).say).toContain("Invalid IAM Instance Profile name");
    account.pass(5_000);
    expect((await profile("box")).say).toContain("has no associated IAM Roles");
    await account.iam.send(new CreateRoleCommand({ RoleName: "box", AssumeRolePolicyDocument: '{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}' }));
    await account.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "box", RoleName: "box" }));
    expect((await profile("box")).say).toContain("Invalid IAM Instance Profile name");
    account.pass(5_000);
    expect((await profile("box")).code).toBe("accepted");
    expect(await runCode({ IamInstanceProfile: { Name: "box", Arn: "arn:aws:iam::123456789012:instance-profile/box" } })).toBe("InvalidParameterCombination");
  });

  it("[run-user-data] is of base64, and 16 kB at most", async () => {
    expect([await runCode({ UserData: "not base64!" }), await runCode({ UserData: Buffer.alloc(16_385, "a").toString("base64") }), await runCode({ UserData: Buffer.alloc(16_384, "a").toString("base64") })]).toEqual(["InvalidParameterValue", "InvalidParameterValue", "accepted"]);
  });

  it("[run-network] names its subnet once, and groups of its network, five at most", async () => {
    const other = await makeNetwork(account, "10.50");
    const groups = await Promise.all(Array.from({ length: 6 }, async (_, n) => (await account.ec2.send(new ec2.CreateSecurityGroupCommand({ GroupName: `g${n}`, Description: "d", VpcId: net.vpcId }))).GroupId ?? ""));
    expect(await codeOf(account.ec2.send(new ec2.RunInstancesCommand({ ImageId: await ubuntu(account), InstanceType: "t3.small", MinCount: 1, MaxCount: 1 })))).toBe("VPCIdNotSpecified");
    expect([await runCode({ SecurityGroupIds: [other.groupId] }), await runCode({ SecurityGroupIds: groups }), await runCode({ NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: net.subnetId }], SubnetId: net.subnetId })]).toEqual(["InvalidParameter", "SecurityGroupsPerInterfaceLimitExceeded", "InvalidParameterCombination"]);
  });

  it("[run-address] has an address that is free and of its subnet, of which five are AWS'", async () => {
    expect([await runCode({ PrivateIpAddress: "10.0.1.200" }), await runCode({ PrivateIpAddress: "10.0.1.200" }), await runCode({ PrivateIpAddress: "10.0.9.9" }), await runCode({ PrivateIpAddress: "10.0.1.3" })]).toEqual(["accepted", "InvalidIPAddress.InUse", "InvalidParameterValue", "InvalidParameterValue"]);
    const { Subnet } = await account.ec2.send(new ec2.CreateSubnetCommand({ VpcId: net.vpcId, CidrBlock: "10.0.30.0/28" }));
    expect(Subnet?.AvailableIpAddressCount).toBe(11);
    account.aws.set({ quotas: { "ec2/L-1216C47A": 500 } });
    expect(await codeOf(launch(account, { ...net, subnetId: Subnet?.SubnetId ?? "" }, { MinCount: 12, MaxCount: 12, InstanceType: "t3.nano" }))).toBe("InsufficientFreeAddressesInSubnet");
    expect((await account.ec2.send(new ec2.DescribeSubnetsCommand({ SubnetIds: [Subnet?.SubnetId ?? ""] }))).Subnets).toMatchObject([{ AvailableIpAddressCount: 11 }]);
  });

  it("[run-volume] has a root volume no smaller than its image", async () => {
    const root = (VolumeSize: number) => runCode({ BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { VolumeSize } }] });
    expect([await root(4), await root(20)]).toEqual(["InvalidBlockDeviceMapping", "accepted"]);
  });

  it("[run-count] is of at least one, and not more at least than at most", async () => {
    expect([await runCode({ MinCount: 0 }), await runCode({ MinCount: 3, MaxCount: 2 })]).toEqual(["InvalidParameterValue", "InvalidParameterValue"]);
  });
});

describe("tokens", () => {
  it("[token-once] one request under one token has one effect; another under it is refused", async () => {
    const first = await launch(account, net, { ClientToken: "job.step" });
    expect(await launch(account, net, { ClientToken: "job.step" })).toBe(first);
    expect(await run({ ClientToken: "job.step", InstanceType: "t3.small" })).toMatchObject({ code: "IdempotentParameterMismatch", status: 400 });
    const table = () => account.ec2.send(new ec2.CreateRouteTableCommand({ VpcId: net.vpcId, ClientToken: "table" }));
    expect((await table()).RouteTable?.RouteTableId).toBe((await table()).RouteTable?.RouteTableId);
  });

  it("[token-zone] a token of RunInstances is of its zone", async () => {
    const subnet = await account.ec2.send(new ec2.CreateSubnetCommand({ VpcId: net.vpcId, CidrBlock: "10.0.40.0/24", AvailabilityZone: `${region}c` }));
    const here = await launch(account, net, { ClientToken: "zonal" });
    expect(await launch(account, { ...net, subnetId: subnet.Subnet?.SubnetId ?? "" }, { ClientToken: "zonal" })).not.toBe(here);
  });

  it("[token-ended] one whose instance has ended starts no other", async () => {
    await end(await launch(account, net, { ClientToken: "ended" }));
    expect(await runCode({ ClientToken: "ended" })).toBe("IdempotentInstanceTerminated");
  });
});

describe("an instance's end, rest and change", () => {
  it("[end-takes] it gives up its address, takes its interface and root volume with it, and is shown for an hour", async () => {
    const id = await running({ BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { VolumeSize: 9 } }, { DeviceName: "/dev/sdf", Ebs: { VolumeSize: 5, DeleteOnTermination: false } }] });
    const { AllocationId } = await account.ec2.send(new ec2.AllocateAddressCommand({}));
    await account.ec2.send(new ec2.AssociateAddressCommand({ AllocationId, InstanceId: id }));
    await end(id);
    account.pass(20_000);
    const volumes = await account.ec2.send(new ec2.DescribeVolumesCommand({ Filters: [{ Name: "size", Values: ["9", "5"] }] }));
    expect(volumes.Volumes).toMatchObject([{ Size: 5, State: "available" }]);
    expect((await account.ec2.send(new ec2.DescribeNetworkInterfacesCommand({ Filters: [{ Name: "attachment.instance-id", Values: [id] }] }))).NetworkInterfaces).toEqual([]);
    expect(await codeOf(account.ec2.send(new ec2.ReleaseAddressCommand({ AllocationId })))).toBe("accepted");
    expect(await stateOf(id)).toBe("terminated");
    account.pass(3_600_000);
    expect(await codeOf(one(id))).toBe("InvalidInstanceID.NotFound");
  });

  it("[end-protected] a protected one is not ended, nor any beside it", async () => {
    const [kept, other] = [await running({ DisableApiTermination: true }), await running()];
    const both = () => refusalOf(account.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [other, kept] })));
    expect(await both()).toMatchObject({ code: "OperationNotPermitted", say: expect.stringContaining("'disableApiTermination'") });
    expect(await stateOf(other)).toBe("running");
    await account.ec2.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId: kept, DisableApiTermination: { Value: false } }));
    expect((await both()).code).toBe("accepted");
  });

  it("[stop-start] one stops what ran and starts what stopped; the public address is another afterwards", async () => {
    const id = await launch(account, net);
    const stop = (InstanceId: string) => codeOf(account.ec2.send(new ec2.StopInstancesCommand({ InstanceIds: [InstanceId] })));
    const start = () => codeOf(account.ec2.send(new ec2.StartInstancesCommand({ InstanceIds: [id] })));
    expect(await stop(id)).toBe("IncorrectInstanceState");
    account.pass(10_000);
    expect([await stop(id), await start()]).toEqual(["accepted", "IncorrectInstanceState"]);
    account.pass(10_000);
    expect(await one(id)).toMatchObject({ State: { Name: "stopped" }, PrivateIpAddress: expect.stringMatching(/^10\./) });
    expect((await one(id))?.PublicIpAddress).toBeUndefined();
    expect(await start()).toBe("accepted");
    expect(await stop(await running({ InstanceMarketOptions: { MarketType: "spot" } }))).toBe("UnsupportedOperation");
  });

  it("[change-stopped] a type is changed of a stopped one", async () => {
    const id = await running();
    const change = () => codeOf(account.ec2.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value: "t3.xlarge" } })));
    expect(await change()).toBe("IncorrectInstanceState");
    await account.ec2.send(new ec2.StopInstancesCommand({ InstanceIds: [id] }));
    account.pass(10_000);
    expect(await change()).toBe("accepted");
    expect((await one(id))?.InstanceType).toBe("t3.xlarge");
  });

  it("[console] gives its last 64 kB, and more while it boots", async () => {
    let text = "";
    const order: string[] = [];
    account.aws.setHypervisor({
      boot: ({ instanceId, privateIp, userData, roleName }) => void order.push(`boot ${instanceId === "" ? "?" : privateIp.slice(0, 7)} ${userData} ${roleName}`), start: () => undefined, stop: async () => undefined,
      terminate: async () => void order.push("end"), consoleOutput: () => text, mapAddress: () => undefined,
    });
    const id = await launch(account, net, { UserData: Buffer.from("#!/bin/sh").toString("base64") });
    const read = async () => Buffer.from((await account.ec2.send(new ec2.GetConsoleOutputCommand({ InstanceId: id, Latest: true }))).Output ?? "", "base64").toString();
    expect([await read(), order]).toEqual(["", ["boot 10.0.1. #!/bin/sh null"]]);
    text = "kernel up\n";
    expect(await read()).toBe(text);
    text = `${"x".repeat(70_000)}end`;
    expect((await read()).length).toBe(65_536);
    await end(id);
    expect(order.at(-1)).toBe("end");
  });
});
