// The worlds there are to choose from: which machines, which objects, and what happens once they stand.
import { fourMachines, sevenMachines, type Machine } from "../machines/catalogue.ts";
import type { JsonObject } from "../json.ts";

export interface Scenario {
  name: ScenarioName;
  say: string;
  cluster: string;
  machines: Machine[];
  /** In the order in which they are applied. */
  objects: () => JsonObject[];
  /** Thousands of nodes, written into etcd before the controllers start. */
  scale: boolean;
}

export const scenarioNames = ["seven-node", "four-node", "busy", "node-lost", "pending", "scale", "empty"] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export function isScenario(name: string): name is ScenarioName {
  return scenarioNames.some((known) => known === name);
}

export function scenarioOf(name: ScenarioName): Scenario {
  const seven = { cluster: "sesac-prod", machines: sevenMachines, objects: (): JsonObject[] => [], scale: false };
  switch (name) {
    case "seven-node": return { ...seven, name, say: "seven machines in four tiers, all well but for the drift that really happened" };
    case "four-node": return { ...seven, name, cluster: "sesac-four", machines: fourMachines, say: "four machines, one per tier" };
    case "busy": return { ...seven, name, say: "seven machines on which pods come and go all the time" };
    case "node-lost": return { ...seven, name, say: "seven machines of which k8s-worker-2 falls silent" };
    case "pending": return { ...seven, name, say: "seven machines on which Prometheus and PostgreSQL find no place" };
    case "scale": return { ...seven, name, cluster: "sesac-scale", scale: true, say: "thousands of machines across the four tiers" };
    case "empty": return { ...seven, name, say: "seven machines and nothing on them" };
  }
}
