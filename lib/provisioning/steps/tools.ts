// What the steps of provisioning are given: AWS, the ledger, a look at what exists shared by all that ask, and the pace of waiting.
import type { Acting } from "@/lib/adapters/aws/acting";
import type { Aws } from "@/lib/adapters/aws/door";
import type { Outcome, StepCtx } from "@/lib/jobs/step";
import type { Found, ResourceKind } from "../graph/model";
import type { Hand, Ledger } from "../ledger";
import { looks } from "../look";
import { react, toOutcome, type Reaction, type Verb } from "../reactions";

export interface ProvisionTools {
  aws: Aws;
  ledger: Ledger;
  cluster: string;
  /** What a machine is told to do when it boots; "" for nothing. */
  userData(machine: string, at: { zone: string; publicIp: string }): string;
  look(kind: ResourceKind): Promise<Found[]>;
  /** Keeps the cluster's kubeconfig and connects the console to it; the same again is no other. */
  connect(kubeconfig: string): Promise<void>;
  /** Forgets the cluster that is gone. */
  disconnect(): Promise<void>;
  /** All waiting times are multiplied by it; 1 but in tests. */
  pace: number;
  random(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export type Ctx = StepCtx<ProvisionTools>;

export const times = {
  lookAgainMs: 2_000,
  /** One empty answer proves nothing: as long is looked for what a create without an answer may have made. */
  unknownMs: 60_000,
  /** As long may a thing that was made be missing from AWS' lists. */
  unseenMs: 300_000,
  /** As long is a zone that had nothing left not asked again. */
  soldOutMs: 180_000,
} as const;

export const paced = ({ tools }: Ctx, ms: number): number => Math.round(ms * tools.pace);

export function handOf(ctx: Ctx, step: string): Hand {
  return { job: ctx.job, fence: ctx.fence, step };
}

/** Cancelled means that nothing more leaves; a lost lease means it all the more. */
export function actingFor(ctx: Ctx): Acting {
  return {
    mark: `${ctx.job}#${ctx.fence}`,
    guard() {
      ctx.assertOwner();
      ctx.signal.throwIfAborted();
    },
  };
}

/** What AWS said, as a reaction; anything else that was thrown goes on being thrown. */
export function reactionTo(ctx: Ctx, thrown: unknown, { verb, doing }: { verb: Verb; doing: string }): Reaction {
  const fault = ctx.tools.aws.fault(thrown);
  if (!fault) throw thrown;
  return react(fault, { verb, doing, attempt: ctx.attempt });
}

export function outcomeOf(ctx: Ctx, reaction: Reaction): Outcome {
  return toOutcome(reaction, { attempt: ctx.attempt, random: ctx.tools.random(), pace: ctx.tools.pace });
}

/** A step of provisioning: whatever AWS says to its questions, too, is answered by the table. */
export function answered<R extends Outcome | null>(work: (ctx: Ctx) => Promise<R>): (ctx: Ctx) => Promise<R | Outcome> {
  return async (ctx) => {
    try {
      return await work(ctx);
    } catch (thrown) {
      return outcomeOf(ctx, reactionTo(ctx, thrown, { verb: "read", doing: "tell what is there" }));
    }
  };
}

const hereAttempts = 5;

/** Sends a request; what AWS refuses only because it is busy is asked again here, a few times, before the step's next attempt. */
export async function patiently<T>(ctx: Ctx, about: { verb: Verb; doing: string }, send: (by: Acting) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await send(actingFor(ctx));
    } catch (thrown) {
      const reaction = reactionTo(ctx, thrown, about);
      if (reaction.class !== "throttle" || tried >= hereAttempts) throw thrown;
      if (tried === 1) ctx.log(reaction.say, "warn");
      await ctx.tools.sleep(paced(ctx, 1000 * tried * (0.5 + ctx.tools.random())), ctx.signal);
    }
  }
}

/**
 * A look that several steps share. Whoever asks gets an answer to a question that was sent after they asked, so that
 * nobody is told of a world from before their own last change.
 */
export function sharedLook(aws: Aws, cluster: string): ProvisionTools["look"] {
  const under = new Map<ResourceKind, { running: Promise<Found[]>; next: Promise<Found[]> | null }>();
  const ask = (kind: ResourceKind): Promise<Found[]> => {
    const entry: { running: Promise<Found[]>; next: Promise<Found[]> | null } = { running: Promise.resolve().then(() => looks[kind]?.({ aws, cluster }) ?? []), next: null };
    under.set(kind, entry);
    entry.running.catch(() => undefined).finally(() => {
      if (!entry.next && under.get(kind) === entry) under.delete(kind);
    });
    return entry.running;
  };
  return (kind) => {
    const entry = under.get(kind);
    if (!entry) return ask(kind);
    entry.next ??= entry.running.catch(() => undefined).then(() => ask(kind));
    return entry.next;
  };
}
