// The SDK's clients for one account and region, and the two ways to speak with them: ask (may be asked again) and act (exactly one request).
import "server-only";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { actAs, sealRequest, type Acting } from "./acting";
import { toAwsError } from "./errors";

export interface AwsAccess {
  /** Where to send requests instead of AWS' own addresses. */
  endpoint?: string | undefined;
  region: string;
  /** How long one request may take. */
  timeoutMs?: number;
}

interface Clients { ec2: EC2Client; iam: IAMClient; ssm: SSMClient; sts: STSClient; quotas: ServiceQuotasClient; elb: ElasticLoadBalancingV2Client }
export interface SendOptions { abortSignal?: AbortSignal }
export interface Question<T> { doing: string; signal: AbortSignal | undefined; send(clients: Clients, options: SendOptions): Promise<T> }
export interface Order<T> { doing: string; by: Acting; send(clients: Clients): Promise<T> }

export interface Line {
  region: string;
  ask<T>(question: Question<T>): Promise<T>;
  act<T>(order: Order<T>): Promise<T>;
  close(): void;
}

/**
 * Shorter than the fifth of a job's lease that is left when its owner stops believing in it (45 s · 0.2):
 * no request of an old owner is on the wire when the next one begins.
 */
export const defaultTimeoutMs = 8_000;
const connectTimeoutMs = 3_000;
const askAttempts = 3;

export function openLine({ endpoint, region, timeoutMs = defaultTimeoutMs }: AwsAccess): Line {
  const common = {
    region, retryMode: "adaptive", ...(endpoint ? { endpoint } : {}),
    // Without the last one a breach is only logged (Node handler of the SDK).
    requestHandler: { connectionTimeout: Math.min(connectTimeoutMs, timeoutMs), requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  };
  const askers = clientsOf({ ...common, maxAttempts: askAttempts });
  // The SDK would send CreateVpc three times after a lost reply, and three networks would be there.
  const actors = clientsOf({ ...common, maxAttempts: 1 });
  sealAll(actors);
  const explained = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      throw toAwsError(thrown, doing);
    }
  };
  return {
    region,
    ask: ({ doing, signal, send }) => explained(doing, () => send(askers, signal ? { abortSignal: signal } : {})),
    async act({ doing, by, send }) {
      const watched = watch(by);
      try {
        return await actAs(watched.by, () => send(actors));
      } catch (thrown) {
        if (watched.refusal()) throw watched.refusal();
        throw toAwsError(thrown, doing);
      }
    },
    close() {
      for (const client of [...Object.values(askers), ...Object.values(actors)]) client.destroy();
    },
  };
}

/** What the guard throws is its own affair and reaches its owner as it is. */
function watch({ guard, mark }: Acting): { by: Acting; refusal(): unknown } {
  let refusal: unknown;
  const guarded = () => {
    try {
      guard();
    } catch (thrown) {
      refusal = thrown;
      throw thrown;
    }
  };
  return { by: { mark, guard: guarded }, refusal: () => refusal };
}

interface Settings { region: string; retryMode: string; maxAttempts: number; endpoint?: string; requestHandler: object }

function clientsOf(settings: Settings): Clients {
  return { ec2: new EC2Client(settings), iam: new IAMClient(settings), ssm: new SSMClient(settings), sts: new STSClient(settings), quotas: new ServiceQuotasClient(settings), elb: new ElasticLoadBalancingV2Client(settings) };
}

const seal = { step: "deserialize", priority: "low" } as const;

function sealAll({ ec2, iam, ssm, elb }: Clients): void {
  ec2.middlewareStack.add((next) => (args) => (sealRequest(args.request), next(args)), seal);
  iam.middlewareStack.add((next) => (args) => (sealRequest(args.request), next(args)), seal);
  ssm.middlewareStack.add((next) => (args) => (sealRequest(args.request), next(args)), seal);
  elb.middlewareStack.add((next) => (args) => (sealRequest(args.request), next(args)), seal);
}
