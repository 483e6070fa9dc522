// Deployments as they were recorded, and canaries with how they ended, as marks on a time axis.
import type { RunSummary } from "@/lib/canary/views";
import type { DeploymentMark } from "@/lib/deployments/model";
import type { ChartMark } from "../chart/marks";

const bad: readonly DeploymentMark["outcome"][] = ["failed", "aborted", "rolled-back"];

function ofDeployment({ at, namespace, workload, version, change, outcome }: DeploymentMark): ChartMark {
  return { at, kind: "deployment", mood: bad.includes(outcome) ? "bad" : "plain", say: `${namespace}/${workload}: ${change}${version ? ` ${version}` : ""}, ${outcome}` };
}

function ofCanary({ namespace, workload, startedAt, endedAt, word, outcome, sentence }: RunSummary): ChartMark[] {
  const begun: ChartMark = { at: startedAt, kind: "canary", mood: "plain", say: `canary of ${namespace}/${workload} begins` };
  const ended: ChartMark[] = endedAt === null ? [] : [{ at: endedAt, kind: "canary", mood: word === "fail" ? "bad" : outcome === "promoted" ? "good" : "plain", say: `canary of ${namespace}/${workload} ${outcome || "ends"}: ${sentence}` }];
  return [begun, ...ended];
}

/** A canary is shown where its workload's deployments are. Where nothing is recorded, there are no marks. */
export function toMarks(deployments: readonly DeploymentMark[], runs: readonly RunSummary[], { tier }: { tier: number | null }): ChartMark[] {
  const here = new Set(deployments.map(({ namespace, workload }) => `${namespace}/${workload}`));
  const canaries = runs.filter(({ namespace, workload }) => tier === null || here.has(`${namespace}/${workload}`));
  return [...deployments.map(ofDeployment), ...canaries.flatMap(ofCanary)];
}
