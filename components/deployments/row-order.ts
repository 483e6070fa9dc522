// In which order the deployments of the window stand as rows.
import type { DeploymentRecord } from "@/lib/deployments/model";
import type { Sort } from "./address";
import { durationMs } from "./words";

const valueOf = (record: DeploymentRecord, sort: Sort, now: number): string | number =>
  ({ when: record.startedAt, workload: record.name, tier: record.tier ?? 9, kind: record.change, who: record.actor ?? "", duration: durationMs(record, now) ?? -1, outcome: record.outcome, lead: record.leadMs ?? -1 })[sort];

/** What is alike stands newest first, whichever way the rest goes. */
export function sorted(records: readonly DeploymentRecord[], { sort, isUp, now }: { sort: Sort; isUp: boolean; now: number }): DeploymentRecord[] {
  const way = isUp ? 1 : -1;
  return records.toSorted((a, b) => {
    const [one, other] = [valueOf(a, sort, now), valueOf(b, sort, now)];
    if (one !== other) return one < other ? -way : way;
    return b.startedAt - a.startedAt || Number(b.id) - Number(a.id);
  });
}
