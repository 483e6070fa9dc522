// Which freeze windows bind a workload now, and what follows from them.
import { z } from "zod";

export const freezeModes = ["block", "warn"] as const;

export const freezeWindow = z.object({
  id: z.string(), cluster: z.string(), tiers: z.array(z.number()), namespaces: z.array(z.string()), mode: z.enum(freezeModes), why: z.string(),
  startsAt: z.number(), until: z.number(), createdBy: z.string(), endedBy: z.string().nullable(), endedAt: z.number().nullable(),
});
export type FreezeWindow = z.infer<typeof freezeWindow>;

/** From its start up to, not including, its end or the moment in which somebody ended it. */
export const isInForce = ({ startsAt, until, endedAt }: Pick<FreezeWindow, "startsAt" | "until" | "endedAt">, now: number): boolean => now >= startsAt && now < Math.min(until, endedAt ?? Infinity);

/** A window without tiers binds all, also what has no tier; the same for namespaces. */
export function binds({ tiers, namespaces }: Pick<FreezeWindow, "tiers" | "namespaces">, { tier, namespace }: { tier: number | null; namespace: string }): boolean {
  return (tiers.length === 0 || (tier !== null && tiers.includes(tier))) && (namespaces.length === 0 || namespaces.includes(namespace));
}

export type FreezeVerdict = { verdict: "free" } | { verdict: "warned" | "blocked"; windows: FreezeWindow[]; say: string };

export function freezeVerdict(windows: readonly FreezeWindow[], subject: { tier: number | null; namespace: string }, now: number): FreezeVerdict {
  const binding = windows.filter((one) => isInForce(one, now) && binds(one, subject));
  if (binding.length === 0) return { verdict: "free" };
  const blocks = binding.filter(({ mode }) => mode === "block");
  const told = (blocks.length > 0 ? blocks : binding).map(({ createdBy, why, until }) => `${createdBy} froze it until ${new Date(until).toISOString().slice(0, 16).replace("T", " ")} UTC: ${why}`);
  return { verdict: blocks.length > 0 ? "blocked" : "warned", windows: binding, say: told.join(" · ") };
}
