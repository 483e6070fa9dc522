// A verb is a permission, a schema and a body; performing one checks, parses, records the intent, acts, and records the outcome.
import "server-only";
import type { ZodError, ZodType } from "zod";
import { AppError, causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { record, type Deed, type Target } from "./audit";
import type { Actor, Permission } from "./model";
import { mayDo } from "./policy";

export interface Ctx {
  actor: Actor;
  requestId: string;
  signal: AbortSignal;
  address: string;
}

interface Act<I, O> {
  /** What it is called in the record: `<thing>.<deed>`. */
  name: string;
  /** Null: whoever is signed in, about themselves. */
  permission: Permission | null;
  input: ZodType<I>;
  run: (ctx: Ctx, input: I) => Promise<O>;
}

/** Changes something. */
export interface Verb<I, O> extends Act<I, O> {
  changes: true;
  /** What it acts on, for the record: by a name that a person knows it by. */
  target: (input: I) => Target | Promise<Target>;
  /** What came of it, where its full name is known only then. */
  made?: (input: I, output: O) => Target;
}

/** Reads something: denials are recorded, successes are not. */
export interface Feed<I, O> extends Act<I, O> {
  changes: false;
}

export function verb<I, O>(definition: Omit<Verb<I, O>, "changes">): Verb<I, O> {
  return { ...definition, changes: true };
}

export function feed<I, O>(definition: Omit<Feed<I, O>, "changes">): Feed<I, O> {
  return { ...definition, changes: false };
}

/** What does not fit, in one sentence that names the fields. */
export function inputFault(error: ZodError): AppError {
  const faults = error.issues.slice(0, 5).map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message));
  return new AppError("invalid", `What was sent does not fit: ${faults.join("; ")}${/[.!?]$/.test(faults.at(-1) ?? "") ? "" : "."}`);
}

export async function perform<I, O>(act: Verb<I, O> | Feed<I, O>, ctx: Ctx, raw: unknown): Promise<O> {
  const parsed = act.input.safeParse(raw);
  await checkPermission(act, ctx, { raw, target: parsed.success && act.changes ? await act.target(parsed.data) : null });
  if (!parsed.success) throw inputFault(parsed.error);
  return act.changes ? performVerb(act, ctx, parsed.data) : performFeed(act, ctx, parsed.data);
}

async function checkPermission<I, O>(act: Verb<I, O> | Feed<I, O>, ctx: Ctx, { raw, target }: { raw: unknown; target: Target | null }): Promise<void> {
  if (act.permission === null || mayDo(ctx.actor.role, act.permission)) return;
  const say = `${act.name} needs the permission ${act.permission}, which the role ${ctx.actor.role} does not have. Ask an administrator.`;
  await record({ ...deedOf(act, ctx), target: target ?? { kind: "permission", name: act.permission }, outcome: "denied", reason: say, input: raw });
  throw new AppError("forbidden", say);
}

const deedOf = (act: { name: string }, { actor, address, requestId }: Ctx): Pick<Deed, "actor" | "address" | "requestId" | "action"> => ({ actor, address, requestId, action: act.name });

/** What a feed itself refuses, such as one topic of several, is a denial like any other. */
async function performFeed<I, O>(act: Feed<I, O>, ctx: Ctx, input: I): Promise<O> {
  try {
    return await act.run(ctx, input);
  } catch (error) {
    if (error instanceof AppError && error.code === "forbidden") await record({ ...deedOf(act, ctx), target: { kind: "feed", name: act.name }, outcome: "denied", reason: error.say, input });
    throw error;
  }
}

async function performVerb<I, O>(act: Verb<I, O>, ctx: Ctx, input: I): Promise<O> {
  const begun = performance.now();
  const deed = { ...deedOf(act, ctx), target: await act.target(input) };
  const intentId = await record({ ...deed, outcome: "allowed", input });
  const end = (outcome: "succeeded" | "failed" | "denied", reason: string, target = deed.target) =>
    record({ ...deed, target, outcome, reason, intentId, durationMs: Math.round(performance.now() - begun) }).catch((cause: unknown) =>
      log.error({ action: act.name, requestId: ctx.requestId, cause: causeText(cause) }, "the outcome could not be recorded"));
  try {
    const result = await act.run(ctx, input);
    await end("succeeded", "", act.made?.(input, result));
    return result;
  } catch (error) {
    const known = error instanceof AppError;
    await end(known && error.code === "forbidden" ? "denied" : "failed", known ? error.say : "an error on the server; the log has it under the request's number");
    throw error;
  }
}
