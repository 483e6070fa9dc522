// What is true of the account and the region before anything is made: who we are, what we may do, what is offered, what is allowed.
import "server-only";
import * as api from "@aws-sdk/client-ec2";
import { GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { DecodeAuthorizationMessageCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Line } from "./clients";
import { faultOf } from "./errors";
import { toZone, type Identity, type Zone } from "./objects";
import type { Quota } from "./objects-account";
import { toImage, toTypeFacts, type Image, type TypeFacts } from "./objects-network";

/** Actions of EC2 whose permission can be tried without doing them. */
export const tryable = ["CreateVpc", "CreateInternetGateway", "CreateSubnet", "CreateRouteTable", "CreateSecurityGroup", "AllocateAddress", "ImportKeyPair", "RunInstances", "TerminateInstances", "CreateTags"] as const;
export type Tryable = (typeof tryable)[number];

/** What a trial needs to be about something: AWS checks the permission before it looks whether the rest fits. */
export interface Trial { action: Tryable; vpcId: string; instanceId: string; imageId: string; instanceType: string }
/** `code` is AWS' own: "DryRunOperation" when it would have succeeded, "UnauthorizedOperation" when not. */
export interface TrialResult { action: Tryable; verdict: "allowed" | "denied" | "unclear"; code: string; say: string }

export interface Facts {
  identity(signal?: AbortSignal): Promise<Identity>;
  zones(signal?: AbortSignal): Promise<Zone[]>;
  tryOut(trial: Trial, signal?: AbortSignal): Promise<TrialResult>;
  quota(at: { service: string; code: string }, signal?: AbortSignal): Promise<Quota | null>;
  /** Which of the types each zone of the region offers. */
  offerings(types: readonly string[], signal?: AbortSignal): Promise<{ type: string; zone: string }[]>;
  /** Types that AWS does not know are left out. */
  typeFacts(types: readonly string[], signal?: AbortSignal): Promise<TypeFacts[]>;
  /** The image that a public parameter of AWS names now, such as "/aws/service/canonical/ubuntu/…/ami-id"; null when there is no such parameter. */
  imageNamedBy(parameter: string, signal?: AbortSignal): Promise<string | null>;
  /** Ids that AWS does not know are left out. */
  images(ids: readonly string[], signal?: AbortSignal): Promise<Image[]>;
  /** What the instance printed on its serial console; "" before it printed. */
  consoleOutput(instanceId: string, signal?: AbortSignal): Promise<string>;
  /** AWS' encoded reason of a refusal as JSON text; "" when we may not read it. */
  decodeDenial(encoded: string, signal?: AbortSignal): Promise<string>;
}

export function openFacts(line: Line): Facts {
  return {
    identity: (signal) => line.ask({ doing: "tell whose credentials these are", signal, send: async ({ sts }, options) => {
      const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}), options);
      return { account: Account, arn: Arn };
    } }),
    zones: (signal) => line.ask({ doing: "list availability zones", signal, send: async ({ ec2 }, options) => {
      const { AvailabilityZones = [] } = await ec2.send(new api.DescribeAvailabilityZonesCommand({}), options);
      return AvailabilityZones.map(toZone);
    } }),
    tryOut: (trial, signal) => line.ask({ doing: `try whether ${trial.action} is allowed`, signal, send: async ({ ec2 }, options) => {
      const thrown: unknown = await trials[trial.action](ec2, trial, options).then(() => null, (refused: unknown) => refused);
      return resultOf(trial.action, thrown);
    } }),
    quota: ({ service, code }, signal) => line.ask({ doing: "read a quota", signal, send: async ({ quotas }, options) => {
      const { Quota } = await quotas.send(new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }), options).catch((thrown: unknown) => {
        if (faultOf(thrown).name === "NoSuchResourceException") return { Quota: undefined };
        throw thrown;
      });
      return Quota?.Value === undefined ? null : { service, code, name: Quota.QuotaName ?? "", value: Quota.Value, adjustable: Quota.Adjustable ?? false };
    } }),
    offerings: (types, signal) => line.ask({ doing: "list what types each zone offers", signal, send: async ({ ec2 }, options) => {
      const { InstanceTypeOfferings = [] } = await ec2.send(new api.DescribeInstanceTypeOfferingsCommand({ LocationType: "availability-zone", Filters: [{ Name: "instance-type", Values: [...types] }] }), options);
      return InstanceTypeOfferings.map(({ InstanceType = "", Location = "" }) => ({ type: InstanceType, zone: Location }));
    } }),
    typeFacts: (types, signal) => line.ask({ doing: "read what instance types are", signal, send: async ({ ec2 }, options) => {
      const { InstanceTypes = [] } = await ec2.send(new api.DescribeInstanceTypesCommand({ Filters: [{ Name: "instance-type", Values: [...types] }] }), options);
      return InstanceTypes.map(toTypeFacts);
    } }),
    imageNamedBy: (parameter, signal) => line.ask({ doing: "look up the newest image", signal, send: async ({ ssm }, options) => {
      const answer = await ssm.send(new GetParameterCommand({ Name: parameter }), options).catch((thrown: unknown) => {
        if (faultOf(thrown).name === "ParameterNotFound") return null;
        throw thrown;
      });
      return answer?.Parameter?.Value ?? null;
    } }),
    images: (ids, signal) => line.ask({ doing: "look up images", signal, send: async ({ ec2 }, options) => {
      const { Images = [] } = await ec2.send(new api.DescribeImagesCommand({ Filters: [{ Name: "image-id", Values: [...ids] }] }), options);
      return Images.map(toImage);
    } }),
    consoleOutput: (InstanceId, signal) => line.ask({ doing: "read a serial console", signal, send: async ({ ec2 }, options) => {
      const { Output = "" } = await ec2.send(new api.GetConsoleOutputCommand({ InstanceId, Latest: true }), options);
      return Buffer.from(Output, "base64").toString("utf8");
    } }),
    decodeDenial: (EncodedMessage, signal) => line.ask({ doing: "decode a refusal", signal, send: async ({ sts }, options) => {
      const { DecodedMessage = "" } = await sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage }), options).catch(() => ({ DecodedMessage: "" }));
      return DecodedMessage;
    } }),
  };
}

