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
  /** Whether Argo Rollouts works in it. */
  rollouts: boolean;
  /** Orders that are given by themselves once the services are asked. */
  turns: readonly (readonly [order: string, ...args: string[]])[];
}

export const scenarioNames = ["seven-node", "four-node", "busy", "node-lost", "pending", "scale", "empty", "without-rollouts", "good-canary", "bad-canary", "slow-canary", "shared-incident", "no-traffic", "one-bad-node"] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export function isScenario(name: string): name is ScenarioName {
  return scenarioNames.some((known) => known === name);
}

export function scenarioOf(name: ScenarioName): Scenario {
  const seven: Omit<Scenario, "name" | "say"> = { cluster: "sesac-prod", machines: sevenMachines, objects: () => objectsOf(layouts.drifted), scale: false, rollouts: true, turns: [] };
  const busyService: Scenario["turns"][number] = ["requests-per-second", "recycling-api", "100"];
  switch (name) {
    case "seven-node": return { ...seven, name, say: "seven machines in four tiers, all well but for the drift that really happened" };
    case "four-node": return { ...seven, name, cluster: "sesac-four", machines: fourMachines, objects: () => objectsOf(layouts.four), say: "four machines, one per tier" };
    case "busy": return { ...seven, name, say: "seven machines on which pods come and go all the time" };
    case "node-lost": return { ...seven, name, say: "seven machines of which k8s-worker-2 falls silent" };
    case "pending": return { ...seven, name, objects: () => objectsOf(layouts.pending), say: "seven machines on which Prometheus and PostgreSQL find no place" };
    case "scale": return { ...seven, name, cluster: "sesac-scale", objects: null, scale: true, say: "thousands of machines across the four tiers" };
    case "without-rollouts": return { ...seven, name, cluster: "sesac-plain", machines: fourMachines, rollouts: false, objects: () => objectsOf(layouts.plain), say: "four machines and no Argo Rollouts: every service is a plain Deployment" };
    case "good-canary": return { ...seven, name, turns: [busyService, ["good-canary"]], say: "a new version of recycling-api is rolled out, as good as the one before" };
    case "bad-canary": return { ...seven, name, turns: [busyService, ["bad-canary", "x5"]], say: "a new version of recycling-api is rolled out that fails five times as often" };
    case "slow-canary": return { ...seven, name, turns: [busyService, ["slow-canary", "x3"]], say: "a new version of recycling-api is rolled out that takes three times as long" };
    case "shared-incident": return { ...seven, name, turns: [busyService, ["good-canary"], ["shared-incident", "x20", "recycling-api", "after", "1m", "for", "5m"]], say: "a good version is rolled out, and after a minute all versions fail alike for five" };
    case "no-traffic": return { ...seven, name, turns: [["no-traffic"], ["good-canary"]], say: "a new version of recycling-api is rolled out that nobody asks" };
    case "one-bad-node": return { ...seven, name, turns: [busyService, ["one-bad-node", "k8s-worker-1", "x20"], ["good-canary"]], say: "a good version is rolled out, and a machine fails whatever runs on it" };
    case "empty": return { ...seven, name, objects: null, say: "seven machines and nothing on them" };
  }
}
