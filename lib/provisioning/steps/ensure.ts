// Brings one resource into the world, exactly once: look, write down what is meant, make it, write down what was made, look again.
import type { Tags } from "@/lib/adapters/aws/objects";
import type { Outcome } from "@/lib/jobs/step";
import { tagKeys, type Found, type Resource } from "../graph/model";
import type { Entry } from "../ledger";
import type { PlanAct } from "../model";
import { differences, type Difference } from "../plan/compare";
import { surelyNotDone, type Reaction } from "../reactions";
import { resolved } from "../plan/match";
import { nextLaunch, rememberSoldOut, whyGone } from "./launch";
import { asAny, isMade, makerOf } from "./makers/all";
import { knownId, type Maker, type Making } from "./makers/maker";
import { mineAmong } from "./mine";
import { handOf, outcomeOf, paced, patiently, reactionTo, times, type Ctx } from "./tools";
import type { ResourceKind } from "../graph/model";

export interface Ensuring { ctx: Ctx; step: string; resource: Resource; act: PlanAct }
type Ids = (ref: string) => string | null;
interface Standing { entry: Entry | null; idOf: Ids; found: readonly Found[] }

/** What is to be said at the end of a turn, or that the world has changed and is to be looked at again. */
type Turn = Outcome | "look";

/** More turns than any resource needs: make it, set its fields, see it. */
const maxTurns = 8;

export async function ensure(ensuring: Ensuring): Promise<Outcome> {
  for (let turn = 0; turn < maxTurns; turn += 1) {
    const next = await takeTurn(ensuring, await standingOf(ensuring));
    if (next !== "look") return next;
    if (ensuring.ctx.signal.aborted) ensuring.ctx.signal.throwIfAborted();
  }
  return { is: "try-again", afterMs: paced(ensuring.ctx, times.lookAgainMs), say: `${ensuring.resource.id} does not come to rest; it is looked at again.`, code: "restless" };
}

async function standingOf({ ctx: { tools }, resource }: Ensuring): Promise<Standing> {
  const book = new Map((await tools.ledger.living(tools.cluster)).map((entry) => [entry.resource, entry]));
  const entry = book.get(resource.id) ?? null;
  const idOf: Ids = (ref) => book.get(ref)?.awsId ?? null;
  return { entry, idOf, found: mineAmong(resource, await tools.look(resource.kind), { awsId: entry?.awsId ?? null, intent: entry?.intent ?? null, idOf }) };
}

/** Whether nothing is left to do; changes nothing. What the ledger does not call ready is not worth a question. */
export async function isThere(ensuring: Ensuring): Promise<boolean> {
  const { ctx: { tools }, resource } = ensuring;
  if (!(await tools.ledger.living(tools.cluster)).some((entry) => entry.resource === resource.id && entry.state === "READY")) return false;
  const { entry, found, idOf } = await standingOf(ensuring);
  const [only] = found;
  return found.length === 1 && only !== undefined && entry?.awsId === only.awsId && differences(resource, only, idOf).length === 0;
}

async function takeTurn(ensuring: Ensuring, standing: Standing): Promise<Turn> {
  const { resource } = ensuring;
  const { found, entry } = standing;
  if (found.length > 1) {
    return { is: "failed", code: "ambiguous", userError: true, say: `${found.length} things on AWS are ${resource.id}: ${found.map(({ awsId }) => awsId).join(", ")}. Nothing was done to any. Remove what is too many, or its tags, then retry the step.` };
  }
  const [only] = found;
  if (only) return settleFound(ensuring, standing, only);
  if (entry?.awsId) return missing(ensuring, entry, entry.awsId);
  return create(ensuring, standing);
}

async function settleFound(ensuring: Ensuring, { entry, idOf }: Standing, found: Found): Promise<Turn> {
  const { ctx, step, resource } = ensuring;
  const { ledger, cluster } = ctx.tools;
  const hand = handOf(ctx, step);
  if (!entry) {
    await ledger.adopt(hand, { cluster, resource: resource.id, kind: resource.kind, fields: resource.wanted, awsId: found.awsId });
    ctx.log(`${found.awsId} is there already and is ${resource.id} from now on.`);
    return "look";
  }
  if (entry.awsId !== found.awsId) {
    await ledger.made(hand, entry.intent, found.awsId);
    if (entry.awsId === null) ctx.log(`${found.awsId} had been made although AWS' answer was lost; there is no second one.`);
    return "look";
  }
  const open = differences(resource, found, idOf);
  if (open.length > 0) return mend(ensuring, { found, open, idOf });
  if (entry.state !== "READY") await ledger.move(hand, entry.intent, { state: "READY", say: "" });
  return { is: "done", say: `${found.awsId} is as it should be.` };
}

