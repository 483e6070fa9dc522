// Alerts in the order in which somebody should look at them, each with the tier it belongs to.
import type { WireAlert, WireRule, WireTarget } from "@/lib/adapters/prometheus/catalogue";
import type { Alert, AlertRule, AlertState, Target } from "./model";
import { alertStates } from "./model";

type TierOf = (labels: Readonly<Record<string, string>>) => number;

const severities = ["critical", "error", "warning", "info", "none"];
const rankOf = (severity: string): number => {
  const rank = severities.indexOf(severity);
  return rank < 0 ? severities.length : rank;
};
const stateOf = (text: string): AlertState => alertStates.find((one) => one === text) ?? "inactive";

/** Firing before pending, worse before better, older before younger. */
export function toAlerts(rules: readonly WireRule[], tierOf: TierOf): Alert[] {
  const alerts = rules.flatMap((rule) => rule.alerts.map((one) => toAlert(rule, one, tierOf)));
  return alerts.sort((a, b) => alertStates.indexOf(a.state) - alertStates.indexOf(b.state) || rankOf(a.severity) - rankOf(b.severity) || (a.since ?? 0) - (b.since ?? 0) || a.name.localeCompare(b.name));
}

function toAlert({ name }: WireRule, { labels, annotations, state, activeAt, value }: WireAlert, tierOf: TierOf): Alert {
  const { alertname: _name, severity = "none", ...rest } = labels;
  return {
    name, state: stateOf(state), severity, labels: rest, since: activeAt, value,
    summary: annotations.summary ?? annotations.description ?? annotations.message ?? "",
    runbook: webAddress(annotations.runbook_url), tier: tierOf(labels),
  };
}

/** An address that a browser may be led to; annotations are anybody's text. */
function webAddress(text: string | undefined): string | null {
  return text !== undefined && /^https?:\/\/[^\s"'<>]+$/.test(text) ? text : null;
}

/** Rules that could not be evaluated first, then those that fire. */
export function toAlertRules(rules: readonly WireRule[]): AlertRule[] {
  const all = rules.map(({ name, group, expression, forMs, labels, state, fault, tookMs, everyMs }) => ({ name, group, expression, forMs, severity: labels.severity ?? "none", state: stateOf(state), fault, tookMs, everyMs }));
  return all.sort((a, b) => Number(b.fault !== "") - Number(a.fault !== "") || alertStates.indexOf(a.state) - alertStates.indexOf(b.state) || a.name.localeCompare(b.name));
}

const healths = ["down", "unknown", "up"] as const;

/** What is down first. */
export function toTargets(targets: readonly WireTarget[]): Target[] {
  const all = targets.map(({ labels: { job = "", instance = "", ...labels }, health, fault, scrapedAt, tookMs }) => ({ job, address: instance, health: healths.find((one) => one === health) ?? "unknown", fault, scrapedAt, tookMs, labels }));
  return all.sort((a, b) => healths.indexOf(a.health) - healths.indexOf(b.health) || a.job.localeCompare(b.job) || a.address.localeCompare(b.address));
}
