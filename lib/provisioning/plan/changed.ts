// What is different between the plan that somebody agreed to and the plan as it would be now.
import { canonical } from "../canonical";
import type { Plan, PlanItem } from "./model";

export interface PlanChange { id: string; was: string; now: string }

const told = (item: PlanItem | undefined): string => (item === undefined ? "not in the plan" : item.changes.length === 0 ? item.act : `${item.act}: ${item.changes.map(({ field }) => field).join(", ")}`);

export function planChanges(agreed: Pick<Plan, "items" | "problems">, now: Pick<Plan, "items" | "problems">): PlanChange[] {
  const before = new Map(agreed.items.map((item) => [item.id, item]));
  const after = new Map(now.items.map((item) => [item.id, item]));
  const items = [...new Set([...before.keys(), ...after.keys()])].flatMap((id): PlanChange[] => {
    const [a, b] = [before.get(id), after.get(id)];
    if (a && b && canonical([a.act, a.changes, a.awsId, a.fields]) === canonical([b.act, b.changes, b.awsId, b.fields])) return [];
    const [was, is] = [told(a), told(b)];
    return [{ id, was: was === is ? `${was} (${a?.awsId ?? "other fields"})` : was, now: was === is ? `${is} (${b?.awsId ?? "other fields"})` : is }];
  });
  const known = new Set(agreed.problems.map(({ say }) => say));
  return [...items, ...now.problems.filter(({ say }) => !known.has(say)).map(({ id, say }) => ({ id, was: "no problem", now: say }))];
}
