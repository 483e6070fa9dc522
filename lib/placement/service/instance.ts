// The machine under a node, when AWS may be asked and knows it; a drawer never fails because AWS does.
import "server-only";
import { openAws } from "@/lib/adapters/aws/door";
import { instanceIdOf, type Instance } from "@/lib/adapters/aws/objects";
import { env } from "@/lib/base/env";
import { causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { keep } from "@/lib/runtime";

export type InstanceTold = Pick<Instance, "id" | "type" | "state" | "zone" | "privateIp" | "launchedAt">;

/** Whoever waits for the drawer waits no longer for AWS than this. */
const timeoutMs = 3000;

export async function instanceOf(providerId: string): Promise<InstanceTold | null> {
  const id = instanceIdOf(providerId);
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: key } = env();
  if (!id || (!endpoint && !key)) return null;
  const aws = keep("placement.aws", () => openAws({ endpoint, region, timeoutMs }));
  try {
    const [found] = await aws.instances({ ids: [id] }, AbortSignal.timeout(timeoutMs));
    return found ? { id: found.id, type: found.type, state: found.state, zone: found.zone, privateIp: found.privateIp, launchedAt: found.launchedAt } : null;
  } catch (thrown) {
    log.warn({ instance: id, cause: causeText(thrown) }, "AWS did not tell about a node's machine");
    return null;
  }
}
