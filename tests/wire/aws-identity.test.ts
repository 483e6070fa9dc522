// IAM, SSM and quotas of the AWS imitation, by the official SDK: who may do what, and what an instance's role may read.
import { CreateVpcCommand, CreateSubnetCommand, RunInstancesCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand, CreatePolicyCommand, CreateRoleCommand, DeleteInstanceProfileCommand, DeleteRoleCommand, DeleteRolePolicyCommand, GetRoleCommand, GetRolePolicyCommand,
  PutRolePolicyCommand, RemoveRoleFromInstanceProfileCommand, SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { GetServiceQuotaCommand, ListServiceQuotasCommand } from "@aws-sdk/client-service-quotas";
import { DeleteParametersCommand, GetParameterCommand, GetParametersByPathCommand, GetParametersCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientsOf, codeOf, refusalOf, testAccount, type TestAccount } from "./aws-clients";

let account: TestAccount;
beforeAll(async () => {
  account = await testAccount({ settings: { profileReachMs: 10_000 } });
});
afterAll(() => account.aws.stop());

const trust = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }] });
const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({ Effect: "Allow", Action, Resource, ...(Condition ? { Condition } : {}) });
const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

async function makeRole(name: string, document: string, more: { PermissionsBoundary?: string } = {}): Promise<void> {
  const { iam } = account;
  await iam.send(new CreateRoleCommand({ RoleName: name, Path: "/quarterdeck/", AssumeRolePolicyDocument: trust, ...more }));
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "inline", PolicyDocument: document }));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name, Path: "/quarterdeck/" }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
}

async function launchWith(profile: string): Promise<string> {
  const { ec2, ssm } = account;
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const vpcId = Vpcs[0]?.VpcId ?? (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.2.0.0/16" }))).Vpc?.VpcId;
  const count = Object.keys(account.aws.cloud.state.subnet).length;
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: `10.2.${count}.0/24` }));
  const image = await ssm.send(new GetParameterCommand({ Name: "/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id" }));
  const { Instances } = await ec2.send(new RunInstancesCommand({ ImageId: image.Parameter?.Value, InstanceType: "t3.medium", MinCount: 1, MaxCount: 1, SubnetId: Subnet?.SubnetId, IamInstanceProfile: { Name: profile } }));
  return Instances?.[0]?.InstanceId ?? "";
}

function asInstance(id: string) {
  const given = account.aws.instanceCredentials(id);
  return clientsOf(account.aws, { accessKeyId: given?.AccessKeyId ?? "", secretAccessKey: given?.SecretAccessKey ?? "", sessionToken: given?.Token ?? "" });
}

describe("roles and instance profiles", () => {
  it("a role is shown as it was given, and goes only when nothing hangs on it", async () => {
    const { iam } = account;
    await makeRole("shown", policy(allow("ssm:GetParameter", "*")));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "shown" }));
    expect(Role).toMatchObject({ Path: "/quarterdeck/", Arn: "arn:aws:iam::123456789012:role/quarterdeck/shown" });
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(trust);
    expect(decodeURIComponent((await iam.send(new GetRolePolicyCommand({ RoleName: "shown", PolicyName: "inline" }))).PolicyDocument ?? "")).toContain("ssm:GetParameter");
    expect(await refusalOf(iam.send(new CreateRoleCommand({ RoleName: "SHOWN", AssumeRolePolicyDocument: trust })))).toMatchObject({ code: "EntityAlreadyExistsException", status: 409 });
    expect(await codeOf(iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: "shown" })))).toBe("DeleteConflictException");
    expect(await refusalOf(iam.send(new DeleteRoleCommand({ RoleName: "shown" })))).toMatchObject({ code: "DeleteConflictException", say: "Cannot delete entity, must remove roles from instance profile first." });
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: "shown", RoleName: "shown" }));
    await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: "shown" }));
    expect(await codeOf(iam.send(new DeleteRoleCommand({ RoleName: "shown" })))).toBe("DeleteConflictException");
    await iam.send(new DeleteRolePolicyCommand({ RoleName: "shown", PolicyName: "inline" }));
    await iam.send(new DeleteRoleCommand({ RoleName: "shown" }));
    expect(await codeOf(iam.send(new GetRoleCommand({ RoleName: "shown" })))).toBe("NoSuchEntityException");
  });

  it("a fresh profile is not known to EC2 for a while", async () => {
    await makeRole("fresh", policy(allow("ssm:GetParameter", "*")));
    expect(await refusalOf(launchWith("fresh"))).toMatchObject({ code: "InvalidParameterValue", say: expect.stringContaining("Invalid IAM Instance Profile name") });
    account.pass(10_000);
    expect(await launchWith("fresh")).toMatch(/^i-/);
  });
});

