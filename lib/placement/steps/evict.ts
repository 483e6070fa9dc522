// The long step of a drain: every pod evicted once, budgets respected, waited for until it is gone.
// What must survive a crash is in the cluster (a pod that was evicted bears a deletion time) or in the saved memory;
// so each look asks the API server about a pod right before it evicts it, and a repeated look repeats nothing.
// A look that finds nothing new writes nothing, and the longer a drain waits the rarer its looks become.
import { z } from "zod";
import type { ClusterHandle } from "@/lib/adapters/kubernetes/cluster";
import type { PodObject } from "@/lib/adapters/kubernetes/objects";
import { backoffMs } from "@/lib/base/backoff";
import { AppError } from "@/lib/base/errors";
import type { ProgressItem, StepProgress } from "@/lib/jobs/model";
import type { Outcome, StepCtx, StepDefinition } from "@/lib/jobs/step";
import { blockOf } from "../budgets";
import { missingConsent, sortOut } from "../leaving";
import { keyOf } from "../picture";
import { believable, isWaiting, lookAgainMs, readCordon, readIdentity, type DrainInput, type DrainTools } from "./drain-tools";

const podMemory = z.object({
  uid: z.string(),
  key: z.string(),
  state: z.enum(["todo", "blocked", "asked", "gone"]),
  say: z.string(),
  refusals: z.number(),
  /** Not to be asked for again before this time. */
  retryAt: z.number(),
});
const memory = z.object({
  pods: z.array(podMemory),
  /** Since when no pod is left to move; null while one is. */
  emptySince: z.number().nullable(),
});
type PodMemory = z.infer<typeof podMemory>;
/** `saved`: the progress as it is stored, so that only a change of it is written. */
type Memory = z.infer<typeof memory> & { saved: string };
type Ctx = StepCtx<DrainTools>;

/** A pod that the scheduler had bound just before the cordon may still appear; so long nothing may have appeared. */
const quietMs = 1500;
const refusalBackoff = { baseMs: 1000, capMs: 15_000 };
/** When nothing but budgets is in the way: a quarter of the time waited so far, within these. */
const patience = { leastMs: 1000, mostMs: 15_000, share: 0.25 };

export function evictStep(input: DrainInput): StepDefinition<DrainTools> {
  return {
    name: "evict",
    title: `Move the pods off ${input.node}`,
    check: () => Promise.resolve(null),
    async run(ctx) {
      const handle = believable(ctx.tools, input);
      if (isWaiting(handle)) return overdue(ctx, input, handle.say) ?? handle;
      if (await openAgain(handle, input.node)) {
        return { is: "failed", code: "uncordoned", userError: true, say: `Somebody uncordoned ${input.node} while it was being drained, so it would fill up again. Nothing more is moved.` };
      }
      const known = remembered(ctx);
      const leaving = sortOut(handle.store("Pod").by("node", input.node), input.consent);
      const missing = missingConsent(leaving);
      if (missing) return { is: "failed", code: "consent", userError: true, say: `${missing} ${input.node} stays cordoned.` };
      await takeStock(ctx, { known, goes: leaving.goes });
      for (const pod of leaving.goes) {
        if (ctx.signal.aborted) break;
        await sendAway(ctx, { input, handle, known, pod });
      }
      return conclude(ctx, input, known);
    },
  };
}

/** The picture may lag behind the cordon, so the API server has the last word. */
async function openAgain(handle: ClusterHandle, node: string): Promise<boolean> {
  return handle.store("Node").get(node)?.unschedulable !== true && !readCordon(await handle.client.read("Node", { namespace: "", name: node }));
}

function remembered(ctx: Ctx): Memory {
  const parsed = memory.safeParse(ctx.progress?.memory);
  if (!parsed.success) return { pods: [], emptySince: null, saved: "" };
  return { ...parsed.data, saved: JSON.stringify(progressOf(parsed.data)) };
}

/** What is gone since the last look, and what is new on the node. */
async function takeStock(ctx: Ctx, { known, goes }: { known: Memory; goes: readonly PodObject[] }): Promise<void> {
  const here = new Set(goes.map(({ uid }) => uid));
  for (const pod of known.pods) {
    if (pod.state === "gone" || here.has(pod.uid)) continue;
    Object.assign(pod, { state: "gone", say: "" } satisfies Partial<PodMemory>);
    ctx.log(`${pod.key} is gone`);
  }
  for (const pod of goes) {
    if (known.pods.some(({ uid }) => uid === pod.uid)) continue;
    known.pods.push({ uid: pod.uid, key: keyOf(pod), state: "todo", say: "", refusals: 0, retryAt: 0 });
  }
  if (here.size > 0) known.emptySince = null;
  await remember(ctx, known);
}

interface Departure { input: DrainInput; handle: ClusterHandle; known: Memory; pod: PodObject }

