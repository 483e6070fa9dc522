// Incidents, maintenance and freezes as the page tells them, from the database.
import "server-only";
import { z } from "zod";
import { database } from "@/lib/runtime";
import { impacts, incidentStatuses, serviceKeys, type IncidentTold, type MaintenanceTold } from "../model";
import { dayMs } from "../history";

const services = (value: unknown): string[] => serviceKeys.catch([]).parse(value);
const impactOf = z.enum(impacts).catch("minor");
const statusOf = z.enum(incidentStatuses).catch("draft");
const shownForMs = 90 * dayMs;

/** Newest first; drafts too, which only operators see. Updates newest first. */
export async function readIncidents(cluster: string, now: number): Promise<(IncidentTold & { cause: string; createdBy: string })[]> {
  const rows = await database().incident.findMany({
    where: { cluster, status: { not: "dismissed" }, OR: [{ resolvedAt: null }, { resolvedAt: { gte: new Date(now - shownForMs) } }] }, orderBy: { startedAt: "desc" }, take: 100,
    include: { updates: { orderBy: { at: "desc" }, take: 50 } },
  });
  return rows.map(({ id, number, title, impact, status, services: on, startedAt, resolvedAt, postMortem, updates, cause, createdBy }) => ({
    id, number, title, impact: impactOf.parse(impact), status: statusOf.parse(status), services: services(on), startedAt: startedAt.getTime(), resolvedAt: resolvedAt?.getTime() ?? null, postMortem, cause, createdBy,
    updates: updates.map((one) => ({ id: one.id, at: one.at.getTime(), status: statusOf.parse(one.status), body: one.body })),
  }));
}

/** What runs or is to come, soonest first. */
export async function readMaintenance(cluster: string, now: number): Promise<MaintenanceTold[]> {
  const rows = await database().maintenance.findMany({ where: { cluster, cancelledAt: null, endsAt: { gt: new Date(now) } }, orderBy: { startsAt: "asc" }, take: 50 });
  return rows.map(({ id, title, body, services: on, startsAt, endsAt }) => ({ id, title, body, services: services(on), startsAt: startsAt.getTime(), endsAt: endsAt.getTime() }));
}

/** Freezes that bind now or within a day; why and until, not who. */
export async function readFreezes(cluster: string, now: number): Promise<{ say: string; until: number | null }[]> {
  const rows = await database().freezeWindow.findMany({ where: { cluster, endedAt: null, until: { gt: new Date(now) }, startsAt: { lt: new Date(now + dayMs) } }, orderBy: { startsAt: "asc" }, take: 10 });
  return rows.map(({ tiers, mode, why, startsAt, until }) => {
    const which = tiers.length === 0 ? "all tiers" : `tier${tiers.length > 1 ? "s" : ""} ${tiers.join(", ")}`;
    const when = startsAt.getTime() <= now ? "" : ` from ${startsAt.toISOString().slice(11, 16)} UTC`;
    return { say: `${mode === "block" ? "Frozen" : "Think twice"}: ${which}${when}. ${why}`, until: until.getTime() };
  });
}
