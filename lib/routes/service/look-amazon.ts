// What AWS knows of the way: balancers with their listeners, how they find their targets, the machines and what their security groups let in.
import "server-only";
import { openAws, type Aws } from "@/lib/adapters/aws/door";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { keep } from "@/lib/runtime";
import { told, untold, type AmazonWorld, type Told } from "../world";

/** Of the account at most so many are asked about one by one. */
const maxAsked = 100;
const timeoutMs = 8_000;

/** The account of the console's own credentials; null where it has none. */
export function accountInUse(): Aws | null {
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: key } = env();
  return endpoint || key ? keep("routes.aws", () => openAws({ endpoint, region })) : null;
}

export interface Wanted { addresses: readonly string[]; instanceIds: readonly string[] }

export async function lookAtAmazon(aws: Aws | null, wanted: Wanted): Promise<Told<AmazonWorld>> {
  if (!aws) return untold("The console has no AWS credentials.");
  if (wanted.instanceIds.length === 0) return untold("No node of this cluster says by its providerID which machine it is.");
  try {
    return told(await read(aws, wanted, AbortSignal.timeout(timeoutMs)));
  } catch (thrown) {
    return untold(thrown instanceof AppError ? thrown.say : "AWS could not be asked.", true);
  }
}

async function read(aws: Aws, { addresses, instanceIds }: Wanted, signal: AbortSignal): Promise<AmazonWorld> {
  const instances = await aws.instances({ ids: instanceIds }, signal);
  const vpcId = instances[0]?.vpcId ?? "";
  if (vpcId === "") return { balancers: [], groups: [], instances, openings: [], vpcRange: "" };
  const groupIds = [...new Set(instances.flatMap(({ securityGroups }) => securityGroups.map(({ id }) => id)))];
  const [balancers, groups, openings, vpcs] = await Promise.all([
    aws.loadBalancers(signal), aws.targetGroups(signal), aws.securityGroupRules({ filters: [{ name: "group-id", values: groupIds.slice(0, 200) }] }, signal), aws.vpcs({ ids: [vpcId] }, signal),
  ]);
  const ours = balancers.filter(({ dnsName }) => addresses.some((address) => address.toLowerCase() === dnsName.toLowerCase())).slice(0, maxAsked);
  const used = new Set(ours.map(({ id }) => id));
  const theirs = groups.filter(({ loadBalancers }) => loadBalancers.some((id) => used.has(id))).slice(0, maxAsked);
  return {
    instances, openings, vpcRange: vpcs[0]?.cidr ?? "",
    balancers: await inTurn(ours, async (one) => ({ ...one, listeners: await aws.listeners(one.id, signal) })),
    groups: await inTurn(theirs, async (one) => ({ ...one, targets: await aws.targetHealth(one.id, signal) })),
  };
}

const atOnce = 4;

/** Four at a time: AWS counts requests of the whole account. */
async function inTurn<T, O>(items: readonly T[], ask: (item: T) => Promise<O>): Promise<O[]> {
  const answers: O[] = [];
  for (let at = 0; at < items.length; at += atOnce) answers.push(...await Promise.all(items.slice(at, at + atOnce).map(ask)));
  return answers;
}
