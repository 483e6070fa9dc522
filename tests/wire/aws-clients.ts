// What the suites of the AWS imitation share: an account of their own, official clients for it, and a clock that they turn.
import { AttachInternetGatewayCommand, CreateInternetGatewayCommand, CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand, DescribeImagesCommand, EC2Client, RunInstancesCommand, type RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { startAws, type Aws, type AwsOptions } from "../../infra/sandbox/aws/server";

export const region = "ap-northeast-2";

export interface Keys { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

export function clientsOf(aws: Pick<Aws, "url">, credentials: Keys, maxAttempts = 1) {
  const config = { endpoint: aws.url, region, credentials, maxAttempts };
  return { ec2: new EC2Client(config), iam: new IAMClient(config), ssm: new SSMClient(config), sts: new STSClient(config), quotas: new ServiceQuotasClient(config), elb: new ElasticLoadBalancingV2Client(config) };
}

export interface TestAccount extends ReturnType<typeof clientsOf> {
  aws: Aws;
  /** Lets time pass in the account; nobody waits. */
  pass(ms: number): void;
}

/** An empty account whose time stands still until it is told to pass. */
export async function testAccount(options: Partial<AwsOptions> = {}): Promise<TestAccount> {
  const startedMs = Date.now();
  const aws = await startAws({ port: 0, machines: [], clock: { nowMs: () => startedMs }, ...options });
  return { aws, ...clientsOf(aws, aws.credential), pass: aws.pass };
}

/** The refusal that a call is answered with, as a plain word to compare: its code. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(() => "accepted", (error: unknown) => error instanceof Error ? error.name : "no error");
}

/** Both the code and the sentence. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: string; say: string; status: number }> {
  return call.then(() => ({ code: "accepted", say: "", status: 200 }), (error: unknown) => {
    if (!(error instanceof Error)) throw error;
    const status: unknown = Reflect.get(Object(Reflect.get(error, "$metadata")), "httpStatusCode");
    return { code: error.name, say: error.message, status: typeof status === "number" ? status : 0 };
  });
}

export interface TestNetwork { vpcId: string; subnetId: string; gatewayId: string; groupId: string }

/** A VPC with a public subnet in the first zone, its gateway and a group: what most machines need. */
export async function makeNetwork({ ec2 }: Pick<TestAccount, "ec2">, block = "10.0"): Promise<TestNetwork> {
  const vpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: `${block}.0.0/16` }))).Vpc?.VpcId ?? "";
  const subnetId = (await ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: `${block}.1.0/24`, AvailabilityZone: `${region}a` }))).Subnet?.SubnetId ?? "";
  const gatewayId = (await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId ?? "";
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: gatewayId, VpcId: vpcId }));
  const groupId = (await ec2.send(new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: "nodes", Description: "nodes" }))).GroupId ?? "";
  return { vpcId, subnetId, gatewayId, groupId };
}

export async function ubuntu({ ec2 }: Pick<TestAccount, "ec2">, architecture: "x86_64" | "arm64" = "x86_64"): Promise<string> {
  const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ["099720109477"], Filters: [{ Name: "architecture", Values: [architecture] }] }));
  return Images?.[0]?.ImageId ?? "";
}

export async function launch(account: Pick<TestAccount, "ec2">, net: Pick<TestNetwork, "subnetId" | "groupId">, more: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const where = more.NetworkInterfaces ? {} : { SubnetId: net.subnetId, SecurityGroupIds: [net.groupId] };
  const { Instances } = await account.ec2.send(new RunInstancesCommand({ ImageId: await ubuntu(account), InstanceType: "t3.large", MinCount: 1, MaxCount: 1, ...where, ...more }));
  return Instances?.[0]?.InstanceId ?? "";
}
