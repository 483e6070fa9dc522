// The one sentence of a status page, and the lines beneath it. Platform trouble is told, and is no outage of what developers call.
import type { IncidentTold, Indicator, MaintenanceTold, ServiceLine, ServiceState, TierLines } from "./model";

const names = (lines: readonly ServiceLine[]): string => {
  const [first, second, ...rest] = lines.map(({ name }) => name);
  if (second === undefined) return first ?? "";
  return rest.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${rest.length} more`;
};
const are = (lines: readonly ServiceLine[]): string => (lines.length === 1 ? "is" : "are");

const worded: [ServiceState, string][] = [["major", "down"], ["partial", "partly down"], ["degraded", "degraded"]];

export interface Known { tiers: readonly TierLines[]; incidents: readonly IncidentTold[]; maintenance: readonly MaintenanceTold[]; now: number; queuesSay: string }

export function verdictOf({ tiers, incidents, maintenance, now, queuesSay }: Known): { indicator: Indicator; say: string; more: string[] } {
  const called = tiers.flatMap(({ tier, services }) => (tier === 1 ? [] : services));
  const platform = tiers.flatMap(({ tier, services }) => (tier === 1 ? services : []));
  const rolling = tiers.flatMap(({ services }) => services).filter(({ rollout }) => rollout !== null);
  const more = [
    ...incidents.map(({ impact, title }) => `Open ${impact === "none" ? "" : `${impact} `}incident: ${title}.`),
    ...maintenance.filter(({ startsAt, endsAt }) => startsAt <= now && now < endsAt).map(({ title }) => `In maintenance: ${title}.`),
    ...platformLines(platform),
    ...(queuesSay === "" ? [] : [queuesSay]),
  ];
  return { indicator: indicatorOf(called, incidents), say: [stateSay(called), rolloutSay(rolling)].filter(Boolean).join(" "), more };
}

function stateSay(called: readonly ServiceLine[]): string {
  if (called.length === 0) return "No service is shown yet.";
  const parts = worded.flatMap(([state, word]) => {
    const those = called.filter((one) => one.state === state);
    return those.length === 0 ? [] : [`${names(those)} ${are(those)} ${word}`];
  });
  const unknown = called.filter(({ state }) => state === "unknown");
  if (unknown.length === called.length) return "Nothing is known of the services right now.";
  if (unknown.length > 0) parts.push(`nothing is known of ${names(unknown)}`);
  if (parts.length === 0) return called.some(({ state }) => state === "maintenance") ? "All services outside maintenance are up." : "All services are up.";
  const text = parts.join("; ");
  return `${text.startsWith("nothing") ? `N${text.slice(1)}` : text}.`;
}

function rolloutSay(rolling: readonly ServiceLine[]): string {
  const [first] = rolling;
  if (!first?.rollout) return "";
  if (rolling.length > 1) return `${names(rolling)} are rolling out.`;
  const { to, ready, of } = first.rollout;
  return `${first.name} is rolling out ${to === "" ? "" : `${to} `}(${ready} of ${of}).`;
}

function platformLines(platform: readonly ServiceLine[]): string[] {
  const not = platform.filter(({ state }) => state === "major" || state === "partial" || state === "degraded");
  return not.length === 0 ? [] : [`Of the platform, ${names(not)} ${are(not)} not well; services run without ${not.length === 1 ? "it" : "them"}.`];
}

function indicatorOf(called: readonly ServiceLine[], incidents: readonly IncidentTold[]): Indicator {
  const down = called.filter(({ state }) => state === "major").length;
  if (called.length > 0 && called.every(({ state }) => state === "unknown")) return "unknown";
  if ((called.length > 0 && down === called.length) || incidents.some(({ impact }) => impact === "critical")) return "critical";
  if (down > 0 || incidents.some(({ impact }) => impact === "major")) return "major";
  if (called.some(({ state }) => state === "partial" || state === "degraded") || incidents.some(({ impact }) => impact === "minor")) return "minor";
  return called.some(({ state }) => state === "maintenance") ? "maintenance" : "none";
}

/** "4 of 4 up, 1 rolling out" */
export function tierSay(services: readonly ServiceLine[]): string {
  const up = services.filter(({ state }) => state === "operational").length;
  const rolling = services.filter(({ rollout }) => rollout !== null).length;
  return `${up} of ${services.length} up${rolling > 0 ? `, ${rolling} rolling out` : ""}`;
}