describe("parameters", () => {
  it("hold secrets by path, in versions, and give them only to who asks to read them", async () => {
    const { ssm } = account;
    await ssm.send(new PutParameterCommand({ Name: "/quarterdeck/a/join", Type: "SecureString", Value: "secret", Tags: [{ Key: "cluster", Value: "a" }] }));
    expect(await codeOf(ssm.send(new PutParameterCommand({ Name: "/quarterdeck/a/join", Type: "SecureString", Value: "other" })))).toBe("ParameterAlreadyExists");
    expect(await ssm.send(new PutParameterCommand({ Name: "/quarterdeck/a/join", Value: "newer", Overwrite: true }))).toMatchObject({ Version: 2 });
    expect((await ssm.send(new GetParameterCommand({ Name: "/quarterdeck/a/join" }))).Parameter?.Value).not.toContain("newer");
    expect(await ssm.send(new GetParameterCommand({ Name: "/quarterdeck/a/join", WithDecryption: true }))).toMatchObject({ Parameter: { Value: "newer", Version: 2, Type: "SecureString" } });
    await ssm.send(new PutParameterCommand({ Name: "/quarterdeck/a/deep/er", Type: "String", Value: "x" }));
    const names = async (Recursive: boolean) => (await ssm.send(new GetParametersByPathCommand({ Path: "/quarterdeck/a", Recursive }))).Parameters?.map(({ Name }) => Name);
    expect(await names(false)).toEqual(["/quarterdeck/a/join"]);
    expect(await names(true)).toEqual(["/quarterdeck/a/deep/er", "/quarterdeck/a/join"]);
    expect(await ssm.send(new GetParametersCommand({ Names: ["/quarterdeck/a/join", "/none"] }))).toMatchObject({ Parameters: [{}], InvalidParameters: ["/none"] });
    expect(await ssm.send(new DeleteParametersCommand({ Names: ["/quarterdeck/a/join", "/quarterdeck/a/deep/er"] }))).toMatchObject({ DeletedParameters: ["/quarterdeck/a/join", "/quarterdeck/a/deep/er"] });
    expect(await codeOf(ssm.send(new GetParameterCommand({ Name: "/quarterdeck/a/join" })))).toBe("ParameterNotFound");
  });
});

describe("an instance's role", () => {
  it("lets a worker read its join token, and nothing else under the cluster's path", async () => {
    const { ssm } = account;
    const path = (name: string) => `arn:aws:ssm:*:123456789012:parameter/quarterdeck/b/${name}`;
    await makeRole("worker", policy(allow("ssm:GetParameter", path("join"))));
    await makeRole("control", policy(allow(["ssm:PutParameter"], [path("join"), path("admin")])));
    account.pass(10_000);
    const [worker, control] = [asInstance(await launchWith("worker")), asInstance(await launchWith("control"))];
    expect((await worker.sts.send(new GetCallerIdentityCommand({}))).Arn).toMatch(/^arn:aws:sts::123456789012:assumed-role\/worker\/i-/);
    await control.ssm.send(new PutParameterCommand({ Name: "/quarterdeck/b/admin", Type: "SecureString", Value: "kubeconfig" }));
    await control.ssm.send(new PutParameterCommand({ Name: "/quarterdeck/b/join", Type: "SecureString", Value: "token" }));
    expect((await worker.ssm.send(new GetParameterCommand({ Name: "/quarterdeck/b/join", WithDecryption: true }))).Parameter?.Value).toBe("token");
    expect(await refusalOf(worker.ssm.send(new GetParameterCommand({ Name: "/quarterdeck/b/admin", WithDecryption: true })))).toMatchObject({ code: "AccessDeniedException", say: expect.stringContaining("is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:ap-northeast-2:123456789012:parameter/quarterdeck/b/admin because no identity-based policy allows") });
    expect(await codeOf(worker.ssm.send(new GetParametersByPathCommand({ Path: "/quarterdeck/b" })))).toBe("AccessDeniedException");
    expect(await codeOf(control.ssm.send(new GetParameterCommand({ Name: "/quarterdeck/b/admin", WithDecryption: true })))).toBe("AccessDeniedException");
    expect(await codeOf(worker.ec2.send(new DescribeVpcsCommand({})))).toBe("UnauthorizedOperation");
    await ssm.send(new DeleteParametersCommand({ Names: ["/quarterdeck/b/join", "/quarterdeck/b/admin"] }));
  });

  it("is held by its permissions boundary", async () => {
    const made = await account.iam.send(new CreatePolicyCommand({ PolicyName: "limit", Path: "/quarterdeck/", PolicyDocument: policy(allow("ssm:GetParameter", "*")) }));
    await makeRole("bounded", policy(allow("*", "*")), { PermissionsBoundary: made.Policy?.Arn ?? "" });
    account.pass(10_000);
    const bounded = asInstance(await launchWith("bounded"));
    expect(await codeOf(bounded.ssm.send(new GetParameterCommand({ Name: "/none" })))).toBe("ParameterNotFound");
    expect(await refusalOf(bounded.ssm.send(new PutParameterCommand({ Name: "/x", Type: "String", Value: "x" })))).toMatchObject({ code: "AccessDeniedException", say: expect.stringContaining("no permissions boundary allows") });
    const arn = "arn:aws:iam::123456789012:role/quarterdeck/bounded";
    const asked = await account.iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: arn, ActionNames: ["ssm:GetParameter", "ec2:RunInstances"] }));
    expect(asked.EvaluationResults?.map(({ EvalDecision }) => EvalDecision)).toEqual(["allowed", "implicitDeny"]);
  });
});

describe("quotas", () => {
  it("are said by code and by service", async () => {
    account.aws.set({ quotas: { "ec2/L-1216C47A": 12 } });
    expect(await account.quotas.send(new GetServiceQuotaCommand({ ServiceCode: "ec2", QuotaCode: "L-1216C47A" }))).toMatchObject({ Quota: { Value: 12, QuotaName: expect.stringContaining("Standard") } });
    expect((await account.quotas.send(new ListServiceQuotasCommand({ ServiceCode: "vpc" }))).Quotas?.map(({ QuotaCode }) => QuotaCode)).toContain("L-F678F1CE");
    expect(await codeOf(account.quotas.send(new GetServiceQuotaCommand({ ServiceCode: "ec2", QuotaCode: "L-NONE" })))).toBe("NoSuchResourceException");
    account.aws.set({ quotas: {} });
  });
});
