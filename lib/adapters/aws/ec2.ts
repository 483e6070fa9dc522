// The door to AWS for what exists now: who we are there, instances, zones. Every call ends in time and says in words what went wrong.
import "server-only";
import { DescribeAvailabilityZonesCommand, DescribeInstancesCommand, EC2Client, type Filter } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { AppError } from "@/lib/base/errors";
import { toAwsError } from "./errors";
import { toInstance, toZone, type Identity, type Instance, type Zone } from "./objects";

export interface AwsAccess {
  /** Where to send requests instead of AWS' own addresses. */
  endpoint?: string | undefined;
  region: string;
  timeoutMs?: number;
}

export interface InstanceFilter { name: string; values: readonly string[] }
export type InstanceChoice = { ids: readonly string[] } | { filters: readonly InstanceFilter[] };

export interface Aws {
  identity(signal?: AbortSignal): Promise<Identity>;
  /** Ids that AWS does not know are left out; all that the filters choose, over all pages. */
  instances(choice: InstanceChoice, signal?: AbortSignal): Promise<Instance[]>;
  zones(signal?: AbortSignal): Promise<Zone[]>;
  close(): void;
}

const defaultTimeoutMs = 8_000;
const connectTimeoutMs = 3_000;
const pageSize = 500;
/** More pages than any fleet of ours has: an endpoint that never ends its pages is broken. */
const maxPages = 100;

/** Credentials come from the SDK's own chain: environment, profile, instance role. */
export function openAws({ endpoint, region, timeoutMs = defaultTimeoutMs }: AwsAccess): Aws {
  const settings = {
    region, maxAttempts: 2, ...(endpoint ? { endpoint } : {}),
    // Without the last one a breach is only logged (Node handler of the SDK).
    requestHandler: { connectionTimeout: connectTimeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  };
  const ec2 = new EC2Client(settings);
  const sts = new STSClient(settings);
  const answered = async <T>(doing: string, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (thrown) {
      throw toAwsError(thrown, doing);
    }
  };
  const byFilters = (filters: readonly InstanceFilter[], signal: AbortSignal | undefined): Promise<Instance[]> =>
    answered("list instances", async () => {
      const found: Instance[] = [];
      let token: string | undefined;
      for (let page = 0; page < maxPages; page += 1) {
        const answer = await ec2.send(new DescribeInstancesCommand({ Filters: filters.map(toFilter), MaxResults: pageSize, ...(token ? { NextToken: token } : {}) }), signal ? { abortSignal: signal } : {});
        found.push(...(answer.Reservations ?? []).flatMap(({ Instances = [] }) => Instances.map(toInstance)));
        token = answer.NextToken;
        if (!token) return found;
      }
      throw new AppError("unavailable", "AWS' list of instances does not come to an end. Check the address that answers for AWS.");
    });
  return {
    identity: (signal) => answered("tell whose credentials these are", async () => {
      const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}), signal ? { abortSignal: signal } : {});
      return { account: Account, arn: Arn };
    }),
    // As a filter an unknown id is simply not found; as an id it would fail the whole request.
    instances: async (choice, signal) => ("filters" in choice ? byFilters(choice.filters, signal) : choice.ids.length === 0 ? [] : byFilters([{ name: "instance-id", values: choice.ids }], signal)),
    zones: (signal) => answered("list availability zones", async () => {
      const { AvailabilityZones = [] } = await ec2.send(new DescribeAvailabilityZonesCommand({}), signal ? { abortSignal: signal } : {});
      return AvailabilityZones.map(toZone);
    }),
    close() {
      ec2.destroy();
      sts.destroy();
    },
  };
}

function toFilter({ name, values }: InstanceFilter): Filter {
  return { Name: name, Values: [...values] };
}