type Attempt = (ec2: api.EC2Client, trial: Trial, options: { abortSignal?: AbortSignal }) => Promise<unknown>;
const DryRun = true;
const trialCidr = "10.255.0.0/16";
/** A key that opens nothing: AWS reads its form before it answers. */
const trialKey = new TextEncoder().encode("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA quarterdeck-trial");

const trials: Record<Tryable, Attempt> = {
  CreateVpc: (ec2, _, options) => ec2.send(new api.CreateVpcCommand({ DryRun, CidrBlock: trialCidr }), options),
  CreateInternetGateway: (ec2, _, options) => ec2.send(new api.CreateInternetGatewayCommand({ DryRun }), options),
  CreateSubnet: (ec2, { vpcId }, options) => ec2.send(new api.CreateSubnetCommand({ DryRun, VpcId: vpcId, CidrBlock: trialCidr }), options),
  CreateRouteTable: (ec2, { vpcId }, options) => ec2.send(new api.CreateRouteTableCommand({ DryRun, VpcId: vpcId }), options),
  CreateSecurityGroup: (ec2, { vpcId }, options) => ec2.send(new api.CreateSecurityGroupCommand({ DryRun, VpcId: vpcId, GroupName: "quarterdeck-trial", Description: "quarterdeck-trial" }), options),
  AllocateAddress: (ec2, _, options) => ec2.send(new api.AllocateAddressCommand({ DryRun, Domain: "vpc" }), options),
  ImportKeyPair: (ec2, _, options) => ec2.send(new api.ImportKeyPairCommand({ DryRun, KeyName: "quarterdeck-trial", PublicKeyMaterial: trialKey }), options),
  RunInstances: (ec2, { imageId, instanceType }, options) => ec2.send(new api.RunInstancesCommand({ DryRun, MinCount: 1, MaxCount: 1, ImageId: imageId, InstanceType: toWireType(instanceType) }), options),
  TerminateInstances: (ec2, { instanceId }, options) => ec2.send(new api.TerminateInstancesCommand({ DryRun, InstanceIds: [instanceId] }), options),
  CreateTags: (ec2, { vpcId }, options) => ec2.send(new api.CreateTagsCommand({ DryRun, Resources: [vpcId], Tags: [{ Key: "quarterdeck.dev/trial", Value: "" }] }), options),
};

/** The SDK's list of types lags behind AWS'; any name is a name, and AWS refuses what it does not know. */
export function toWireType(name: string): api._InstanceType {
  return name as api._InstanceType;
}

const denials = /^(UnauthorizedOperation|AccessDenied(Exception)?)$/;
/** Said only after the permission was found in order. */
const afterPermission = /^DryRunOperation$|\.NotFound$|Malformed$|^Invalid(Vpc|Subnet)\.|LimitExceeded$|\.Duplicate$|\.Conflict$/;

function resultOf(action: Tryable, thrown: unknown): TrialResult {
  // An AWS that did it although it was asked not to has allowed it all the same.
  if (thrown === null) return { action, verdict: "allowed", code: "", say: "" };
  const { name, message } = faultOf(thrown);
  if (denials.test(name)) return { action, verdict: "denied", code: name, say: message };
  if (afterPermission.test(name)) return { action, verdict: "allowed", code: name, say: "" };
  throw thrown;
}
