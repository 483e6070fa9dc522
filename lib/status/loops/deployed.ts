// What the records of deployments say of each service: the last one that ended well, what rolls out now, and what changed in the last hour.
import "server-only";
import { isUnderWay, outcomes, type Outcome } from "@/lib/deployments/model";
import { database } from "@/lib/runtime";
import type { Deployed } from "../assemble";
import type { ChangeTold } from "../model";

const hourMs = 3_600_000;
const newest = 2000;

export interface Told { deployed: Map<string, Deployed>; changes: ChangeTold[]; failed: { service: string; revision: number; version: string; say: string; at: number }[] }

const toOutcome = (text: string): Outcome => outcomes.find((one) => one === text) ?? "unknown";

/** By "<namespace>/<name>". Empty where nothing was recorded of the cluster. */
export async function readDeployed(cluster: string, now: number): Promise<Told> {
  const told: Told = { deployed: new Map(), changes: [], failed: [] };
  const known = await database().deploymentCluster.findUnique({ where: { slug: cluster } });
  if (!known) return told;
  const rows = await database().deploymentRecord.findMany({
    where: { clusterUid: known.uid }, orderBy: [{ startedAt: "desc" }, { id: "desc" }], distinct: ["namespace", "name"], take: newest,
    select: { namespace: true, name: true, change: true, isFirst: true, version: true, fromVersion: true, startedAt: true, outcome: true, ready: true, updated: true, replicas: true },
  });
  for (const row of rows) {
    const underWay = isUnderWay(toOutcome(row.outcome));
    const at = row.startedAt.getTime();
    told.deployed.set(`${row.namespace}/${row.name}`, {
      version: underWay && row.fromVersion !== "" ? row.fromVersion : row.version, at, as: row.change === "release" ? "" : row.change,
      rollout: underWay ? { from: row.fromVersion, to: row.version, ready: Math.min(row.updated, row.replicas), of: row.replicas, since: at } : null,
    });
  }
  await readChanges(known.uid, now, told);
  return told;
}

async function readChanges(clusterUid: string, now: number, told: Told): Promise<void> {
  const since = new Date(now - hourMs);
  const rows = await database().deploymentRecord.findMany({
    where: { clusterUid, OR: [{ startedAt: { gte: since } }, { finishedAt: { gte: since } }] }, orderBy: { startedAt: "desc" }, take: 50,
    select: { namespace: true, name: true, change: true, isFirst: true, revision: true, version: true, fromVersion: true, startedAt: true, finishedAt: true, outcome: true, updated: true, replicas: true },
  });
  for (const row of rows) {
    const outcome = toOutcome(row.outcome);
    const versions = row.fromVersion === "" || row.fromVersion === row.version ? row.version : `${row.fromVersion} → ${row.version}`;
    const word = isUnderWay(outcome) ? `rolling, ${Math.min(row.updated, row.replicas)} of ${row.replicas}` : outcome === "succeeded" ? (row.isFirst ? "first deployed" : row.change === "release" ? "deployed" : row.change) : outcome.replace("-", " ");
    const mark = isUnderWay(outcome) ? "running" : outcome === "succeeded" ? "good" : outcome === "failed" || outcome === "aborted" ? "bad" : "plain";
    told.changes.push({ at: (row.finishedAt ?? row.startedAt).getTime(), kind: "rollout", mark, what: row.name, say: [versions, word].filter(Boolean).join(", ") });
    if (outcome === "failed" || outcome === "aborted") told.failed.push({ service: `${row.namespace}/${row.name}`, revision: row.revision, version: row.version, say: word, at: (row.finishedAt ?? row.startedAt).getTime() });
  }
}
