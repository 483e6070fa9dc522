// The imitation of AWS is held to its original by the official SDK, unmodified; the CLI is in aws-cli.test.ts.
import { createServer } from "node:http";
import { DescribeAvailabilityZonesCommand, DescribeInstancesCommand, EC2Client, paginateDescribeInstances, type DescribeInstancesCommandInput } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "@/lib/adapters/aws/door";
import { instanceIdOf } from "@/lib/adapters/aws/objects";
import { machines } from "../../infra/sandbox/machines/catalogue";
import { startAws, type Aws } from "../../infra/sandbox/aws/server";

const region = "ap-northeast-2";
const names = machines.map((machine) => machine.name);
let aws: Aws;

beforeAll(async () => {
  aws = await startAws({ port: 0, machines });
});
afterAll(() => aws.stop());

const client = (credentials: { accessKeyId: string; secretAccessKey: string } = aws.credential) => ({ endpoint: aws.url, region, credentials, maxAttempts: 1 });
const ec2 = () => new EC2Client(client());
const nameOf = (tags: { Key?: string; Value?: string }[] | undefined) => tags?.find(({ Key }) => Key === "Name")?.Value;
const found = async (input: DescribeInstancesCommandInput) =>
  (await ec2().send(new DescribeInstancesCommand(input))).Reservations?.flatMap((one) => one.Instances ?? []) ?? [];
const refusal = async (input: DescribeInstancesCommandInput): Promise<unknown> => found(input).then(() => "accepted", (error: unknown) => error);