async function mend(ensuring: Ensuring, { found, open, idOf }: { found: Found; open: Difference[]; idOf: Ids }): Promise<Turn> {
  const { ctx, resource, act } = ensuring;
  const maker = isMade(resource.kind) ? makerOf(resource.kind) : null;
  if (found.trouble !== "") return { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: `${found.awsId}: ${found.trouble}.` };
  const fixed = open.filter(({ rule }) => rule !== "update");
  if (maker && fixed.length > 0 && act === "replace") return replace(ensuring, found);
  const tags = open.filter(({ field }) => field.startsWith("tags.")).map(({ field, wanted }) => [field.slice("tags.".length), String(wanted)] as const);
  if (fixed.length > 0 || (tags.length < open.length && !maker?.update)) {
    return { is: "failed", code: "drift", userError: true, say: `${found.awsId} is not as the plan left it: ${[...(fixed.length > 0 ? fixed : open)].map(({ field, was, wanted }) => `${field} is ${JSON.stringify(was)} and not ${JSON.stringify(wanted)}`).join("; ")}. Make a new plan and build that.` };
  }
  try {
    if (tags.length > 0 && maker) await retag(makingOf(ensuring, idOf), maker, { found, tags: Object.fromEntries(tags) });
    const fields = open.map(({ field }) => field).filter((field) => !field.startsWith("tags."));
    if (fields.length > 0) await maker?.update?.(makingOf(ensuring, idOf), found, fields);
  } catch (thrown) {
    const reaction = reactionTo(ctx, thrown, { verb: "change", doing: `set ${resource.id}` });
    return outcomeOf(ctx, reaction);
  }
  return "look";
}

async function retag(making: Making<ResourceKind>, maker: Maker<ResourceKind>, { found, tags }: { found: Found; tags: Tags }): Promise<void> {
  if (maker.tag) return maker.tag(making, found, tags);
  await making.send("set tags", (by) => making.aws.setTags({ ids: [found.awsId], tags }, by));
}

async function replace(ensuring: Ensuring, found: Found): Promise<Turn> {
  const { ctx, resource, step } = ensuring;
  const { entry } = await standingOf(ensuring);
  if (!isMade(resource.kind) || !entry) return "look";
  try {
    await makerOf(resource.kind).remove(makingOf(ensuring, () => null), found);
  } catch (thrown) {
    const reaction = reactionTo(ctx, thrown, { verb: "remove", doing: `replace ${found.awsId}` });
    if (reaction.move !== "done") return outcomeOf(ctx, reaction);
  }
  await ctx.tools.ledger.move(handOf(ctx, step), entry.intent, { state: "DELETED", say: "Replaced." });
  return "look";
}

/** Parts of other things, of which AWS takes no second one at the same place: made again at once when they are not there. */
const parts: ReadonlySet<ResourceKind> = new Set(["route", "route-table-association", "security-group-rule", "iam-role-policy", "elastic-ip-association"]);

/** The ledger knows an id that AWS does not list. */
async function missing({ ctx, step, resource }: Ensuring, entry: Entry, awsId: string): Promise<Turn> {
  const end = (say: string) => ctx.tools.ledger.move(handOf(ctx, step), entry.intent, { state: "DELETED", say });
  if (parts.has(resource.kind)) {
    await end("It was not there any more.");
    ctx.log(`${awsId} is not there any more; it is made again.`, "warn");
    return "look";
  }
  const why = resource.kind === "instance" ? await whyGone(ctx, awsId) : null;
  if (why === null && (entry.createdAgeMs ?? 0) < paced(ctx, times.unseenMs)) return { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: `AWS does not list ${awsId} yet.` };
  const say = why?.say ?? `${awsId} is gone: somebody else removed it. Retry the step to have it made anew.`;
  await end(say);
  if (why?.move === "next-zone") return soldOut(ctx, { resource, entry, say });
  return { is: "failed", code: why?.code ?? "vanished", userError: true, say };
}

