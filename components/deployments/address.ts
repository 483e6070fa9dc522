// What of the deployments is looked at, in the address: how far back, tier, kind, outcome, the row that is picked.
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { changeKinds, outcomes } from "@/lib/deployments/model";

export const windows = { "6h": 6 * 3_600_000, "24h": 24 * 3_600_000, "7d": 7 * 86_400_000, "28d": 28 * 86_400_000 } as const;
export const windowNames = ["6h", "24h", "7d", "28d"] as const;
export const windowWords: Record<(typeof windowNames)[number], string> = { "6h": "6 hours", "24h": "24 hours", "7d": "7 days", "28d": "28 days" };

export const sorts = ["when", "workload", "tier", "kind", "who", "duration", "outcome", "lead"] as const;
export type Sort = (typeof sorts)[number];

const address = {
  range: parseAsStringLiteral(windowNames).withDefault("24h"), tier: parseAsInteger, kind: parseAsStringLiteral(changeKinds), outcome: parseAsStringLiteral(outcomes), find: parseAsString.withDefault(""),
  at: parseAsString.withDefault(""), sort: parseAsStringLiteral(sorts).withDefault("when"), up: parseAsStringLiteral(["1"] as const),
};

export function useLooking() {
  const [looking, look] = useQueryStates(address, { history: "replace" });
  return { looking, look: (change: Partial<{ [K in keyof typeof looking]: (typeof looking)[K] | null }>) => void look(change) };
}
