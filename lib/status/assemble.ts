// What everybody may read, put together field by field from what is known: nothing of a fact passes that is not named here.
import { tierNames, type Tier } from "../placement/model";
import { dayMs, shownDays, type History, type Standing } from "./history";
import type { ChangeTold, IncidentTold, MaintenanceTold, QueueLine, ServiceLine, StatusDocument, TierLines } from "./model";
import { stateWords } from "./model";
import { tierSay, verdictOf } from "./verdict";

/** What is deployed of a service, as far as it is known. */
export interface Deployed {
  version: string; at: number | null; as: string;
  rollout: { from: string; to: string; ready: number; of: number; since: number | null } | null;
}

export interface ServiceFacts extends Deployed { id: string; name: string; tier: Tier; standing: Standing; history: History }

export interface Facts {
  cluster: string; title: string; now: number;
  services: readonly ServiceFacts[]; queues: readonly QueueLine[]; queuesSay: string;
  incidents: readonly IncidentTold[]; maintenance: readonly MaintenanceTold[]; freezes: readonly { say: string; until: number | null }[];
  changes: readonly ChangeTold[];
}

/** What developers call comes first; the platform last. */
const tierOrder: readonly Tier[] = [2, 3, 4, 1];
const hourMs = 3_600_000;
const resolvedForMs = 14 * dayMs;

export function assemble({ cluster, title, now, services, queues, queuesSay, incidents, maintenance, freezes, changes }: Facts): StatusDocument {
  const grouped = tierOrder.flatMap((tier): TierLines[] => {
    const lines = services.filter((one) => one.tier === tier).sort((a, b) => a.name.localeCompare(b.name)).map(toLine);
    return lines.length === 0 ? [] : [{ tier, name: tierNames[tier], say: tierSay(lines), services: lines }];
  });
  const open = incidents.filter(({ status }) => status !== "resolved" && status !== "draft");
  const coming = maintenance.filter(({ endsAt }) => endsAt > now).sort((a, b) => a.startsAt - b.startsAt);
  return {
    version: 1, cluster, title, at: now,
    from: new Date(now - (shownDays - 1) * dayMs).toISOString().slice(0, 10), to: new Date(now).toISOString().slice(0, 10),
    verdict: verdictOf({ tiers: grouped, incidents: open, maintenance: coming, now, queuesSay }),
    tiers: grouped, queues: [...queues], queuesSay,
    incidents: open.map(told), resolved: incidents.filter(({ status, resolvedAt }) => status === "resolved" && (resolvedAt ?? 0) > now - resolvedForMs).map(told),
    maintenance: coming.map(({ id, title: name, body, services: on, startsAt, endsAt }) => ({ id, title: name, body, services: on, startsAt, endsAt })),
    freezes: freezes.map(({ say, until }) => ({ say, until })),
    changes: changes.filter(({ at }) => at > now - hourMs).sort((a, b) => b.at - a.at).slice(0, 20),
    coverage: mean(services.flatMap(({ history }) => history.coverage ?? [])),
  };
}

function toLine({ id, name, standing, version, at, as, rollout, history }: ServiceFacts): ServiceLine {
  const { state, reason, from } = standing;
  return {
    id, name, state, word: rollout !== null && state === "operational" ? "Rolling out" : stateWords[state], reason, since: from,
    version, deployedAt: at, deployedAs: as, rollout: rollout === null ? null : { ...rollout },
    days: history.days, marks: history.marks, uptime: history.uptime, coverage: history.coverage,
  };
}

/** Who wrote an update is for the console alone. */
function told({ id, number, title, impact, status, services, startedAt, resolvedAt, postMortem, updates }: IncidentTold): IncidentTold {
  return { id, number, title, impact, status, services, startedAt, resolvedAt, postMortem, updates: updates.map((one) => ({ id: one.id, at: one.at, status: one.status, body: one.body })) };
}

const mean = (all: readonly number[]): number | null => (all.length === 0 ? null : Math.floor((all.reduce((sum, one) => sum + one, 0) / all.length) * 10) / 10);

/** The page as it is when nobody wrote it for a while: what is on it was true then. */
export function asStale(document: StatusDocument): StatusDocument {
  const since = `${new Date(document.at).toISOString().slice(11, 16)} UTC`;
  return { ...document, verdict: { indicator: "unknown", say: `Status unknown since ${since}.`, more: [`What is shown is from ${since}: ${document.verdict.say}`] } };
}

