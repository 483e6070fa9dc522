// The rules of the AWS imitation for asking, for IAM, SSM and load balancing, one test per rule of infra/sandbox/aws/RULES.md.
import * as ec2 from "@aws-sdk/client-ec2";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as iam from "@aws-sdk/client-iam";
import { GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import * as ssm from "@aws-sdk/client-ssm";
import { DecodeAuthorizationMessageCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientsOf, codeOf, launch, makeNetwork, refusalOf, region, testAccount, type TestAccount, type TestNetwork } from "./aws-clients";

let account: TestAccount;
let net: TestNetwork;
beforeAll(async () => {
  account = await testAccount();
  net = await makeNetwork(account);
});
afterAll(() => account.aws.stop());

const describeVpcs = (more: Partial<ec2.DescribeVpcsCommandInput> = {}) => account.ec2.send(new ec2.DescribeVpcsCommand(more));
const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trust = policy({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" });

describe("asking", () => {
  it("[dry-run] answers 412 to who may, 403 to who may not, and changes nothing", async () => {
    const dry = () => refusalOf(account.ec2.send(new ec2.CreateVpcCommand({ CidrBlock: "10.7.0.0/16", DryRun: true })));
    expect(await dry()).toEqual({ code: "DryRunOperation", status: 412, say: "Request would have succeeded, but DryRun flag is set." });
    account.aws.setUserPolicy(policy({ Effect: "Allow", Action: "ec2:Describe*", Resource: "*" }));
    expect(await dry()).toMatchObject({ code: "UnauthorizedOperation", status: 403 });
    account.aws.setUserPolicy(null);
    expect((await describeVpcs()).Vpcs?.length).toBe(1);
  });

  it("[denied] says the action, the resource and why; conditions on tags are weighed", async () => {
    const tagged = { "aws:RequestTag/quarterdeck:cluster": "one" };
    account.aws.setUserPolicy(policy({ Effect: "Allow", Action: ["ec2:CreateVpc", "ec2:CreateTags"], Resource: "arn:aws:ec2:*:*:vpc/*", Condition: { StringEquals: tagged } }, { Effect: "Allow", Action: "ec2:DeleteVpc", Resource: "*", Condition: { StringEquals: { "aws:ResourceTag/quarterdeck:cluster": "one" } } }));
    const make = (Value: string) => account.ec2.send(new ec2.CreateVpcCommand({ CidrBlock: "10.7.0.0/16", TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "quarterdeck:cluster", Value }] }] }));
    expect(await refusalOf(make("two"))).toMatchObject({ code: "UnauthorizedOperation", say: expect.stringContaining(`is not authorized to perform: ec2:CreateVpc on resource: arn:aws:ec2:${region}:123456789012:vpc/* because no identity-based policy allows`) });
    const { Vpc } = await make("one");
    expect(await codeOf(account.ec2.send(new ec2.DeleteVpcCommand({ VpcId: net.vpcId })))).toBe("UnauthorizedOperation");
    expect(await codeOf(account.ec2.send(new ec2.DeleteVpcCommand({ VpcId: Vpc?.VpcId })))).toBe("accepted");
    expect([await codeOf(account.iam.send(new iam.ListRolesCommand({}))), await codeOf(account.ssm.send(new ssm.GetParameterCommand({ Name: "/x" }))), await codeOf(account.elb.send(new elb.DescribeLoadBalancersCommand({})))]).toEqual(["AccessDenied", "AccessDeniedException", "AccessDenied"]);
    expect(await codeOf(account.sts.send(new GetCallerIdentityCommand({})))).toBe("accepted");
    account.aws.setUserPolicy(null);
  });

  it("[decode] the encoded message of a denial is read by STS", async () => {
    account.aws.setUserPolicy(policy({ Effect: "Allow", Action: "sts:*", Resource: "*" }));
    const { say } = await refusalOf(describeVpcs());
    const decoded = await account.sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: say.split("message: ")[1] ?? "" }));
    expect(JSON.parse(decoded.DecodedMessage ?? "")).toMatchObject({ allowed: false });
    expect(await codeOf(account.sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: "AAAA" })))).toBe("InvalidAuthorizationMessageException");
    account.aws.setUserPolicy(null);
  });

  it("[throttle] who asks too often is told so, by class of action, and may again later", async () => {
    account.aws.set({ throttle: { read: { perSecond: 1, burst: 2 }, write: null, rules: null } });
    const four = [await codeOf(describeVpcs()), await codeOf(describeVpcs()), await codeOf(describeVpcs())];
    expect(four).toEqual(["accepted", "accepted", "RequestLimitExceeded"]);
    expect((await refusalOf(describeVpcs())).status).toBe(503);
    expect(await codeOf(account.ec2.send(new ec2.CreateTagsCommand({ Resources: [net.vpcId], Tags: [{ Key: "a", Value: "b" }] })))).toBe("accepted");
    account.pass(1_000);
    expect([await codeOf(describeVpcs()), await codeOf(describeVpcs())]).toEqual(["accepted", "RequestLimitExceeded"]);
    const ask = async (call: () => Promise<unknown>) => [await codeOf(call()), await codeOf(call()), await codeOf(call())].at(-1);
    expect([await ask(() => account.iam.send(new iam.ListRolesCommand({}))), await ask(() => account.ssm.send(new ssm.DescribeParametersCommand({}))), await ask(() => account.quotas.send(new GetServiceQuotaCommand({ ServiceCode: "vpc", QuotaCode: "L-F678F1CE" })))]).toEqual(["Throttling", "ThrottlingException", "TooManyRequestsException"]);
    account.aws.set({ throttle: { read: null, write: null, rules: null } });
  });

  it("[eventual] a new id is unknown for a while, and missing from lists", async () => {
    account.aws.set({ visibilityMs: 1_000, visibilityByKind: { instance: 3_000 } });
    const { Subnet } = await account.ec2.send(new ec2.CreateSubnetCommand({ VpcId: net.vpcId, CidrBlock: "10.0.70.0/24" }));
    const asked = () => codeOf(account.ec2.send(new ec2.DescribeSubnetsCommand({ SubnetIds: [Subnet?.SubnetId ?? ""] })));
    const listed = async () => (await account.ec2.send(new ec2.DescribeSubnetsCommand({ Filters: [{ Name: "cidr-block", Values: ["10.0.70.0/24"] }] }))).Subnets?.length;
    expect([await asked(), await listed()]).toEqual(["InvalidSubnetID.NotFound", 0]);
    account.pass(1_000);
    expect([await asked(), await listed()]).toEqual(["accepted", 1]);
    const id = await launch(account, net);
    account.pass(1_000);
    const instance = () => codeOf(account.ec2.send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] })));
    expect(await instance()).toBe("InvalidInstanceID.NotFound");
    account.pass(2_000);
    expect(await instance()).toBe("accepted");
    account.aws.set({ visibilityMs: 0, visibilityByKind: {} });
    await account.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
  });

  it("[sign-skew] a signature older than five minutes is refused, and one without its parts is incomplete", async () => {
    const client = new ec2.EC2Client({ endpoint: account.aws.url, region, credentials: account.aws.credential, maxAttempts: 1, systemClockOffset: -600_000 });
    expect(await codeOf(client.send(new ec2.DescribeVpcsCommand({})))).toBe("RequestExpired");
    const bare = await fetch(account.aws.url, { method: "POST", headers: { authorization: "AWS4-HMAC-SHA256 Credential=x" }, body: "Action=DescribeVpcs&Version=2016-11-15" });
    expect([bare.status, (await bare.text()).includes("IncompleteSignature")]).toEqual([400, true]);
  });

  it("[sign-expired] keys end, and each service says so in its way", async () => {
    account.aws.set({ userKeys: "expired" });
    expect([await codeOf(describeVpcs()), await codeOf(account.sts.send(new GetCallerIdentityCommand({}))), await codeOf(account.ssm.send(new ssm.GetParameterCommand({ Name: "/x" })))]).toEqual(["RequestExpired", "ExpiredToken", "ExpiredTokenException"]);
    account.aws.set({ userKeys: "deleted" });
    expect([await codeOf(describeVpcs()), await codeOf(account.ssm.send(new ssm.GetParameterCommand({ Name: "/x" })))]).toEqual(["AuthFailure", "UnrecognizedClientException"]);
    account.aws.set({ userKeys: "valid" });
    const liar = clientsOf(account.aws, { ...account.aws.credential, secretAccessKey: "guessed" });
    expect(await codeOf(liar.ssm.send(new ssm.GetParameterCommand({ Name: "/x" })))).toBe("InvalidSignatureException");
  });

  it("[internal] a fault of the service itself is 500", async () => {
    account.aws.fault({ action: "DescribeVpcs", at: "before-effect", does: { code: "InternalError", status: 500 } });
    expect(await refusalOf(describeVpcs())).toMatchObject({ code: "InternalError", status: 500 });
  });
});