describe("STS and EC2 to the official SDK", () => {
  it("says who asks", async () => {
    const answer = await new STSClient(client()).send(new GetCallerIdentityCommand({}));
    expect(answer).toMatchObject({ Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/quarterdeck" });
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("describes the same machines that the cluster has, by the ids in their providerIDs", async () => {
    const instances = await found({});
    expect(instances.map(({ Tags }) => nameOf(Tags))).toEqual(names);
    for (const machine of machines) {
      const [instance] = await found({ InstanceIds: [machine.instanceId] });
      expect(instance).toMatchObject({ InstanceId: machine.instanceId, InstanceType: machine.instanceType, PrivateIpAddress: machine.privateIp, State: { Code: 16, Name: "running" }, Placement: { AvailabilityZone: machine.zone } });
      expect(instance?.LaunchTime).toBeInstanceOf(Date);
      expect(Object.fromEntries(instance?.Tags?.map(({ Key, Value }) => [Key, Value]) ?? [])).toEqual(machine.tags);
    }
  });

  it.each([
    ["a tag", [{ Name: "tag:Workload", Values: ["database", "cache"] }], ["k8s-postgresql", "k8s-redis"]],
    ["a tag with a wildcard", [{ Name: "tag:Name", Values: ["k8s-worker-?"] }], ["k8s-worker-1", "k8s-worker-2"]],
    ["several filters together", [{ Name: "tag:Role", Values: ["worker"] }, { Name: "availability-zone", Values: [`${region}a`] }], ["k8s-rabbitmq"]],
    ["an address", [{ Name: "private-ip-address", Values: ["10.0.1.10"] }], ["k8s-master"]],
    ["a state that none is in", [{ Name: "instance-state-name", Values: ["stopped"] }], []],
    ["a VPC that is not there", [{ Name: "vpc-id", Values: ["vpc-00000000000000000"] }], []],
  ])("[filter] filters by %s", async (_, Filters, expected) => {
    expect((await found({ Filters })).map(({ Tags }) => nameOf(Tags))).toEqual(expected);
  });

  it("[page] gives pages that join to the whole, and refuses a token of its own making", async () => {
    const seen: (string | undefined)[][] = [];
    for await (const page of paginateDescribeInstances({ client: ec2(), pageSize: 5 }, {})) seen.push(page.Reservations?.map((one) => nameOf(one.Instances?.[0]?.Tags)) ?? []);
    expect(seen.map((page) => page.length)).toEqual([5, 2]);
    expect(seen.flat()).toEqual(names);
    expect(await refusal({ NextToken: "made-up" })).toMatchObject({ name: "InvalidNextToken", $metadata: { httpStatusCode: 400 } });
  });

  const [first = ""] = machines.map(({ instanceId }) => instanceId);
  it.each([
    ["InvalidInstanceID.NotFound", { InstanceIds: ["i-00000000000000000"] }, "The instance ID 'i-00000000000000000' does not exist"],
    ["InvalidInstanceID.NotFound", { InstanceIds: ["i-00000000000000000", "i-00000001"] }, "The instance IDs 'i-00000000000000000, i-00000001' do not exist"],
    ["InvalidInstanceID.Malformed", { InstanceIds: ["k8s-master<&>"] }, 'Invalid id: "k8s-master<&>"'],
    ["InvalidParameterCombination", { InstanceIds: [first], MaxResults: 5 }, "The parameter instancesSet cannot be used with the parameter maxResults"],
    ["InvalidParameterValue", { MaxResults: 2 }, "Value ( 2 ) for parameter maxResults is invalid. Expecting a value greater than 5."],
    ["InvalidParameterValue", { Filters: [{ Name: "colour", Values: ["red"] }] }, "The filter 'colour' is invalid"],
    ["DryRunOperation", { DryRun: true }, "Request would have succeeded, but DryRun flag is set."],
  ])("[ids-and-page] refuses with %s: %j", async (name, input, message) => {
    const error = await refusal(input);
    expect(error).toMatchObject({ name, message });
    expect(error).toHaveProperty("$metadata.requestId", expect.stringMatching(/^[0-9a-f-]{36}$/));
  });

  it("knows the region's zones", async () => {
    const { AvailabilityZones } = await ec2().send(new DescribeAvailabilityZonesCommand({}));
    expect(AvailabilityZones?.map(({ ZoneName }) => ZoneName)).toEqual(["a", "b", "c", "d"].map((letter) => `${region}${letter}`));
  });

  it("shows a stopped machine as stopped, without its public address", async () => {
    aws.setInstanceState(first, "stopped");
    expect(await found({ Filters: [{ Name: "instance-state-name", Values: ["stopped"] }] })).toMatchObject([{ InstanceId: first, State: { Code: 80 } }]);
    expect((await found({ InstanceIds: [first] }))[0]?.PublicIpAddress).toBeUndefined();
    aws.setInstanceState(first, "running");
  });
});

describe("who may ask", () => {
  it("[sign-unknown] an unknown key is refused by each service in its own words", async () => {
    const stranger = client({ accessKeyId: "AKIASTRANGER", secretAccessKey: "x" });
    await expect(new STSClient(stranger).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: "InvalidClientTokenId", $metadata: { httpStatusCode: 403 } });
    await expect(new EC2Client(stranger).send(new DescribeInstancesCommand({}))).rejects.toMatchObject({ name: "AuthFailure", $metadata: { httpStatusCode: 401 } });
  });

  it("[sign-mismatch] a wrong secret is found out", async () => {
    const liar = client({ accessKeyId: "sandbox", secretAccessKey: "guessed" });
    await expect(new STSClient(liar).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    await expect(new EC2Client(liar).send(new DescribeInstancesCommand({}))).rejects.toMatchObject({ name: "AuthFailure" });
  });

  it("[sign-region] a signature for another region is no signature here, but where the service has one address for all", async () => {
    const elsewhere = { ...client(aws.credential), region: "eu-west-1" };
    await expect(new EC2Client(elsewhere).send(new DescribeInstancesCommand({}))).rejects.toMatchObject({ name: "AuthFailure" });
    expect((await new STSClient(elsewhere).send(new GetCallerIdentityCommand({}))).Account).toMatch(/^\d{12}$/);
  });

  it("[sign-missing] an unsigned request is refused, in the XML of the service it names", async () => {
    const bare = await fetch(aws.url, { method: "POST", body: new URLSearchParams({ Action: "GetCallerIdentity", Version: "2011-06-15" }) });
    expect(bare.status).toBe(403);
    expect(await bare.text()).toMatch(/<ErrorResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/"><Error><Type>Sender<\/Type><Code>MissingAuthenticationToken/);
  });

  it("[action-unknown] an action that is not there is named", async () => {
    const client = ec2();
    client.middlewareStack.add((next) => (args) => {
      const { request } = args;
      if (typeof request === "object" && request !== null && "body" in request) request.body = "Action=DescribeDreams&Version=2016-11-15";
      return next(args);
    }, { step: "serialize", priority: "low" });
    await expect(client.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({ name: "InvalidAction", message: "The action DescribeDreams is not valid for this web service." });
  });
});

describe("the console's door to AWS", () => {
  const saved = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name) => [name, process.env[name]] as const);
  beforeAll(() => void Object.assign(process.env, { AWS_ACCESS_KEY_ID: aws.credential.accessKeyId, AWS_SECRET_ACCESS_KEY: aws.credential.secretAccessKey }));
  afterAll(() => {
    for (const [name, value] of saved) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it("tells who we are, finds a node's instance by its providerID, and leaves out what AWS does not know", async () => {
    const door = openAws({ endpoint: aws.url, region });
    expect(await door.identity()).toEqual({ account: "123456789012", arn: "arn:aws:iam::123456789012:user/quarterdeck" });
    const [machine] = machines;
    const id = instanceIdOf(`aws:///${machine?.zone}/${machine?.instanceId}`) ?? "";
    expect(await door.instances({ ids: [id, "i-00000000000000000"] })).toMatchObject([{ id, state: "running", type: machine?.instanceType, privateIp: machine?.privateIp, tags: machine?.tags, rootVolumeId: expect.stringMatching(/^vol-/) }]);
    expect(await door.instances({ ids: [] })).toEqual([]);
    expect((await door.instances({ filters: [{ name: "tag:Role", values: ["worker"] }] })).length).toBe(6);
    expect((await door.zones()).map(({ name, available }) => `${name} ${available}`)).toContain(`${region}a true`);
    door.close();
  });

  it("gives up in time on an AWS that does not answer, and says so", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const door = openAws({ endpoint: `http://127.0.0.1:${port}`, region, timeoutMs: 200 });
    await expect(door.identity()).rejects.toMatchObject({ name: "AppError", code: "unavailable", say: expect.stringContaining("did not answer in time") });
    const gone = new AbortController();
    const asked = door.zones(gone.signal);
    gone.abort();
    await expect(asked).rejects.toMatchObject({ code: "gone" });
    door.close();
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
    await expect(openAws({ endpoint: `http://127.0.0.1:${port}`, region }).identity()).rejects.toMatchObject({ code: "unavailable", say: expect.stringContaining("cannot be reached") });
  });

  it("says in words that the credentials are not accepted", async () => {
    process.env.AWS_SECRET_ACCESS_KEY = "guessed";
    const door = openAws({ endpoint: aws.url, region });
    await expect(door.identity()).rejects.toMatchObject({ say: expect.stringContaining("does not accept the credentials") });
    await expect(door.instances({ filters: [] })).rejects.toMatchObject({ say: expect.stringContaining("AuthFailure") });
    process.env.AWS_SECRET_ACCESS_KEY = aws.credential.secretAccessKey;
  });
});
