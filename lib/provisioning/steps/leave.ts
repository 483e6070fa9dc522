// How a node leaves a living cluster: emptied by eviction as any drain, then forgotten by Kubernetes; its machine is ended after that.
import type { Outcome, StepCtx, StepDefinition } from "@/lib/jobs/step";
import { cordonStep, lookStep } from "@/lib/placement/steps/cordon";
import { drainInput, type DrainInput, type DrainTools } from "@/lib/placement/steps/drain-tools";
import { evictStep } from "@/lib/placement/steps/evict";
import type { ChangeInput } from "../model";
import type { InsideTools } from "./inside";
import { answered, handOf, paced, times } from "./tools";

type Ctx = StepCtx<InsideTools>;
interface Leaving { node: string; cluster: string; consent: ChangeInput["consent"]; needs: readonly string[] }

const stepName = (what: string, node: string): string => `${what}/${node}`;
/** The steps after which a node's machine may be ended. */
export const forgetName = (node: string): string => stepName("forget", node);

const toDrainCtx = (ctx: Ctx): StepCtx<DrainTools> => ({ ...ctx, tools: { cluster: () => ctx.tools.inside.handle(), now: () => Date.now() } });

/** A machine that does not answer evicts nobody: its pods are made anew elsewhere once Kubernetes has forgotten it. */
function cannotBeEmptied(ctx: Ctx, node: string): Outcome | null {
  const handle = ctx.tools.inside.handle();
  if (handle?.freshness().state !== "live") return null;
  const known = handle.store("Node").get(node);
  if (!known) return { is: "skipped", say: `${node} is no node of the cluster any more.` };
  const ready = known.conditions.find(({ type }) => type === "Ready");
  return ready?.status === "Unknown" ? { is: "skipped", say: `${node} does not answer (${ready.message || ready.reason}), so nothing can be moved off it. What it ran is made anew elsewhere once it is forgotten.` } : null;
}

function drainStep(step: StepDefinition<DrainTools>, node: string, needs: readonly string[]): StepDefinition<InsideTools> {
  return {
    name: stepName(step.name, node), title: step.title, needs, lane: "machines", chain: node, alike: `drain-${step.name}`,
    check: async (ctx) => cannotBeEmptied(ctx, node) ?? step.check(toDrainCtx(ctx)),
    run: (ctx) => step.run(toDrainCtx(ctx)),
  };
}

/** From the look at what would move to a cluster that knows the node no more. */
export function leavingSteps({ node, cluster, consent, needs }: Leaving): StepDefinition<InsideTools>[] {
  const input: DrainInput = drainInput.parse({ cluster, node, consent });
  const [look, cordon, evict] = [lookStep(input), cordonStep(input), evictStep(input)];
  return [
    drainStep(look, node, needs), drainStep(cordon, node, [stepName(look.name, node)]), drainStep(evict, node, [stepName(cordon.name, node)]),
    {
      name: forgetName(node), title: `Have Kubernetes forget ${node}`, needs: [stepName(evict.name, node)], lane: "machines", chain: node, alike: "forget", expectMs: 2_000, patience: { ms: 15 * 60_000, then: "failed" },
      check: () => Promise.resolve(null),
      run: (ctx) => answered(() => forget(ctx, node))(ctx),
    },
  ];
}

async function forget(ctx: Ctx, node: string): Promise<Outcome> {
  const client = ctx.tools.inside.client();
  if (!client) return { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: "The cluster is not connected yet." };
  const ref = { apiVersion: "v1", kind: "Node", namespace: "", name: node };
  if ((await client.find(ref)) !== null) {
    ctx.assertOwner();
    await client.remove(ref);
    ctx.log(`The node ${node} is deleted.`);
  }
  if ((await client.find(ref)) !== null) return { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: `Waiting until ${node} is gone.` };
  await ctx.tools.ledger.gone(handOf(ctx, forgetName(node)), ctx.tools.cluster, [node]);
  return { is: "done", say: `${node} is no node of the cluster any more.` };
}
