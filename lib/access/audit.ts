// Writing the record: who did what to which, when, from where, and how it ended. Rows are only ever added.
import "server-only";
import { type Transaction } from "@/lib/adapters/database/client";
import { database } from "@/lib/runtime";
import { countDenial } from "./denials";
import type { Actor, AuditOutcome } from "./model";
import { redact } from "./redact";

export interface Target { kind: string; name: string; cluster?: string }

/** Someone who has not proven who they are: a sign-in, a link. */
export interface Nobody { kind: "nobody"; id: string; name: string; via: null }

export interface Deed {
  actor: Actor | Nobody;
  address: string;
  requestId: string;
  action: string;
  target: Target;
  outcome: AuditOutcome;
  reason?: string;
  input?: unknown;
  durationMs?: number;
  intentId?: bigint;
}

const cut = (text: string, length = 300): string => (text.length > length ? `${text.slice(0, length)}…` : text).replaceAll("\0", "");

/** Adds a row and answers with its number. The chain is the database's work: see migration 0014. */
export async function record(deed: Deed, tx: Transaction = database()): Promise<bigint> {
  const { actor, target, input } = deed;
  if (actor.kind === "nobody" && deed.outcome === "denied") countDenial(deed.action);
  const { id } = await tx.auditEntry.create({
    data: {
      actorKind: actor.kind, actorId: cut(actor.id), actorName: cut(actor.name), via: actor.via,
      address: deed.address, requestId: deed.requestId, action: deed.action,
      targetKind: target.kind, targetName: cut(target.name), cluster: target.cluster ?? null,
      outcome: deed.outcome, reason: cut(deed.reason ?? "", 1000),
      ...(input === undefined ? {} : { input: redact(input) ?? {} }),
      durationMs: deed.durationMs ?? null, intentId: deed.intentId ?? null,
    },
    select: { id: true },
  });
  return id;
}
