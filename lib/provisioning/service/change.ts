// One change of a living cluster: what it would do, and the job that does exactly that.
import "server-only";
import { z } from "zod";
import { feed, verb } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { clusterSlug } from "@/lib/clusters/model";
import { checkBlueprint } from "../blueprint";
import { actsOfChange, applyChange, type Changed } from "../change";
import { costOf } from "../cost";
import { resourceGraph } from "../graph/build";
import { change, consent, type Blueprint, type Change, type ChangeInput, type Pins, type PlanAct } from "../model";
import { makePlan } from "../plan/plan";
import type { Plan, PlanItem } from "../plan/model";
import { blocking, preflight, type Check } from "../preflight";
import { digestText, start } from "./build";
import { digestOf } from "./digest";
import { survey } from "./plan";
import { loadBlueprint } from "./stored";
import { livingEntries } from "./world";

interface Planned extends Changed {
  revision: number;
  pins: Pins;
  after: Plan;
  items: readonly PlanItem[];
  /** Differences that were there before and are left as they are. */
  drift: number;
  checks: readonly Check[];
  cost: { beforeUsd: number; afterUsd: number };
  digest: string;
}

async function changeFor({ cluster, change: wish }: { cluster: string; change: Change }, signal: AbortSignal): Promise<Planned> {
  const { blueprint, revision } = await loadBlueprint(cluster);
  await mustLive(cluster);
  const applied = applyChange(blueprint, wish);
  if (!applied.ok) throw new AppError("conflict", applied.say);
  const checked = checkBlueprint(applied.changed.blueprint);
  if (!checked.ok) throw new AppError("invalid", `The cluster would not be sound afterwards: ${checked.faults.map(({ field, say }) => `${field}: ${say}`).join("; ")}.`);
  const { world, facts, pins, prices } = await survey(checked.blueprint, signal);
  const planOf = (one: Blueprint): Plan => makePlan(resourceGraph(one, pins), world);
  const [before, after] = [planOf(blueprint), planOf(checked.blueprint)];
  const { items, drift } = actsOfChange(before, after);
  const mine = new Set(items.map(({ id }) => id));
  const plan: Plan = { ...after, items: after.items.map((item) => (mine.has(item.id) || item.act === "delete" ? item : { ...item, act: "keep" })) };
  const cost = { beforeUsd: costOf(blueprint, prices).totalUsd, afterUsd: costOf(checked.blueprint, prices).totalUsd };
  return {
    ...applied.changed, blueprint: checked.blueprint, revision, pins, after, items, drift, cost, checks: news(preflight({ blueprint, facts, plan: before }), preflight({ blueprint: checked.blueprint, facts, plan })),
    digest: digestOf({ purpose: "change", wish, revision, pins, cost, items }),
  };
}

/** What stands in the way of the change, and what it newly risks; what was so before is told where the cluster is planned. */
function news(before: readonly Check[], after: readonly Check[]): Check[] {
  const known = new Set(before.map(({ id, say }) => `${id} ${say}`));
  return after.filter(({ id, state, say }) => state === "stop" || (state === "warn" && id !== "leftovers" && !known.has(`${id} ${say}`)));
}

async function mustLive(cluster: string): Promise<void> {
  if (!(await livingEntries(cluster)).some(({ resource, state }) => resource === "control-plane/main" && state === "READY")) throw new AppError("conflict", `${cluster} is not built, or its build has not connected it yet. Build it first; until then change the blueprint itself.`);
}

const named = z.object({ cluster: clusterSlug, change });

export const planChange = feed({
  name: "provisioning.plan-change",
  permission: "provisioning.read",
  input: named,
  run: async (ctx, input) => {
    const { blueprint: _blueprint, after: _after, pins: _pins, ...told } = await changeFor(input, ctx.signal);
    return told;
  },
});

const wordsOf: Record<Change["kind"], string> = { "add-node": "node.add", "remove-node": "node.remove", "replace-node": "node.replace", "pool-settings": "pool.set" };

export const startChange = verb({
  name: "cluster.change",
  permission: "provisioning.build",
  /** `typed`: the name of the machine that goes, where one does. */
  input: named.extend({ digest: digestText, consent, typed: z.string().max(80).default("") }),
  target: ({ cluster, change: wish }) => ({ kind: wordsOf[wish.kind], name: "node" in wish ? wish.node : wish.pool, cluster }),
  run: async (ctx, { cluster, change: wish, digest, consent: allowed, typed }) => {
    const now = await changeFor({ cluster, change: wish }, ctx.signal);
    if (now.digest !== digest) throw new AppError("conflict", "The cluster or its blueprint is not as it was shown. Look at the plan again; nothing was started.");
    const [first] = blocking(now.checks);
    if (first) throw new AppError("conflict", `Nothing was started. ${first.title}: ${first.say} ${first.fix}`);
    const [goes] = now.goes;
    if (goes !== undefined && typed !== goes) throw new AppError("invalid", `What is on the disk of ${goes} is lost with it. Type its name to go on; "${typed}" was typed.`);
    const mine = new Set(now.items.map(({ id }) => id));
    const acts = now.after.items.flatMap(({ id, act }): { id: string; act: PlanAct }[] => (mine.has(id) ? [{ id, act }] : act === "delete" ? [] : [{ id, act: "keep" }]));
    const input: ChangeInput = { cluster, digest, blueprint: now.blueprint, pins: now.pins, acts, title: now.title, over: now.revision, by: ctx.actor.name, consent: allowed };
    return { job: await start("cluster.change", input, ctx.actor.name) };
  },
});
