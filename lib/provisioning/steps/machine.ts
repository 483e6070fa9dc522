// Waits until a machine that was started runs, and tells why when it never will.
import type { Outcome } from "@/lib/jobs/step";
import { handOf, outcomeOf, paced, times, type Ctx } from "./tools";
import { whyGone } from "./launch";

export async function waitForMachine(ctx: Ctx, resource: string): Promise<Outcome> {
  const { aws, cluster, ledger } = ctx.tools;
  const entry = (await ledger.living(cluster)).find((one) => one.resource === resource);
  const id = entry?.awsId;
  if (!entry || !id) return { is: "try-again", afterMs: paced(ctx, times.lookAgainMs), say: `${resource} is not in the ledger any more.`, code: "vanished" };
  const [instance] = await aws.instances({ ids: [id] }, ctx.signal);
  if (instance?.state === "running") return { is: "done", say: `${id} runs in ${instance.zone}.` };
  const why = await whyGone(ctx, id);
  if (why) {
    await ledger.move(handOf(ctx, resource), entry.intent, { state: "DELETED", say: why.say });
    return why.move === "next-zone" ? { is: "try-again", afterMs: paced(ctx, times.lookAgainMs), say: why.say, code: why.code } : outcomeOf(ctx, why);
  }
  return { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: instance ? `${id} is ${instance.state}.` : `AWS does not list ${id} yet.` };
}
