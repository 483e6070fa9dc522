// Where things stand on the timeline: ticks of the axis, one thread per workload in its tier, spans of trouble and freezes, in parts of the window.
import { isUnderWay, type DeploymentRecord } from "@/lib/deployments/model";
import { binds, isInForce, type FreezeWindow } from "@/lib/deployments/rules/freeze";
import type { Incident } from "./queries";
import { canaryText, changeText } from "./words";

export interface TimeSpan { start: number; end: number }
export interface Tick { at: number; label: string; isDay: boolean }

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Whole hours or days of the local clock, at most nine. */
export function ticksOf({ start, end }: TimeSpan): Tick[] {
  const step = [hourMs, 3 * hourMs, 6 * hourMs, dayMs, 4 * dayMs, 7 * dayMs].find((one) => (end - start) / one <= 9) ?? 14 * dayMs;
  const first = new Date(start);
  first.setMinutes(0, 0, 0);
  if (step >= dayMs) first.setHours(0);
  else first.setHours(Math.floor(first.getHours() / (step / hourMs)) * (step / hourMs));
  const ticks: Tick[] = [];
  for (let at = first.getTime(); at <= end; at += step) if (at >= start) ticks.push(tick(at));
  return ticks;
}

function tick(at: number): Tick {
  const then = new Date(at);
  const isDay = then.getHours() === 0;
  return { at, isDay, label: isDay ? then.toLocaleDateString("en-GB", { weekday: "short", day: "numeric" }) : then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }) };
}

/** 0 at the start, 100 at the end. */
export const part = (at: number, { start, end }: TimeSpan): number => Math.min(100, Math.max(0, ((at - start) / (end - start)) * 100));

export interface ShownMark { record: DeploymentRecord; at: number; label: string; side: "right" | "left" }
export interface Trouble { from: number; to: number; isRestored: boolean }
/** A step of a canary: how much of the traffic it was to get, 0 to 1. */
export interface ShownShare { from: number; to: number; share: number }
export interface Thread { key: string; kind: string; namespace: string; name: string; before: string; marks: ShownMark[]; shares: ShownShare[]; trouble: Trouble[] }
export interface TierLane { tier: number | null; threads: Thread[]; count: number }

/** How many parts of a hundred a letter takes at the usual width. */
const letterPart = 0.78;
const gapPart = 2.2;

export function lanesOf(records: readonly DeploymentRecord[], span: TimeSpan): TierLane[] {
  const lanes = ([1, 2, 3, 4, null] as const).map((tier): TierLane => {
    const own = records.filter((one) => one.tier === tier);
    return { tier, count: own.length, threads: threadsOf(own, span) };
  });
  return lanes.filter(({ threads }) => threads.length > 0);
}

function threadsOf(records: readonly DeploymentRecord[], span: TimeSpan): Thread[] {
  const byKey = Map.groupBy(records, ({ kind, namespace, name }) => `${kind}/${namespace}/${name}`);
  const threads = [...byKey].map(([key, all]): Thread => {
    const sorted = all.toSorted((a, b) => a.startedAt - b.startedAt);
    const [first] = sorted;
    return { key, kind: first?.kind ?? "", namespace: first?.namespace ?? "", name: first?.name ?? "", before: first?.fromVersion ?? "", marks: marksOf(sorted, span), shares: sorted.flatMap((one) => sharesOf(one, span)), trouble: troubleOf(sorted, span) };
  });
  return threads.sort((a, b) => a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name));
}

/** Of one whose end nobody saw, when it was last seen under way. */
const endedAt = ({ outcome, finishedAt, lastSeenAt }: DeploymentRecord, { end }: TimeSpan): number => finishedAt ?? (isUnderWay(outcome) ? end : lastSeenAt);

/** A canary is ended by its outcome; all else is marked where it began. */
const markedAt = (record: DeploymentRecord, span: TimeSpan): number => (record.canary.length === 0 ? record.startedAt : endedAt(record, span));

function sharesOf(record: DeploymentRecord, span: TimeSpan): ShownShare[] {
  const until = endedAt(record, span);
  return record.canary.flatMap(({ at, share }, index): ShownShare[] => {
    const to = Math.min(until, record.canary[index + 1]?.at ?? until);
    return share <= 0 || to <= span.start || at >= span.end || to <= at ? [] : [{ from: part(Math.max(at, record.startedAt), span), to: part(to, span), share }];
  });
}

/** A word stands beside a mark only where it fits before what comes next. */
function marksOf(sorted: readonly DeploymentRecord[], span: TimeSpan): ShownMark[] {
  return sorted.map((record, index): ShownMark => {
    const at = part(markedAt(record, span), span);
    const next = sorted[index + 1];
    const room = (next ? part(next.startedAt, span) : 112) - at - gapPart;
    const wanted = wordOf(record);
    return { record, at, label: wanted.length * letterPart <= room ? wanted : "", side: "right" };
  });
}

function wordOf(record: DeploymentRecord): string {
  const { from, to } = changeText(record);
  if (record.change === "restart") return "restart";
  if (record.change === "config") return `${from} → ${to}`.trim();
  if (record.change === "rollback") return `${to} rollback`;
  if (record.outcome === "running" || record.outcome === "paused") return `${to}, ${record.ready} of ${record.replicas}`;
  const canary = canaryText(record);
  if (record.outcome === "aborted") return canary === "" ? `${to} aborted` : `${to} canary aborted at ${canary.split("/").at(-1) ?? ""} %`;
  return canary === "" ? to : `${to} canary`;
}

function troubleOf(sorted: readonly DeploymentRecord[], { start, end }: TimeSpan): Trouble[] {
  return sorted.flatMap(({ failedAt, recoveredAt }) => {
    if (failedAt === null || (recoveredAt ?? end) < start) return [];
    return [{ from: part(failedAt, { start, end }), to: part(recoveredAt ?? end, { start, end }), isRestored: recoveredAt !== null }];
  });
}

export interface ShownFreeze { id: string; from: number; to: number; mode: string; why: string; by: string; inForce: boolean }

export function freezesOf(windows: readonly FreezeWindow[], tier: number | null | "all", span: TimeSpan): ShownFreeze[] {
  return windows.flatMap((one) => {
    const until = Math.min(one.until, one.endedAt ?? Infinity);
    if (until <= span.start || one.startsAt >= span.end || (tier !== "all" && !binds({ tiers: one.tiers, namespaces: [] }, { tier, namespace: "" }))) return [];
    return [{ id: one.id, from: part(one.startsAt, span), to: part(until, span), mode: one.mode, why: one.why, by: one.createdBy, inForce: isInForce(one, span.end) }];
  });
}

export interface ShownIncident { id: string; from: number; to: number; say: string }

/** One that is not resolved lasts until now. */
export function incidentsOf(incidents: readonly Incident[], span: TimeSpan): ShownIncident[] {
  return incidents.flatMap(({ id, number, title, startedAt, resolvedAt }) => {
    const until = resolvedAt ?? span.end;
    if (until <= span.start || startedAt >= span.end) return [];
    return [{ id, from: part(startedAt, span), to: part(until, span), say: `INC-${number} ${title}` }];
  });
}
