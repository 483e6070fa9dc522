// Many conditions of a service, folded to one state and its reason: the worst decides, and what nobody can know is unknown, never up and never down.
import type { ServiceState } from "./model";

export interface Conditions {
  /** "" while the cluster answers; else why nothing can be known of it. */
  blind: string;
  /** Null for what is only probed. */
  replicas: { wanted: number; ready: number; keepsData: boolean } | null;
  rolling: boolean;
  /** Maintenance that covers the service now. */
  maintenance: string | null;
  alerts: readonly { name: string; severity: string; summary: string }[];
  /** The latest results of each probe, newest first. */
  probes: readonly { title: string; results: readonly { ok: boolean; say: string }[] }[];
}

export interface Folded { state: ServiceState; reason: string }

const weight: Record<ServiceState, number> = { operational: 0, degraded: 1, partial: 2, major: 3, unknown: -1, maintenance: -1 };

export function fold(conditions: Conditions): Folded {
  if (conditions.maintenance !== null) return { state: "maintenance", reason: conditions.maintenance };
  const found = [...byProbes(conditions), ...byAlerts(conditions)];
  const own = byReplicas(conditions);
  // A probe from outside still tells when the cluster does not.
  if (own.state === "unknown" && found.length === 0) return own;
  const known = conditions.replicas === null && found.length > 0 ? found : [own, ...found];
  return known.reduce((worst, one) => (weight[one.state] > weight[worst.state] ? one : worst));
}

function byReplicas({ blind, replicas, rolling }: Conditions): Folded {
  if (replicas === null) return { state: "operational", reason: "" };
  if (blind !== "") return { state: "unknown", reason: blind };
  const { wanted, ready, keepsData } = replicas;
  if (wanted === 0) return { state: "operational", reason: "Scaled to nothing" };
  if (ready >= wanted) return { state: "operational", reason: "" };
  const reason = `${ready} of ${wanted} ready`;
  if (ready === 0) return { state: "major", reason: wanted === 1 ? "Its one replica is not ready" : `None of ${wanted} ready` };
  // A rollout takes a quarter away on purpose.
  if (rolling && ready >= Math.floor(wanted * 0.75)) return { state: "operational", reason: "" };
  const quorum = keepsData ? Math.floor(wanted / 2) + 1 : Math.ceil(wanted / 2);
  return { state: ready < quorum ? "partial" : "degraded", reason };
}

/** Once may be the way; twice is the service. */
function byProbes({ probes }: Conditions): Folded[] {
  const failing = probes.filter(({ results }) => results.length >= 2 && results.slice(0, 2).every(({ ok }) => !ok));
  const [first] = failing;
  if (!first) {
    const silent = probes.length > 0 && probes.every(({ results }) => results.length === 0);
    return silent ? [{ state: "unknown", reason: "Not probed yet" }] : [];
  }
  const reason = `${first.title}: ${first.results[0]?.say ?? "no answer"}`;
  return [{ state: failing.length === probes.length ? "major" : "partial", reason }];
}

function byAlerts({ alerts }: Conditions): Folded[] {
  return alerts.flatMap(({ name, severity, summary }): Folded[] => {
    const reason = summary || name;
    if (severity === "critical" || severity === "error") return [{ state: "partial", reason }];
    return severity === "warning" ? [{ state: "degraded", reason }] : [];
  });
}

const impactRank = ["operational", "degraded", "partial", "major"] as const;

/** An incident that operators wrote weighs on the services that it names: people know what conditions do not show. */
export function withIncident(folded: Folded, incident: { impact: string; title: string } | null): Folded {
  if (!incident || folded.state === "maintenance") return folded;
  const said = incident.impact === "critical" ? "major" : incident.impact === "major" ? "partial" : incident.impact === "minor" ? "degraded" : "operational";
  return impactRank.indexOf(said) > weight[folded.state] && folded.state !== "unknown" ? { state: said, reason: incident.title } : folded;
}