async function create(ensuring: Ensuring, standing: Standing): Promise<Turn> {
  const { ctx, step, resource } = ensuring;
  const { ledger, cluster } = ctx.tools;
  const hand = handOf(ctx, step);
  const { entry, idOf } = standing;
  if (!isMade(resource.kind)) return { is: "failed", code: "internal", userError: false, say: `${resource.id} is no thing of AWS.` };
  const { repeatable } = makerOf(resource.kind);
  if (entry && !repeatable) {
    if (entry.intentAgeMs < paced(ctx, times.unknownMs)) return { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: `Looking whether AWS received the request for ${resource.id} that was not answered.` };
    await ledger.move(hand, entry.intent, { state: "ORPHAN_SUSPECT", say: "AWS never listed it; it is watched for." });
    return "look";
  }
  const fields = entry ? entry.fields : resource.kind === "instance" ? await nextLaunch(ctx, resource, idOf) : resolved(resource.wanted, idOf);
  if (isOutcome(fields)) return fields;
  const meant = entry ?? (await ledger.intend(hand, { cluster, resource: resource.id, kind: resource.kind, fields }));
  try {
    const tags = { ...resource.tags, [tagKeys.intent]: meant.intent, [tagKeys.job]: ctx.job };
    const awsId = await makerOf(resource.kind).create({ ...makingOf(ensuring, idOf), tags, token: meant.intent, fields: meant.fields });
    await ledger.made(hand, meant.intent, awsId);
    ctx.log(`Made ${awsId}.`);
    return "look";
  } catch (thrown) {
    return refused(ensuring, meant, thrown);
  }
}

async function refused({ ctx, step, resource }: Ensuring, entry: Entry, thrown: unknown): Promise<Turn> {
  const reaction = reactionTo(ctx, thrown, { verb: "create", doing: `make ${resource.id}` });
  const fault = ctx.tools.aws.fault(thrown);
  const close = (say: string) => ctx.tools.ledger.move(handOf(ctx, step), entry.intent, { state: "DELETED", say });
  if (reaction.move === "read-again") return isTaken({ ctx, resource, entry, close }, reaction);
  if ((fault && surelyNotDone(fault)) || reaction.move === "new-token") await close(reaction.say);
  if (reaction.move === "next-zone" && resource.kind === "instance") return soldOut(ctx, { resource, entry, say: reaction.say });
  if (reaction.move === "new-token") return "look";
  if (reaction.move === "resolve") return { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: reaction.say };
  return outcomeOf(ctx, reaction);
}

interface Taken { ctx: Ctx; resource: Resource; entry: Entry; close(say: string): Promise<void> }

/** AWS says that there is one already. It is ours when it comes to light under our mark; a name of somebody else's stops the job. */
async function isTaken({ ctx, resource, entry, close }: Taken, { say, code }: Reaction): Promise<Turn> {
  if (entry.intentAgeMs < paced(ctx, times.unknownMs)) return { is: "waiting", afterMs: paced(ctx, times.lookAgainMs), say: `${say} Looking whether it is ${resource.id}.` };
  await close(say);
  return { is: "failed", code: "foreign", userError: true, say: `${say} It does not wear the mark of ${ctx.tools.cluster}, so it was left alone (${code}). Remove or rename it, or rename the cluster; then retry the step.` };
}

async function soldOut(ctx: Ctx, { resource, entry, say }: { resource: Resource; entry: Entry; say: string }): Promise<Turn> {
  await rememberSoldOut(ctx, resource, entry.fields);
  ctx.log(say, "warn");
  return "look";
}

function makingOf({ ctx, resource }: Ensuring, idOf: Ids): Making<ResourceKind> {
  return { aws: ctx.tools.aws, resource: asAny(resource), id: knownId(idOf), send: (doing, request) => patiently(ctx, { verb: "create", doing }, request) };
}

export function isOutcome(value: unknown): value is Outcome {
  return typeof value === "object" && value !== null && "is" in value;
}

