// Taking a cluster down: the plan of what goes with what holds data named, and the job, for whoever types its name.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { findConnection } from "@/lib/clusters/connections";
import { clusterSlug } from "@/lib/clusters/model";
import { resourceGraph } from "../graph/build";
import type { Blueprint, Pins, TeardownInput } from "../model";
import { planTeardown, type TeardownPlan } from "../plan/teardown";
import { awsFor } from "./account";
import { digestText, start } from "./build";
import { digestOf } from "./digest";
import { foreignIn } from "../steps/blockers";
import { loadBlueprint, storedPrices, storePlan } from "./stored";
import { imageOf, lookAtWorld, sweepOf } from "./world";

interface Planned extends TeardownPlan { digest: string; blueprint: Blueprint; pins: Pins }

async function teardownOf(cluster: string, { signal, by }: { signal: AbortSignal; by: string }): Promise<Planned> {
  const { blueprint } = await loadBlueprint(cluster);
  const aws = awsFor(blueprint.region);
  const [world, swept, identity] = await Promise.all([lookAtWorld({ aws, cluster, signal }), sweepOf({ aws, cluster, signal }), aws.identity(signal)]);
  const pins: Pins = { account: identity.account, partition: identity.arn.split(":")[1] ?? "aws", imageId: imageOf(world) ?? "", imageName: "", rootDevice: "/dev/sda1" };
  const plan = planTeardown(resourceGraph(blueprint, pins), world, swept);
  const digest = digestOf({ blueprint, purpose: "teardown", items: plan.items, swept, problems: plan.problems });
  await storePlan({ digest, cluster, purpose: "teardown", document: plan, by });
  return { ...plan, digest, blueprint, pins };
}

export const planTearingDown = feed({
  name: "provisioning.plan-teardown",
  permission: "provisioning.read",
  input: z.object({ cluster: clusterSlug }),
  run: async (ctx, { cluster }) => {
    const { digest, items, swept, data, problems, blueprint } = await teardownOf(cluster, { signal: ctx.signal, by: ctx.actor.name });
    const [blockers, prices] = await Promise.all([foreignIn({ aws: awsFor(blueprint.region), cluster, signal: ctx.signal }), storedPrices(blueprint.region)]);
    const handle = findConnection(cluster)?.handle;
    return { digest, items, swept, data, problems, blockers: blockers.map(({ id, what }) => ({ id, what })), gibMonthlyUsd: prices.of("gp3-gib"), answers: handle?.freshness().state === "live" };
  },
});

export const startTeardown = verb({
  name: "cluster.teardown",
  permission: "provisioning.teardown",
  input: z.object({ cluster: clusterSlug, digest: digestText, typed: z.string().max(80), volumes: z.enum(["keep", "delete"]) }),
  target: ({ cluster }) => ({ kind: "blueprint", name: cluster, cluster }),
  run: async (ctx, { cluster, digest, typed, volumes }) => {
    if (typed !== cluster) throw new AppError("invalid", `To take ${cluster} down, type its name; "${typed}" was typed.`);
    const now = await teardownOf(cluster, { signal: ctx.signal, by: ctx.actor.name });
    if (now.digest !== digest) throw new AppError("conflict", "What would be removed is not what was shown. Look at the plan again.");
    if (now.items.length === 0 && now.swept.length === 0) throw new AppError("conflict", `Nothing of ${cluster} is on AWS.`);
    const input: TeardownInput = { cluster, digest, blueprint: now.blueprint, pins: now.pins, acts: now.items.map(({ id }) => ({ id, act: "delete" })), volumes };
    return { job: await start("cluster.teardown", input, ctx.actor.name) };
  },
});