async function sendAway(ctx: Ctx, departure: Departure): Promise<void> {
  const { known, pod } = departure;
  const entry = known.pods.find(({ uid }) => uid === pod.uid);
  const now = ctx.tools.now();
  if (!entry || entry.state === "asked" || entry.state === "gone" || entry.retryAt > now) return;
  const before = `${entry.state} ${entry.say}`;
  const budget = blockOf(departure.handle, pod)?.say;
  // What the picture says of a budget is a moment old at most; while it says no, the API server need not say it too.
  const answer = budget ? waitsFor(budget) : await ask(ctx, departure);
  if (answer.state === "blocked" && answer.retryAfterMs !== null) {
    entry.refusals += 1;
    entry.retryAt = now + Math.min(refusalBackoff.capMs, Math.max(answer.retryAfterMs, backoffMs(refusalBackoff, entry.refusals - 1, Math.random())));
  }
  Object.assign(entry, { state: answer.state, say: answer.say } satisfies Partial<PodMemory>);
  if (`${entry.state} ${entry.say}` !== before) ctx.log(`${entry.key}: ${answer.log}`, answer.state === "blocked" ? "warn" : "info");
  await remember(ctx, known);
}

/** `retryAfterMs` null: nobody refused, so nobody says when to ask again. */
interface Answer { state: PodMemory["state"]; say: string; log: string; retryAfterMs: number | null }

function waitsFor(budget: string): Answer {
  const say = `Waits for its budget: ${budget}.`;
  return { state: "blocked", say, log: say, retryAfterMs: null };
}

async function ask(ctx: Ctx, { input, handle, pod }: Departure): Promise<Answer> {
  const at = { namespace: pod.namespace, name: pod.name };
  const gone: Answer = { state: "gone", say: "", log: "is gone", retryAfterMs: 0 };
  const stopping = { state: "asked", say: "Stopping.", retryAfterMs: 0 } as const;
  try {
    const raw = await handle.client.read("Pod", at).catch(nullWhenMissing);
    const identity = raw === null ? null : readIdentity(raw);
    if (identity?.uid !== pod.uid) return gone;
    if (identity.leaving) return { ...stopping, log: "is stopping already" };
    ctx.assertOwner();
    const outcome = await handle.client.evict({ ...at, uid: pod.uid, ...(input.graceSeconds === null ? {} : { graceSeconds: input.graceSeconds }) });
    if (outcome.outcome === "gone") return gone;
    if (outcome.outcome === "evicted") return { ...stopping, log: "evicted" };
    return { state: "blocked", say: outcome.say, log: outcome.say, retryAfterMs: outcome.retryAfterMs };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code === "forbidden" || thrown.code === "signed-out") throw thrown;
    return { state: "blocked", say: thrown.say, log: thrown.say, retryAfterMs: 0 };
  }
}

function nullWhenMissing(thrown: unknown): null {
  if (thrown instanceof AppError && thrown.code === "not-found") return null;
  throw thrown;
}

async function conclude(ctx: Ctx, input: DrainInput, known: Memory): Promise<Outcome> {
  const left = known.pods.filter(({ state }) => state !== "gone");
  const now = ctx.tools.now();
  if (left.length === 0) {
    known.emptySince ??= now;
    await remember(ctx, known);
    if (now - known.emptySince >= quietMs) return { is: "done", say: `${count(known.pods.length)} moved off ${input.node}.` };
    return { is: "waiting", afterMs: quietMs, say: "Nothing is left to move; looking once more." };
  }
  const say = waitingFor(left, known.pods.length);
  return overdue(ctx, input, say) ?? { is: "waiting", afterMs: nextLookMs(left, { now, ageMs: ctx.ageMs() }), say };
}

/** Soon while a pod is stopping; else when the first refusal may be asked again, but no sooner than patience allows. */
export function nextLookMs(left: readonly Pick<PodMemory, "state" | "retryAt">[], { now, ageMs }: { now: number; ageMs: number }): number {
  if (left.some(({ state }) => state === "asked")) return lookAgainMs;
  const patient = Math.min(patience.mostMs, Math.max(patience.leastMs, ageMs * patience.share));
  return Math.max(patient, Math.min(...left.map(({ retryAt }) => retryAt)) - now);
}

function overdue(ctx: Ctx, input: DrainInput, say: string): Outcome | null {
  if (ctx.ageMs() < input.deadlineMinutes * 60_000) return null;
  return { is: "failed", code: "deadline", userError: true, say: `Gave up after ${input.deadlineMinutes} minutes. ${say} ${input.node} stays cordoned.` };
}

function waitingFor(left: readonly PodMemory[], total: number): string {
  const reasons = [...left].sort((a, b) => Number(b.state === "blocked") - Number(a.state === "blocked")).slice(0, 3).map(({ key, say }) => `${key}: ${say || "next."}`);
  const rest = left.length > 3 ? ` and ${left.length - 3} more.` : "";
  return `${total - left.length} of ${total} gone. ${reasons.join(" ")}${rest}`;
}

export const count = (pods: number): string => `${pods} pod${pods === 1 ? "" : "s"}`;

const itemStates: Record<PodMemory["state"], ProgressItem["state"]> = { todo: "todo", blocked: "waiting", asked: "running", gone: "done" };

async function remember(ctx: Ctx, known: Memory): Promise<void> {
  const progress = progressOf(known);
  const text = JSON.stringify(progress);
  if (text === known.saved) return;
  await ctx.save(progress);
  known.saved = text;
}

function progressOf({ pods, emptySince }: z.infer<typeof memory>): StepProgress {
  return {
    done: pods.filter(({ state }) => state === "gone").length,
    total: pods.length,
    items: pods.map(({ key, state, say }) => ({ name: key, state: itemStates[state], say })),
    memory: { pods, emptySince },
  };
}
