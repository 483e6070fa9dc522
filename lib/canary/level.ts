// What one version did, as a single figure: the share of bad requests, the pace of restarts, or the level of a gauge.
import type { Counts, MetricKind } from "./model";

/** Of requests a share from 0 to 1, of a rate events per second and pod, of a gauge its own unit; null: nothing was counted. */
export function levelOf(kind: MetricKind, { events, exposure }: Counts): number | null {
  if (kind === "gauge") return events === 0 ? null : events;
  return exposure === 0 ? null : events / exposure;
}
