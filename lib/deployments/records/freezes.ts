// Freeze windows as they are stored, and the one check that every deed on a workload passes.
import "server-only";
import { mayDo } from "@/lib/access/policy";
import type { Ctx } from "@/lib/access/verb";
import { AppError } from "@/lib/base/errors";
import { findConnection } from "@/lib/clusters/connections";
import { loadPolicy } from "@/lib/placement/service/stored-policy";
import { declaredTier } from "@/lib/placement/tier-policy";
import { workloadLabels } from "@/lib/placement/workload-of";
import { database } from "@/lib/runtime";
import type { RolledKind } from "../model";
import { freezeModes, freezeVerdict, type FreezeVerdict, type FreezeWindow } from "../rules/freeze";

export interface FrozenSubject { cluster: string; kind: RolledKind; namespace: string; name: string }

/** Those that are not over since before `since`, soonest first. */
export async function listFreezes(cluster: string, since: number): Promise<FreezeWindow[]> {
  const rows = await database().freezeWindow.findMany({ where: { cluster, until: { gte: new Date(since) } }, orderBy: { startsAt: "asc" }, take: 200 });
  return rows.map(({ createdAt: _made, mode, startsAt, until, endedAt, ...row }) => ({ ...row, mode: freezeModes.find((one) => one === mode) ?? "block", startsAt: startsAt.getTime(), until: until.getTime(), endedAt: endedAt?.getTime() ?? null }));
}

export async function freezeOf({ cluster, kind, namespace, name }: FrozenSubject, now = Date.now()): Promise<FreezeVerdict> {
  const object = findConnection(cluster)?.handle.store(kind).get(`${namespace}/${name}`) ?? null;
  const tier = declaredTier(await loadPolicy(cluster), { kind, namespace, name, labels: workloadLabels(object) });
  return freezeVerdict(await listFreezes(cluster, now), { tier, namespace }, now);
}

/** Throws while a window blocks it, unless somebody who may says that it must be. What only warns is told in the preview. */
export async function refuseIfFrozen(ctx: Pick<Ctx, "actor">, subject: FrozenSubject, { override, note }: { override: boolean; note: string }): Promise<void> {
  const frozen = await freezeOf(subject);
  if (frozen.verdict !== "blocked") return;
  if (!override) throw new AppError("conflict", `${subject.name} is frozen: ${frozen.say}. Wait, or have an administrator override it with a reason.`);
  if (!mayDo(ctx.actor.role, "deployment.override")) throw new AppError("forbidden", `Overriding a freeze needs the permission deployment.override, which ${ctx.actor.role}s do not have. ${frozen.say}.`);
  if (note.trim() === "") throw new AppError("invalid", "An override needs a reason: it is written into the record.");
}
