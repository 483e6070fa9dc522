// DORA's five measures as they are defined in dora.dev's guide of January 2026: what is asked, and what an answer holds.
import { z } from "zod";

const known = z.number().nullable();

/** Per service. A null is a figure that is not known or has nothing to be taken of; it is never 0. */
export const serviceFigures = z.object({
  namespace: z.string(), name: z.string(), tier: known,
  deployments: z.number(), perWeek: known,
  failed: z.number(), failRate: known,
  leadMs: known, leadKnown: z.number(), leadAsked: z.number(), leadDropped: z.number(),
  restoreMs: known, restored: z.number(), open: z.number(),
  rework: z.number(), reworkRate: known,
});
export type ServiceFigures = z.infer<typeof serviceFigures>;

/** Below this many of a kind there is no median, only the dots. */
export const fewest = 5;

export interface Folded { median: number | null; dots: { service: string; tier: number | null; value: number }[] }

const figures = ["perWeek", "leadMs", "failRate", "restoreMs", "reworkRate"] as const;
export type Figure = (typeof figures)[number];
export const figureNames: readonly Figure[] = figures;

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** The median of the services, each counted once: DORA warns of blending unlike ones into one number. */
export function fold(services: readonly ServiceFigures[], figure: Figure): Folded {
  const dots = services.flatMap((one) => {
    const value = one[figure];
    return value === null ? [] : [{ service: `${one.namespace}/${one.name}`, tier: one.tier, value }];
  });
  return { median: dots.length < fewest ? null : median(dots.map(({ value }) => value)), dots };
}

export const doraTotals = z.object({ deployments: z.number(), groups: z.number(), failed: z.number(), restored: z.number(), open: z.number(), rework: z.number(), leadKnown: z.number(), leadAsked: z.number(), leadDropped: z.number(), services: z.number() });
export type DoraTotals = z.infer<typeof doraTotals>;

export function totalsOf(services: readonly ServiceFigures[], groups: number): DoraTotals {
  const sum = (of: (one: ServiceFigures) => number) => services.reduce((all, one) => all + of(one), 0);
  return {
    deployments: sum((one) => one.deployments), groups, failed: sum((one) => one.failed), restored: sum((one) => one.restored), open: sum((one) => one.open), rework: sum((one) => one.rework),
    leadKnown: sum((one) => one.leadKnown), leadAsked: sum((one) => one.leadAsked), leadDropped: sum((one) => one.leadDropped), services: services.length,
  };
}

/** What the words on the screen mean, beside the figures. */
export const definitions: Readonly<Record<Figure, string>> = {
  perWeek: "Changes that were rolled out to their end in production, per service and week. Releases, configuration and rollbacks count; restarts and scaling never do. One pipeline that changes several workloads within a quarter of an hour is one deployment in the total.",
  leadMs: "From the commit to the end of its rollout, the median per service. A first deployment has none. A time of zero or less comes from clocks that differ and is dropped; how many were is shown, as is for how many the commit is known.",
  failRate: "Share of finished changes that failed, were aborted, were rolled back within 24 hours or that somebody marked as failed. A pipeline that failed before it deployed anything is none.",
  restoreMs: "From the failure to the end of the next rollout of that service that succeeded, the median. Those not restored yet are counted apart.",
  reworkRate: "Share of changes that were not planned: rollbacks, those marked as hotfix, and those tied to an incident.",
};
