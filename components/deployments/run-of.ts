// Which run of the judge of canaries is about a deployment.
import type { RunSummary } from "@/lib/canary/views";
import type { DeploymentRecord } from "@/lib/deployments/model";

/** Of the very version: a ReplicaSet's name ends with its pod hash. */
export function isRunOf({ namespace, workload, canaryHash, startedAt }: Pick<RunSummary, "namespace" | "workload" | "canaryHash" | "startedAt">, record: Pick<DeploymentRecord, "namespace" | "name" | "revisionName" | "startedAt" | "finishedAt">): boolean {
  if (namespace !== record.namespace || workload !== record.name || canaryHash === "" || !record.revisionName.endsWith(`-${canaryHash}`)) return false;
  return startedAt >= record.startedAt - 60_000 && (record.finishedAt === null || startedAt <= record.finishedAt + 60_000);
}
