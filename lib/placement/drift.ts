// Where the cluster is not as it was declared or meant: all checks, the gravest first.
import { albBackends } from "./findings/alb";
import type { Finding, Looked, Severity } from "./findings/finding";
import { memoryLimits } from "./findings/memory";
import { brokenSpread, replicasOnOneNode } from "./findings/spread";
import { dedicatedWithoutTaint, offTier, withoutToleration } from "./findings/tiers";
import type { PlacementTables, TierPolicy } from "./model";
import type { Picture } from "./picture";
import { createProjection } from "./project";

export type { Finding, Severity, Subject } from "./findings/finding";

const checks: readonly ((looked: Looked) => Finding[])[] = [offTier, brokenSpread, replicasOnOneNode, dedicatedWithoutTaint, memoryLimits, albBackends, withoutToleration];
const grave: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

/** `tables` are the rows of the same picture, when somebody has them already. */
export function findDrift(picture: Picture, policy: TierPolicy, tables?: PlacementTables): Finding[] {
  const looked = { picture, policy, tables: tables ?? createProjection(policy).rebuild(picture) };
  return checks.flatMap((check) => check(looked)).toSorted((a, b) => grave[a.severity] - grave[b.severity] || (a.id < b.id ? -1 : 1));
}
