// A deed on a workload: only on the template that was looked at, never past a freeze, and remembered so that the record knows who it was.
import "server-only";
import type { Ctx } from "@/lib/access/verb";
import type { PatchOperation } from "@/lib/adapters/kubernetes/patch";
import { AppError, causeText } from "@/lib/base/errors";
import { log } from "@/lib/base/log";
import { connectionFor } from "@/lib/clusters/connections";
import { database } from "@/lib/runtime";
import type { WorkloadInput } from "../model";
import { isJson } from "../rules/template";
import { identify } from "./digest";
import { refuseIfFrozen } from "./freezes";
import { linkRecord } from "./link";
import { readWorkload, refOf, templateOf } from "./read-revision";

export interface Deed {
  at: WorkloadInput;
  action: string;
  /** Digest of the template that was looked at; null where the template does not matter. */
  seen: string | null;
  note: string;
  override: boolean;
  /** Makes nothing new run, and is never frozen. */
  isHarmless?: boolean;
  /** What is to be changed, given the object as it now is. */
  operations: (raw: unknown) => PatchOperation[];
}

const tries = 4;
const versionOf = (raw: unknown): unknown => (isJson(raw) && isJson(raw["metadata"]) ? raw["metadata"]["resourceVersion"] : "");
const uidOf = (raw: unknown): string => (isJson(raw) && isJson(raw["metadata"]) && typeof raw["metadata"]["uid"] === "string" ? raw["metadata"]["uid"] : "");

/** Read anew and changed only as read; when only its status moved in between, once more. */
export async function act(ctx: Ctx, deed: Deed): Promise<{ templateDigest: string }> {
  const { at, action, seen } = deed;
  if (!deed.isHarmless) await refuseIfFrozen(ctx, at, deed);
  const { client } = connectionFor(at.cluster);
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const raw = await readWorkload(client, at);
    if (raw === null) throw new AppError("not-found", `There is no ${at.kind} ${at.namespace}/${at.name} any more.`);
    const now = identify(templateOf(raw)).digest;
    if (seen !== null && now !== seen) throw new AppError("conflict", `${at.name} has another template than the one you looked at: somebody was faster. Nothing was done; look again.`);
    const outcome = await client.patch({ ref: refOf(at), operations: [{ op: "test", path: "/metadata/resourceVersion", value: versionOf(raw) }, ...deed.operations(raw)] });
    if (outcome.outcome === "moved") continue;
    const after = identify(templateOf(outcome.object)).digest;
    await rememberAct(ctx, { workloadUid: uidOf(raw), action, note: deed.note, templateDigest: after === now ? null : after });
    return { templateDigest: after };
  }
  throw new AppError("conflict", `${at.name} changes faster than it can be changed; nothing was done. Try again in a moment.`);
}

export interface ActDone { workloadUid: string; action: string; note: string; templateDigest: string | null }

/** The deed is done: what cannot be remembered of it is in the audit all the same. */
export async function rememberAct({ actor, requestId }: Pick<Ctx, "actor" | "requestId">, { workloadUid, action, note, templateDigest }: ActDone): Promise<void> {
  const db = database();
  try {
    await db.deploymentAct.create({ data: { requestId, workloadUid, action, note, templateDigest, actorKind: actor.kind, actorName: actor.name } });
    if (templateDigest === null) return;
    // An earlier revision may have had this very template: only the newest can be what was done now. Where that is not recorded yet, its record finds the act.
    const newest = await db.deploymentRecord.findFirst({ where: { workloadUid }, orderBy: { revision: "desc" }, select: { id: true, templateDigest: true } });
    if (newest?.templateDigest === templateDigest) await linkRecord(db, newest.id);
  } catch (cause) {
    log.error({ requestId, action, cause: causeText(cause) }, "who changed a workload could not be remembered; the audit has it");
  }
}
