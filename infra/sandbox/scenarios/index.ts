// The worlds there are to choose from: which machines, which objects, and what happens once they stand.
import { fourMachines, sevenMachines, type Machine } from "../machines/catalogue.ts";
import { layouts, objectsOf, type Objects } from "../workloads/index.ts";

export interface Scenario {
  name: ScenarioName;
  say: string;
  cluster: string;
  machines: Machine[];
  /** Null: nothing runs on the machines. */
  objects: (() => Objects) | null;
  /** Thousands of nodes, written into etcd before the controllers start. */
  scale: boolean;
}

export const scenarioNames = ["seven-node", "four-node", "busy", "node-lost", "pending", "scale", "empty"] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export function isScenario(name: string): name is ScenarioName {
  return scenarioNames.some((known) => known === name);
}

export function scenarioOf(name: ScenarioName): Scenario {
  const seven: Omit<Scenario, "name" | "say"> = { cluster: "sesac-prod", machines: sevenMachines, objects: () => objectsOf(layouts.drifted), scale: false };
  switch (name) {
    case "seven-node": return { ...seven, name, say: "seven machines in four tiers, all well but for the drift that really happened" };
    case "four-node": return { ...seven, name, cluster: "sesac-four", machines: fourMachines, objects: () => objectsOf(layouts.four), say: "four machines, one per tier" };
    case "busy": return { ...seven, name, say: "seven machines on which pods come and go all the time" };
    case "node-lost": return { ...seven, name, say: "seven machines of which k8s-worker-2 falls silent" };
    case "pending": return { ...seven, name, objects: () => objectsOf(layouts.pending), say: "seven machines on which Prometheus and PostgreSQL find no place" };
    case "scale": return { ...seven, name, cluster: "sesac-scale", objects: null, scale: true, say: "thousands of machines across the four tiers" };
    case "empty": return { ...seven, name, objects: null, say: "seven machines and nothing on them" };
  }
}
