// Looking, planning and agreeing: the plan of a blueprint over the world as it is now, and the job that carries out exactly that plan.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import { clusterSlug } from "@/lib/clusters/model";
import type { Prices } from "@/lib/clusters/prices";
import { costOf, type Cost } from "../cost";
import { expectedMs } from "../durations";
import { resourceGraph } from "../graph/build";
import { longestWay } from "../graph/order";
import type { Blueprint, Pins } from "../model";
import { makePlan } from "../plan/plan";
import { countActs, type Plan, type World } from "../plan/model";
import { preflight, type Check, type Facts } from "../preflight";
import { awsFor } from "./account";
import { digestOf } from "./digest";
import { gatherFacts } from "./facts";
import { loadBlueprint, storedPrices, storePlan } from "./stored";
import { lookAtWorld } from "./world";

export interface Planned {
  blueprint: Blueprint;
  revision: number;
  pins: Pins;
  plan: Plan;
  counts: ReturnType<typeof countActs>;
  cost: Cost;
  checks: readonly Check[];
  offerings: Facts["offerings"];
  digest: string;
  /** When the world was looked at. */
  at: number;
  /** Expected time of each kind, and the chain of resources that takes longest. */
  longest: { ids: readonly string[]; ms: number };
}

const unknownAccount = "000000000000";

/** What is true now of a cluster's account and of what is there: the ground of every plan. */
export interface Surveyed { blueprint: Blueprint; world: World; facts: Facts; pins: Pins; prices: Prices }

export async function survey(blueprint: Blueprint, signal: AbortSignal): Promise<Surveyed> {
  const aws = awsFor(blueprint.region);
  const world = await lookAtWorld({ aws, cluster: blueprint.name, signal });
  const [{ facts, image }, prices] = await Promise.all([gatherFacts({ aws, blueprint, world, signal }), storedPrices(blueprint.region)]);
  const arn = facts.identity?.arn.split(":") ?? [];
  const pins: Pins = { account: facts.identity?.account ?? unknownAccount, partition: arn[1] ?? "aws", imageId: image?.id ?? "", imageName: image?.name ?? "", rootDevice: image?.rootDevice ?? "/dev/sda1" };
  return { blueprint, world, facts, pins, prices };
}

/** Everything that a person has to know before they say yes. Changes nothing on AWS. */
export async function planFor(slug: string, { signal, by }: { signal: AbortSignal; by: string }): Promise<Planned> {
  const { blueprint, revision } = await loadBlueprint(slug);
  const { world, facts, pins, prices } = await survey(blueprint, signal);
  const graph = resourceGraph(blueprint, pins);
  const plan = makePlan(graph, world);
  const cost = costOf(blueprint, prices);
  const digest = digestOf({ blueprint, pins, prices: cost.lines, items: plan.items, problems: plan.problems });
  await storePlan({ digest, cluster: slug, purpose: "build", document: { plan }, by });
  const work = plan.items.filter(({ act }) => act !== "keep" && act !== "delete");
  return {
    blueprint, revision, pins, plan, counts: countActs(plan), cost, digest, at: Date.now(), offerings: facts.offerings,
    checks: preflight({ blueprint, facts, plan }),
    longest: longestWay(work, (id) => { const item = work.find((each) => each.id === id); return item ? expectedMs(item.kind) : 0; }),
  };
}

export const planBlueprint = feed({
  name: "provisioning.plan",
  permission: "provisioning.read",
  input: z.object({ cluster: clusterSlug }),
  run: async (ctx, { cluster }) => planFor(cluster, { signal: ctx.signal, by: ctx.actor.name }),
});
