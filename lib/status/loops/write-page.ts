// One turn for one cluster: look at its services, write their states down, and put the page together for everybody who will view it.
import "server-only";
import { createHash } from "node:crypto";
import { findConnection } from "@/lib/clusters/connections";
import { liveView } from "@/lib/placement/service/live";
import { database, keep } from "@/lib/runtime";
import { assemble, type ServiceFacts } from "../assemble";
import { fold, withIncident } from "../fold";
import { historyOf, type History, type Observed as Seen, type Standing } from "../history";
import type { ChangeTold, IncidentTold, MaintenanceTold } from "../model";
import { alertsOf, observe, type Observed } from "../observed";
import { forEverybody } from "../public-text";
import { settingsOf } from "../service/settings";
import { readDeployed, type Told } from "./deployed";
import { suggestIncidents } from "./suggest";
import { latestResults, probedServices, type ProbeStanding } from "./probe-results";
import { measure, type Measured } from "./queues";
import { loadIntervals, loadStandings, writeLook } from "./standings";
import { readFreezes, readIncidents, readMaintenance } from "./told";

interface Memory { standings: Map<string, Standing>; histories: Map<string, History>; historyAt: number; measured: Measured; measuredAt: number }

const memories = (): Map<string, Memory> => keep("status.memories", () => new Map<string, Memory>());
const historyEveryMs = 60_000;
const measureEveryMs = 20_000;

/** What another replica wrote while it was the leader is read anew. */
export const forgetMemories = (): void => memories().clear();

async function memoryOf(cluster: string): Promise<Memory> {
  const known = memories().get(cluster);
  if (known) return known;
  const made: Memory = { standings: await loadStandings(cluster), histories: new Map(), historyAt: 0, measured: { queues: [], queuesSay: "", alerts: [] }, measuredAt: 0 };
  memories().set(cluster, made);
  return made;
}

export async function writePage(cluster: string, now: number): Promise<void> {
  const [view, settings, memory] = await Promise.all([liveView(cluster), settingsOf(cluster), memoryOf(cluster)]);
  const tables = view.tables();
  const { services, leftOut } = observe({ picture: view.picture, tables, freshness: view.handle.freshness(), version: view.handle.version(), settings });
  if (now - memory.measuredAt >= measureEveryMs) Object.assign(memory, { measured: await measure(cluster, settings, now), measuredAt: now });
  const [incidents, maintenance, freezes, told, probes] = await Promise.all([readIncidents(cluster, now), readMaintenance(cluster, now), readFreezes(cluster, now), readDeployed(cluster, now), latestResults(cluster)]);
  const all = [...services, ...probedServices(probes, services)];
  const seen = new Map(all.map((service) => [service.id, seenOf(service, { memory, incidents, maintenance, probes, now })]));

  memory.standings = await writeLook(cluster, memory.standings, { seen, at: now });
  await suggestIncidents(cluster, { services: all, alerts: memory.measured.alerts, failed: told.failed, now });
  if (!settings.published) return;
  if (now - memory.historyAt >= historyEveryMs || memory.histories.size < memory.standings.size) await readHistories(cluster, memory, now);
  const names = { nodes: new Set(tables.nodes.keys()), pods: new Set([...tables.pods.values()].map(({ name }) => name)) };
  const document = assemble({
    cluster, title: settings.title || findConnection(cluster)?.title || cluster, now, incidents, maintenance, freezes, queues: memory.measured.queues,
    queuesSay: [memory.measured.queuesSay, leftOut > 0 ? `${leftOut} more services are not shown.` : ""].filter(Boolean).join(" "),
    services: all.flatMap((service) => toFacts(service, { memory, told, names })), changes: changesOf({ told, incidents, all, after: memory.standings }),
  });
  const text = JSON.stringify(document);
  const etag = createHash("sha256").update(text).digest("base64url").slice(0, 22);
  const row = { at: new Date(now), etag, document: text };
  await database().statusSnapshot.upsert({ where: { cluster }, create: { cluster, ...row }, update: row });
}

interface Around { memory: Memory; incidents: readonly IncidentTold[]; maintenance: readonly MaintenanceTold[]; probes: readonly ProbeStanding[]; now: number }

function seenOf(service: Observed, { memory, incidents, maintenance, probes, now }: Around): Seen {
  const covers = (services: readonly string[]): boolean => services.includes(service.id);
  const running = maintenance.find(({ services, startsAt, endsAt }) => covers(services) && startsAt <= now && now < endsAt);
  const folded = fold({
    blind: service.blind, replicas: service.replicas, rolling: service.rolling, maintenance: running?.title ?? null,
    alerts: alertsOf(service, memory.measured.alerts), probes: probes.filter((one) => one.service === service.id),
  });
  return withIncident(folded, incidents.find(({ status, services }) => status !== "draft" && status !== "resolved" && covers(services)) ?? null);
}

function toFacts(service: Observed, { memory, told, names }: { memory: Memory; told: Told; names: Parameters<typeof forEverybody>[1] }): ServiceFacts[] {
  const standing = memory.standings.get(service.id);
  if (!standing) return [];
  const { version, at, as, rollout } = told.deployed.get(service.id) ?? service;
  const history = memory.histories.get(service.id) ?? historyOf([], standing.seenAt);
  const clean = (text: string): string => forEverybody(text, names);
  return [{
    id: service.id, name: service.name, tier: service.tier, version, at, as, rollout,
    standing: { ...standing, reason: clean(standing.reason) }, history: { ...history, marks: history.marks.map((mark) => ({ ...mark, say: clean(mark.say) })) },
  }];
}

async function readHistories(cluster: string, memory: Memory, now: number): Promise<void> {
  const intervals = await loadIntervals(cluster, now);
  memory.histories = new Map([...memory.standings.keys()].map((service) => [service, historyOf(intervals.get(service) ?? [], now)]));
  memory.historyAt = now;
}

interface Happened { told: Told; incidents: readonly IncidentTold[]; all: readonly Observed[]; after: ReadonlyMap<string, Standing> }

function changesOf({ told, incidents, all, after }: Happened): ChangeTold[] {
  const states = all.flatMap((service): ChangeTold[] => {
    const standing = after.get(service.id);
    if (!standing || standing.state === "operational") return [];
    return [{ at: standing.from, kind: "state", mark: standing.state === "major" ? "bad" : "warning", what: service.name, say: standing.state === "unknown" ? "nothing known" : standing.state === "major" ? "down" : standing.state === "partial" ? "partly down" : standing.state }];
  });
  const said = incidents.filter(({ status }) => status !== "draft").flatMap(({ title, updates }) => updates.map((one, index): ChangeTold => ({ at: one.at, kind: "incident", mark: one.status === "resolved" ? "good" : index === updates.length - 1 ? "warning" : "plain", what: index === updates.length - 1 ? "Incident opened" : `Incident update: ${one.status}`, say: title })));
  return [...told.changes, ...states, ...said];
}
