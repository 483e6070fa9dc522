// Removes things of one kind until none is left: what is gone already is fine, what blocks is named, what is somebody else's stops the step.
import type { Acting } from "@/lib/adapters/aws/acting";
import type { ProgressItem } from "@/lib/jobs/model";
import type { Outcome, StepDefinition } from "@/lib/jobs/step";
import { blockersOf, sayBlockers, type Blocker } from "./blockers";
import { answered, handOf, paced, patiently, outcomeOf, reactionTo, times, type Ctx, type ProvisionTools } from "./tools";

export interface Going {
  id: string;
  /** As part of a sentence, such as "the subnet 10.0.1.0/24". */
  what: string;
  blockedAs?: keyof typeof blockersOf;
  /** Absent while it only needs time, such as a machine that shuts down. */
  remove?: (by: Acting) => Promise<void>;
}

export interface Removal {
  name: string;
  title: string;
  needs: readonly string[];
  expectMs: number;
  /** What of it is still there, in the order in which it is to go. */
  list(ctx: Ctx): Promise<Going[]>;
}

/** As long may something of ours stand in the way before a person is asked: a load balancer's interfaces take minutes. */
const blockedMs = 15 * 60_000;

export function removalStep(removal: Removal): StepDefinition<ProvisionTools> {
  return {
    name: removal.name,
    title: removal.title,
    needs: removal.needs,
    expectMs: removal.expectMs,
    check: answered(async (ctx): Promise<Outcome | null> => ((await removal.list(ctx)).length === 0 ? { is: "done", say: "Nothing is left of it." } : null)),
    run: answered((ctx) => removeAll(ctx, removal)),
  };
}

async function removeAll(ctx: Ctx, removal: Removal): Promise<Outcome> {
  const going = await removal.list(ctx);
  const items: ProgressItem[] = [];
  const blocked: Blocker[] = [];
  for (const one of going) {
    const result = await removeOne(ctx, removal.name, one);
    if ("is" in result) return result;
    items.push(result.item);
    blocked.push(...result.blockers);
  }
  const left = await removal.list(ctx);
  const gone = going.filter(({ id }) => !left.some((still) => still.id === id)).map(({ id }) => id);
  if (gone.length > 0) {
    await ctx.tools.ledger.gone(handOf(ctx, removal.name), ctx.tools.cluster, gone);
    ctx.log(`Gone: ${gone.join(", ")}.`);
  }
  const done = (ctx.progress?.done ?? 0) + gone.length;
  await ctx.save({ done, total: done + left.length, items: items.filter(({ name }) => left.some(({ id }) => id === name)) });
  if (left.length === 0) return { is: "done", say: gone.length === 1 ? `${gone[0]} is gone.` : `${done} are gone.` };
  return wait(ctx, left, blocked);
}

interface Removed { item: ProgressItem; blockers: Blocker[] }

async function removeOne(ctx: Ctx, step: string, { id, what, remove, blockedAs }: Going): Promise<Removed | Outcome> {
  const item = (state: ProgressItem["state"], say: string): Removed => ({ item: { name: id, state, say }, blockers: [] });
  if (!remove) return item("running", what);
  const about = { verb: "remove" as const, doing: `remove ${id}` };
  try {
    await patiently(ctx, about, remove);
    return item("running", `${what} goes`);
  } catch (thrown) {
    const reaction = reactionTo(ctx, thrown, about);
    if (reaction.move === "done") return item("done", "gone already");
    if (reaction.move === "look-again") return item("waiting", reaction.say);
    if (reaction.move !== "name-blocker") return outcomeOf(ctx, reaction);
    const { aws, cluster } = ctx.tools;
    const blockers = blockedAs ? await blockersOf[blockedAs]({ aws, cluster, signal: ctx.signal }, id) : [];
    ctx.log(`${id} cannot go yet${blockers.length > 0 ? `: ${sayBlockers(blockers)}` : ` (${reaction.code})`}.`, "warn");
    return { item: { name: id, state: "waiting", say: blockers.length > 0 ? sayBlockers(blockers) : reaction.say }, blockers };
  }
}

function wait(ctx: Ctx, left: readonly Going[], blocked: readonly Blocker[]): Outcome {
  const foreign = blocked.filter(({ ours }) => !ours);
  const rest = left.length === 1 ? `${left[0]?.id} (${left[0]?.what})` : `${left.length} things`;
  // Twice: what was just removed may still stand there in AWS' answer to the first question.
  if (foreign.length > 0 && ctx.attemptMs() > paced(ctx, 10 * times.lookAgainMs)) {
    return { is: "failed", code: "blocked", userError: true, say: `${rest} cannot go, because this is in the way and is not ours: ${sayBlockers(foreign)}. Remove it, then retry the step.` };
  }
  if (ctx.attemptMs() > paced(ctx, blockedMs)) return { is: "failed", code: "blocked", userError: true, say: `${rest} did not go within ${Math.round(blockedMs / 60_000)} minutes${blocked.length > 0 ? `: ${sayBlockers(blocked)} is in the way` : ""}. Look at it in AWS' console, then retry the step.` };
  return { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: blocked.length > 0 ? `${rest} ${left.length === 1 ? "waits" : "wait"} for ${sayBlockers(blocked)}.` : `Waiting until ${rest} ${left.length === 1 ? "is" : "are"} gone.` };
}
