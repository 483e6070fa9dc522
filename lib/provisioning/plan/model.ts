// The nouns of a plan: what is found of a cluster, and what would be done with each thing, with its reason.
import type { Found, ResourceKind } from "../graph/model";
import type { LedgerEntry, PlanAct } from "../model";

/** All that was found that may belong to a cluster, and what the ledger says of it. */
export interface World {
  found: readonly Found[];
  /** Living entries: what was made and not yet made away with. */
  ledger: readonly Pick<LedgerEntry, "resource" | "kind" | "awsId" | "state">[];
}

export interface FieldChange {
  field: string;
  was: unknown;
  /** What is wanted; `{ref}` where it is known only once that thing exists. */
  wanted: unknown;
}

export interface PlanItem {
  id: string;
  kind: ResourceKind;
  name: string;
  act: PlanAct;
  /** Why, as half a sentence. */
  reason: string;
  changes: readonly FieldChange[];
  awsId: string | null;
  /** What has to be done before; for a delete, what has to be gone before. */
  needs: readonly string[];
  machine: { name: string; tier: 1 | 2 | 3 | 4 } | null;
  /** What is wanted of it; of what is to be deleted, what was found. */
  fields: Readonly<Record<string, unknown>>;
}

/** What keeps a plan from being carried out, and what it is about. */
export interface Problem { id: string; say: string; awsIds: readonly string[] }

export interface Plan {
  cluster: string;
  items: readonly PlanItem[];
  problems: readonly Problem[];
}

export const countActs = ({ items }: Pick<Plan, "items">): Record<PlanAct, number> => {
  const counts: Record<PlanAct, number> = { create: 0, update: 0, replace: 0, delete: 0, keep: 0 };
  for (const { act } of items) counts[act] += 1;
  return counts;
};

export const isEmpty = (plan: Pick<Plan, "items">): boolean => plan.items.every(({ act }) => act === "keep");
