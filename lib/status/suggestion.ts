// What an operator may want to open an incident for: a critical alert that names a service, and a rollout that failed.
import type { Impact } from "./model";
import type { FiringAlert } from "./observed";

export interface Suggestion { cause: string; title: string; impact: Impact; on: string[] }

interface Named { id: string; name: string; alerts: readonly FiringAlert[] }
interface Failed { service: string; revision: number; version: string }

export function suggestions(services: readonly Named[], failed: readonly Failed[]): Suggestion[] {
  const byAlert = new Map<string, Suggestion>();
  for (const { id, name, alerts } of services) {
    for (const alert of alerts) {
      if (alert.severity !== "critical" && alert.severity !== "error") continue;
      const cause = `alert:${alert.name}`;
      const known = byAlert.get(cause);
      if (known) known.on.push(id);
      else byAlert.set(cause, { cause, title: `${name}: ${alert.summary || alert.name}`.slice(0, 120), impact: "major", on: [id] });
    }
  }
  const names = new Map(services.map(({ id, name }) => [id, name]));
  const byRollout = failed.map(({ service, revision, version }): Suggestion => ({ cause: `rollout:${service}@${revision}`, title: `${names.get(service) ?? service}: the rollout of ${version || "a new version"} failed`.slice(0, 120), impact: "minor", on: [service] }));
  return [...byAlert.values(), ...byRollout];
}
