// Incidents that alerts and failed rollouts suggest: drafts that only operators see, once per cause, and never resolved by the console.
import "server-only";
import { database } from "@/lib/runtime";
import { alertsOf, type FiringAlert, type Observed } from "../observed";
import { suggestions } from "../suggestion";
import type { Told } from "./deployed";

/** What was resolved or dismissed is not suggested again at once. */
const againAfterMs = 6 * 3_600_000;

export interface Grounds { services: readonly Observed[]; alerts: readonly FiringAlert[]; failed: Told["failed"]; now: number }

export async function suggestIncidents(cluster: string, { services, alerts, failed, now }: Grounds): Promise<void> {
  const wanted = suggestions(services.map((service) => ({ id: service.id, name: service.name, alerts: alertsOf(service, alerts) })), failed);
  if (wanted.length === 0) return;
  const rows = await database().incident.findMany({ where: { cluster, cause: { in: wanted.map(({ cause }) => cause) }, OR: [{ resolvedAt: null }, { resolvedAt: { gt: new Date(now - againAfterMs) } }] }, select: { cause: true } });
  const known = new Set(rows.map(({ cause }) => cause));
  for (const { cause, title, impact, on } of wanted) {
    if (known.has(cause)) continue;
    await database().incident.create({ data: { cluster, title, impact, status: "draft", services: on, cause, startedAt: new Date(now), createdBy: "the console" } });
  }
}