describe("IAM", () => {
  const role = (RoleName: string, Path = "/") => account.iam.send(new iam.CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: trust }));

  it("[iam-exists] names are unique whatever the path and the case, and what is not there is 404", async () => {
    await role("one", "/a/");
    expect([await codeOf(role("ONE", "/b/")), await codeOf(role("bad name")), await codeOf(role("two", "no-slash"))]).toEqual(["EntityAlreadyExistsException", "ValidationError", "ValidationError"]);
    expect(await refusalOf(account.iam.send(new iam.GetRoleCommand({ RoleName: "none" })))).toEqual({ code: "NoSuchEntityException", status: 404, say: "The role with name none cannot be found." });
  });

  it("[iam-holders] what is in use stays", async () => {
    await role("held");
    const made = await account.iam.send(new iam.CreatePolicyCommand({ PolicyName: "held", PolicyDocument: policy({ Effect: "Allow", Action: "*", Resource: "*" }) }));
    const PolicyArn = made.Policy?.Arn ?? "";
    await account.iam.send(new iam.AttachRolePolicyCommand({ RoleName: "held", PolicyArn }));
    expect(await refusalOf(account.iam.send(new iam.DeleteRoleCommand({ RoleName: "held" })))).toMatchObject({ code: "DeleteConflictException", status: 409, say: "Cannot delete entity, must detach all policies first." });
    expect(await codeOf(account.iam.send(new iam.DeletePolicyCommand({ PolicyArn })))).toBe("DeleteConflictException");
    await account.iam.send(new iam.DetachRolePolicyCommand({ RoleName: "held", PolicyArn }));
    expect([await codeOf(account.iam.send(new iam.DeletePolicyCommand({ PolicyArn }))), await codeOf(account.iam.send(new iam.DeleteRoleCommand({ RoleName: "held" })))]).toEqual(["accepted", "accepted"]);
  });

  it("[iam-limits] one role in a profile, five versions of a policy", async () => {
    await role("first");
    await role("second");
    await account.iam.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName: "single" }));
    const add = (RoleName: string) => codeOf(account.iam.send(new iam.AddRoleToInstanceProfileCommand({ InstanceProfileName: "single", RoleName })));
    expect([await add("first"), await add("second")]).toEqual(["accepted", "LimitExceededException"]);
    const PolicyDocument = policy({ Effect: "Allow", Action: "*", Resource: "*" });
    const { Policy } = await account.iam.send(new iam.CreatePolicyCommand({ PolicyName: "versions", PolicyDocument }));
    const codes: string[] = [];
    for (let n = 0; n < 5; n += 1) codes.push(await codeOf(account.iam.send(new iam.CreatePolicyVersionCommand({ PolicyArn: Policy?.Arn, PolicyDocument, SetAsDefault: true }))));
    expect(codes.at(-1)).toBe("LimitExceededException");
    expect((await account.iam.send(new iam.GetPolicyCommand({ PolicyArn: Policy?.Arn }))).Policy?.DefaultVersionId).toBe("v5");
  });

  it("[iam-document] a policy is JSON with whole statements", async () => {
    await role("worded");
    const put = (PolicyDocument: string) => codeOf(account.iam.send(new iam.PutRolePolicyCommand({ RoleName: "worded", PolicyName: "p", PolicyDocument })));
    expect([await put("{"), await put(policy({ Effect: "Allow" })), await put(policy({ Effect: "Allow", Action: "s3:*", Resource: "*" }))]).toEqual(["MalformedPolicyDocumentException", "MalformedPolicyDocumentException", "accepted"]);
  });

  it("[iam-weigh] a deny wins, nothing said is no", async () => {
    account.aws.setUserPolicy(policy({ Effect: "Allow", Action: "ec2:*", Resource: "*" }, { Effect: "Deny", Action: "ec2:Delete*", Resource: "*", Condition: { StringNotLike: { "aws:ResourceTag/Name": "mine-*" } } }));
    expect(await refusalOf(account.ec2.send(new ec2.DeleteVpcCommand({ VpcId: net.vpcId })))).toMatchObject({ code: "UnauthorizedOperation", say: expect.stringContaining("with an explicit deny") });
    expect([await codeOf(describeVpcs()), await codeOf(account.iam.send(new iam.ListRolesCommand({})))]).toEqual(["accepted", "AccessDenied"]);
    account.aws.setUserPolicy(null);
  });

  it("[iam-pass] who gives a role to EC2 must be let pass it", async () => {
    const allow = { Effect: "Allow", Action: "ec2:*", Resource: "*" };
    const launchSingle = () => refusalOf(launch(account, net, { IamInstanceProfile: { Name: "single" } }));
    account.aws.setUserPolicy(policy(allow));
    expect(await launchSingle()).toMatchObject({ code: "UnauthorizedOperation", say: expect.stringContaining("iam:PassRole on resource: arn:aws:iam::123456789012:role/first") });
    account.aws.setUserPolicy(policy(allow, { Effect: "Allow", Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/first", Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } } }));
    expect((await launchSingle()).code).toBe("accepted");
    account.aws.setUserPolicy(null);
  });
});

describe("SSM and quotas", () => {
  const put = (more: Partial<ssm.PutParameterCommandInput>) => codeOf(account.ssm.send(new ssm.PutParameterCommand({ Name: "/q/a", Value: "v", Type: "String", ...more })));

  it("[ssm-write] is overwritten only when asked, has a type and a size, and no name of AWS'", async () => {
    expect([await put({}), await put({}), await put({ Overwrite: true }), await put({ Name: "/aws/x" }), await put({ Name: "/q/b", Value: "x".repeat(4_097) }), await put({ Name: "/q/b", Value: "x".repeat(4_097), Tier: "Advanced" }), await put({ Name: "/q/sp ace" })])
      .toEqual(["accepted", "ParameterAlreadyExists", "accepted", "AccessDeniedException", "ValidationException", "accepted", "ValidationException"]);
  });

  it("[ssm-read] a secret is read only when asked to be, and a path lists its own level unless recursive", async () => {
    await put({ Name: "/q/s", Type: "SecureString", Value: "hidden" });
    const { Parameter } = await account.ssm.send(new ssm.GetParameterCommand({ Name: "/q/s" }));
    expect(Parameter?.Value).not.toContain("hidden");
    expect(await codeOf(account.ssm.send(new ssm.GetParameterCommand({ Name: "/q/none" })))).toBe("ParameterNotFound");
    expect(await codeOf(account.ssm.send(new ssm.ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: "/q/none" })))).toBe("InvalidResourceId");
    const found = await account.ssm.send(new ssm.DescribeParametersCommand({ ParameterFilters: [{ Key: "Path", Option: "Recursive", Values: ["/q"] }] }));
    expect(found.Parameters?.map(({ Name }) => Name)).toEqual(["/q/a", "/q/b", "/q/s"]);
    expect(await codeOf(account.ssm.send(new ssm.DescribeParametersCommand({ ParameterFilters: [{ Key: "Colour", Values: ["red"] }] })))).toBe("InvalidFilterKey");
  });

  it("[quota-service] is read by service and code", async () => {
    const quota = (QuotaCode: string) => account.quotas.send(new GetServiceQuotaCommand({ ServiceCode: "ec2", QuotaCode }));
    expect((await quota("L-0263D0A3")).Quota?.Value).toBe(5);
    expect(await codeOf(quota("L-00000000"))).toBe("NoSuchResourceException");
  });
});
