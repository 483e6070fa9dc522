// Saying yes to a plan: the world is looked at once more, and only exactly what was agreed to is started; a changed world is shown instead.
import "server-only";
import { z } from "zod";
import { verb } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { clusterSlug } from "@/lib/clusters/model";
import { jobDatabase } from "@/lib/jobs/database";
import { enqueue } from "@/lib/jobs/store";
import { provisioningKinds } from "../kinds";
import type { BuildInput, ChangeInput, TeardownInput, UpkeepInput } from "../model";
import { planChanges, type PlanChange } from "../plan/changed";
import { isEmpty, type Plan } from "../plan/model";
import { blocking } from "../preflight";
import { planFor } from "./plan";
import { findPlan } from "./stored";

export const digestText = z.string().regex(/^[0-9a-f]{64}$/, "a plan's digest is 64 hexadecimal digits");

/** A plan as we stored it ourselves a while ago; its reader compares it and shows it, and does nothing with it. */
function toPlan(document: unknown): Plan | null {
  const holder = z.object({ plan: z.object({ cluster: z.string(), items: z.array(z.record(z.string(), z.unknown())), problems: z.array(z.record(z.string(), z.unknown())) }) }).safeParse(document);
  return holder.success ? (holder.data.plan as unknown as Plan) : null;
}

export const startBuild = verb({
  name: "cluster.build",
  permission: "provisioning.build",
  input: z.object({ cluster: clusterSlug, digest: digestText }),
  target: ({ cluster }) => ({ kind: "blueprint", name: cluster, cluster }),
  run: async (ctx, { cluster, digest }): Promise<{ job: string | null; changed: readonly PlanChange[]; digest: string }> => {
    const agreed = await findPlan(digest);
    if (!agreed || agreed.cluster !== cluster || agreed.purpose !== "build") throw new AppError("not-found", "That plan is not kept any more. Look at the plan again and agree to the one that is shown then.");
    const now = await planFor(cluster, { signal: ctx.signal, by: ctx.actor.name });
    const [first] = blocking(now.checks);
    if (first) throw new AppError("conflict", `Nothing was started. ${first.title}: ${first.say} ${first.fix}`);
    if (now.digest !== digest) {
      const before = toPlan(agreed.document);
      const changed = before ? planChanges(before, now.plan) : [];
      return { job: null, digest: now.digest, changed: changed.length > 0 ? changed : [{ id: cluster, was: `digest ${digest.slice(0, 8)}`, now: `digest ${now.digest.slice(0, 8)}: blueprint, image or prices are others` }] };
    }
    if (isEmpty(now.plan)) throw new AppError("conflict", "There is nothing to do: the world equals the blueprint.");
    const input: BuildInput = { cluster, digest, blueprint: now.blueprint, pins: now.pins, acts: now.plan.items.map(({ id, act }) => ({ id, act })) };
    return { job: await start("cluster.build", input, ctx.actor.name), changed: [], digest };
  },
});

type JobInput = { "cluster.build": BuildInput; "cluster.teardown": TeardownInput; "cluster.change": ChangeInput; "cluster.rotate-join": UpkeepInput; "cluster.renew-certificates": UpkeepInput };

/** One job per cluster at a time: a second is refused, and the first is named. */
export async function start<K extends keyof JobInput>(kind: K, input: JobInput[K], startedBy: string): Promise<string> {
  const known = provisioningKinds().find((each) => each.kind === kind);
  if (!known) throw new AppError("internal", `The console has no job of kind ${kind}.`);
  const { started, id } = await enqueue(jobDatabase(), { kind, prepared: known.prepare(input), startedBy, exclusive: true });
  if (!started) throw new AppError("conflict", `${id} works on ${input.cluster} already. Follow it, or cancel it first.`);
  return id;
}
