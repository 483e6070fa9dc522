// The nouns of the status page: states of a service, what an operator publishes, incidents, maintenance, probes, and the document that everybody reads.
import { z } from "zod";
import type { Tier } from "../placement/model";

export const serviceStates = ["operational", "degraded", "partial", "major", "maintenance", "unknown"] as const;
export type ServiceState = (typeof serviceStates)[number];

export const stateWords: Record<ServiceState, string> = { operational: "Up", degraded: "Degraded", partial: "Partly down", major: "Down", maintenance: "Maintenance", unknown: "Unknown" };

export const impacts = ["none", "minor", "major", "critical"] as const;
export type Impact = (typeof impacts)[number];
/** draft is suggested by the console and seen by operators alone; dismissed is such a one put away. */
export const incidentStatuses = ["draft", "investigating", "identified", "monitoring", "resolved", "dismissed"] as const;
export type IncidentStatus = (typeof incidentStatuses)[number];

/** "<namespace>/<name>" of a workload, "cluster/api" for the API server, "outside/<name>" for what is only probed. */
export const serviceKey = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,252}\/[a-z0-9][a-z0-9.-]{0,252}$/, "<namespace>/<name>");
export const serviceKeys = z.array(serviceKey).max(100);
export const apiService = "cluster/api";

const line = (max: number) => z.string().trim().min(1, "is empty").max(max);
const prose = (max: number) => z.string().trim().max(max);

export const audiences = ["public", "signed-in"] as const;
export const shownService = z.object({ service: serviceKey, title: prose(60).default(""), hidden: z.boolean().default(false) });
export const pageSettings = z.object({
  published: z.boolean(), audience: z.enum(audiences), title: prose(60),
  services: z.array(shownService).max(500), queues: z.record(z.string().regex(/^[\w.:-]{1,100}$/), z.number().int().min(1).max(1e9)),
});
export type PageSettings = z.infer<typeof pageSettings>;
export const unpublished: PageSettings = { published: false, audience: "signed-in", title: "", services: [], queues: {} };

/** Warning levels of the reference's queues; another queue has one only where an operator sets it. */
export const usualQueueLevels: Readonly<Record<string, number>> = { "q.api": 2000, "q.fast": 1000, "q.ai": 1000, "q.batch": 500, "q.bulk": 500, "q.sched": 250, "q.dlq": 100 };

export const openIncident = z.object({ title: line(120), impact: z.enum(impacts), services: serviceKeys, status: z.enum(["investigating", "identified", "monitoring"]).default("investigating"), body: line(4000), startedAt: z.number().int().optional() });
export const incidentUpdate = z.object({ status: z.enum(["investigating", "identified", "monitoring", "resolved"]), body: line(4000), impact: z.enum(impacts).optional() });
export const plannedMaintenance = z.object({ title: line(120), body: prose(4000).default(""), services: serviceKeys, startsAt: z.number().int(), endsAt: z.number().int() }).refine(({ startsAt, endsAt }) => endsAt > startsAt, "The end is to come after the beginning.");

export const probeKinds = ["http", "tcp"] as const;
export const newProbe = z.object({
  service: serviceKey, title: line(60), tier: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]), kind: z.enum(probeKinds), address: line(500),
  /** ok: 2xx or 3xx. answers: anything below 500, for what rightly refuses strangers, as a private bucket does. */
  expect: z.enum(["ok", "answers"]).default("ok"), everyMs: z.number().int().min(5_000).max(3_600_000).default(30_000), timeoutMs: z.number().int().min(500).max(30_000).default(5_000),
});

/** One state of one service over a time; `to` null: until now. */
export interface Interval { state: ServiceState; reason: string; from: number; to: number | null }

/** What of a day was not as it should be. */
export interface DayMark { day: string; say: string; share: number }

export interface ServiceLine {
  id: string; name: string; state: ServiceState; word: string; reason: string; since: number | null;
  version: string; deployedAt: number | null; deployedAs: string;
  rollout: { from: string; to: string; ready: number; of: number; since: number | null } | null;
  /** A letter per day, oldest first: u up, d degraded, p partly down, m down, w maintenance, x unknown, - not there yet. */
  days: string; marks: DayMark[]; uptime: number | null; coverage: number | null;
}

export interface TierLines { tier: Tier; name: string; say: string; services: ServiceLine[] }
export interface QueueLine { name: string; waiting: number; warnAt: number | null; state: "fine" | "over" | "was-over"; say: string; consumers: number | null; points: number[] }
export interface IncidentTold { id: string; number: number; title: string; impact: Impact; status: IncidentStatus; services: string[]; startedAt: number; resolvedAt: number | null; postMortem: string; updates: { id: string; at: number; status: IncidentStatus; body: string }[] }
export interface MaintenanceTold { id: string; title: string; body: string; services: string[]; startsAt: number; endsAt: number }
export interface ChangeTold { at: number; kind: "incident" | "rollout" | "state" | "maintenance"; mark: "plain" | "good" | "running" | "warning" | "bad"; what: string; say: string }

export type Indicator = "none" | "minor" | "major" | "critical" | "maintenance" | "unknown";

export interface StatusDocument {
  version: 1; cluster: string; title: string; at: number; from: string; to: string;
  verdict: { indicator: Indicator; say: string; more: string[] };
  tiers: TierLines[]; queues: QueueLine[]; queuesSay: string;
  incidents: IncidentTold[]; resolved: IncidentTold[]; maintenance: MaintenanceTold[]; freezes: { say: string; until: number | null }[];
  changes: ChangeTold[]; coverage: number | null;
}
